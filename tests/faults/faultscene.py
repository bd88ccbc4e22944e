"""The base of the rows of the fault matrix: the usual scene, honest traffic, a recorded history, and its judge.

A row is a few lines:

    class RedisKilled(FaultScene):  # row
        def test_row(self):
            g = self.prepared()
            with self.traffic(g):
                self.flow(40)
                self.fault("kill -9 of Redis")
                os.kill(g.redis_pid(), signal.SIGKILL)
                self.flow(40)
            self.judge(g)

BATON_SEED repeats the random draws of a run, but not the timing of the machine. BATON_ROUNDS and BATON_SOAK ask for more rounds.
"""
from __future__ import annotations

import contextlib
import os
import pathlib
import random
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
# pylint: disable=wrong-import-position
import invariants
import layout
import rig
import senders
from history import History, Recorder
from resp import RedisError, Resp
from rig import Gateway, wait_until
from scene import Scene
from traffic import Traffic

STANDARD = "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: contact_request\n"
# The clock of first contact runs at all hours, for a few seconds.
SLA = (("calendar: office", "calendar: always"), ("budgets: {hand_raiser: 5m, transactional: 5m}", "budgets: {hand_raiser: 2s, transactional: 2s}"))

GAUGE_PERIOD = 1.1  # seconds; the gateway publishes the length of its intake twice a second


def failpoints_built() -> bool:
    return b"BATON_FAILPOINTS" in pathlib.Path(rig.BATON).read_bytes()


needs_failpoints = unittest.skipUnless(failpoints_built(), "this baton is built without failpoints")


def preload(folder: pathlib.Path, name: str) -> dict[str, str]:
    """The environment of a program that loads one of tests/support/*.c before its C library."""
    library = folder / f"{name}.so"
    if not library.exists():
        source = rig.ROOT / "tests" / "support" / f"{name}.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


class FaultScene(Scene):
    KEYED = ("hubspot",)

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("BATON_SEED") or random.SystemRandom().randrange(1 << 32))
        self.random = random.Random(self.seed)
        self.soak = bool(os.environ.get("BATON_SOAK"))
        print(f"{self.id()} BATON_SEED={self.seed}", flush=True)
        self.history = Recorder(self.folder / "history", seed=self.seed, row=self.id(), keyed=list(self.KEYED))
        self.addCleanup(self.history.close)
        self.flowing: Traffic | None = None
        self.settled_at = 0.0

    def rounds(self, reduced: int, whole: int) -> int:
        return int(os.environ.get("BATON_ROUNDS") or (whole if self.soak else reduced))

    # --- before

    def unstarted(self, **options) -> Gateway:
        g = self.scene(start=False, **options)
        g.put_secret("standard_webhooks", senders.whsec(f"{self.seed:024d}"))
        g.write("sources/standard_webhooks.yaml", STANDARD)
        g.edit("policy/sla.yaml", *SLA)
        self.crm.on_effect = lambda **line: self.history.note("effects", **line)
        self.chat.on_effect = self._on_message
        return g

    def prepared(self, env: dict[str, str] | None = None, **options) -> Gateway:
        return self.unstarted(**options).start(env=env).wait_ready()

    def _on_message(self, **line):
        self.history.note("effects", **line)
        if self.flowing is not None and line["content"]["type"] == "baton.offer":
            self.flowing.offered(line["lead"])

    # --- meanwhile

    @contextlib.contextmanager
    def traffic(self, *gateways: Gateway, **how):
        """Honest traffic that never stops: senders that retry, some repeats, some forgeries, and sales who answer offers."""
        self.flowing = Traffic(gateways, self.history, self.seed, **how)
        self.flowing.start()
        try:
            yield self.flowing
        finally:
            self.flowing.stop()

    def flow(self, more: int, deadline: float = 40) -> None:
        """Waits until `more` further deliveries are acknowledged."""
        reached = self.flowing.acknowledged + more
        wait_until(lambda: self.flowing.acknowledged >= reached, lambda: f"{more} more acknowledged; {self.flowing.acknowledged} are", deadline)

    def fault(self, what: str) -> None:
        self.history.fault(what)

    def sample(self, pid: int) -> dict[str, int]:
        """Records the resident memory and open descriptors of a process in the history."""
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            rss = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
            found = {"rss_kb": rss, "fds": len(os.listdir(f"/proc/{pid}/fd"))}
        except (OSError, StopIteration):
            return {}
        self.history.note("resources", pid=pid, **found)
        return found

    # --- after

    def settle(self, g: Gateway, within: float = 60) -> dict[str, int]:
        """Waits until everything has drained without help; returns the lengths of the queues, all zero."""
        g.wait_ready(within)
        waiting, since = {}, 0.0

        def empty():
            nonlocal since
            looked = time.time()
            waiting.update(self.waiting(g))
            since = (since or looked) if not any(waiting.values()) else 0.0
            return since and looked - since > GAUGE_PERIOD

        wait_until(empty, lambda: f"seed {self.seed}: nothing waits: {waiting}\n{g.log()[-2000:]}", within, every=0.2)
        self.settled_at = since
        return waiting

    def waiting(self, g: Gateway) -> dict[str, int]:
        outbox = g.get("/api/v1/outbox")["waiting"]
        return {"spool": int(g.metric("spool_records")), "intake": self.intake(g), "push": outbox["push"], "outbox": outbox["outbox"]}

    def intake(self, g: Gateway) -> int:
        """The length of the intake streams. Reads Redis, because the gauge is only as new as the last round of the housekeeper."""
        where = {"port": g.redis.port} if g.redis else {"path": str(g.data / "redis" / "redis.sock")}
        try:
            with Resp(**where) as redis:
                return sum(redis("XLEN", tag + b"i") for tag in layout.partitions(redis))
        except (OSError, RedisError):
            return 1  # not known to be empty

    def dump(self, g: Gateway, waiting: dict[str, int] | None = None) -> None:
        """Writes the final state. `waiting` is from the settled state, because a clock that fires later creates new work."""
        waiting = waiting or self.waiting(g)
        with ThreadPoolExecutor(4) as pool:
            persons = list(pool.map(lambda row: person_state(g, row), g.leads()))
        self.history.state({"settled_at": self.settled_at, "persons": persons, "dead_letters": g.dead_letters(), "waiting": waiting})

    def judge(self, g: Gateway, within: float = 60, checks=invariants.ALL, drains: bool = True) -> invariants.Verdict:
        """Lets the system settle, dumps its state, and checks the invariants over the history."""
        waiting = None
        if drains:
            waiting = self.settle(g, within)
        else:
            wait_until(lambda: self.intake(g) == 0, "deliveries are decided", within)
        self.dump(g, waiting)
        verdict = invariants.check(History(self.history.folder), checks)
        print(f"{self.id()}: {verdict.text()}", flush=True)
        if verdict.violations:
            self.fail(f"seed {self.seed}; history {self.history.folder}\n{verdict.text()}")
        return verdict


def person_state(g: Gateway, row: dict) -> dict:
    lead = g.get("/api/v1/leads/" + row["id"])
    timeline, cursor = [], ""
    while True:
        page = g.get(f"/api/v1/leads/{row['id']}/timeline?limit=200{cursor}")
        timeline += page["items"]
        if "next_cursor" not in page:
            break
        cursor = "&cursor=" + page["next_cursor"]
    return {"id": row["person"], "lead": row["id"], "email": lead.get("profile", {}).get("email"), "stage": row.get("stage"), "owner": row.get("owner"),
            "touches": [touch["id"] for touch in lead["touches"]], "clocks": lead["clocks"], "refs": lead.get("refs", {}), "timeline": timeline}
