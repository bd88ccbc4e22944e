"""The gateway is killed, paused and terminated, and runs beside a peer (rows G1 to G4)."""
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import time
import unittest

from faultscene import FaultScene, failpoints_built, needs_failpoints
import fakes
import faketasks
import invariants
from history import History
from rig import BATON, ROOT, wait_until


class Killed(FaultScene):  # row
    """kill -9 at random instants, many times."""

    def test_row(self):
        g = self.prepared()
        with self.traffic(g):
            for _ in range(self.rounds(4, 50)):
                self.flow(self.random.randrange(5, 30))
                time.sleep(self.random.random() * 0.05)  # a random instant
                self.fault("kill -9 of the gateway")
                g.kill()
                g.start()
        self.judge(g)


class AtPlaces(FaultScene):
    """kill -9 at named places, at each of them once, after a random number of passes."""

    def die_at(self, g, place, provoke=None):
        """Starts the gateway with the place armed, provokes it, and waits until it has killed its process."""
        count = self.random.randrange(1, 4) if place.split(".")[0] in ("edge", "intake", "commit") else 1
        g.stop()
        self.fault(f"dies at {place}, time {count}")
        g.start(env={"BATON_FAILPOINTS": f"{place}=abort@{count}"}, wait=False)
        with contextlib.suppress(AssertionError, ConnectionError):  # it may die before it serves or before it is provoked
            g.wait_serving()
            if provoke is not None:
                provoke(g.wait_ready())
        wait_until(lambda: g.process.poll() is not None, lambda: f"{place} is reached; it says\n{g.log()[-1500:]}", 30)
        self.assertEqual(g.process.returncode, -signal.SIGKILL)
        self.assertIn("failpoint " + place, g.log())

    def die_at_each(self, places, provoke=None):
        g = self.prepared()
        with self.traffic(g):
            for place in places:
                self.die_at(g, place, provoke)
                g.start().wait_ready()
                self.flow(5)
        self.judge(g)


@needs_failpoints
class AtTheEdge(AtPlaces):  # row, light
    def test_row(self):
        self.die_at_each(["edge.read", "edge.verified", "intake.before_script", "intake.stored"])


@needs_failpoints
class InTheEngine(AtPlaces):  # row, light
    def test_row(self):
        self.die_at_each(["commit.before", "commit.done", "intake.before_finish", "owner.picked", "pool.loads_written", "timer.due", "timer.fired"])


@needs_failpoints
class AtTheDestinations(AtPlaces):  # row, light
    def test_row(self):
        self.die_at_each(["push.before_call", "push.answered", "notify.before_call", "notify.answered"])

    def test_a_push_is_not_forgotten_without_a_later_change(self):
        """One lead, one push: no later change could hide a forgotten push."""
        g = self.unstarted()
        g.edit("policy/sla.yaml", ("budgets: {hand_raiser: 2s, transactional: 2s}", "budgets: {hand_raiser: 5m, transactional: 5m}"))
        g.start(env={"BATON_FAILPOINTS": "push.before_call=abort"})
        with self.traffic(g, lanes=1, pace=60, sales=False):
            self.fault("dies at push.before_call")
            wait_until(lambda: g.process.poll() is not None, "the push is reached", 30)
            g.start().wait_ready()
            self.flow(0)
        self.judge(g)


@needs_failpoints
class DuringTasks(AtPlaces):  # row, light
    """Tasks in the CRM. No key protects the call that creates them, and yet each exists once, in its last wanted state."""
    CRM = faketasks.Crm

    def unstarted(self, **options):
        g = super().unstarted(**options)
        g.edit("policy/lifecycle.yaml", ("push: {from: lead}", "push: {from: lead, tasks: [qualify, connect, handover]}"))
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s", tasks={"settles": "500ms"}))
        return g

    def test_row(self):
        self.die_at_each(["task.before_call", "task.answered", "task.recorded"])
        self.assertEqual(self.crm.keys_created_twice(), [])

    def test_answers_to_task_calls_are_lost(self):
        g = self.prepared()
        with self.traffic(g):
            for _ in range(self.rounds(4, 40)):
                self.fault("a task is created without an answer, or is not created")
                then = self.random.choice([fakes.hang_up, fakes.answer(500), fakes.silent(1.5)])
                self.crm.task_script += [faketasks.done_without_answer(self.crm, then), self.random.choice([fakes.hang_up, fakes.answer(429, Retry_After=1)])]
                self.flow(8)
        self.judge(g)
        self.assertEqual(self.crm.keys_created_twice(), [])


@needs_failpoints
class InGroups(AtPlaces):  # row, light
    """Escalations go to the lead of the team in groups. Nothing else is sent, so each kill hits the call of a group."""
    GROUP = {"group": {"window": "2s", "collect": "300ms"}, "quiet": {"kinds": []}}

    def unstarted(self, **options):
        g = super().unstarted(**options)
        alerts = json.loads(fakes.alerts_yaml(self.chat, timing=self.GROUP))
        alerts["channels"].append({**alerts["channels"][0], "name": "rest", "mode": "observe"})
        alerts["routes"] = [{"channel": "sales", "kinds": ["escalation"]}, {"channel": "rest"}]
        g.write("alerts.yaml", json.dumps(alerts))
        self.history.describe(alerts=False)  # breaches send no message
        return g

    def test_row(self):
        self.die_at_each(["notify.before_call", "notify.answered"] * self.rounds(2, 15))
        messages = collections.defaultdict(list)
        for message in self.chat.messages():
            data = message["data"]
            messages[data["key"]].append(sorted(one["key"] for one in data.get("members") or [data]))
        for key, sent in messages.items():
            self.assertEqual([one for one in sent if one != sent[0]], [], f"seed {self.seed}: a repeat of {key} has another content")
        sent_keys = collections.Counter(member for sent in messages.values() for member in sent[0])
        self.assertEqual([key for key, times in sent_keys.items() if times > 1], [], f"seed {self.seed}: a message was sent under two keys")
        self.assertEqual(self.escalated() - set(sent_keys), set(), f"seed {self.seed}: an escalation was never sent")
        self.assertTrue(any(len(sent[0]) > 1 for sent in messages.values()), "some messages were grouped")
        self.assertTrue(any(len(sent) > 1 for sent in messages.values()), "some messages were repeated, after a kill that followed the answer")

    def escalated(self):
        """Keys of the escalations that the log records as sent, up to the time of the final state."""
        keys = set()
        for person in History(self.history.folder).persons:
            for item in person["timeline"]:
                if invariants.seconds_of(item["at"]) > self.settled_at - 1:
                    continue
                facts = [(r["code"], r["facts"]) for r in item["reasons"]]
                readers = [f["recipient"] for code, f in facts if code == "notice.sent" and f["kind"] == "escalation"]
                keys |= {f"{person['id']}:{f['id']}:{f['step']}:{reader}" for code, f in facts if code == "clock.escalated" for reader in readers}
        return keys


@needs_failpoints
class OnReload(AtPlaces):  # row, light
    def test_row(self):
        self.die_at_each(["gateway.reload"], lambda g: g.process.send_signal(signal.SIGHUP))


@needs_failpoints
class OnShutdown(AtPlaces):  # row, light
    def test_row(self):
        self.die_at_each(["run.shutdown"], lambda g: g.process.terminate())


@needs_failpoints
class InTheSpool(AtPlaces):  # row, light
    """Redis hangs, so that deliveries go to the spool. It answers again for the drain."""

    def hang_redis(self, g):
        os.kill(g.redis_pid(), signal.SIGSTOP)

    def hang_and_free(self, g):
        pid = g.redis_pid()
        os.kill(pid, signal.SIGSTOP)
        # Deliveries during the start are in the spool as well: their drain may kill the gateway before there are five.
        with contextlib.suppress(ConnectionError):
            wait_until(lambda: g.process.poll() is not None or g.metric("spool_records") >= 5, "five in the spool")
        with contextlib.suppress(ProcessLookupError):  # its Redis died with it
            os.kill(pid, signal.SIGCONT)

    def test_row(self):
        self.die_at_each(["spool.written", "spool.synced"], self.hang_redis)

    def test_drain(self):
        self.die_at_each(["spool.drained"], self.hang_and_free)


class Terminated(FaultScene):  # row
    """SIGTERM with requests in flight: each is answered or refused, and the process ends within the grace period."""

    def test_row(self):
        g = self.prepared()
        with self.traffic(g, lanes=6, pace=0):
            for _ in range(self.rounds(3, 20)):
                self.flow(30)
                self.fault("SIGTERM")
                begun = time.monotonic()
                self.assertEqual(g.terminate(), 0)
                self.assertLess(time.monotonic() - begun, 12)
                g.start()
        self.judge(g)


class TwoNodes(FaultScene):
    """Two gateways on one Redis, with separate data folders and the same master key."""

    def nodes(self, *envs):
        redis = self.redis()
        first = self.unstarted(redis=redis)
        key = "".join(f"{self.random.randrange(256):02x}" for _ in range(32))
        first.write_settings(keys={"master_key": key})
        # A node that takes over waits until calls of its predecessor must have ended.
        first.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="4s"))
        second = self.gateway(name="h", redis=redis)
        shutil.rmtree(second.folder)
        shutil.copytree(first.folder, second.folder, ignore=shutil.ignore_patterns("data"))
        second.settings = {**first.settings, "data": str(second.folder / "data")}
        second.write_settings()
        envs = envs or ({}, {})
        return first.start(env=envs[0]).wait_ready(), second.start(env=envs[1]).wait_ready()


class BothAtWork(TwoNodes):  # row
    """G4: both accept deliveries, and the partitions change hands as the nodes come and go."""

    def test_row(self):
        first, second = self.nodes()
        with self.traffic(first, second):
            for n in range(self.rounds(2, 10)):
                self.flow(60)
                gone = (first, second)[n % 2]
                self.fault(f"{gone.folder.name} ends, its peer takes over")
                gone.terminate() if self.random.random() < 0.5 else gone.kill()
                self.flow(30)
                gone.start()
            self.flow(30)
        self.judge(first)


class Paused(TwoNodes):  # row
    """G3: SIGSTOP for longer than a lease. The peer takes over, then the paused node continues with outdated work."""

    def test_row(self):
        first, second = self.nodes()
        with self.traffic(second, pace=0.1) as flow:
            self.flow(20)
            flow.gateways = (first, second)
            self.flow(20)
            flow.gateways = (second,)
            self.fault("SIGSTOP for 10 s")
            first.process.send_signal(signal.SIGSTOP)
            begun = time.monotonic()
            wait_until(lambda: time.monotonic() - begun > 10, "10 s", 20)
            self.fault("SIGCONT")
            first.process.send_signal(signal.SIGCONT)
            self.flow(40)
        self.judge(second)


@needs_failpoints
class PausedBetween(TwoNodes):  # row, light
    """G3 at the worst instants: the node stops between due and fire, before a commit, and before a push."""

    def pause_at(self, place):
        first, second = self.nodes({"BATON_FAILPOINTS": f"{place}=stop@3"}, {})
        with self.traffic(second, pace=0.15):
            wait_until(lambda: "failpoint " + place in first.log(), f"{place} is reached", 30)
            self.fault(f"stopped at {place}")
            begun = time.monotonic()
            wait_until(lambda: time.monotonic() - begun > 8, "longer than a lease", 20)
            self.fault("SIGCONT")
            first.process.send_signal(signal.SIGCONT)
            self.flow(40)
        self.judge(second)

    def test_due(self):
        self.pause_at("timer.due")

    def test_commit(self):
        self.pause_at("commit.before")

    def test_push(self):
        self.pause_at("push.before_call")


class Places(unittest.TestCase):  # unit
    def places(self):
        sources = [f.read_text(encoding="utf-8") for f in (ROOT / "gateway").rglob("*.cpp")]
        return sorted(set(re.findall(r'BATON_FAILPOINT\("([a-z_.]+)"\)', "\n".join(sources))))

    def test_each_place_has_a_row(self):
        mine = (ROOT / "tests" / "faults" / "gateway_test.py").read_text(encoding="utf-8")
        self.assertGreater(len(self.places()), 15)
        self.assertEqual([place for place in self.places() if f'"{place}"' not in mine], [])

    def test_a_program_for_use_has_none(self):
        content = pathlib.Path(BATON).read_bytes()
        if failpoints_built():
            self.assertEqual([place for place in self.places() if place.encode() not in content], [])
        else:
            self.assertEqual([place for place in [*self.places(), "failpoint "] if place.encode() in content], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)  # without failpoints a row says so, and CTest counts it as skipped
