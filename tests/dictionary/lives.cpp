#include "tests/dictionary/lives.h"

#include <fmt/format.h>

#include "gateway/app/documents/documents.h"
#include "gateway/app/documents/effect_codec.h"
#include "gateway/core/model/event_codec.h"
#include "gateway/core/model/person_codec.h"
#include "gateway/core/model/receipt.h"
#include "tests/core/sim/core_sim.h"
#include "tests/dictionary/people.h"

namespace baton::dictionary {
namespace {

constexpr std::string_view kFrom = "2026-03-02T07:00:00Z";  // a Monday
constexpr std::size_t kWorkingMs = 8U * 3'600'000;
constexpr std::size_t kOutboxEvery = 6;  // outbox items are short-lived
constexpr std::size_t kRouteEvery = 25;  // a pool without a free rep gets requests all night

std::string text_of(const Effect& effect) {
  struct Visitor {
    std::string operator()(const OwnerRequest& e) const { return json::serialize(to_json(e)); }
    std::string operator()(const Notice& e) const { return json::serialize(to_json(e)); }
    std::string operator()(const TaskSyncRequested& e) const { return json::serialize(to_json(e)); }
    std::string operator()(const PoolUpdate& e) const { return json::serialize(to_json(e)); }
    std::string operator()(const PushRequested&) const { return {}; }
  };
  return std::visit(Visitor{}, effect);
}

bool is_asking(const Event& event) {
  const auto* due = std::get_if<TimerFired>(&event.body);
  const auto* picked = std::get_if<OwnerPicked>(&event.body);
  return due != nullptr ? due->timer.kind == TimerId::Kind::kRoute
                        : picked != nullptr && picked->rep.empty();
}

// The texts of one person: some touches, and the feedback of sales if there is a lead.
class Life {
 public:
  Life(Dice& dice, std::shared_ptr<const Policy> policy)
      : dice_(dice), sim_(std::move(policy), dice.hex(20)), who_(made_up_person(dice)) {
    now_ = at(kFrom) + days(static_cast<std::int64_t>(dice.below(20))) +
           milliseconds(static_cast<std::int64_t>(dice.below(kWorkingMs)));
  }

  void run(std::vector<std::string>& texts) {
    for (std::size_t touches = 1 + dice_.below(5); touches > 0; --touches) {
      step();
      sim_.event(
          now_,
          {dice_.hex(32),
           TouchesReceived{{made_up_touch(
               dice_, who_, now_ - Duration{static_cast<std::int64_t>(dice_.below(4000))})}}});
      if (stem_.empty()) texts.push_back(stem_ = personal_part(sim_.log.front().event));
      work();
      if (dice_.one_in(2)) texts.push_back(write_person(sim_.person, stem_));
    }
    add_records(texts);
    texts.push_back(write_person(sim_.person, stem_));
    for (const auto& effect : sim_.effects) {
      if (auto text = text_of(effect); !text.empty() && dice_.one_in(kOutboxEvery))
        texts.push_back(std::move(text));
    }
  }

 private:
  void step() {
    now_ = now_ + milliseconds(static_cast<std::int64_t>(dice_.below(200'000)));
    if (dice_.one_in(2)) now_ = now_ + days(1 + static_cast<std::int64_t>(dice_.below(6)));
  }

  void work() {
    if (!sim_.person.lead || sim_.lead().owner.empty() || dice_.one_in(3)) return;
    const std::string owner = sim_.lead().owner;
    constexpr std::array kAnswers{FeedbackKind::kAccept,  FeedbackKind::kAccept,
                                  FeedbackKind::kAttempt, FeedbackKind::kReached,
                                  FeedbackKind::kQualify, FeedbackKind::kRecycle,
                                  FeedbackKind::kReject};
    for (std::size_t answers = 1 + dice_.below(3); answers > 0; --answers) {
      step();
      auto said = says(kAnswers[dice_.below(kAnswers.size())], dice_.hex(32), owner, now_);
      if (said.kind == FeedbackKind::kAttempt || said.kind == FeedbackKind::kReached)
        said.channel = "phone", said.outcome = dice_.one_in(2) ? "no_answer" : "reached";
      if (said.kind == FeedbackKind::kRecycle || said.kind == FeedbackKind::kReject)
        said.reason = dice_.one_in(2) ? "later" : "no_fit";
      sim_.feedback(now_, said);
    }
  }

  // As in the log: with seals, and with the gateway's name for the event of a clock.
  void add_records(std::vector<std::string>& texts) {
    const ReceiptKey key{dice_.hex(8), [this](std::string_view) { return dice_.hex(64); }};
    for (std::size_t i = 0; i < sim_.log.size(); ++i) {
      auto event = sim_.log[i].event;
      if (is_asking(event) && !dice_.one_in(kRouteEvery)) continue;
      if (const auto* due = std::get_if<TimerFired>(&event.body))
        event.id = fmt::format("{}:{}:{}", sim_.person.id, to_string(due->timer), due->due.ms);
      auto record =
          write_record(event, sim_.decisions[i], *sim_.policy, sim_.log[i].now, &key, stem_);
      texts.push_back(std::move(record.plain));
      if (i > 0 && !record.personal.empty()) texts.push_back(std::move(record.personal));
    }
  }

  Dice& dice_;
  CoreSim sim_;
  PersonFacts who_;
  std::string stem_;
  Instant now_;
};

}  // namespace

std::vector<std::string> texts_of_lives(std::size_t persons, unsigned seed) {
  Dice dice(seed);
  const auto policy = template_policy();
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < persons; ++i) Life(dice, policy).run(texts);
  return texts;
}

}  // namespace baton::dictionary
