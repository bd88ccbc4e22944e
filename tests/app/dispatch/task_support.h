#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/app/dispatch/dispatcher_support.h"

// A CRM with tasks, and the engine that prepares them.

namespace baton::testing_dispatcher {

// Calls are "create KEY", "update KEY REF" and "find KEY". The body of a 200 is the ref.
class PlainTasks final : public CrmTasks {
 public:
  Repeat way = Repeat::kReadable;
  bool by_ref = true;
  Repeat repeat() const override { return way; }
  Duration settles() const override { return seconds(5); }
  bool needs_person() const override { return by_ref; }
  HttpRequest render(TaskCall call, const TaskRecord& task) const override {
    HttpRequest request;
    request.url = "https://crm/tasks";
    request.body = (call == TaskCall::kCreate   ? "create "
                    : call == TaskCall::kUpdate ? "update "
                                                : "find ") +
                   task.key;
    if (call == TaskCall::kUpdate) request.body += ' ' + task.ref;
    return request;
  }
  Outcome interpret(TaskCall call, const TaskRecord& task,
                    const HttpResult& result) const override {
    if (result.transport == Transport::kRefused) return {Verdict::kRetryBackoff, {}, {}, "refused"};
    if (result.transport != Transport::kAnswered) return {Verdict::kUnknown, {}, {}, "no answer"};
    switch (result.response.status) {
      case 200:
        return {Verdict::kOk, call == TaskCall::kUpdate ? task.ref : result.response.body, {}, {}};
      case 400:
        return {Verdict::kPermanentData, {}, {}, "HTTP 400"};
      case 403:
        return {Verdict::kPermanentConfig, {}, {}, "HTTP 403"};
      case 404:
        return {call == TaskCall::kUpdate ? Verdict::kOkNoop : Verdict::kPermanentData,
                {},
                {},
                "not there"};
      case 409:
        return {Verdict::kDuplicate, {}, {}, "HTTP 409"};
      case 429:
        return {Verdict::kRetryAfter, {}, seconds(1), "HTTP 429"};
      default:
        return {Verdict::kRetryBackoff, {}, {}, "HTTP 500"};
    }
  }
};

class TaskCrm final : public PlainCrm {
 public:
  explicit TaskCrm(Mode mode = Mode::kLive) : PlainCrm("crm", mode) {}
  PlainTasks part;
  const CrmTasks* tasks() const override { return &part; }
};

struct Tasks;

// An engine that prepares tasks as `tasks` says, and records their results there.
class TaskEngine final : public FakeEngine {
 public:
  explicit TaskEngine(Tasks& tasks);
  Result<std::vector<Result<std::optional<OutgoingTask>>>> prepare_tasks(
      std::span<const OutboxEntry> entries, const std::string& crm) override;
  bool commit_task_result(const DocKey& person, const EffectOutcome& outcome) override;
  void record_dry_run(const OutboxEntry& entry, const std::string& crm,
                      const HttpRequest& request) override;
  using FakeEngine::record_dry_run;

 private:
  Tasks& tasks_;
};

// The tasks that the CRM has. It answers a call as `misbehave` says, if that returns an answer.
struct Tasks {
  using Step = std::function<std::optional<HttpResult>(const std::string& what)>;
  explicit Tasks(Step step = {})
      : misbehave(std::move(step)),
        bench([this](const HttpRequest& request, std::size_t) { return answer(request.body); }) {}
  ~Tasks() { bench.dispatcher.reset(); }

  std::optional<HttpResult> answer(const std::string& what) {
    const std::lock_guard lock(mutex);
    calls.push_back(what);
    if (misbehave) {
      if (auto result = misbehave(what)) return result;
    }
    return serve(what);
  }
  HttpResult serve(const std::string& what) {
    const auto key = what.substr(what.find(' ') + 1);
    if (what.starts_with("create")) return ++made[key], answered(200, "ref-" + key);
    if (what.starts_with("find"))
      return made[key] > 0 ? answered(200, "ref-" + key) : answered(404);
    return answered(200);
  }

  // "task/KEY/NUMBER" of person p1.
  void want(const std::string& key, int number = 1) {
    bench.commit("p1", {}, {"task/" + key + "/" + std::to_string(number)});
  }

  void start() { bench.start({crm}, {}, engine.ports()); }

  OutgoingTask task(const OutboxEntry& entry) {
    const std::lock_guard lock(mutex);
    const auto& payload = entry.item.payload;
    OutgoingTask out;
    out.record.key = payload.substr(5, payload.rfind('/') - 5);
    out.record.person.ref = person_ref;
    if (const auto ref = refs.find(out.record.key); ref != refs.end()) out.record.ref = ref->second;
    out.is_open = open;
    out.shown = open ? "open:max" : "done";
    out.creates = payload.ends_with("/1");
    out.unsure = unsure;
    return out;
  }

  template <class T>
  T look(T Tasks::*member) {
    const std::lock_guard lock(mutex);
    return this->*member;
  }
  void set(const std::function<void()>& change) {
    const std::lock_guard lock(mutex);
    change();
  }
  bool eventually(const std::function<bool()>& is_so) {
    return bench.eventually([&](Store&) {
      const std::lock_guard lock(mutex);
      return is_so();
    });
  }
  bool called(std::size_t n) {
    return eventually([&] { return calls.size() >= n; });
  }

  std::mutex mutex;
  Step misbehave;
  std::vector<std::string> calls, results, observed;
  std::map<std::string, int> made;
  std::map<std::string, std::string> refs;
  std::string person_ref = "251";
  bool open = true, unsure = false, recording = true;
  std::shared_ptr<TaskCrm> crm = std::make_shared<TaskCrm>();
  Bench bench;
  TaskEngine engine{*this};
};

inline TaskEngine::TaskEngine(Tasks& tasks)
    : FakeEngine(tasks.bench.database, tasks.bench.wire), tasks_(tasks) {}

inline Result<std::vector<Result<std::optional<OutgoingTask>>>> TaskEngine::prepare_tasks(
    std::span<const OutboxEntry> entries, const std::string& crm) {
  EXPECT_EQ(crm, "crm");
  std::vector<Result<std::optional<OutgoingTask>>> all;
  for (const auto& entry : entries) all.push_back(tasks_.task(entry));
  return all;
}

inline bool TaskEngine::commit_task_result(const DocKey&, const EffectOutcome& outcome) {
  const std::lock_guard lock(tasks_.mutex);
  tasks_.results.push_back(
      outcome.effect + (outcome.delivered ? " ok " + outcome.ref : " failed " + outcome.reason));
  if (!tasks_.recording) return false;
  if (outcome.delivered)
    tasks_.refs[outcome.effect.substr(5, outcome.effect.find('=') - 5)] = outcome.ref;
  return true;
}

inline void TaskEngine::record_dry_run(const OutboxEntry&, const std::string&,
                                       const HttpRequest& request) {
  const std::lock_guard lock(tasks_.mutex);
  tasks_.observed.push_back(request.body);
}

}  // namespace baton::testing_dispatcher
