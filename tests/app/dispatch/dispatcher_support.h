#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/app/dispatch/dispatcher.h"
#include "gateway/store/memory/memory_store.h"

namespace baton::testing_dispatcher {

// An HTTP client that records every call. The script answers at once, or the test answers later.
class MockHttp : public HttpClient {
 public:
  MOCK_METHOD(void, send, (HttpRequest request, std::function<void(HttpResult)> done), (override));
};

inline HttpResult answered(int status, std::string body = "") {
  HttpResult result;
  result.response.status = status;
  result.response.body = std::move(body);
  return result;
}
inline HttpResult failed(Transport transport) { return {transport, {}, "failed"}; }

// The wire that all clients of a test share: their calls, and the script that answers them.
class Wire {
 public:
  using Script = std::function<std::optional<HttpResult>(const HttpRequest&, std::size_t call)>;
  explicit Wire(Script script) : script_(std::move(script)) {}

  std::unique_ptr<HttpClient> client() {
    auto http = std::make_unique<::testing::NiceMock<MockHttp>>();
    ON_CALL(*http, send)
        .WillByDefault([this](HttpRequest request, std::function<void(HttpResult)> done) {
          std::optional<HttpResult> result;
          {
            const std::lock_guard lock(mutex_);
            calls_.push_back(request);
            result = script_(request, calls_.size());
            if (!result) held_.push_back(std::move(done));
          }
          changed_.notify_all();
          if (result) done(std::move(*result));
        });
    return http;
  }

  std::vector<HttpRequest> calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }
  bool wait_for_calls(std::size_t n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return calls_.size() >= n; });
  }
  void answer_held(const HttpResult& result) {
    std::vector<std::function<void(HttpResult)>> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto& done : held) done(result);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  std::vector<HttpRequest> calls_;
  std::vector<std::function<void(HttpResult)>> held_;
};

// A simple CRM. The body of a call is "person:vN,person:vN". 200 means success, 400 bad data, 429
// and 5xx later.
class PlainCrm : public Crm {
 public:
  explicit PlainCrm(std::string name, Mode mode = Mode::kLive, std::size_t batch = 10,
                    Repeat repeat = Repeat::kKeyed)
      : name_(std::move(name)), mode_(mode), batch_(batch), repeat_(repeat) {}
  const std::string& name() const override { return name_; }
  Mode mode() const override { return mode_; }
  std::size_t batch_size() const override { return batch_; }
  Repeat repeat() const override { return repeat_; }
  const HttpOptions& http() const override { return http_; }
  std::vector<CrmCall> render(std::span<const CrmRecord> records) const override {
    CrmCall call;
    call.request.url = "https://" + name_ + "/push";
    for (std::size_t i = 0; i < records.size(); ++i) {
      call.items.push_back(i);
      call.keys.push_back(records[i].person);
      call.traces.push_back(records[i].person + ":v" + std::to_string(records[i].version));
      call.request.body += (i == 0 ? "" : ",") + call.traces.back();
    }
    return {call};
  }
  std::vector<Outcome> interpret(const CrmCall& call, const HttpResult& result) const override {
    std::vector<Outcome> outcomes(call.items.size(), verdict(result));
    if (outcomes.front().verdict != Verdict::kOk) return outcomes;
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i].ref = "ref-" + call.keys[i];
    return outcomes;
  }
  Budget budget(const HttpResponse&) const override { return {}; }
  std::optional<HttpRequest> read_back(const CrmRecord& record) const override {
    HttpRequest request;
    request.method = "GET";
    request.url = "https://" + name_ + "/read/" + record.person;
    return request;
  }
  Outcome interpret_read_back(const CrmRecord& record, const HttpResult& result) const override {
    if (result.response.status == 404) return {Verdict::kPermanentData, {}, {}, "not there"};
    auto outcome = verdict(result);
    outcome.ref = "ref-" + record.person;
    return outcome;
  }
  std::optional<HttpRequest> credential_test() const override { return std::nullopt; }

 private:
  static Outcome verdict(const HttpResult& result) {
    if (result.transport == Transport::kRefused) return {Verdict::kRetryBackoff, {}, {}, "refused"};
    if (result.transport != Transport::kAnswered) return {Verdict::kUnknown, {}, {}, "unknown"};
    const int status = result.response.status;
    if (status == 200) return {Verdict::kOk, {}, {}, {}};
    if (status == 400) return {Verdict::kPermanentData, {}, {}, "HTTP 400"};
    if (status == 409) return {Verdict::kDuplicate, {}, {}, "HTTP 409"};
    if (status == 429) return {Verdict::kRetryAfter, {}, seconds(60), "HTTP 429"};
    return {Verdict::kRetryBackoff, {}, {}, "HTTP 500"};
  }
  std::string name_;
  Mode mode_;
  std::size_t batch_;
  Repeat repeat_;
  HttpOptions http_;
};

class PlainNotifier final : public Notifier {
 public:
  explicit PlainNotifier(std::string name, Mode mode = Mode::kLive)
      : name_(std::move(name)), mode_(mode) {}
  const std::string& name() const override { return name_; }
  Mode mode() const override { return mode_; }
  Repeat repeat() const override { return Repeat::kBlind; }
  const HttpOptions& http() const override { return http_; }
  NotifyRequest render(const Message& message, Instant) const override {
    HttpRequest request;
    request.url = "https://" + name_ + "/post";
    request.body = message.headline.empty() ? message.key : message.headline;
    request.headers = {{"key", message.key}};
    return request;
  }
  Outcome interpret(const NotifyResult& given) const override {
    const auto& result = std::get<HttpResult>(given);
    if (result.transport != Transport::kAnswered) return {Verdict::kUnknown, {}, {}, "unknown"};
    if (result.response.status == 200) return {Verdict::kOk, {}, {}, {}};
    if (result.response.status == 404) return {Verdict::kPermanentData, {}, {}, "HTTP 404"};
    return {Verdict::kRetryBackoff, {}, {}, "HTTP 500"};
  }

 private:
  std::string name_;
  Mode mode_;
  HttpOptions http_;
};

// The engine as the dispatcher sees it, on a store in memory. It holds the leases on all
// partitions. Persons whose id begins with "gone" do not exist. The payload of a message is
// "kind/channel/key"; the channel "superseded" stands for a superseded message, and a kind that
// begins with "group" for a group. Tests override what they need.
class FakeEngine : public Connections,
                   public PartitionLeases,
                   public RecordSource,
                   public MessageSource,
                   public TaskSource,
                   public FeedbackSink,
                   public OutcomeSink {
 public:
  FakeEngine(std::shared_ptr<MemoryDatabase> database, Wire& wire)
      : database_(std::move(database)), wire_(wire) {}
  DispatcherPorts ports() { return {*this, *this, *this, *this, *this, *this, *this}; }
  std::vector<std::string> outcomes() {
    const std::lock_guard lock(mutex_);
    return outcomes_;
  }

  Result<std::unique_ptr<Store>> open_store() override { return make_memory_store(database_); }
  std::unique_ptr<HttpClient> open_http(const HttpOptions&) override { return wire_.client(); }
  std::unique_ptr<MailClient> open_mail(const MailOptions&) override { return nullptr; }

  std::vector<PartitionId> held() const override {
    std::vector<PartitionId> all(make_memory_store(database_)->partitions());
    std::iota(all.begin(), all.end(), PartitionId{0});
    return all;
  }
  bool holds(PartitionId) const override { return true; }
  Duration since_taken_over(PartitionId) const override { return hours(24); }

  Result<std::vector<CrmRecord>> load_records(std::span<const PushEntry> entries) override {
    const auto store = make_memory_store(database_);
    std::vector<CrmRecord> records;
    for (const auto& entry : entries) {
      const DocKey key{'p', entry.person};
      const auto documents = store->load({&key, 1}).value();
      if (documents[0].version == 0 || entry.person.starts_with("gone")) continue;
      CrmRecord record;
      record.person = entry.person;
      record.version = documents[0].version;
      records.push_back(std::move(record));
    }
    return records;
  }

  Result<std::vector<Result<std::optional<OutgoingMessage>>>> prepare_messages(
      std::span<const OutboxEntry> entries) override {
    std::vector<Result<std::optional<OutgoingMessage>>> all;
    for (const auto& entry : entries) all.push_back(message_of(entry));
    return all;
  }
  // The headline lists the keys of the messages in order.
  Message combine_messages(std::span<const Message> messages, std::string key,
                           Duration late_by) override {
    Message whole;
    whole.key = std::move(key);
    whole.late_by = late_by;
    std::vector<std::string> keys;
    for (const auto& message : messages) keys.push_back(message.key);
    std::sort(keys.begin(), keys.end());
    for (const auto& one : keys) whole.headline += (whole.headline.empty() ? "" : "+") + one;
    return whole;
  }
  void record_dry_run(const OutboxEntry&, const std::string&, const NotifyRequest&) override {}

  Result<std::vector<Result<std::optional<OutgoingTask>>>> prepare_tasks(
      std::span<const OutboxEntry> entries, const std::string&) override {
    return std::vector<Result<std::optional<OutgoingTask>>>(entries.size(),
                                                            std::optional<OutgoingTask>());
  }
  bool commit_task_result(const DocKey&, const EffectOutcome&) override { return true; }
  void record_dry_run(const OutboxEntry&, const std::string&, const HttpRequest&) override {}

  Result<std::vector<PollTarget>> load_poll_targets(std::span<const PushEntry>) override {
    return std::vector<PollTarget>();
  }
  std::vector<bool> commit_feedback(std::span<const PersonFeedback> feedback) override {
    return std::vector<bool>(feedback.size(), true);
  }
  void record_poll_answer(const std::string&, Instant) override {}

  void commit_outcomes(std::span<const EffectReport> reports) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, outcome] : reports)
      outcomes_.push_back(key.id + " " + outcome.effect + " " + outcome.destination +
                          (outcome.delivered ? " ok " + outcome.ref : " failed " + outcome.reason));
  }

 private:
  static std::optional<OutgoingMessage> message_of(const OutboxEntry& entry) {
    const auto& text = entry.item.payload;
    const auto slash = text.find('/');
    const auto second = text.find('/', slash + 1);
    OutgoingMessage out;
    out.channel = text.substr(slash + 1, second - slash - 1);
    if (out.channel == "superseded") return std::nullopt;
    out.message.key = text.substr(second + 1);
    out.message.kind = text.substr(0, slash);
    if (text.starts_with("group"))
      out.group = OutgoingGroup{text.substr(0, slash), minutes(15), seconds(10)};
    return out;
  }

  std::shared_ptr<MemoryDatabase> database_;
  Wire& wire_;
  std::mutex mutex_;
  std::vector<std::string> outcomes_;
};

// A store with persons, and a dispatcher that works on it.
class Bench {
 public:
  explicit Bench(Wire::Script script)
      : wire(std::move(script)), store(make_memory_store(database)) {}
  ~Bench() {
    wire.answer_held(failed(Transport::kBroken));
    dispatcher.reset();
  }

  // Commits a new version of the person with a push and outbox items ("kind/channel/key").
  void commit(const std::string& person, const std::vector<std::string>& destinations,
              const std::vector<std::string>& messages = {}) {
    Commit step;
    step.key = {'p', person};
    step.expected_version = versions[person]++;
    step.bytes = "x";
    step.push = destinations;
    for (const auto& message : messages) {
      const auto due =
          message.starts_with("breach") ? database->now() - kPriorityLead : database->now();
      step.outbox_add.push_back(
          {message, message.starts_with("task") ? "task:crm" : "notify", message, due});
    }
    ASSERT_EQ(store->commit({&step, 1}).value().at(0), CommitAnswer::kDone);
  }

  void start(std::vector<std::shared_ptr<const Crm>> crms,
             std::vector<std::shared_ptr<const Notifier>> notifiers = {}) {
    start(std::move(crms), std::move(notifiers), engine.ports());
  }
  void start(std::vector<std::shared_ptr<const Crm>> crms,
             std::vector<std::shared_ptr<const Notifier>> notifiers, DispatcherPorts ports) {
    DispatcherOptions options;
    options.grace = milliseconds(200);
    dispatcher =
        std::make_unique<Dispatcher>(std::move(crms), std::move(notifiers), ports, options);
    dispatcher->start();
  }

  // Polls the store until the condition holds. Other threads make it true.
  bool eventually(const std::function<bool(Store&)>& is_so) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < until) {
      if (is_so(*store)) return true;
      std::this_thread::yield();
    }
    return false;
  }
  bool drained() {
    return eventually([](Store& s) {
      const auto counts = s.counts().value();
      return counts.push == 0 && counts.outbox == 0;
    });
  }
  void advance(Duration by) {
    database->advance(by);
    dispatcher->notify();
  }

  std::shared_ptr<MemoryDatabase> database = std::make_shared<MemoryDatabase>();
  Wire wire;
  std::unique_ptr<Store> store;
  std::map<std::string, std::uint64_t> versions;
  FakeEngine engine{database, wire};
  std::unique_ptr<Dispatcher> dispatcher;
};

}  // namespace baton::testing_dispatcher
