"""Redis down, hanging, full, not durable or killed: senders still get 200, nothing is lost, and the gateway recovers
automatically."""
import os
import pathlib
import signal
import time
import unittest

import senders
from rig import wait_until
from scene import Scene


def running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Faults(Scene):
    def deliver_some(self, g, first, count=5, within=2.0):
        """Sends deliveries of `count` persons. The gateway answers each in time."""
        names = []
        for n in range(first, first + count):
            name = f"Person {n:04d}"
            begun = time.monotonic()
            body = {"full_name": name, "email": f"p{n}@person.example", "message": "Rückruf"}
            g.deliver(senders.standard_webhooks(g.secret("standard_webhooks"), body, f"m{n}"))
            self.assertLess(time.monotonic() - begun, within)
            names.append(name)
        return names

    def all_arrive(self, g, names, deadline=30):
        want = set(names)
        wait_until(lambda: want <= {row.get("name") for row in g.leads()}, lambda: f"all leads exist; there are {len(g.leads())} of {len(want)}\n{g.log()[-2000:]}", deadline)
        rows = [row["name"] for row in g.leads()]
        self.assertEqual(len(rows), len(set(rows)))
        wait_until(g.idle, "nothing waits", deadline)
        self.assertEqual(self.crm.at_odds(), [])  # a version may repeat if its outcome was lost, but only with the same content
        for row in g.leads():
            self.assertEqual(len(g.get("/api/v1/leads/" + row["id"])["touches"]), 1)

    def spooled(self, g):
        return g.metric("spool_records")

    def drained(self, g, deadline=30):
        wait_until(lambda: self.spooled(g) == 0, lambda: f"the spool is empty: {self.spooled(g)}", deadline)


class Absent(Faults):
    def test_redis_is_down_at_the_start(self):
        redis = self.redis(start=False)
        g = self.scene(start=False, redis=redis).start()
        names = self.deliver_some(g, 0)
        wait_until(lambda: self.spooled(g) == 5, "five in the spool")
        ready, checks = g.ready()
        self.assertFalse(ready)
        self.assertTrue(any(not c["ok"] and c["name"] == "store" and c["detail"] for c in checks["checks"]))
        redis.start()
        g.wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)

    def test_a_restart_keeps_the_spool(self):
        redis = self.redis(start=False)
        g = self.scene(start=False, redis=redis).start()
        names = self.deliver_some(g, 0)
        g.kill()
        g.start()
        names += self.deliver_some(g, 5)
        again = senders.standard_webhooks(g.secret("standard_webhooks"), {"full_name": names[0], "email": "p0@person.example"}, "m0")
        self.assertEqual(g.send(again).status, 200)
        g.terminate()
        redis.start()
        g.start().wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)

    def test_redis_is_killed_during_deliveries(self):
        redis = self.redis()
        g = self.scene(redis=redis)
        names = self.deliver_some(g, 0)
        redis.stop(signal.SIGKILL)
        names += self.deliver_some(g, 5)
        wait_until(lambda: not g.ready()[0], "unready")
        redis.start()
        names += self.deliver_some(g, 10)
        g.wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)


class Hanging(Faults):
    def test_redis_hangs(self):
        redis = self.redis()
        g = self.scene(redis=redis)
        names = self.deliver_some(g, 0)
        redis.send_signal(signal.SIGSTOP)
        names += self.deliver_some(g, 5)
        wait_until(lambda: not g.ready()[0], "unready")
        names += self.deliver_some(g, 10)
        redis.send_signal(signal.SIGCONT)
        g.wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)


class Full(Faults):
    def test_redis_is_full(self):
        redis = self.redis()
        g = self.scene(redis=redis)
        names = self.deliver_some(g, 0)
        redis.command("CONFIG", "SET", "maxmemory", "2mb")
        names += self.deliver_some(g, 5)
        wait_until(lambda: not g.ready()[0], "unready")
        self.assertIn("full", str(g.ready()[1]))
        names += self.deliver_some(g, 10)
        wait_until(lambda: self.spooled(g) >= 5, "in the spool")
        redis.command("CONFIG", "SET", "maxmemory", "0")
        g.wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)


class Weak(Faults):
    def test_a_redis_that_is_not_durable_gets_no_deliveries(self):
        redis = self.redis("--appendfsync", "everysec")
        g = self.scene(start=False, redis=redis).start()
        names = self.deliver_some(g, 0)
        wait_until(lambda: self.spooled(g) == 5, "five in the spool")
        ready, checks = g.ready()
        self.assertFalse(ready)
        self.assertIn("appendfsync", str(checks))
        g.said("appendfsync")
        g.terminate()
        g.settings["redis"]["assume_durable"] = True
        g.write_settings()
        g.start().wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)

    def test_a_redis_that_evicts_keys_is_refused(self):
        g = self.scene(start=False, redis=self.redis("--maxmemory-policy", "allkeys-lru")).start()
        self.deliver_some(g, 0)
        wait_until(lambda: "noeviction" in str(g.ready()[1]), lambda: f"the check says why: {g.ready()[1]}")
        self.assertFalse(g.ready()[0])


class Private(Faults):
    def test_the_gateway_restarts_its_private_redis(self):
        g = self.scene()
        names = []
        for round_ in range(2):
            names += self.deliver_some(g, 10 * round_)
            os.kill(wait_until(g.redis_pid, "the private redis-server"), signal.SIGKILL)
            names += self.deliver_some(g, 10 * round_ + 5)
            g.wait_ready(30)
        self.drained(g)
        self.all_arrive(g, names)

    def test_the_private_redis_ends_with_the_gateway(self):
        g = self.scene()
        names = self.deliver_some(g, 0)
        pid = g.redis_pid()
        g.kill()
        wait_until(lambda: not running(pid), "redis-server is gone")
        g.start().wait_ready(30)
        self.all_arrive(g, names)


if __name__ == "__main__":
    unittest.main()
