#include <array>
#include <string>

#include "adapters/engine/crm/crm.h"
#include "adapters/engine/crm/crm_load.h"
#include "adapters/engine/http/http_client_retry_after.h"
#include "adapters/engine/notify/notifier.h"
#include "mapping/json/json.h"
#include "mapping/unicode.h"
#include "tests/fuzz/configs.h"
#include "tests/fuzz/fuzz.h"

namespace baton::fuzz {
namespace {

std::unique_ptr<Crm> live(const std::string& name) {
  auto document = sample_config().at("crm/" + name + ".yaml");
  document.value.get_object()["mode"] = "live";
  Findings findings;
  auto crm = make_crm(document, "", findings);
  require(crm != nullptr, "the sample destination is valid");
  return crm;
}

const std::vector<std::unique_ptr<Crm>>& crms() {
  static const auto kCrms = [] {
    std::vector<std::unique_ptr<Crm>> all;
    for (const auto name : {"hubspot", "rest"}) all.push_back(live(name));
    return all;
  }();
  return kCrms;
}

std::vector<CrmRecord> records() {
  std::vector<CrmRecord> all;
  for (const std::string person : {"p1", "p2"}) {
    CrmRecord record;
    record.person = person;
    record.version = 4;
    record.view = {{"id", person},
                   {"version", 4},
                   {"email", person + "@example.com"},
                   {"lead", json::object{{"stage", "mql"}}}};
    all.push_back(std::move(record));
  }
  return all;
}

void check_outcome(const Outcome& outcome, const HttpResult& result) {
  const bool ok = outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop;
  require(!ok || result.transport == Transport::kAnswered,
          "nothing is done where there was no answer");
  require(!ok || result.response.status < 500, "a server error is no success");
  require(
      !outcome.retry_after || (outcome.retry_after->ms >= 0 && *outcome.retry_after <= days(3650)),
      "a wait is bounded");
  require(outcome.reason.size() <= 512 && is_utf8(outcome.reason), "a reason is short and UTF-8");
}

// Responses of a CRM, or of a proxy in front of it.
void interpret(Input input) {
  static constexpr std::array<int, 16> kStatus{200, 201, 202, 204, 207, 301, 400, 401,
                                               403, 404, 409, 422, 429, 500, 502, 503};
  const auto& crm = *crms()[input.pick(crms().size())];
  HttpResult result;
  if (input.pick(8) == 7) result.transport = static_cast<Transport>(input.pick(6));
  result.response.status = kStatus[input.pick(kStatus.size())];
  for (auto n = input.pick(4); n > 0; --n) {
    const auto line = input.line();
    const auto colon = std::min(line.find(':'), line.size());
    result.response.headers.emplace_back(line.substr(0, colon),
                                         line.substr(std::min(colon + 1, line.size())));
  }
  result.response.body = input.rest();
  const auto sent = records();
  for (const auto& call : crm.render(sent)) {
    const auto outcomes = crm.interpret(call, result);
    require(outcomes.size() == call.items.size(), "each item has an outcome");
    for (const auto& outcome : outcomes) check_outcome(outcome, result);
  }
  (void)crm.budget(result.response);
  check_outcome(crm.interpret_read_back(sent[0], result), result);
}

constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string imf_fixdate(Instant at) {
  const auto text = to_rfc3339({at.ms / 1000 * 1000});  // "2026-03-09T09:00:00Z"
  const auto month = kMonths[static_cast<std::size_t>(std::stoi(text.substr(5, 2)) - 1)];
  return "Mon, " + text.substr(8, 2) + ' ' + std::string(month) + ' ' + text.substr(0, 4) + ' ' +
         text.substr(11, 8) + " GMT";
}

void wait(Input input) {
  const Headers headers{{"Retry-After", std::string(input.line())},
                        {"date", std::string(input.rest())}};
  if (const auto asked = retry_after(headers))
    require(asked->ms >= 0 && *asked <= days(3650), "a wait is at most ten years");
  const auto date = parse_http_date(headers[1].second);
  if (!date) return;
  require(date->ms >= -62'167'219'200'000 && date->ms < 253'402'300'801'000,
          "a date is of the years 0 to 9999");
  if (date->ms >= 0)
    require(parse_http_date(imf_fixdate(*date)) == date, "a date is read back from its text");
}

void run(std::string_view bytes) {
  Input input(bytes);
  if (input.flag()) return wait(input);
  interpret(input);
}

const Target kTarget("answer", run);

}  // namespace
}  // namespace baton::fuzz
