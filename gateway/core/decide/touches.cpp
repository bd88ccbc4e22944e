#include "gateway/core/decide/touches.h"

#include <algorithm>

#include "gateway/core/decide/capture.h"
#include "gateway/core/decide/contact.h"
#include "gateway/core/decide/crm.h"
#include "gateway/core/decide/episode.h"
#include "gateway/core/decide/meeting.h"
#include "gateway/core/decide/profile.h"
#include "gateway/core/decide/task.h"
#include "gateway/core/decision/joined.h"
#include "gateway/core/model/transitions.h"
#include "mapping/json/json.h"

namespace baton {
namespace {

constexpr std::size_t kKeptTouches = 200;
constexpr std::size_t kFoldedIds = 512;

std::uint64_t hash_of(std::string_view id) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : id) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return h;
}

bool is_applied(const PersonState& person, const std::string& id) {
  const auto same = [&](const KeptTouch& t) { return t.id == id; };
  if (std::any_of(person.touches.begin(), person.touches.end(), same)) return true;
  return std::find(person.archived_touch_hashes.begin(), person.archived_touch_hashes.end(),
                   hash_of(id)) != person.archived_touch_hashes.end();
}

// Web and mail tracking scores only if the touch names the basis for the tracking (C22). An act of
// a machine never scores. Both depend on the touch alone, so the order of arrival does not matter.
bool is_scorable(const LifecyclePolicy& policy, const Touch& touch) {
  if (!boolean(touch.properties, "human", true) ||
      integer(touch.properties, "human_likelihood", 100) < 50)
    return false;
  if (!policy.needs_tracking_basis[static_cast<std::size_t>(touch.type)]) return true;
  if (!touch.tracking_basis.empty())
    return touch.tracking_basis != "none" && touch.tracking_basis != "denied";
  return std::any_of(touch.consent.begin(), touch.consent.end(),
                     [](const ConsentFact& c) { return c.channel == "tracking" && c.granted; });
}

KeptTouch keep(const DecisionContext& s, const Touch& touch, std::string id, Instant at) {
  KeptTouch kept;
  kept.id = std::move(id);
  kept.type = touch.type;
  kept.intent = touch.intent;
  kept.at = at;
  kept.asset = touch.asset;
  kept.page_group = touch.page_group;
  kept.channel = touch.attribution.channel;
  kept.campaign = touch.attribution.utm_campaign;
  kept.dwell_s = touch.dwell_s;
  kept.scorable = is_scorable(*s.policy.lifecycle, touch);
  return kept;
}

void insert_sorted(std::vector<KeptTouch>& touches, KeptTouch kept) {
  const auto place = std::upper_bound(
      touches.begin(), touches.end(), kept,
      [](const auto& a, const auto& b) { return a.at != b.at ? a.at < b.at : a.id < b.id; });
  touches.insert(place, std::move(kept));
}

void add_to_sums(PersonState& person, const KeptTouch& touch) {
  const auto day =
      static_cast<std::int32_t>((touch.at.ms - (touch.at.ms < 0 ? 86'399'999 : 0)) / 86'400'000);
  const auto place = std::lower_bound(
      person.sums.begin(), person.sums.end(), touch,
      [&](const DaySum& a, const auto& t) { return a.day != day ? a.day < day : a.type < t.type; });
  if (place != person.sums.end() && place->day == day && place->type == touch.type) {
    ++place->count;
  } else {
    person.sums.insert(place, DaySum{day, touch.type, 1});
  }
}

// Keeps the newest touches within the memory of the scoring policy and sums up older ones.
void fold(DecisionContext& s) {
  auto& touches = s.person.touches;
  const Instant horizon = s.now - longest_memory(*s.policy.scoring);
  std::size_t gone = touches.size() > kKeptTouches ? touches.size() - kKeptTouches : 0;
  while (gone < touches.size() && touches[gone].at < horizon) ++gone;
  if (gone == 0) return;
  for (std::size_t i = 0; i < gone; ++i) {
    if (touches[i].scorable) add_to_sums(s.person, touches[i]);
    s.person.archived_touch_hashes.push_back(hash_of(touches[i].id));
  }
  touches.erase(touches.begin(), touches.begin() + static_cast<std::ptrdiff_t>(gone));
  auto& folded = s.person.archived_touch_hashes;
  if (folded.size() > kFoldedIds) folded.erase(folded.begin(), folded.end() - kFoldedIds);
}

std::string short_hash(std::string_view text) { return sha256_hex(text).substr(0, 16); }

struct Recorded {
  std::string first;               // id of the first new touch; "" : none
  bool profile = false;            // the profile has changed
  std::optional<Trigger> trigger;  // the strongest new interest, the latest of its kind
  std::vector<std::pair<const Touch*, std::string>> meetings;  // with their ids
  bool confirmed = false;  // the address is confirmed, or does not have to be
  std::string ask;         // the newest message
  Instant asked_at;
};

void note_interest(Recorded& all, const Touch& touch, const std::string& id, Instant at) {
  if (!makes_lead(touch.type)) return;
  const bool stronger = !all.trigger || touch.intent > all.trigger->intent ||
                        (touch.intent == all.trigger->intent && at > all.trigger->at);
  if (stronger) all.trigger = Trigger{at, touch.intent, id, {}};
}

// Whether the touch shows that the address is the person's own, or needs no confirmation.
bool is_confirmation(const DecisionContext& s, const Touch& touch) {
  if (boolean(touch.properties, "confirmed") || touch.type == TouchType::kEmailReply) return true;
  if (touch.type == TouchType::kConsentChanged) {
    return std::any_of(touch.consent.begin(), touch.consent.end(),
                       [](const ConsentFact& c) { return c.granted && c.channel == "email"; });
  }
  return makes_lead(touch.type) &&
         !s.policy.lifecycle->work.opt_in.types[static_cast<std::size_t>(touch.type)];
}

void record(DecisionContext& s, const Touch& touch, Recorded& all) {
  const auto id = touch.source + ":" + touch.id;
  if (is_applied(s.person, id)) {
    s.happened("touch.repeated");
    return s.because("touch.repeated", {}, {{"touch", id}});
  }
  const Instant at = clamp(touch.at, s.now);
  const bool profile = merge_profile(s.person, touch, id, at);
  merge_consents(s.person, touch, at);
  merge_attribution(s.person, touch, id, at);
  insert_sorted(s.person.touches, keep(s, touch, id, at));
  if (all.first.empty()) all.first = id;
  all.profile |= profile;
  all.confirmed |= is_confirmation(s, touch);
  if (touch.type >= TouchType::kMeetingBooked && touch.type <= TouchType::kMeetingCancelled)
    all.meetings.emplace_back(&touch, id);
  note_interest(all, touch, id, at);
  if (!touch.message.empty() && (all.ask.empty() || all.asked_at <= at)) {
    all.ask = touch.message;
    all.asked_at = at;
  }
  s.happened("touch.recorded");
  s.because("touch.recorded", {},
            {{"touch", id},
             {"type", to_string(touch.type)},
             {"intent", to_string(touch.intent)},
             {"at", at}});
}

// Art. 21 (2) DSGVO: no scoring, no clocks and no offers from now on. Leads before the sale are
// closed; a sale goes on without clocks.
void apply_objection(DecisionContext& s) {
  const auto since = objection(s.person);
  if (since == s.person.objected_at) return;
  s.person.objected_at = since;
  s.happened(since ? "objection.raised" : "objection.lifted");
  s.because(since ? "objection.raised" : "objection.lifted");
  if (!since || !s.person.lead) return;
  const auto* lead = s.lead();
  if (lead != nullptr && funnel_rank(lead->stage) <= funnel_rank(Stage::kSal)) {
    close_episode(s, Transition::kT12, Stage::kDisqualified, "objection");
  } else {
    drop_work(s, "objection");
    s.clocks.cancel_all("objection");
  }
}

// Whether new interest opens an episode (T2). A customer never falls back (D10).
bool opens_episode(const DecisionContext& s, const Trigger& trigger) {
  if (s.person.objected_at) return false;
  if (!s.person.lead) return true;
  const auto& last = s.newest_lead();
  const bool asks = trigger.intent != Intent::kInformational;
  switch (last.stage) {
    case Stage::kWon:
      return asks;
    case Stage::kLost:
      return asks ||
             (last.score_floor && *last.score_floor + s.policy.lifecycle->cool_down <= s.now);
    case Stage::kDisqualified: {
      if (last.reason == "objection" || last.reason == "icp")
        return asks || last.reason == "objection";
      const auto* entry = s.policy.lifecycle->disqualify.find(last.reason);
      return asks && (entry == nullptr || !entry->permanent);
    }
    case Stage::kErased:
      return true;
    default:
      return false;
  }
}

constexpr Duration kTellAgain = hours(1);

// A request of a lead with an owner: tells the owner alone, at most once an hour, because ten
// clicks ask for one call.
void tell_owner(DecisionContext& s, const Trigger& trigger) {
  auto* lead = s.lead();
  if (lead == nullptr || lead->owner.empty() || trigger.intent == Intent::kInformational ||
      s.person.objected_at)
    return;
  if (lead->notified_again_at && s.now - *lead->notified_again_at < kTellAgain) return;
  s.notices.send(
      NoticeKind::kOffer, lead->owner,
      joined({lead->id.view(), ":again:", short_hash(trigger.touch), ":", lead->owner.view()}),
      {{"again", true}});
  lead->notified_again_at = s.now;
}

// Marketing has corrected the data, so the handover continues.
void end_rework(DecisionContext& s, const Recorded& recorded) {
  auto& lead = s.open_lead();
  lead.hold.reset();
  lead.reason.clear();
  s.clocks.resume(PauseCondition::kRework, s.now);
  s.clocks.at_moment(ClockMoment::kCorrected, s.now, recorded.first);
  s.happened("handover.corrected");
  s.because("handover.corrected");
  s.notices.send(
      NoticeKind::kOffer, lead.owner,
      joined({lead.id.view(), ":corrected:", short_hash(recorded.first), ":", lead.owner.view()}),
      {{"corrected", true}});
}

void take_ask(DecisionContext& s, const Recorded& recorded) {
  if (auto* lead = s.lead(); lead != nullptr && !recorded.ask.empty()) lead->ask = recorded.ask;
}

// T1, T2: new interest opens an episode, or waits until the address is confirmed.
void open_or_wait(DecisionContext& s, const Recorded& recorded) {
  if (awaits_opt_in(s)) {
    if (recorded.confirmed)
      confirm(s, recorded.trigger.value_or(Trigger{s.now, s.person.lead->type, {}, {}}));
    return;
  }
  if (s.lead() != nullptr || !recorded.trigger || !opens_episode(s, *recorded.trigger)) return;
  if (!recorded.confirmed) return capture(s, *recorded.trigger);
  open_episode(s, recorded.trigger->at, recorded.trigger->intent, Transition::kT2);
}

// Meetings come first, because a meeting is more than a request for a call.
bool take_meetings(DecisionContext& s, const Recorded& recorded) {
  bool taken = false;
  for (const auto& [touch, id] : recorded.meetings) taken |= decide_meeting_touch(s, *touch, id);
  return taken;
}

// The lead has acted, so reps no longer wait for them.
void end_waiting(DecisionContext& s) {
  auto* lead = s.lead();
  if (lead != nullptr && lead->work == WorkStatus::kWaitingForLead)
    lead->work = WorkStatus::kConnected;
  s.clocks.resume(PauseCondition::kWaitingForLead, s.now);
}

void follow_up(DecisionContext& s, const Recorded& recorded) {
  open_or_wait(s, recorded);
  const bool meets = take_meetings(s, recorded);
  take_ask(s, recorded);
  end_waiting(s);
  if (meets) return;
  auto* lead = s.lead();
  if (lead != nullptr && recorded.profile && is_in_rework(*lead)) end_rework(s, recorded);
  if (!recorded.trigger) return;
  const auto& trigger = *recorded.trigger;
  if (lead != nullptr && lead->stage != Stage::kLead) {
    if (trigger.intent > lead->type) {
      lead->type = trigger.intent;
      s.clocks.tighten(trigger.intent, trigger.at);
    }
    return tell_owner(s, trigger);
  }
  consider_mql(s, trigger);
  take_ask(s, recorded);
}

bool is_contact(TouchType type) {
  return type == TouchType::kOutboundCallAttempt || type == TouchType::kOutboundCallConnected ||
         type == TouchType::kOutboundEmail;
}

}  // namespace

Activity decide_touches(DecisionContext& s, const TouchesReceived& event) {
  Recorded recorded;
  Activity activity;
  for (const auto& touch : event.touches) {
    if (touch.type == TouchType::kTestPing) {
      s.because("touch.test_ping");
    } else if (is_crm_feedback(touch.type)) {
      activity |= decide_crm_touch(s, touch);
    } else {
      record(s, touch, recorded);
    }
  }
  if (recorded.first.empty()) return activity;
  s.changed();
  s.push();
  fold(s);
  apply_objection(s);
  rescore(s);
  if (recorded.trigger) activity.interest = recorded.trigger->intent;
  follow_up(s, recorded);
  for (const auto& touch : event.touches) {
    if (is_contact(touch.type)) activity.attempted |= contact_touch(s, touch);
  }
  return activity;
}

}  // namespace baton
