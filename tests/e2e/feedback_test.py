"""Feedback polled from the CRM stops clocks in time. While the CRM is silent, no rep loses a lead."""
import datetime
import unittest

import fakes
import senders
from rig import wait_until
from scene import Scene

EVERY = {"contact_every": "600ms", "lead_every": "2s", "stale_after": "3s"}
# First contact is due within seconds of wall time.
QUICK = [("policy/sla.yaml", "budgets: {hand_raiser: 5m, transactional: 5m}", "unit: wall\n    budgets: {hand_raiser: 12s, transactional: 12s}")]


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def call_of(at, number="9001", outcome="NO_ANSWER"):
    return {"properties": {"hs_first_engagement_object_id": number, "hs_sa_first_engagement_date": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                           "hs_sa_first_engagement_object_type": "CALL", "hs_sa_first_engagement_descr": outcome}}


class Polled(Scene):
    def quick(self, **more):
        g = self.scene(start=False, edits=QUICK)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, feedback={**EVERY, **more}))
        return g.start().wait_ready()

    def clock(self, g, lead, definition="first_contact"):
        clocks = g.get("/api/v1/leads/" + lead["id"])["clocks"]
        return next(clock for clock in clocks if clock["definition"] == definition)

    def lead(self, g, n):
        g.deliver(self.contact_request(g, f"e{n}", name=f"Person {n:03d}", email=f"p{n}@person.example"))
        return wait_until(lambda: [row for row in g.leads() if row.get("name") == f"Person {n:03d}" and row.get("owner")], "an owner")[0]

    def test_a_call_in_the_crm_stops_the_clock(self):
        g = self.quick()
        lead = self.lead(g, 0)
        wait_until(lambda: self.crm.of("p0@person.example"), "in the CRM")
        self.crm.acts["p0@person.example"] = call_of(now())
        wait_until(lambda: self.clock(g, lead)["state"] == "stopped", "the clock stops")
        self.assertFalse(self.clock(g, lead).get("breached_at"))
        asked = len(self.crm.asked)
        wait_until(lambda: len(self.crm.asked) >= asked + 2, "asked again")
        events = [e for e in g.get(f"/api/v1/leads/{lead['id']}/timeline")["items"] if "attempt.made" in str(e)]
        self.assertEqual(len(events), 1)

    def test_each_activity_counts_for_its_rep_at_the_time_it_happened(self):
        """The previous owner logs a call only after the lead has moved to another rep, and then a second call of the same day."""
        owners = {"erika": "71", "max": "72", "chris": "73", "lena": "74"}
        g = self.scene(start=False, edits=[(file, old, new.replace("12s", "6s")) for file, old, new in QUICK])
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, feedback=EVERY, tables={"owners": owners}))
        g.start().wait_ready()
        lead = self.lead(g, 0)
        first = lead["owner"]
        wait_until(lambda: self.crm.of("p0@person.example"), "in the CRM")
        called = now()
        state = lambda: g.get("/api/v1/leads/" + lead["id"])
        wait_until(lambda: state().get("owner") not in (None, "", first), "the lead moves to another rep", 40)
        act = {"hubspot_owner_id": owners[first], "hs_call_direction": "OUTBOUND", "hs_object_source": "INTEGRATION"}
        text = lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.crm.log_act("calls", "9001", "p0@person.example", hs_timestamp=text(called), hs_call_status="NO_ANSWER", **act)
        wait_until(lambda: state().get("owner") == first, lambda: f"given back: {state()}", 40)
        self.assertTrue(self.clock(g, lead)["late_evidence"])
        again = now()
        self.crm.log_act("calls", "9002", "p0@person.example", hs_timestamp=text(again), hs_call_disposition="f240bbac-87c9-4f6e-bf70-924b57d47db7", hs_call_status="COMPLETED", **act)
        attempts = lambda: state()["episode"]["attempts"]
        wait_until(lambda: len(attempts()) == 2, lambda: f"two attempts: {attempts()}", 40)
        self.assertEqual([(a["evidence"], a["outcome"], a["rep"], text(datetime.datetime.fromisoformat(a["at"].replace("Z", "+00:00")))) for a in attempts()],
                         [("hubspot:engagement:9001", "no_answer", first, text(called)), ("hubspot:engagement:9002", "reached", first, text(again))])
        asked = len(self.crm.asked)
        wait_until(lambda: len(self.crm.asked) >= asked + 2, "asked again", 40)
        self.assertEqual(len(attempts()), 2)

    def test_while_the_crm_is_silent_alerts_say_so_and_no_rep_loses_a_lead(self):
        g = self.quick()
        leads = [self.lead(g, n) for n in range(2)]
        wait_until(lambda: all(self.crm.of(f"p{n}@person.example") for n in range(2)), "in the CRM")
        wait_until(lambda: any(asked["ok"] for asked in self.crm.asked), "asked")
        called = now()
        self.crm.reads = fakes.answer(500, b"oops", "text/plain")
        breaches = wait_until(lambda: len(self.chat.messages("breach")) >= 2 and self.chat.messages("breach"), "breaches", 40)
        since = [message["data"].get("feedback_stale_since") for message in breaches]
        self.assertTrue(all(since), f"every alert says since when: {since}")
        self.assertLess(datetime.datetime.fromisoformat(since[0].replace("Z", "+00:00")), now() - datetime.timedelta(seconds=2))
        ready = next(check for check in g.get("/readyz")["checks"] if check["name"] == "feedback")
        self.assertIn("no lead is taken from its owner", ready["detail"])
        for lead in leads:
            self.assertEqual(g.get("/api/v1/leads/" + lead["id"])["owner"], lead["owner"])
        # The CRM answers again. It has a call in time for one lead and none for the other.
        self.crm.acts["p0@person.example"] = call_of(called)
        self.crm.reads = None
        wait_until(lambda: self.clock(g, leads[0])["state"] == "stopped", "the clock of the called lead stops", 40)
        self.assertTrue(self.clock(g, leads[0])["late_evidence"])
        self.assertEqual(g.get("/api/v1/leads/" + leads[0]["id"])["owner"], leads[0]["owner"])
        wait_until(lambda: g.get("/api/v1/leads/" + leads[1]["id"]).get("owner") not in (None, leads[1]["owner"]), "the other lead moves to another rep", 40)


if __name__ == "__main__":
    unittest.main()
