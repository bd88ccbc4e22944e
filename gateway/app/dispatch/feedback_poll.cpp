#include "gateway/app/dispatch/feedback_poll.h"

#include <algorithm>

#include <fmt/format.h>

#include "gateway/app/dispatch/feedback_freshness.h"
#include "gateway/platform/log.h"
#include "gateway/platform/metrics.h"

namespace baton {
namespace {

constexpr Duration kLongestTick = seconds(5);
constexpr Duration kNoRoom = milliseconds(250);
constexpr Duration kSaveEvery = seconds(30);
constexpr std::size_t kMostSeen = 512;  // of one person; then it is cleared
// Greater than any version. The floating-point numbers of the store's scripts represent it exactly.
constexpr std::uint64_t kAnyPolledVersion = (1ULL << 53) - 1;

bool is_good(const Outcome& outcome) {
  return outcome.verdict == Verdict::kOk || outcome.verdict == Verdict::kOkNoop;
}

}  // namespace

FeedbackPoll::FeedbackPoll(std::shared_ptr<const Crm> crm, std::shared_ptr<Inbox> inbox,
                           const PartitionLeases& leases, FeedbackSink& sink,
                           const DispatcherOptions& options, Lane& lane, StoreTime& time)
    : crm_(std::move(crm)),
      feedback_(*crm_->feedback()),
      inbox_(std::move(inbox)),
      leases_(leases),
      sink_(sink),
      options_(options),
      lane_(lane),
      time_(time),
      tick_(std::clamp(Duration{feedback_.options().contact_every.ms / 6}, milliseconds(10),
                       kLongestTick)),
      breaker_(options.breaker) {}

Duration FeedbackPoll::look(Store& store, HttpClient& http) {
  write(store);
  http_ = &http;
  for (const auto& flight : std::exchange(parked_, {})) go_on(flight);
  if (!parked_.empty()) next_look_ = std::min(*next_look_, time_.now() + kNoRoom);
  if (!next_look_) {
    const auto now = store.now();
    if (!now) return tick_;
    time_.set(*now);
    quiet_since_ = *now;
  }
  const Instant now = time_.now();
  if (next_look_ && now < *next_look_) return *next_look_ - now;
  next_look_ = Instant{(now.ms / tick_.ms + 1) * tick_.ms};
  if (const auto opens = breaker_.opens_at(now)) {
    next_look_ = std::max(*next_look_, *opens);
    return *next_look_ - now;
  }
  const bool room = parked_.empty() && poll_queue(store, http, FeedbackQueue::kContact) &&
                    poll_queue(store, http, FeedbackQueue::kLead);
  if (!room) next_look_ = now + kNoRoom;
  // A probe proves nothing while persons are due: a CRM that refuses reads may still answer the
  // probe.
  if (room && flying_.empty() && now - quiet_since_ >= feedback_.options().lead_every) probe(http);
  write(store);
  return *next_look_ - now;
}

bool FeedbackPoll::poll_queue(Store& store, HttpClient& http, FeedbackQueue queue) {
  const auto partitions = leases_.held();
  if (partitions.empty()) return true;
  // Persons in flight are due, too. They are read in addition.
  const std::size_t limit = feedback_.batch_size() * options_.calls_in_flight + flying_.size();
  auto due = store.due_push(partitions, feedback_queue_name(crm_->name(), queue), limit);
  if (!due) return true;
  time_.set(due->now);
  const bool cut = due->items.size() >= limit;
  if (!due->items.empty()) quiet_since_ = time_.now();
  std::vector<PushEntry> entries;
  for (auto& entry : due->items) {
    if (!flying_.contains(entry.person) && leases_.holds(entry.partition))
      entries.push_back(std::move(entry));
  }
  std::vector<Item> batch;
  for (auto& item : still_queued(std::move(entries), queue)) {
    if (alone_.contains(item.entry.person)) {
      std::vector<Item> one;
      one.push_back(std::move(item));
      if (!send(http, std::move(one))) return false;
      continue;
    }
    batch.push_back(std::move(item));
    if (batch.size() == feedback_.batch_size() && !send(http, std::exchange(batch, {})))
      return false;
  }
  if (!batch.empty() && !send(http, std::move(batch))) return false;
  return !cut;
}

// Removes persons from the queue whose lead is no longer at sales, or who belong to the other
// queue. The commit that changed them has marked them for the right queue.
std::vector<FeedbackPoll::Item> FeedbackPoll::still_queued(std::vector<PushEntry> entries,
                                                           FeedbackQueue queue) {
  std::vector<Item> items;
  if (entries.empty()) return items;
  auto targets = sink_.load_poll_targets(entries);
  if (!targets) return items;
  std::map<std::string, PollTarget*, std::less<>> by_person;
  for (auto& person : *targets) by_person[person.record.person] = &person;
  for (auto& entry : entries) {
    const auto found = by_person.find(entry.person);
    if (found == by_person.end() || found->second->queue != queue) {
      const auto version =
          found == by_person.end() ? kAnyPolledVersion : found->second->record.version;
      seen_.erase(entry.person);
      alone_.erase(entry.person);
      done_.push_back({entry.person, feedback_queue_name(crm_->name(), queue), version, {}});
      continue;
    }
    Item item{std::move(entry), std::move(*found->second)};
    if (feedback_.knows(item.person.record))
      items.push_back(std::move(item));
    else
      retries_.push_back(
          {{'p', item.entry.person}, item.entry.destination, next_at(time_.now(), every(item))});
  }
  return items;
}

bool FeedbackPoll::send(HttpClient& http, std::vector<Item> items) {
  const auto& options = feedback_.options();
  if (!breaker_.allow(time_.now())) return true;  // the breaker is open
  if (!lane_.enter_read(time_.now(), static_cast<std::size_t>(options.calls), options.per)) {
    breaker_.not_made();
    return false;
  }
  std::vector<CrmRecord> records;
  for (const auto& item : items) {
    records.push_back(item.person.record);
    flying_.insert(item.entry.person);
  }
  auto flight = std::make_shared<Flight>();
  flight->items = std::move(items);
  flight->call = feedback_.render(records);
  flight->sent_at = time_.now();
  http.send(flight->call.request, [this, inbox = inbox_, flight](HttpResult result) {
    inbox->post([this, flight, result = std::move(result)] { answered(flight, result); });
  });
  return true;
}

void FeedbackPoll::answered(const std::shared_ptr<Flight>& flight, const HttpResult& result) {
  lane_.leave();
  const Instant now = time_.now();
  flight->answer = feedback_.interpret(flight->call, result, now);
  const bool spoilt = note(result, flight->answer.outcome, flight->items.size());
  if (!is_good(flight->answer.outcome)) return land(*flight, spoilt);
  std::vector<Instant> since;
  for (const auto& item : flight->items) since.push_back(item.person.since);
  flight->follow = feedback_.follow(flight->call, result, since, now);
  go_on(flight);
}

// Asks the next question about the records of an answer, until no question is left.
void FeedbackPoll::go_on(const std::shared_ptr<Flight>& flight) {
  if (!flight->question && flight->follow) flight->question = flight->follow->next();
  if (!flight->question) return land(*flight, false);
  const auto& options = feedback_.options();
  const bool open = breaker_.allow(time_.now());
  if (!open ||
      !lane_.enter_read(time_.now(), static_cast<std::size_t>(options.calls), options.per)) {
    if (!open)
      return land(*flight, false);  // commits what is known; the rest is polled the next time
    breaker_.not_made();
    parked_.push_back(flight);
    return;
  }
  auto request = std::move(*flight->question);
  flight->question.reset();
  http_->send(std::move(request), [this, inbox = inbox_, flight](HttpResult result) {
    inbox->post([this, flight, result = std::move(result)] { followed(flight, result); });
  });
}

void FeedbackPoll::followed(const std::shared_ptr<Flight>& flight, const HttpResult& result) {
  lane_.leave();
  note_follow(result, flight->follow->take(result));
  go_on(flight);
}

// Ends a flight: all questions about its persons are answered, or cannot be answered.
void FeedbackPoll::land(const Flight& flight, bool spoilt) {
  for (const auto& item : flight.items) {
    flying_.erase(item.entry.person);
    if (spoilt) alone_.insert(item.entry.person);
    const Instant at = spoilt ? item.entry.due : next_at(flight.sent_at, every(item));
    retries_.push_back({{'p', item.entry.person}, item.entry.destination, at});
  }
  if (!is_good(flight.answer.outcome)) return;
  note_answer(flight.sent_at);
  commit_touches(flight);
}

// The CRM may refuse further questions and still return records, for instance if a scope is
// missing. That must not stop the polling of records.
void FeedbackPoll::note_follow(const HttpResult& result, const Outcome& outcome) {
  const bool refused =
      outcome.verdict == Verdict::kPermanentConfig || outcome.verdict == Verdict::kPermanentData;
  if (refused && !follow_refused_) {
    log_warn("delivery",
             "the CRM does not report single calls, mails and meetings; only its records count",
             {{"destination", crm_->name()}, {"reason", outcome.reason}});
  }
  follow_refused_ = refused;
  note(result, refused ? Outcome{Verdict::kOkNoop, {}, {}, outcome.reason} : outcome, 1);
}

// True if one bad record may have made the call fail. Each person is then polled alone.
bool FeedbackPoll::note(const HttpResult& result, const Outcome& outcome, std::size_t items) {
  count("feedback_reads_total",
        "destination=" + crm_->name() + ",outcome=" + std::string(to_string(outcome.verdict)));
  const Instant now = time_.now();
  std::optional<Budget> budget;
  if (result.transport == Transport::kAnswered) budget = crm_->budget(result.response);
  lane_.note_budget(condition_of(result, outcome), outcome, budget, now);
  const bool was_open = breaker_.opens_at(now).has_value();
  bool spoilt = false;
  if (is_good(outcome)) {
    breaker_.succeeded();
  } else if (outcome.verdict == Verdict::kPermanentData || outcome.verdict == Verdict::kDuplicate) {
    breaker_.succeeded();
    spoilt = items > 1;
  } else if (outcome.verdict == Verdict::kRetryAfter) {
    breaker_.not_made();  // over budget: the lane pauses
  } else {
    const int times = outcome.verdict == Verdict::kPermanentConfig ? options_.breaker.threshold : 1;
    for (int i = 0; i < times; ++i) breaker_.failed(now);
  }
  if (!was_open && breaker_.opens_at(now)) {
    log_warn("delivery", "polling the CRM for feedback fails; it is tried again later",
             {{"destination", crm_->name()}, {"reason", outcome.reason}});
  }
  return spoilt;
}

void FeedbackPoll::commit_touches(const Flight& flight) {
  std::vector<PersonFeedback> feedback;
  FeedbackAnswer answer = flight.answer;
  if (flight.follow) flight.follow->add_to(answer);
  for (std::size_t i = 0; i < flight.items.size() && i < answer.touches.size(); ++i) {
    const auto& item = flight.items[i];
    const auto& seen = seen_[item.entry.person];
    auto& touches = answer.touches[i];
    // Touches before the lead began concern another lead.
    std::erase_if(touches, [&](const Touch& touch) {
      return touch.at < item.person.since || seen.contains(std::hash<std::string>{}(touch.id));
    });
    if (!touches.empty()) feedback.push_back({PersonId(item.entry.person), std::move(touches)});
  }
  if (feedback.empty()) return;
  const auto committed = sink_.commit_feedback(feedback);
  for (std::size_t i = 0; i < feedback.size(); ++i) {
    if (i >= committed.size() || !committed[i]) continue;  // reported again with the next answer
    auto& seen = seen_[feedback[i].person.str()];
    if (seen.size() > kMostSeen) seen.clear();
    for (const auto& touch : feedback[i].touches) seen.insert(std::hash<std::string>{}(touch.id));
  }
}

// Asks the CRM for a sign of life when no person is due.
void FeedbackPoll::probe(HttpClient& http) {
  const auto request = crm_->credential_test();
  if (!request) return note_answer(time_.now());
  const auto& options = feedback_.options();
  if (probing_ || !breaker_.allow(time_.now())) return;
  if (!lane_.enter_read(time_.now(), static_cast<std::size_t>(options.calls), options.per))
    return breaker_.not_made();
  probing_ = true;
  http.send(*request, [this, inbox = inbox_](HttpResult result) {
    inbox->post([this, result = std::move(result)] {
      lane_.leave();
      probing_ = false;
      const auto outcome = crm_->interpret_read_back({}, result);
      note(result, outcome, 1);
      if (is_good(outcome)) note_answer(time_.now());
    });
  });
}

void FeedbackPoll::note_answer(Instant at) {
  last_answer_ = quiet_since_ = at;
  sink_.record_poll_answer(crm_->name(), at);
}

// Items whose result could not be written stay due, and are read again.
void FeedbackPoll::write(Store& store) {
  if (!done_.empty()) (void)store.push_done(std::exchange(done_, {}));
  if (!retries_.empty()) (void)store.push_retry(std::exchange(retries_, {}));
  if (!last_answer_ || (saved_ && *last_answer_ - *saved_ < kSaveEvery)) return;
  if (store.put_value(feedback_value(crm_->name()), fmt::format("{}", last_answer_->ms)))
    saved_ = last_answer_;
}

// One tick early, so that a missed tick does no harm.
Instant FeedbackPoll::next_at(Instant sent_at, Duration every) const {
  return Instant{(sent_at + every - tick_).ms / tick_.ms * tick_.ms};
}

Duration FeedbackPoll::every(const Item& item) const {
  const auto& options = feedback_.options();
  return item.person.queue == FeedbackQueue::kContact && !item.person.slowly ? options.contact_every
                                                                             : options.lead_every;
}

}  // namespace baton
