#include "gateway/app/dispatch/dispatcher_tasks.h"

#include "tests/app/dispatch/dispatcher_support.h"

namespace baton::testing_dispatcher {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

// Calls are "create KEY", "update KEY REF", "find KEY"; 200 with the ref as body.
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

// What the CRM has, and how it answers: `misbehave` may take a call's place.
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

  void start() {
    auto hooks = bench.hooks();
    hooks.tasks = [this](std::span<const OutboxEntry> entries, const std::string& destination) {
      EXPECT_EQ(destination, "crm");
      std::vector<Result<std::optional<OutgoingTask>>> all;
      for (const auto& entry : entries) all.push_back(task(entry));
      return Result<decltype(all)>(std::move(all));
    };
    hooks.recorded = [this](const DocKey&, const EffectOutcome& outcome) {
      const std::lock_guard lock(mutex);
      told.push_back(outcome.effect +
                     (outcome.delivered ? " ok " + outcome.ref : " failed " + outcome.reason));
      if (!recording) return false;
      if (outcome.delivered)
        refs[outcome.effect.substr(5, outcome.effect.find('=') - 5)] = outcome.ref;
      return true;
    };
    hooks.observed_task = [this](const OutboxEntry&, const std::string&,
                                 const HttpRequest& request) {
      const std::lock_guard lock(mutex);
      observed.push_back(request.body);
    };
    DispatcherOptions options;
    options.grace = milliseconds(200);
    bench.dispatcher = std::make_unique<Dispatcher>(std::vector<std::shared_ptr<const Crm>>{crm},
                                                    std::vector<std::shared_ptr<const Notifier>>{},
                                                    hooks, options);
    bench.dispatcher->start();
  }

  OutgoingTask task(const OutboxEntry& entry) {
    const std::lock_guard lock(mutex);
    const auto& payload = entry.item.payload;
    OutgoingTask out;
    out.record.key = payload.substr(5, payload.rfind('/') - 5);
    out.record.person.ref = person_ref;
    if (const auto ref = refs.find(out.record.key); ref != refs.end()) out.record.ref = ref->second;
    out.is_open = open;
    out.shown = open ? "open:max" : "done";
    out.makes = payload.ends_with("/1");
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
  std::vector<std::string> calls, told, observed;
  std::map<std::string, int> made;
  std::map<std::string, std::string> refs;
  std::string person_ref = "251";
  bool open = true, unsure = false, recording = true;
  std::shared_ptr<TaskCrm> crm = std::make_shared<TaskCrm>();
  Bench bench;
};

// The first `n` calls of a kind end so, having been done or not.
Tasks::Step first(int n, const std::string& kind, HttpResult result, Tasks** done_by = nullptr) {
  return [n, kind, result, done_by](const std::string& what) mutable -> std::optional<HttpResult> {
    if (!what.starts_with(kind) || n-- <= 0) return std::nullopt;
    if (done_by != nullptr) (void)(*done_by)->serve(what);
    return result;
  };
}

TEST(DispatcherTasks, MakesItThenRemembersItsIdThenChangesIt) {
  Tasks t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::told), ElementsAre("task:k1=open:max ok ref-k1"));
  t.set([&] { t.open = false; });
  t.want("k1", 2);
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "update k1 ref-k1"));
  EXPECT_EQ(t.look(&Tasks::told).size(), 1U) << "that its id is the same is no news";
}

TEST(DispatcherTasks, WaitsForThePersonToBeThere) {
  Tasks t;
  t.person_ref.clear();
  t.want("k1");
  t.start();
  t.bench.advance(seconds(3));
  t.bench.advance(seconds(3));
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
  t.set([&] { t.person_ref = "251"; });
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1")) << "waiting was no try";
}

TEST(DispatcherTasks, AfterSilenceItIsLookedForBehindTheDeadlineAndNotMadeAgain) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", failed(Transport::kTimeout), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  t.bench.advance(seconds(34));
  EXPECT_EQ(t.look(&Tasks::calls).size(), 1U) << "30 s of deadline and 5 s to settle are not over";
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "update k1 ref-k1"));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, AfterSilenceThatDidNothingItIsMade) {
  Tasks t(first(1, "create", failed(Transport::kBroken)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "create k1"));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, AProcessThatEndsDuringTheCallLeavesAnItemThatWasTried) {
  Tasks t([](const std::string& what) -> std::optional<HttpResult> {
    if (what.starts_with("create")) return HttpResult{Transport::kTimeout, {}, "never told"};
    return std::nullopt;
  });
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  const std::vector<PartitionId> all = t.bench.hooks().partitions();
  const auto due = t.bench.store->due_outbox(all, "task:crm", 10).value();
  EXPECT_TRUE(due.items.empty()) << "it was put off before the call went out";
  ASSERT_TRUE(due.next);
  EXPECT_GE(*due.next - due.now, seconds(30));
}

TEST(DispatcherTasks, ARefusalInSoManyWordsNeedsNoQuestion) {
  Tasks t(first(1, "create", answered(429)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "create k1"));
}

TEST(DispatcherTasks, AFailureHalfWayMayHaveMadeIt) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", answered(500), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, WhatIsOverBeforeItWasMadeIsNeverMade) {
  Tasks t;
  t.open = false;
  t.want("k1");
  t.want("k1", 2);
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
}

TEST(DispatcherTasks, WhatMayHaveBeenMadeAndIsOverIsLookedForAndEnded) {
  Tasks* self = nullptr;
  Tasks t(first(1, "create", failed(Transport::kTimeout), &self));
  self = &t;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.called(1));
  t.set([&] { t.open = false; });
  t.want("k1", 2);
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "find k1", "update k1 ref-k1"));
  EXPECT_THAT(t.look(&Tasks::told), ElementsAre("task:k1=done ok ref-k1"));
}

TEST(DispatcherTasks, AnIdThatCouldNotBeWrittenDownIsFoundAgain) {
  Tasks t;
  t.recording = false;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.eventually([&] { return !t.told.empty(); }));
  t.set([&] { t.recording = true; });
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
  EXPECT_EQ(t.look(&Tasks::refs)["k1"], "ref-k1");
}

TEST(DispatcherTasks, ALateChangeDoesNotOvertakeTheNext) {
  Tasks t(first(1, "update", failed(Transport::kTimeout)));
  t.refs["k1"] = "ref-k1";
  t.want("k1", 2);
  t.start();
  ASSERT_TRUE(t.called(1));
  t.want("k1", 3);
  t.bench.advance(seconds(25));
  EXPECT_EQ(t.look(&Tasks::calls).size(), 1U) << "the first may still arrive";
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(10));
    return s.counts().value().outbox == 0;
  }));
}

TEST(DispatcherTasks, ARefusalForGoodIsALetterAndKeepsThePlaceOfNobody) {
  Tasks t(first(1, "create", answered(400)));
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  const auto letters = t.bench.store->dead_letters(10).value();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].origin + ' ' + letters[0].destination + ' ' + letters[0].reason,
            "outbox crm HTTP 400");
  EXPECT_THAT(t.look(&Tasks::told), ElementsAre("task:k1= failed HTTP 400")) << "nothing was made";
  ASSERT_TRUE(t.bench.store->requeue_dead_letter(letters[0]));
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_EQ(t.look(&Tasks::made)["k1"], 1);
}

TEST(DispatcherTasks, ALetterWhoseEndNobodyKnewIsLookedForWhenTriedAgain) {
  Tasks t;
  t.unsure = true;
  t.made["k1"] = 1;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("find k1", "update k1 ref-k1"));
}

TEST(DispatcherTasks, AKeyMayBeRepeatedAtOnce) {
  Tasks t(first(2, "create", answered(500)));
  t.crm->part.way = Repeat::kKeyed;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.eventually([&](Store& s) {
    t.bench.advance(seconds(1));
    return s.counts().value().outbox == 0;
  }));
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1", "create k1", "create k1"));
}

TEST(DispatcherTasks, WhereNothingTellsARepeatNoneIsRisked) {
  Tasks t(first(1, "create", failed(Transport::kTimeout)));
  t.crm->part.way = Repeat::kBlind;
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  ASSERT_EQ(t.bench.store->dead_letters(10).value().size(), 1U);
  EXPECT_THAT(t.look(&Tasks::calls), ElementsAre("create k1"));
  EXPECT_THAT(t.look(&Tasks::told).front(), StartsWith("task:k1=open:max failed"));
}

TEST(DispatcherTasks, ACrmThatTakesNoTasksStillTakesPersons) {
  Tasks t([](const std::string& what) -> std::optional<HttpResult> {
    return what.starts_with("create") ? std::optional(answered(403)) : std::nullopt;
  });
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.eventually([](Store& s) { return s.dead_letters(10).value().size() == 1; }));
  t.bench.commit("p2", {"crm"});
  t.bench.dispatcher->notify();
  ASSERT_TRUE(t.bench.drained());
}

TEST(DispatcherTasks, ObserveRendersAndSendsNothing) {
  Tasks t;
  t.crm = std::make_shared<TaskCrm>(Mode::kObserve);
  t.want("k1");
  t.start();
  ASSERT_TRUE(t.bench.drained());
  EXPECT_TRUE(t.look(&Tasks::calls).empty());
  EXPECT_THAT(t.look(&Tasks::observed), ElementsAre("create k1"));
}

}  // namespace
}  // namespace baton::testing_dispatcher
