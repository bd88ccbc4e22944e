"""The public listener under attack (rows S6, S7 and I6, I9). Honest senders are served, memory and descriptors stay bounded, and
the judge runs as usual. BATON_SOAK makes it longer. `deploy/bench --only siege` runs the full attack and prints figures."""
import json
import os
import pathlib
import subprocess
import threading
import time
import unittest

from faultscene import FaultScene  # finds the rig
import rig
import smuggling
from rig import wait_until

SIEGE = os.environ.get("BATON_SIEGE") or str(pathlib.Path(rig.BATON).parent / "tests/siege/baton_siege")
PATH = "/hooks/standard_webhooks"
MOST_MEMORY_KB = 150 * 1024
SANITIZED = b"__asan_init" in pathlib.Path(rig.BATON).read_bytes()


class Besieged(FaultScene):
    def besiege(self, g, seconds, *forces):
        """Starts attackers. They end after their time or with the test."""
        process = subprocess.Popen([SIEGE, str(g.public_port), PATH, str(seconds), *forces], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   preexec_fn=rig.die_with_parent, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.stdin.write(json.dumps({"email": "fremder@person.example", "message": "x" * 1000}))
        process.stdin.close()
        self.fault("siege: " + " ".join(forces))
        return process

    def watch(self, g, process, during=lambda: None):
        """Sends deliveries, measures the gateway and reads from it until the attack is over."""
        peak, connections = 0, 0.0
        while process.poll() is None:
            self.flow(1)
            peak = max(peak, self.sample(g.process.pid)["rss_kb"])
            connections = max(connections, g.metric("connections"))
            self.assertEqual(rig.http_call(g.admin_port, "GET", "/healthz").status, 200)
            during()
        self.assertEqual(process.returncode, 0)
        return peak, connections, json.loads(process.stdout.read().splitlines()[-1])

    def times(self, begun):
        """The duration of each honest delivery since `begun`, and the number of refused connections."""
        with open(self.history.folder / "sent.jsonl", encoding="utf-8") as file:
            lines = [line for line in map(json.loads, file) if not line["forged"] and line["at"] >= begun]
        took = sorted(line["answered"] - line["at"] for line in lines)
        return took, [line["status"] for line in lines if line["status"] != 200]

    def over(self, g, begun, peak, connections, report):
        took, refused = self.times(begun)
        print(f"  honest: {len(took)} deliveries, p50 {took[len(took) // 2] * 1e3:.1f} ms, p99 {took[int(len(took) * 0.99)] * 1e3:.1f} ms, slowest "
              f"{took[-1] * 1e3:.0f} ms, refused {refused}; gateway at most {peak / 1024:.0f} MB, {connections:.0f} connections, "
              f"shed {g.metric('connections_total', 'shed'):.0f}\n  {report}", flush=True)
        self.assertEqual(refused, [], "every honest delivery is accepted at once")
        if not SANITIZED:
            self.assertLess(peak, MOST_MEMORY_KB)

    def recovered(self, g, fds):
        wait_until(lambda: g.metric("connections") < 50, lambda: f"{g.metric('connections')} connections are left", 30)
        wait_until(lambda: self.sample(g.process.pid)["fds"] <= fds + 50, "descriptors are closed", 30)


class Idle(Besieged):  # row
    """10,000 idle connections and 1,000 half-open ones."""

    def test_row(self):
        g = self.unstarted()
        g.write_settings(limits={"connections": 12_000, "header_time": "20s"})
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(20)
            fds, begun = self.sample(g.process.pid)["fds"], time.time()
            process = self.besiege(g, 60 if self.soak else 12, "idle:10000", "half:1000")
            peak, connections, report = self.watch(g, process)
            self.over(g, begun, peak, connections, report)
            self.assertGreater(connections, 10_900)
            self.recovered(g, fds)
        self.judge(g)


class Flood(Besieged):  # row
    """All attacks at once, with more connections than the limit."""

    def test_row(self):
        g = self.unstarted()
        g.write_settings(limits={"connections": 2_000, "connections_per_address": 64, "requests_per_address": 200})
        g.start().wait_ready()
        stop, misread = threading.Event(), []
        with self.traffic(g):
            self.flow(20)
            fds, begun = self.sample(g.process.pid)["fds"], time.time()
            process = self.besiege(g, 60 if self.soak else 15, "idle:2500", "half:500", "hoard:200", "heads:500", "body:4", "chunks:4", "header:4",
                                   "forged:20:2000", "one_address:10:1500", "stray:10:1000", "churn:20:500")
            smuggler = threading.Thread(target=self.smuggle, args=(g, stop, misread), daemon=True)
            smuggler.start()
            peak, connections, report = self.watch(g, process)
            stop.set()
            smuggler.join(timeout=30)
            self.assertEqual(misread, [])
            self.over(g, begun, peak, connections, report)
            self.assertGreater(g.metric("connections_total", "shed"), 0)
            self.assertLessEqual(connections, 2_000)
            self.assertLessEqual(set(report["forged"]["answers"]), {"401", "429"})
            self.assertLessEqual(set(report["one_address"]["answers"]), {"401", "429"})
            self.assertGreater(report["one_address"]["answers"].get("429", 0), 0)
            self.assertLessEqual(set(report["body"]["answers"]) | set(report["chunks"]["answers"]), {"413", "408", "429"})
            self.recovered(g, fds)
        self.judge(g)

    def smuggle(self, g, stop, misread):
        while not stop.is_set():
            for name, request, allowed in smuggling.cases(PATH):
                try:
                    statuses = smuggling.exchange(g.public_port, request, source=("127.0.0.3", 0))
                except OSError:
                    continue  # refused among so many
                if not set(statuses) <= {*allowed, 408, 429}:
                    misread.append((name, statuses))
            stop.wait(0.2)


if __name__ == "__main__":
    unittest.main()
