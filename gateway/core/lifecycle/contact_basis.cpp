#include "gateway/core/lifecycle/contact_basis.h"

#include <algorithm>
#include <array>
#include <optional>

#include "mapping/json/json.h"
#include "mapping/normalise/domain.h"

namespace baton {
namespace {

bool is_call(std::string_view channel) { return channel == "phone"; }

constexpr std::array<std::string_view, 3> kWritten = {"social", "sms", "chat"};
// All channels that are judged, in order of preference.
constexpr std::array<std::string_view, 6> kChannels = {"phone", "email", "social",
                                                       "sms",   "chat",  "letter"};

// A purpose that covers contact by sales. Consent to any other purpose does not.
bool is_about_sales(const ConsentState& c) {
  return c.purpose == "marketing" || c.purpose == "sales" || c.purpose == "contact";
}

// The consents for one channel: the newest agreement, and the newest refusal of this channel or of
// all.
struct Said {
  const ConsentState* granted = nullptr;
  std::optional<Instant> refused;
};

Said said_of(const PersonState& person, std::string_view channel) {
  Said said;
  for (const auto& c : person.consents) {
    if (!is_about_sales(c) || (c.channel != channel && c.channel != "all")) continue;
    if (!c.granted) {
      said.refused = std::max(said.refused.value_or(c.at), c.at);
    } else if (c.channel == channel && (said.granted == nullptr || said.granted->at < c.at)) {
      said.granted = &c;
    }
  }
  if (said.granted != nullptr && said.refused && said.granted->at <= *said.refused)
    said.granted = nullptr;
  return said;
}

bool is_consumer(const PersonFacts& p, const ContactPolicy& policy) {
  if (policy.consumers != Consumers::kByMail) return policy.consumers == Consumers::kAll;
  if (!p.company.name.empty() || !p.company.domain.empty()) return false;
  const auto at = p.email.find('@');
  if (at == std::string::npos) return true;
  const auto domain = std::string_view(p.email).substr(at + 1);
  return is_free_mail(domain) ||
         std::binary_search(policy.consumer_domains.begin(), policy.consumer_domains.end(), domain);
}

// The person's newest act that suggests they want to hear from the company.
const KeptTouch* request_of(const PersonState& person, const ContactPolicy& policy,
                            std::optional<Instant> after, Instant now) {
  for (auto touch = person.touches.rbegin(); touch != person.touches.rend(); ++touch) {
    if (touch->at + policy.presumed_for < now || (after && touch->at <= *after)) return nullptr;
    if (!makes_lead(touch->type)) continue;
    if (policy.presumed_by_intent[static_cast<std::size_t>(touch->intent)] ||
        policy.presumed_by_type[static_cast<std::size_t>(touch->type)])
      return &*touch;
  }
  return nullptr;
}

// When they became a customer, if they did.
std::optional<Instant> bought(const PersonState& person) {
  std::optional<Instant> at;
  const auto look = [&](const Lead& lead) {
    if (lead.stage == Stage::kWon && !lead.stages.empty()) at = lead.stages.back().at;
  };
  for (const auto& lead : person.past) look(lead);
  if (person.lead) look(*person.lead);
  return at;
}

// The facts about a person, computed once for both kinds of channel.
struct Judge {
  const PersonState& person;
  const ContactPolicy& policy;
  Instant now;
  bool consumer;

  void call(ContactBasis& out) const;
  void write(ContactBasis& out) const;

 private:
  static void found(ContactBasis& out, std::string_view basis, std::string_view fact,
                    Instant since) {
    out.call = basis;
    out.fact = fact;
    out.since = since;
  }
};

void Judge::call(ContactBasis& out) const {
  const auto said = said_of(person, "phone");
  if (said.granted != nullptr) {
    const auto& basis = said.granted->basis;
    if (basis == "express") return found(out, "express", "consent", said.granted->at);
    if (basis == "contract" && !consumer)
      return found(out, "contract", "contract", said.granted->at);
    if (!consumer) return found(out, "presumed", "consent", said.granted->at);
  }
  const auto* request = request_of(person, policy, said.refused, now);
  if (request != nullptr && (!consumer || policy.consumer_request))
    return found(out, consumer ? "express" : "presumed", to_string(request->type), request->at);
  const auto sale = policy.presumed_by_contract ? bought(person) : std::nullopt;
  if (!consumer && sale && (!said.refused || *said.refused < *sale))
    return found(out, "contract", "contract", *sale);
  out.why = said.refused ? "withdrawn" : consumer ? "consumer" : "no_interest";
}

// A request may be answered, a consumer's too. UWG 7 (3) allows e-mail to customers.
void Judge::write(ContactBasis& out) const {
  const auto said = said_of(person, "email");
  const auto sale = bought(person);
  const std::string_view basis =
      said.granted == nullptr ? "none" : std::string_view(said.granted->basis);
  out.answer = request_of(person, policy, said.refused, now) != nullptr;
  for (std::size_t i = 0; i < kWritten.size(); ++i)
    out.agreed.set(i, said_of(person, kWritten[i]).granted != nullptr);
  if (basis.empty() || basis == "express") {
    out.message = "express";
  } else if (basis == "contract" || (sale && (!said.refused || *said.refused < *sale))) {
    out.message = "contract";
  } else if (out.answer) {
    out.message = "presumed";
  }
}

}  // namespace

bool ContactBasis::allows(std::string_view channel) const {
  if (is_call(channel)) return !call.empty();
  if (channel == "email") return !message.empty();
  const auto written = std::find(kWritten.begin(), kWritten.end(), channel);
  if (written == kWritten.end()) return letter;
  return answer || agreed[static_cast<std::size_t>(written - kWritten.begin())];
}

std::string ContactBasis::channels() const {
  std::string out;
  for (const auto channel : kChannels) {
    if (allows(channel)) out.append(out.empty() ? "\"" : ",\"").append(channel).append("\"");
  }
  return "[" + out + "]";
}

ContactBasis contact_basis(const PersonState& person, const ContactPolicy& policy, Instant now) {
  ContactBasis out;
  out.consumer = is_consumer(person.profile, policy);
  if (person.objected_at) {
    out.letter = false;
    out.why = "objection";
    return out;
  }
  if (!policy.guard) {
    out.call = out.message = "unguarded";
    out.answer = true;
    return out;
  }
  const Judge judge{person, policy, now, out.consumer};
  judge.call(out);
  judge.write(out);
  return out;
}

void make_lawful(json::object& data, const PersonState& person, const ContactPolicy& policy,
                 Instant now) {
  const auto basis = contact_basis(person, policy, now);
  if (basis.allows("phone")) return;
  data.erase("phone");
  data.insert_or_assign("blocked", basis.why);
  json::array channels;
  for (const auto channel : kChannels) {
    if (basis.allows(channel)) channels.emplace_back(channel);
  }
  data.insert_or_assign("channels", std::move(channels));
  if (!basis.allows("email")) data.erase("email");
}

}  // namespace baton
