"""CRMs that fail, answer wrongly, stall and refuse (rows C1 to C6). Time and memory stay bounded, no other destination waits, and
each record arrives or becomes a dead letter with a reason."""
import email.utils
import subprocess
import threading
import time
import unittest

from faultscene import FaultScene  # finds the rig
import fakes
import hostile
import proxy as faults
from proxy import Proxy
from rig import wait_until

TEN_HOURS = 36_000


def until(seconds):
    """503 with a Retry-After as a date, so many seconds after the date of the answer."""
    return lambda handler: handler.answer(503, b"{}", Retry_After=email.utils.formatdate(time.time() + seconds, usegmt=True))


class Crms(FaultScene):
    def others(self, g, scripts, **more):
        """A further CRM for each script, in addition to the good one."""
        crms = {}
        for name, script in scripts.items():
            crms[name] = fakes.Crm(self)
            crms[name].script = list(script)
            g.write(f"crm/{name}.yaml", fakes.crm_yaml(crms[name], **{"deadline": "1s", **more}))
        return crms

    def lead(self, g, n=0, **more):
        g.deliver(self.contact_request(g, f"e{n}", name=f"Person {n:03d}", email=f"p{n}@person.example", **more))
        return f"p{n}@person.example"

    def tell(self, crm, email, deadline=20):
        return wait_until(lambda: crm.of(email), f"{email} in the CRM", deadline)


class Unwell(Crms):  # row
    """C1: 500, 502, 503 with and without Retry-After, in seconds, as a date, absurd."""

    def next_tries(self, redis, destination):
        """The times at which waiting persons are due at the destination, in seconds from now by the clock of Redis."""
        ask = lambda *words: subprocess.run(["redis-cli", "-p", str(redis.port), *words], capture_output=True, text=True, check=True).stdout.split()
        now = int(ask("TIME")[0])
        due = [ask("ZRANGE", f"{{p{p:02}}}:q:{destination}", "0", "-1", "WITHSCORES") for p in range(16)]
        return [int(row[1]) / 1000 - now for row in due if row]

    def test_waits_are_bounded_for_any_retry_after(self):
        redis = self.redis()
        g = self.unstarted(redis=redis)
        oops = lambda status=503, **headers: [fakes.answer(status, b"{}", **headers)] * 1000
        asked = {"silent": (oops(500), 0, 900), "gateway": (oops(502), 0, 900), "seconds": (oops(Retry_After=120), 100, 140),
                 "date": ([until(120)] * 1000, 100, 140), "huge": (oops(Retry_After="99999999999999999999"), 30_000, TEN_HOURS),
                 "year9999": (oops(Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), 30_000, TEN_HOURS), "negative": (oops(Retry_After="-5"), 0, 900),
                 "words": (oops(Retry_After="tomorrow"), 0, 900), "past": ([until(-86_400)] * 1000, 0, 900),
                 "zero": (oops(Retry_After="0"), 0, 900)}
        crms = self.others(g, {name: script for name, (script, _, _) in asked.items()})
        g.start().wait_ready()
        self.tell(self.crm, self.lead(g))
        for name, (_, least, most) in asked.items():
            with self.subTest(name):
                wait_until(crms[name].seen, "a first try")
                due = wait_until(lambda: [d for d in self.next_tries(redis, name) if d >= least], lambda: f"{least} s: {self.next_tries(redis, name)}")
                self.assertEqual(len(due), 1)
                self.assertLessEqual(due[0], most + 1)

    def test_the_breaker_opens_and_lets_one_probe_through(self):
        g = self.unstarted()
        crm = self.others(g, {"failing": [fakes.answer(500)] * 5})["failing"]
        probe, go_on = threading.Event(), threading.Event()

        def held(handler):
            probe.set()
            go_on.wait(20)
            handler.answer(429, b"{}", Retry_After="1")  # answers again, and asks for a pause
        crm.script.append(held)
        g.start().wait_ready()
        n = 0
        while len(crm.seen()) < 5:
            self.lead(g, n)
            n += 1
            wait_until(lambda: len(crm.seen()) >= min(n, 5), "a call")
        g.said("calls are held back")
        opened = crm.seen()[4]["at"]
        for _ in range(20):
            self.lead(g, n)
            n += 1
        self.tell(self.crm, f"p{n - 1}@person.example")  # the good CRM does not wait
        self.assertTrue(probe.wait(20))
        self.assertGreaterEqual(crm.seen()[5]["at"] - opened, 4.5)
        self.lead(g, n)
        self.tell(self.crm, f"p{n}@person.example")
        self.assertEqual(len(crm.seen()), 6, "one probe and no other call")
        go_on.set()
        for i in range(n + 1):
            self.tell(crm, f"p{i}@person.example")
        self.assertEqual(crm.repeated(), [])
        self.assertEqual(g.dead_letters(), [])


class Storm(Crms):  # row
    """C2: one CRM always answers 429. The gateway calls it as rarely as it asks, and other CRMs are not affected."""

    def test_row(self):
        g = self.unstarted()
        storm = self.others(g, {"storm": [fakes.answer(429, b'{"policyName":"TEN_SECONDLY_ROLLING"}', Retry_After="11")] * 100_000})["storm"]
        g.start().wait_ready()
        begun = time.monotonic()
        with self.traffic(g):
            self.flow(150)
            waited = time.monotonic() - begun
            self.assertLessEqual(len(storm.seen()), 4 * (1 + waited / 11), "calls while it asked for pauses")
            self.sample(g.process.pid)
            pushed = g.metric("delivery_attempts_total", 'destination="hubspot"')
            self.flow(20)
            wait_until(lambda: g.metric("delivery_attempts_total", 'destination="hubspot"') > pushed, "the good CRM gets pushes")
            with storm.lock:
                storm.script.clear()
        self.judge(g)
        self.assertEqual(storm.repeated(), [])
        self.assertEqual(len(storm.ids), len(self.crm.ids))


class Unknown(Crms):  # row
    """C3: the CRM applies the change, but its answer never arrives."""

    def test_row(self):
        g = self.unstarted()
        link = Proxy(self, ("127.0.0.1", self.crm.port), seed=self.seed)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s").replace(self.crm.url, f"http://127.0.0.1:{link.port}"))
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(10)
            for rule in (faults.drop(way="down", end=2.5), faults.cut(way="down", after=20, times=5), faults.reset(way="down", after=1, times=5)):
                self.fault(f"the answers are lost: {rule.kind}")
                link.add(rule)
                self.flow(40)
            link.heal()
        verdict = self.judge(g)
        self.assertGreater(g.metric("delivery_attempts_total", 'destination="hubspot",outcome="unknown"'), 0)
        self.assertEqual(len(self.crm.ids), verdict.counts["persons"], "one object for each person")


class Late(Crms):  # row
    """C5: the CRM applies attempt 1 long after its connection has ended. Attempt 2 and the next version must wait for that."""

    def test_row(self):
        g = self.unstarted()
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="2s"))
        crm, succeed = self.crm, self.crm.succeed
        late, calls = [0.9, 1.2, 0.6], []

        def applies_late(handler, body):
            with crm.lock:
                wait = late.pop() if handler.command == "POST" and late else None
                calls.append(wait)
            if wait is None:
                return succeed(handler, body)
            threading.Timer(wait, succeed, (Deaf(), body)).start()
            fakes.hang_up(handler)
        crm.succeed = applies_late
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(60)
        self.judge(g)
        self.assertEqual(late, [], "every change was applied in time")


class Deaf:
    """Stands in for a connection that has ended."""
    command = "POST"

    def answer(self, *_, **__):
        pass


class Hostile(Crms):  # row
    """C4: hostile answers. Each CRM sends one kind of them twice, then correct answers."""

    def test_row(self):
        g = self.unstarted()
        crms = self.others(g, {name: [] for name in hostile.STEPS})
        g.start().wait_ready()
        for crm in crms.values():
            self.tell(crm, self.lead(g, 1))
        before = self.sample(g.process.pid)
        peak = max(self.suffer(g, crms, n) for n in (2, 3, 4))
        print(f"  at most {peak / 1024:.0f} MB", flush=True)
        self.assertLess(peak, 200 * 1024 if hostile.sanitized() else 150 * 1024)
        self.assertEqual(g.dead_letters(), [])
        # One or two connections stay open for the next call.
        wait_until(lambda: self.sample(g.process.pid)["fds"] <= before["fds"] + len(crms), lambda: f"{before} descriptors, now {self.sample(g.process.pid)}", 40)
        self.assertEqual(len({message["data"]["lead"] for message in self.chat.messages("offer")}), 4, "all offers are sent in spite of it")

    def suffer(self, g, crms, n):
        """Pushes one lead to all CRMs; returns the highest memory use."""
        for name, crm in crms.items():
            crm.script = [hostile.STEPS[name]] * 2
        peak = 0
        email = self.lead(g, n)
        self.tell(self.crm, email)
        self.assertTrue(any(not crm.of(email) for crm in crms.values()), "the good CRM waits for none of them")
        for name, crm in crms.items():
            end = time.monotonic() + 30
            while not crm.of(email):
                self.assertLess(time.monotonic(), end, f"{name}: {len(crm.seen())} calls\n{g.log()[-1500:]}")
                peak = max(peak, self.sample(g.process.pid)["rss_kb"])
                time.sleep(0.02)
        return peak


class Refused(Crms):  # row
    """C6: the gateway sends a record that the CRM will never accept only once. It lists the record with the CRM's reason."""

    SAYS = "Property \\\"baton_x\\\" does not exist. Contact p0@person.example (Person 000, +49 30 1234567) is refused"

    def test_row(self):
        g = self.unstarted()
        body = f'{{"status":"error","message":"{self.SAYS}","category":"VALIDATION_ERROR"}}'.encode()
        crms = self.others(g, {f"no{status}": [fakes.answer(status, body)] * 50 for status in (400, 403, 404, 409, 410, 422)})
        existing = b'{"status":"error","message":"Contact already exists. Existing ID: 37013","category":"CONFLICT"}'
        crms |= self.others(g, {"taken": [fakes.answer(409, existing)] * 50})
        g.start().wait_ready()
        email = self.lead(g, phone="+49 30 1234567")
        self.tell(self.crm, email)
        letters = wait_until(lambda: (lambda found: found if len(found) == len(crms) else None)({l["destination"]: l for l in g.dead_letters()}), g.dead_letters)
        for name, crm in crms.items():
            with self.subTest(name):
                self.assertEqual(len(crm.seen()), 1, "no retries")
                reason = letters[name]["reason"]
                self.assertLess(len(reason), 500)
                for private in ("p0@", "Person 000", "1234567"):
                    self.assertNotIn(private, reason)
                self.assertNotIn(private, g.log())
                if name == "taken":
                    self.assertIn("Existing ID: 37013", reason)
                    continue
                self.assertIn("HTTP " + name[2:], reason)
                self.assertIn("baton_x", reason)
                self.assertIn("does not exist", reason)
        # The CRM is fixed. After a retry of the dead letter, the record arrives.
        crms["taken"].script = []
        self.assertEqual(g.cli("dead-letters", "retry", letters["taken"]["id"])[0], 0)
        self.tell(crms["taken"], email)


if __name__ == "__main__":
    unittest.main()
