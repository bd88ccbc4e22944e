#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/app/dispatch/feedback_poll.h"
#include "tests/app/dispatch/dispatcher_support.h"

// A CRM that is polled for feedback, and its poller.

namespace baton::testing_dispatcher {

// Asks so many questions about an answer, at https://crm/more. They add one touch of the person.
class PlainFollow final : public FeedbackFollow {
 public:
  PlainFollow(int questions, std::string person, Instant at)
      : left_(questions), person_(std::move(person)), at_(at) {}
  std::optional<HttpRequest> next() override {
    if (left_ == 0) return std::nullopt;
    HttpRequest request;
    request.url = "https://crm/more";
    return request;
  }
  Outcome take(const HttpResult& result) override {
    const bool fine = result.response.status == 200;
    left_ = fine ? left_ - 1 : 0;
    whole_ = whole_ && fine;
    return {fine ? Verdict::kOk : Verdict::kPermanentConfig, {}, {}, fine ? "" : "a scope lacks"};
  }
  void add_to(FeedbackAnswer& answer) const override {
    if (!whole_ || answer.touches.empty()) return;
    Touch touch;
    touch.id = person_ + ".more";
    touch.source = "crm";
    touch.type = TouchType::kCrmContacted;
    touch.at = at_;
    answer.touches.front().push_back(std::move(touch));
  }

 private:
  int left_;
  bool whole_ = true;
  const std::string person_;
  const Instant at_;
};

class PlainFeedback final : public CrmFeedback {
 public:
  int questions = 0;
  mutable std::vector<Instant> since_given;
  std::unique_ptr<FeedbackFollow> follow(const CrmCall& call, const HttpResult&,
                                         std::span<const Instant> since,
                                         Instant now) const override {
    since_given.assign(since.begin(), since.end());
    return questions == 0 ? nullptr
                          : std::make_unique<PlainFollow>(questions, call.keys.front(), now);
  }
  FeedbackOptions settings;
  std::size_t batch = 10;
  const FeedbackOptions& options() const override { return settings; }
  std::size_t batch_size() const override { return batch; }
  CrmCall render(std::span<const CrmRecord> records) const override {
    CrmCall call;
    call.request.url = "https://crm/read";
    for (std::size_t i = 0; i < records.size(); ++i) {
      call.items.push_back(i);
      call.keys.push_back(records[i].person);
      call.request.body += (i == 0 ? "" : ",") + records[i].person;
    }
    return call;
  }
  // The body names the person who has a touch.
  FeedbackAnswer interpret(const CrmCall& call, const HttpResult& result,
                           Instant received_at) const override {
    FeedbackAnswer answer;
    answer.touches.resize(call.items.size());
    const int status = result.response.status;
    answer.outcome.verdict = result.transport != Transport::kAnswered ? Verdict::kUnknown
                             : status == 200                          ? Verdict::kOk
                             : status == 400                          ? Verdict::kPermanentData
                             : status == 429                          ? Verdict::kRetryAfter
                                                                      : Verdict::kRetryBackoff;
    if (status == 429) answer.outcome.retry_after = seconds(60);
    for (std::size_t i = 0; i < call.keys.size(); ++i) {
      if (status != 200 || call.keys[i] != result.response.body) continue;
      Touch touch;
      touch.id = call.keys[i] + ".called";
      touch.source = "crm";
      touch.type = TouchType::kCrmContacted;
      touch.at = received_at;
      answer.touches[i].push_back(std::move(touch));
    }
    return answer;
  }
};

class PolledCrm final : public PlainCrm {
 public:
  PolledCrm() : PlainCrm("crm") {}
  PlainFeedback feedback_part;
  std::optional<HttpRequest> credential_test() const override {
    HttpRequest request;
    request.url = "https://crm/probe";
    return request;
  }
  const CrmFeedback* feedback() const override { return &feedback_part; }
};

class HandClock final : public Clock {
 public:
  explicit HandClock(const MemoryDatabase& database) : database_(database) {}
  Instant now() const override { return database_.now(); }
  std::int64_t steady_ns() const override { return database_.now().ms * 1'000'000; }

 private:
  const MemoryDatabase& database_;
};

// A poller on a store in memory, with a clock that the test moves.
class Polling : public FeedbackSink {
 public:
  explicit Polling(Wire::Script script) : bench(std::move(script)) {}

  Result<std::vector<PollTarget>> load_poll_targets(std::span<const PushEntry> entries) override {
    std::vector<PollTarget> all;
    for (const auto& entry : entries) {
      if (!persons.contains(entry.person)) continue;
      PollTarget target;
      target.record.person = entry.person;
      target.record.version = bench.versions[entry.person];
      target.queue = persons[entry.person];
      all.push_back(std::move(target));
    }
    return all;
  }
  std::vector<bool> commit_feedback(std::span<const PersonFeedback> feedback) override {
    std::vector<bool> committed;
    for (const auto& one : feedback) {
      for (const auto& touch : one.touches) touches.push_back(touch.id);
      committed.push_back(commits);
    }
    return committed;
  }
  void record_poll_answer(const std::string&, Instant at) override { answers.push_back(at); }

  void start() {
    poll = std::make_unique<FeedbackPoll>(crm, inbox, bench.engine, *this, options, lane, time);
    http = bench.wire.client();
  }
  void mark(const std::string& person, FeedbackQueue queue) {
    persons[person] = queue;
    bench.commit(person, {feedback_queue_name("crm", queue)});
  }
  Duration step() {
    for (const auto& task : inbox->wait(Duration{0})) task();
    time.set(bench.database->now());
    return poll->look(*bench.store, *http);
  }
  void run_for(Duration length) {
    const Instant until = bench.database->now() + length;
    while (bench.database->now() < until)
      bench.database->advance(std::clamp(step(), milliseconds(20), milliseconds(500)));
    step();
  }

  Bench bench;
  HandClock clock{*bench.database};
  std::shared_ptr<PolledCrm> crm = std::make_shared<PolledCrm>();
  std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>();
  DispatcherOptions options;
  Lane lane{"crm", options};
  StoreTime time{clock};
  std::unique_ptr<FeedbackPoll> poll;
  std::unique_ptr<HttpClient> http;
  std::map<std::string, FeedbackQueue> persons;
  std::vector<std::string> touches;
  std::vector<Instant> answers;
  bool commits = true;
};

}  // namespace baton::testing_dispatcher
