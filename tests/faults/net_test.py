"""Network faults between sender, gateway, Redis and CRM (row N1): reset, silence, delay, low bandwidth, single bytes, reordering."""
import json
import time
import unittest

from faultscene import FaultScene  # finds the rig
import fakes
import proxy as faults
from proxy import Proxy
from rig import wait_until


def all_faults(draw):
    """A rule of each kind. Cuts and resets happen repeatedly; the others last until they are removed."""
    yield faults.delay(0.2)
    yield faults.delay((0.0, 0.3))  # connections overtake each other
    yield faults.throttle(1000)
    yield faults.slice_()
    yield faults.stall()
    yield faults.drop()
    yield faults.drop(way="down")
    yield faults.cut(way="up", after=draw.randrange(200, 3000), times=8)
    yield faults.cut(way="down", after=draw.randrange(10, 2000), times=8)
    yield faults.reset(way="up", after=draw.randrange(200, 3000), times=8)
    yield faults.reset(way="down", after=draw.randrange(10, 2000), times=8)


class Net(FaultScene):
    def rounds_of_faults(self, proxy, lasting, stalled="both"):
        """Runs each fault in turn, with traffic during and after it."""
        for rule in all_faults(self.random):
            if rule.kind == "stall":
                rule.way = stalled
            self.fault(f"{rule.kind} {rule.value or ''} {rule.way} after {rule.after}")
            proxy.add(rule)
            end = time.monotonic() + lasting
            while time.monotonic() < end:
                self.flow(1)
            proxy.heal()
            self.flow(10)

    def slowest(self):
        """The longest time of any delivery, successful or not."""
        with open(self.history.folder / "sent.jsonl", encoding="utf-8") as file:
            return max(line["answered"] - line["at"] for line in map(json.loads, file))


class ToRedis(Net):  # row
    """The spool takes over, no sender waits, and the spool drains when the connection works again."""

    def test_row(self):
        redis = self.redis()
        line = Proxy(self, ("127.0.0.1", redis.port), seed=self.seed)
        redis.port, line.redis_port = line.port, redis.port  # the configuration contains the port of the proxy
        g = self.unstarted(redis=redis)
        redis.port = line.redis_port
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(20)
            self.rounds_of_faults(line, 6 if self.soak else 1.2)
        spooled = g.metric("intake_total", 'path="spool"')
        print(f"  slowest answer {self.slowest() * 1e3:.0f} ms; {spooled:.0f} deliveries through the spool", flush=True)
        self.assertLess(self.slowest(), 2, "senders do not wait for Redis")
        self.assertGreater(spooled, 0)
        self.judge(g)


class FromSenders(Net):  # row
    """Senders repeat deliveries that got no answer: nothing is lost and nothing counts twice."""

    def test_row(self):
        g = self.unstarted()
        g.write_settings(limits={"header_time": "2s", "body_time": "2s"})
        g.start().wait_ready()
        port = g.public_port
        line = Proxy(self, ("127.0.0.1", port), seed=self.seed)
        with self.traffic(g, lanes=6):
            self.flow(20)
            g.public_port = line.port
            for rule in all_faults(self.random):
                self.fault(f"{rule.kind} {rule.value or ''} {rule.way} after {rule.after}")
                if rule.kind in ("stall", "drop"):  # senders give up after 15 s; every other connection goes on
                    rule.only = lambda number: number % 8 == 0
                line.add(rule)
                self.flow(15)
                line.heal()
                self.flow(5)
            g.public_port = port
            self.flow(10)
        self.judge(g)
        wait_until(lambda: g.metric("connections") <= 2, "half-open connections are closed", 30)


class ToCrm(Net):  # row
    """The CRM ends equal to the leads and never sees an older version after a newer one. The faults stall answers, not requests: a
    sender has no control over a request that the network delivers after its deadline (docs/explanation/hostile-input.md)."""

    def test_row(self):
        g = self.unstarted()
        line = Proxy(self, ("127.0.0.1", self.crm.port), seed=self.seed)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s").replace(self.crm.url, f"http://127.0.0.1:{line.port}"))
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(10)
            self.rounds_of_faults(line, 6 if self.soak else 1.2, stalled="down")
            self.assertLess(self.slowest(), 2, "senders do not wait for the CRM")
        self.judge(g, within=90)


if __name__ == "__main__":
    unittest.main()
