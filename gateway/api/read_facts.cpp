#include "gateway/api/read_facts.h"

#include <algorithm>
#include <array>

#include "mapping/normalise/email.h"
#include "mapping/normalise/phone.h"

namespace baton {
namespace {

constexpr std::size_t kLongest = 200;

constexpr std::array<std::string_view, 15> kFields = {
    "email",      "phone",          "first_name", "last_name", "full_name",
    "salutation", "academic_title", "job_title",  "job_level", "job_function",
    "language",   "country",        "region",     "city",      "postal_code"};
constexpr std::array<std::string_view, 4> kCompany = {"name", "domain", "size", "industry"};

Error wrong(std::string_view name, std::string_view what) {
  return error(Errc::kInvalidInput, "\"facts." + std::string(name) + "\" " + std::string(what),
               "/facts/" + std::string(name));
}

template <std::size_t N>
Status check(const json::object& o, const std::array<std::string_view, N>& known,
             std::string_view nested) {
  for (const auto& entry : o) {
    const std::string_view name(entry.key());
    if (!nested.empty() && name == nested) continue;
    if (std::find(known.begin(), known.end(), name) == known.end())
      return wrong(name, "is unknown here");
    if (!entry.value().is_string()) return wrong(name, "must be a text");
    if (entry.value().get_string().size() > kLongest) return wrong(name, "is too long");
  }
  return {};
}

}  // namespace

Status read_facts(const json::value& value, PersonFacts& out) {
  if (!value.is_object())
    return error(Errc::kInvalidInput, "\"facts\" must be an object", "/facts");
  const auto& o = value.get_object();
  if (auto status = check(o, kFields, "company"); !status) return status;
  if (const auto* company = member(o, "company")) {
    if (!company->is_object()) return wrong("company", "must be an object");
    if (auto status = check(company->get_object(), kCompany, {}); !status) return status;
  }
  out = person_from_json(o);
  if (!out.phone.empty()) {
    auto phone = normalise_phone(out.phone, {});
    if (!phone) return wrong("phone", "must be a number with its country code, such as +493012345");
    out.phone = std::move(*phone);
  }
  if (!out.email.empty()) {
    auto email = normalise_email(out.email);
    if (!email) return wrong("email", "is not an e-mail address");
    out.email = std::move(email->address);
  }
  return {};
}

}  // namespace baton
