#include "gateway/cli/demo/story.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/cli/demo/abridge.h"
#include "gateway/cli/output.h"
#include "gateway/core/text/texts.h"
#include "gateway/platform/clock.h"

namespace baton {
namespace {

constexpr Duration kSoon = seconds(15);
constexpr Duration kMoment = milliseconds(1200);  // a rep reads, then picks up the phone
constexpr std::size_t kWidth = 105;               // columns of received text

std::string in_seconds(Duration d) { return fmt::format("{}.{}", d.ms / 1000, d.ms % 1000 / 100); }

class Story {
 public:
  explicit Story(DemoStage& stage)
      : stage_(stage), client_(*stage.client), texts_(*texts_in(stage.language)) {}

  Status tell();

 private:
  void say(TextKey key, TextArgs args = {}) const { stage_.say(texts_.say(key, args)); }
  void show_offer(const ChatMessage& message) const;

  Instant now() const { return system_clock().now(); }
  Status deliver(DemoDelivery& delivery, int status = 200);
  Result<ChatMessage> message(const DemoPerson& person, ChatKind kind, std::string_view rep = {});
  Result<json::object> contact_clock(const DemoPerson& person);
  Status reach_stage(const DemoPerson& person, std::string_view stage);

  Status in_time();
  Status call_in_time(const ChatMessage& offer);
  Status qualify();
  Status no_response();
  Status kill_and_restart();
  Status meanwhile();
  Status reject();
  Status breach();
  Status call_late(Instant due);
  Status explain();

  DemoStage& stage_;
  DemoClient& client_;
  const Texts& texts_;
  const DemoPerson& petra_ = demo_people()[0];
  const DemoPerson& bruno_ = demo_people()[1];
  const DemoPerson& clara_ = demo_people()[2];
  const DemoPerson& dora_ = demo_people()[3];
  DemoDelivery first_;
  std::string sleeper_;  // the rep who does not respond
};

Status Story::deliver(DemoDelivery& delivery, int status) {
  if (auto sent = client_.deliver(delivery); !sent) return sent;
  if (delivery.status == status) return {};
  return error(Errc::kPermanent, fmt::format("a webhook of {} was answered with {}",
                                             delivery.source, delivery.status));
}

Result<ChatMessage> Story::message(const DemoPerson& person, ChatKind kind, std::string_view rep) {
  ChatMessage found;
  const auto arrived = client_.wait("a message about " + person.name(), kSoon, [&] {
    for (const auto& m : stage_.sandbox->messages()) {
      if (!m.headline().starts_with(person.who()) || chat_kind(m, stage_.language) != kind ||
          (!rep.empty() && m.rep != rep))
        continue;
      found = m;
      return true;
    }
    return false;
  });
  if (!arrived) return arrived.error();
  return found;
}

Result<json::object> Story::contact_clock(const DemoPerson& person) {
  auto lead = client_.lead_of(person.company);
  if (!lead) return lead.error();
  auto clocks = client_.get(fmt::format("/api/v1/clocks?lead={}", text(*lead, "id")));
  if (!clocks) return clocks.error();
  const auto* items = array(*clocks, "items");
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    if (text((*items)[i].as_object(), "definition") == "first_contact")
      return (*items)[i].as_object();
  }
  return error(Errc::kNotFound, "no clock is running for " + person.name());
}

Status Story::reach_stage(const DemoPerson& person, std::string_view stage) {
  return client_.wait(fmt::format("{} to be {}", person.name(), stage), kSoon, [&] {
    const auto lead = client_.lead_of(person.company);
    return lead && text(*lead, "stage") == stage;
  });
}

// As received, on as few lines as possible.
void Story::show_offer(const ChatMessage& message) const {
  std::string shown = message.headline();
  for (std::size_t i = 1; i < message.lines.size(); ++i) {
    const auto& line = message.lines[i];
    if (i == 1 || line.starts_with("> ") || shown.size() + line.size() > kWidth) {
      stage_.show(shown);
      shown.clear();
    }
    shown += (shown.empty() ? "" : "   ") + line;
  }
  stage_.show(shown);
}

Status Story::in_time() {
  auto download = website_download(petra_, stage_.language, now());
  if (auto sent = deliver(download); !sent) return sent;
  if (auto known = reach_stage(petra_, "lead"); !known) return known;
  first_ = typeform_demo_request(petra_, stage_.language, now());
  if (auto sent = deliver(first_); !sent) return sent;
  say("demo.asks_for_demo", {{"who", petra_.who()}, {"ms", first_.took.ms}});
  const auto offer = message(petra_, ChatKind::kOffer);
  if (!offer) return offer.error();
  say("demo.offered", {{"ms", (offer->steady_ns - first_.sent_ns) / 1'000'000},
                       {"rep", stage_.rep_name(offer->rep)}});
  show_offer(*offer);
  if (auto called = call_in_time(*offer); !called) return called;
  return qualify();
}

Status Story::call_in_time(const ChatMessage& offer) {
  client_.pause(kMoment);
  if (auto accepted = client_.act(offer.link(texts_.text("message.accept")), "accept"); !accepted)
    return accepted.error();
  if (auto reached = client_.act(offer.link(texts_.text("message.reached")), "reached"); !reached)
    return reached.error();
  const auto clock = contact_clock(petra_);
  if (!clock) return clock.error();
  const auto started = parse_rfc3339(text(*clock, "started_at"));
  const auto stopped = parse_rfc3339(text(*clock, "stopped_at"));
  if (!started || !stopped || clock->contains("breached_at"))
    return error(Errc::kPermanent, "the clock was not stopped in time");
  say("demo.accepted_in_time",
      {{"rep", stage_.rep_name(offer.rep)}, {"seconds", in_seconds(*stopped - *started)}});
  return {};
}

Status Story::qualify() {
  if (auto sal = reach_stage(petra_, "sal"); !sal) return sal;
  std::string contact;
  const auto there = client_.wait("the contact in the CRM", kSoon, [&] {
    contact = stage_.sandbox->contact_of(petra_.email).value_or("");
    return stage_.sandbox->property(contact, "hs_lead_status") == "IN_PROGRESS";
  });
  if (!there) return there;
  auto delivery = hubspot_qualified(contact, now());
  if (auto sent = deliver(delivery); !sent) return sent;
  if (auto sql = reach_stage(petra_, "sql"); !sql) return sql;
  say("demo.qualified");
  return {};
}

Status Story::no_response() {
  auto booking = calendly_booking(bruno_, stage_.language, now());
  if (auto sent = deliver(booking); !sent) return sent;
  const auto offer = message(bruno_, ChatKind::kOffer);
  if (!offer) return offer.error();
  sleeper_ = offer->rep;
  say("demo.books_meeting", {{"who", bruno_.who()}, {"rep", stage_.rep_name(sleeper_)}});
  return {};
}

Status Story::kill_and_restart() {
  auto download = website_download(dora_, stage_.language, now());
  if (auto sent = deliver(download); !sent) return sent;
  const auto gone = system_clock().steady_ns();
  stage_.gateway->kill_hard();
  say("demo.killed", {{"name", dora_.name()}});
  if (auto back = stage_.start_gateway(); !back) return back;
  if (auto there = reach_stage(dora_, "lead"); !there) return there;
  const auto clock = contact_clock(bruno_);
  if (!clock) return clock.error();
  if (text(*clock, "state") != "running")
    return error(Errc::kPermanent, "the clock is no longer running");
  say("demo.restarted", {{"seconds", in_seconds({(system_clock().steady_ns() - gone) / 1'000'000})},
                         {"name", bruno_.name()}});
  return {};
}

Status Story::meanwhile() {
  if (auto sent = deliver(first_); !sent) return sent;
  if (!first_.duplicate)
    return error(Errc::kPermanent, "the gateway accepted a repeated webhook as new");
  say("demo.duplicate");
  auto forged = typeform_demo_request(demo_people()[4], stage_.language, now());
  if (auto sent = client_.deliver(forged, true); !sent) return sent;
  if (forged.status == 200) return error(Errc::kPermanent, "the gateway accepted a forged webhook");
  say("demo.forged", {{"status", forged.status}});
  return reject();
}

Status Story::reject() {
  auto delivery = hubspot_contact(clara_, stage_.language, now());
  if (auto sent = deliver(delivery); !sent) return sent;
  const auto offer = message(clara_, ChatKind::kOffer);
  if (!offer) return offer.error();
  const auto reason =
      client_.act(offer->link(texts_.text("message.reject")), "reject", "not_ready");
  if (!reason) return reason.error();
  if (auto nurtured = reach_stage(clara_, "nurture"); !nurtured) return nurtured;
  say("demo.rejected",
      {{"who", clara_.who()}, {"rep", stage_.rep_name(offer->rep)}, {"reason", *reason}});
  return {};
}

Status Story::breach() {
  const auto warning = message(bruno_, ChatKind::kWarning);
  if (!warning) return warning.error();
  say("demo.warned", {{"percent", 70}, {"rep", stage_.rep_name(warning->rep)}});
  stage_.show(warning->headline());
  const auto alert = message(bruno_, ChatKind::kBreach, sleeper_);
  if (!alert) return alert.error();
  const auto to_lead = message(bruno_, ChatKind::kBreach, "lena");
  if (!to_lead) return to_lead.error();
  const auto clock = contact_clock(bruno_);
  if (!clock) return clock.error();
  const auto due = parse_rfc3339(text(*clock, "due"));
  if (!due) return error(Errc::kPermanent, "the clock has no deadline");
  say("demo.breached", {{"ms", (alert->at - *due).ms},
                        {"rep", stage_.rep_name(sleeper_)},
                        {"lead", stage_.rep_name("lena")}});
  stage_.show(alert->headline());
  return call_late(*due);
}

Status Story::call_late(Instant due) {
  const auto alert = message(bruno_, ChatKind::kReassigned, sleeper_);
  if (!alert) return alert.error();
  ChatMessage offer;
  const auto offered = client_.wait("the offer to another rep", kSoon, [&] {
    for (const auto& m : stage_.sandbox->messages()) {
      if (m.headline().starts_with(bruno_.who()) &&
          chat_kind(m, stage_.language) == ChatKind::kOffer && m.rep != sleeper_)
        offer = m;
    }
    return !offer.rep.empty();
  });
  if (!offered) return offered;
  say("demo.passed_on", {{"rep", stage_.rep_name(sleeper_)},
                         {"next", stage_.rep_name(offer.rep)},
                         {"ms", (offer.at - due).ms}});
  client_.pause(kMoment);
  if (auto reached = client_.act(offer.link(texts_.text("message.reached")), "reached"); !reached)
    return reached.error();
  const auto resolved = message(bruno_, ChatKind::kResolved);
  if (!resolved) return resolved.error();
  say("demo.reached_late", {{"rep", stage_.rep_name(offer.rep)}, {"name", bruno_.name()}});
  return {};
}

Status Story::explain() {
  const auto lead = client_.lead_of(bruno_.company);
  if (!lead) return lead.error();
  const auto answer = client_.get(
      fmt::format("/api/v1/leads/{}/explain?lang={}", text(*lead, "id"), stage_.language));
  if (!answer) return answer.error();
  say("demo.numbers", {{"contacts", stage_.sandbox->contacts()}});
  const auto timeline = client_.get(fmt::format("/api/v1/leads/{}/timeline?limit=200&lang={}",
                                                text(*lead, "id"), stage_.language));
  if (!timeline) return timeline.error();
  for (const auto& line : abridged(text(*answer, "text"), *timeline)) print("          " + line);
  return {};
}

Status Story::tell() {
  print(texts_.say("demo.intro"));
  print(texts_.say("demo.sandbox", {{"seconds", stage_.promise().ms / 1000}}));
  for (const auto part : {&Story::in_time, &Story::no_response, &Story::kill_and_restart,
                          &Story::meanwhile, &Story::breach, &Story::explain}) {
    if (auto done = (this->*part)(); !done) return done;
  }
  const auto next = texts_.text("demo.next");
  print(fmt::format("{}  baton init mine --source typeform --crm hubspot", next));
  print(fmt::format("{}  baton check mine", std::string(next.size(), ' ')));
  print(fmt::format("{}  baton run -c mine", std::string(next.size(), ' ')));
  return {};
}

}  // namespace

Status tell_demo_story(DemoStage& stage) { return Story(stage).tell(); }

}  // namespace baton
