"""Mixed load with random faults from all rows (row B2). The test prints its seed, which repeats the random draws.

In `deploy/test --full` it lasts half a minute; BATON_MINUTES (45 with BATON_SOAK) sets another length. The test runs
its own Redis behind the proxy, so that the network between them can break as well.
"""
from __future__ import annotations

import contextlib
import os
import signal
import statistics
import time
import unittest

import invariants
from faultscene import FaultScene  # first: it adds the rig of tests/e2e to the path
import fakes
from proxy import Proxy, cut, delay, drop, reset, slice_, throttle
from resp import RedisError, Resp

MOST_MEMORY = 150 << 10  # KiB
FIRST = 0.25             # share of the run in which caches fill
GROWTH = 1.25


class Behind:
    """The Redis of the gateway, behind the proxy. The judge reads it directly."""

    def __init__(self, proxy: Proxy, port: int):
        self.url, self.port = f"redis://127.0.0.1:{proxy.port}/0", port


class Mixed(FaultScene):  # row
    def setUp(self):
        super().setUp()
        minutes = float(os.environ.get("BATON_MINUTES") or (45 if self.soak else 0.5))
        self.duration = minutes * 60
        self.resident: list[tuple[float, int, int]] = []  # (share of the run, KiB, descriptors)

    def test_row(self):
        self.own = self.redis("--appendfsync", "always")
        self.proxy = Proxy(self, ("127.0.0.1", self.own.port), self.seed)
        self.g = self.prepared(redis=Behind(self.proxy, self.own.port))
        begun = time.monotonic()
        with self.traffic(self.g, pace=0.1 if self.duration > 120 else 0.02):
            while (age := time.monotonic() - begun) < self.duration:
                self.one_fault()
                self.heal()
                self.flow(self.random.randrange(10, 60), deadline=90)
                self.measure(age / self.duration)
        verdict = self.judge(self.g, within=180, checks=invariants.ALL)
        self.check_resources()
        print(f"mixed, seed {self.seed}: {self.duration / 60:.1f} minutes, {verdict.text()}", flush=True)

    # --- faults: each is over when its method has returned or heal() has run

    def one_fault(self) -> None:
        faults = (self.kill_gateway, self.end_gateway, self.stop_gateway, self.reload, self.kill_redis, self.stop_redis, self.pause_redis, self.fill_redis,
                  self.rewrite, self.network, self.crm_refuses, self.crm_hangs, self.chat_fails)
        fault = self.random.choice(faults)
        self.fault(fault.__name__)
        fault()

    def heal(self) -> None:
        self.proxy.heal()

    def last(self, longest: float) -> None:
        time.sleep(self.random.random() * longest)  # a random duration

    def kill_gateway(self) -> None:
        self.g.kill()
        self.g.start()

    def end_gateway(self) -> None:
        self.g.terminate()
        self.g.start()

    def stop_gateway(self) -> None:
        self.g.process.send_signal(signal.SIGSTOP)
        self.last(3)
        self.g.process.send_signal(signal.SIGCONT)

    def reload(self) -> None:
        self.g.process.send_signal(signal.SIGHUP)

    def kill_redis(self) -> None:
        self.own.stop(signal.SIGKILL)
        self.last(2)
        self.own.start()

    def stop_redis(self) -> None:
        self.own.send_signal(signal.SIGSTOP)
        self.last(3)
        self.own.send_signal(signal.SIGCONT)

    def ask(self, *words: object) -> None:
        with Resp(self.own.port) as redis:
            redis(*words)

    def pause_redis(self) -> None:
        self.ask("CLIENT", "PAUSE", self.random.randrange(200, 2000), "ALL")

    def fill_redis(self) -> None:
        self.ask("CONFIG", "SET", "maxmemory", 1 << 20)
        self.last(2)
        self.ask("CONFIG", "SET", "maxmemory", 0)

    def rewrite(self) -> None:
        with Resp(self.own.port) as redis, contextlib.suppress(RedisError):   # a rewrite may be in progress
            redis("BGREWRITEAOF")

    def network(self) -> None:
        self.proxy.add(self.random.choice([delay(0.2), delay((0.0, 0.3)), throttle(20_000), drop(), slice_(), cut(times=3), reset(times=3)]))
        self.last(3)

    def crm_refuses(self) -> None:
        self.crm.script = [self.random.choice([fakes.answer(500, b"oops", "text/plain"), fakes.answer(502), fakes.answer(429, Retry_After=1),
                                               fakes.answer(200, b"<html></html>", "text/html"), fakes.hang_up]) for _ in range(self.random.randrange(1, 8))]

    def crm_hangs(self) -> None:
        self.crm.script = [fakes.silent(self.random.random() * 3) for _ in range(2)]

    def chat_fails(self) -> None:
        self.chat.script = [self.random.choice([fakes.answer(503), fakes.hang_up, fakes.answer(429, Retry_After=1)]) for _ in range(self.random.randrange(1, 8))]

    # --- resources

    def measure(self, share: float) -> None:
        found = self.sample(self.g.process.pid)
        if found:
            self.resident.append((share, found["rss_kb"], found["fds"]))

    def check_resources(self) -> None:
        """Resident memory and descriptors do not grow from the second quarter to the last."""
        most = max(rss for _, rss, _ in self.resident)
        self.assertLess(most, MOST_MEMORY, f"seed {self.seed}")
        if self.duration < 600:
            return
        for name, at in (("resident memory", 1), ("descriptors", 2)):
            early = statistics.median(row[at] for row in self.resident if FIRST <= row[0] < 2 * FIRST)
            late = statistics.median(row[at] for row in self.resident if row[0] >= 1 - FIRST)
            print(f"{name}: {early:.0f} in the second quarter, {late:.0f} in the last, at most {max(row[at] for row in self.resident)}", flush=True)
            self.assertLess(late, GROWTH * early, f"seed {self.seed}: {name} grows")


if __name__ == "__main__":
    unittest.main()
