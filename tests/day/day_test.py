"""A simulated day in fast time: the real binary and a real Redis on one fast clock, leads from three time zones, simulated
sales, and an hour of downtime. At the end the books have to balance (books.py).

    BATON_BINARY=build/release/baton python3 -B tests/day/day_test.py Day

Reduced by default, in full with BATON_SOAK. BATON_SEED repeats the random draws, BATON_SPEED sets the speed of the clock.
"""
from __future__ import annotations

import os
import pathlib
import random
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "faults")]
# pylint: disable=wrong-import-position
import books
import invariants
import layout
import senders
from cast import COUNTRIES, Cast
from channels import Channels
from fasttime import FastTime, utc
from faultscene import person_state
from history import History, Recorder
from resp import Resp
from rig import wait_until
from sales import Agenda, Sales
from scene import Scene

BEGIN = utc("2026-03-03T07:00:00")  # a Tuesday: Berlin before work, Tokyo in the afternoon, New York at night
SOURCE = "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: "
TOUCHES = {"standard_webhooks": "contact_request", "offers": "quote_request"}
# First contact is due in the business time of the lead's region, acceptance in the business time of the rep. Leads that ask for
# an offer get it within a working day: they go to the fair pool, and none of them may go to a second rep.
SLA = (("budgets: {hand_raiser: 5m, transactional: 5m}", "budgets: {hand_raiser: 5m, transactional: 8h}"), ("  first_contact:\n", "  first_contact:\n    calendar: lead\n"), ("  accept:\n", "  accept:\n    calendar: rep\n"),
       ("calendar: office\n", "calendar: office\nplaces: [{countries: [US], calendar: amer}, {countries: [JP], calendar: apac}]\n"))
SHARES = {"emea": 0.45, "amer": 0.2, "apac": 0.15, "fair": 0.2}
REPEATS = 0.05
HOUR = 3600.0


class Day(Scene):
    def setUp(self):
        super().setUp()
        soak = bool(os.environ.get("BATON_SOAK"))
        self.count, self.length, self.tail = (5000, 20.0, 2.0) if soak else (400, 2.0, 0.75)  # leads, hours
        self.seed = int(os.environ.get("BATON_SEED") or random.SystemRandom().randrange(1 << 32))
        self.clock = FastTime(self.folder, BEGIN, float(os.environ.get("BATON_SPEED") or 120))
        self.begin = self.clock.now()
        self.draw = random.Random(f"day {self.seed}")
        print(f"{self.id()} BATON_SEED={self.seed} speed {self.clock.speed:g}", flush=True)
        self.cast = Cast(self.seed, self.begin, self.length + 1)
        speed = self.clock.speed
        self.history = Recorder(self.folder / "history", seed=self.seed, row=self.id(), keyed=["hubspot"], early_ms=5 * speed, overdue_s=0.7 * speed,
                                kill_slack=6 * speed)
        self.addCleanup(self.history.close)
        self.agenda = Agenda(self.clock, hands=6)
        self.addCleanup(self.agenda.end)

    # --- before

    def prepared(self):
        g = self.scene(start=False, redis=self.redis(env=self.clock.env))
        g.write_settings(listen={**g.settings["listen"], "trusted_proxies": ["127.0.0.1/32"]}, engine={"look_every": "20ms"})
        g.put_secret("standard_webhooks", senders.whsec(f"{self.seed:024d}"))
        for source, touch in TOUCHES.items():
            g.write(f"sources/{source}.yaml", SOURCE + touch + "\n")
        g.write("policy/routing.yaml", self.cast.routing())
        g.write("policy/calendars.yaml", self.cast.calendars())
        g.edit("policy/sla.yaml", *SLA)
        g.edit("policy/lifecycle.yaml", ("team: sales", "team: emea"))
        self.sales = Sales(g, self.clock, self.agenda, self.cast, self.history, self.seed, self.correct)
        self.crm.on_effect = lambda **line: self.history.note("effects", at=self.clock.now(), **line)
        by_mail = [rep.id for rep in self.cast.reps.values() if rep.pool == "apac"]
        self.channels = Channels(self, g, self.chat, self.clock, self.history, by_mail, self.sales.got)
        self.g = g
        return g.start(env=self.clock.env).wait_ready()

    # --- meanwhile

    def persons(self):
        """All persons and the times of their requests, more of them in the morning."""
        for n in range(self.count):
            point = self.draw.random() ** 1.2
            pool = self.draw.choices(list(SHARES), list(SHARES.values()))[0]
            yield n, self.begin + 30 + point * self.length * HOUR, pool

    def body(self, n, pool, phone):
        return {"full_name": f"Person {n}", "email": f"person{n}@firma{n}.example", "company": f"Firma {n}", "country": COUNTRIES[pool], "phone": phone,
                "message": f"Anfrage {n}"}

    def ask(self, n, pool):
        self.pools[n] = pool
        for copy in range(2 if self.draw.random() < REPEATS else 1):
            self.deliver(f"m{n}", "offers" if pool == "fair" else "standard_webhooks", self.body(n, pool, f"+49891{n:06d}"), copy)

    def correct(self, n):
        """Delivers corrected data of a lead that sales sent back to marketing."""
        self.deliver(f"c{n}", "standard_webhooks", self.body(n, self.pools[n], f"+49892{n:06d}"))

    def deliver(self, event, source, body, copy=0):
        """Repeats the delivery until it is accepted, as honest senders do."""
        while True:
            begun = self.clock.now()
            answer = self.g.send(senders.standard_webhooks(self.g.secret("standard_webhooks"), body, event, path=f"/hooks/{source}", at=begun))
            stored = answer is not None and answer.status == 200
            known = answer.json() if stored else {}
            self.history.note("sent", event=event, source=source, person=body["email"], touches=[f"{source}:{event}#0"], at=begun,
                              answered=self.clock.now(), status=answer.status if answer else None, id=known.get("id"), duplicate=known.get("duplicate", False), copy=copy)
            if stored:
                return
            time.sleep(0.2)

    def down(self):
        """kill -9, then an hour without the gateway."""
        self.history.note("faults", at=self.clock.now(), what="kill -9 of the gateway")
        self.g.kill()
        if os.environ.get("BATON_SOAK"):
            self.g.redis.stop()
            self.g.redis.start()
        self.clock.jump(HOUR)
        self.g.start(env=self.clock.env).wait_ready()
        self.history.note("faults", at=self.clock.now(), what="the gateway is serving again")

    def pass_time(self, hours):
        end = self.clock.now() + hours * HOUR
        real = self.clock.until(end) + 60
        wait_until(lambda: self.clock.now() >= end, f"{hours} h have passed", real, every=0.1)
        self.assertEqual(self.agenda.failures, [])

    # --- after

    def waiting(self):
        outbox = self.g.get("/api/v1/outbox")["waiting"]
        with Resp(port=self.g.redis.port) as redis:
            intake = sum(redis("XLEN", tag + b"i") for tag in layout.partitions(redis))
        return {"spool": int(self.g.metric("spool_records")), "intake": intake, "push": outbox["push"], "outbox": outbox["outbox"]}

    def settle(self):
        """Waits until nothing waits, then stops the fast clock, so that all state is read at one instant."""
        def still():
            self.clock.run(self.speed)
            wait_until(lambda: not any(self.waiting().values()), lambda: f"nothing waits: {self.waiting()}\n{self.g.log()[-2000:]}", 60, every=0.1)
            self.clock.run(0)
            time.sleep(0.5)  # messages in flight arrive
            return not any(self.waiting().values())

        self.speed = self.clock.speed
        wait_until(still, "nothing waits while the clock is stopped", 60)

    def dump(self):
        with ThreadPoolExecutor(4) as pool:
            persons = list(pool.map(self.person, self.g.leads()))
        self.history.state({"settled_at": self.clock.now(), "persons": persons, "dead_letters": self.g.dead_letters(), "waiting": self.waiting()})

    def person(self, row):
        lead = self.g.get("/api/v1/leads/" + row["id"])
        episodes = [*lead.get("past", ()), *([lead["episode"]] if "episode" in lead else ())]
        return {**person_state(self.g, row), "handovers": [h for e in episodes for h in e["handovers"]], "attempts": [a for e in episodes for a in e["attempts"]]}

    def test_the_books_balance(self):
        self.pools = {}
        self.prepared()
        for n, at, pool in self.persons():
            self.agenda.at(at, self.ask, n, pool)
        self.pass_time(self.length / 2)
        self.down()
        self.pass_time(self.length / 2 - 1 if self.length > 2 else self.length / 2)
        wait_until(lambda: len(self.pools) == self.count, "all persons have asked", 60)
        self.pass_time(self.tail)
        self.agenda.end()
        self.settle()
        self.dump()
        history = History(self.history.folder)
        tally = books.tally(history, self.cast)
        print(" ".join(f"{name}={count}" for name, count in tally.items()), flush=True)
        found = invariants.check(history).violations + books.balance(history, self.cast)
        for violation in found[:10]:
            print(f"{violation.invariant}: {violation.what} ({violation.subject})", flush=True)
        if found:
            print("\n".join(history.about(found[0].subject)))
        self.assertEqual(found, [], f"{len(found)} faults in the books; seed {self.seed}, {self.history.folder}")
        for what in ("fair", "reassigned", "breached", "late_evidence", "paused", "procedural", "definitional", "corrected", "breach_messages", "excused", "bots"):
            self.assertGreater(tally[what], 0, f"no event of this kind: {what}")
        self.assertEqual(tally["leads"], self.count)
        self.assertGreater(len(self.channels.mails.seen()), 0)


if __name__ == "__main__":
    unittest.main()
