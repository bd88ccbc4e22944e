"""Work of people on a lead, through the API and the page behind a link: qualify, meet, answer an alert, reopen."""
import datetime
import unittest

import fakes
from rig import wait_until
from scene import ALWAYS_OPEN, ActionPage, Scene

SDR = ("policy/lifecycle.yaml", "  team: sales ", "  rep: max ")
# The warning comes after two seconds of wall time, the breach after twelve. No rep loses the lead meanwhile.
QUICK = (("policy/sla.yaml", "warnings: [75]\n    escalations: [200]", "warnings: [20]\n    escalations: [200]"), ("policy/sla.yaml", """    budgets: {hand_raiser: 5m, transactional: 5m}
    on_reassign: keep
    on_breach: reassign""", """    unit: wall
    budgets: {hand_raiser: 12s, transactional: 12s}
    on_reassign: keep
    on_breach: none"""))


def soon(**length):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**length)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class WorkScene(Scene):
    def lead(self, g, lead):
        return g.get("/api/v1/leads/" + lead)

    def explained(self, g, lead):
        return g.get(f"/api/v1/leads/{lead}/explain?lang=en")["text"]

    def message(self, kind, recipient=None, **facts):
        """The newest message of that kind whose data hold these facts."""
        def found():
            fitting = [m for m in self.chat.messages(kind) if recipient in (None, m["data"]["recipient"]["id"]) and all(m["data"].get(k) == v for k, v in facts.items())]
            return fitting[-1] if fitting else None
        return wait_until(found, f"{kind} {facts}", 40)

    def offer(self, g):
        g.deliver(self.contact_request(g, "e1", phone="089 123456", company="Beispiel GmbH"))
        return self.message("offer")


class QualifyTask(WorkScene):
    def fresh(self):
        g = self.scene(edits=[*ALWAYS_OPEN, SDR])
        g.deliver(self.contact_request(g, "e1", form="anyOther", company="Beispiel GmbH"))
        return g, self.message("task", task_kind="qualify")

    def tasks(self, g, lead):
        return self.lead(g, lead)["episode"]["tasks"]

    def test_a_lead_that_fits_is_handed_over(self):
        g, message = self.fresh()
        lead = message["data"]["lead"]
        self.assertEqual((message["data"]["recipient"]["id"], self.lead(g, lead)["stage"]), ("max", "lead"))
        page = ActionPage(g, message)
        self.assertIn(b"What did you find out?", page.open().body)
        self.assertEqual([t["state"] for t in g.get(f"/api/v1/tasks?lead={lead}")["items"]], ["open"])  # opening the page is no answer
        self.assertEqual(page.press("fit", job_title="Head+of+Purchasing", phone="%2B49+821+1234567", company="", email="").status, 200)
        offer = self.message("offer", lead=lead)
        self.assertEqual([(t["state"], t["result"]) for t in self.tasks(g, lead)], [("done", "fit")])
        shown = self.lead(g, lead)
        self.assertEqual((shown["stage"], shown["owner"], shown["profile"]["job_title"]), ("mql", offer["data"]["owner"], "Head of Purchasing"))
        self.assertIn("qualify and enrich: fits", self.explained(g, lead))
        self.assertEqual(page.open().status, 409)
        self.assertIn(b"settled", page.open().body)
        self.assertEqual(ActionPage(g, offer).press("accept").status, 200)
        self.assertEqual(self.lead(g, lead)["stage"], "sal")

    def test_the_owner_of_a_queue_is_notified_and_any_rep_of_the_team_may_do_the_task(self):
        g = self.scene(start=False, edits=ALWAYS_OPEN)
        g.write("alerts.yaml", fakes.alerts_yaml(self.chat, timing={"group": {"window": "15m", "collect": "2s"}}))
        g.start().wait_ready()
        for n in range(3):
            g.deliver(self.contact_request(g, f"e{n}", form="anyOther", company="Beispiel GmbH", name=f"Person {n}", email=f"p{n}@person.example"))
        message = self.message("task")
        self.assertEqual((message["data"]["recipient"]["id"], len(message["data"]["members"])), ("lena", 3), message)
        self.assertEqual({m["queue"] for m in message["data"]["members"]}, {"sales"})
        first, second, third = message["data"]["members"]
        self.assertEqual(ActionPage(g, {"data": first}).press("fit", job_title="Head", phone="", company="", email="").status, 200)
        self.assertEqual(g.act(second["lead"], "task", rep="max", outcome="unfit").status, 200)
        self.assertEqual([self.lead(g, m["lead"])["stage"] for m in (first, second, third)], ["mql", "nurture", "lead"])
        self.assertEqual([m["data"]["recipient"]["id"] for m in self.chat.messages("task")], ["lena"])

    def test_an_unclear_lead_gets_a_new_task_and_an_unfit_lead_ends(self):
        g, message = self.fresh()
        lead = message["data"]["lead"]
        self.assertEqual(g.act(lead, "task", rep="erika", outcome="fit").status, 409, "the task belongs to another rep")
        self.assertEqual(ActionPage(g, message).press("unclear", job_title="", phone="", company="", email="").status, 200)
        self.assertEqual({(t["state"], t.get("result")) for t in self.tasks(g, lead)}, {("done", "unclear"), ("open", None)})
        self.assertEqual(self.lead(g, lead)["stage"], "lead")
        self.assertEqual(g.act(lead, "task", rep="max", outcome="unfit").status, 200)
        self.assertEqual(self.lead(g, lead)["stage"], "nurture")
        self.assertEqual(self.chat.messages("offer"), [])


class Appointment(WorkScene):
    def meeting(self, g, lead):
        return g.get(f"/api/v1/meetings?lead={lead}")["items"][-1]

    def begun(self, page):
        wait_until(lambda: b'value="held"' in page.open().body, "the appointment has begun", 30, every=0.6)

    def test_an_appointment_is_moved_missed_and_held(self):
        g = self.scene(edits=ALWAYS_OPEN)
        offer = self.offer(g)
        lead, owner = offer["data"]["lead"], offer["data"]["owner"]
        page = ActionPage(g, offer)
        self.assertEqual(page.press("accept").status, 200)
        self.assertNotIn(b'value="moved"', page.open().body)
        self.assertEqual(g.act(lead, "meeting", rep=owner, outcome="booked", wake_at=soon(days=1)).status, 200)
        self.assertEqual(self.lead(g, lead)["stage"], "sql")
        self.assertNotIn(b'value="held"', page.open().body)
        self.assertEqual(page.press("moved", start="").status, 400)
        self.assertEqual(page.press("moved", start="2030-07-01T10:00").status, 200)
        meeting = self.meeting(g, lead)
        self.assertEqual((meeting["state"], meeting["at"], meeting["moves"]), ("booked", "2030-07-01T08:00:00Z", 1))
        self.assertEqual(g.act(lead, "meeting", rep=owner, outcome="moved", wake_at=soon(seconds=1)).status, 200)
        self.begun(page)
        self.assertEqual(page.press("no_show").status, 200)
        self.assertEqual(self.meeting(g, lead)["state"], "no_show")
        self.message("task", owner, task_kind="reschedule")
        self.assertEqual(g.act(lead, "meeting", rep=owner, outcome="booked", wake_at=soon(seconds=1)).status, 200)
        self.begun(page)
        wait_until(lambda: any(c["definition"] == "meeting_held" and c["state"] == "running" for c in self.lead(g, lead)["clocks"]), "the clock of the meeting runs")
        self.assertEqual(page.press("held").status, 200)
        self.assertEqual(self.meeting(g, lead)["state"], "held")
        self.assertEqual({c["state"] for c in self.lead(g, lead)["clocks"] if c["definition"] == "meeting_held"}, {"cancelled", "stopped"})
        attempt = self.lead(g, lead)["episode"]["attempts"][-1]
        self.assertEqual((attempt["channel"], attempt["outcome"], attempt["evidence_kind"]), ("meeting", "reached", "attested"))
        for words in ("appointment moved", "did not attend", "the appointment took place"):
            self.assertIn(words, self.explained(g, lead))


class AlertAnswers(WorkScene):
    def test_an_acknowledged_alert_is_kept_back_for_one_rep_and_reaches_the_others(self):
        g = self.scene(edits=[*ALWAYS_OPEN, *QUICK])
        offer = self.offer(g)
        lead, owner = offer["data"]["lead"], offer["data"]["owner"]
        self.assertEqual({link.get("action") for link in offer["data"]["links"]} & {"acknowledge", "snooze"}, set(), "an offer is no alert")
        page = ActionPage(g, self.message("warning", owner), "snooze")
        nonce = page.nonce()
        self.assertNotIn("alert.", str(g.get(f"/api/v1/leads/{lead}/timeline?limit=200")), "opening the page is no answer")
        self.assertEqual(page.press("snooze", nonce, reason="on_it", until="").status, 400)
        self.assertEqual(page.press("snooze", nonce, reason="on_it", until="30m", note="At+their+office").status, 200)
        again = page.press("acknowledge", nonce)
        self.assertEqual(again.status, 409)
        self.assertIn(b"already saved", again.body)
        breach = self.message("breach", "lena")
        self.assertTrue(any(f["label"] == "Acknowledged by" for f in breach["data"]["facts"]), breach)
        self.assertEqual(ActionPage(g, breach, "acknowledge").press("acknowledge").status, 200)
        known = lambda: self.explained(g, lead).count("who has already acknowledged")
        wait_until(lambda: known() >= 2, "the breach to the owner and the escalation are kept back", 40)
        self.assertEqual([m for m in self.chat.messages("breach") if m["data"]["recipient"]["id"] == owner and m["data"]["clock"] == "first_contact"], [])
        self.assertEqual([m for m in self.chat.messages("escalation") if m["data"]["clock"] == "first_contact"], [])
        self.assertIn('acknowledged the alert for clock "first contact"', self.explained(g, lead))
        self.assertIn("already working on it", self.explained(g, lead))
        self.assertIn('"At their office"', self.explained(g, lead))
        self.assertEqual(ActionPage(g, offer).press("reached").status, 200)
        over = ActionPage(g, breach, "acknowledge").open()
        self.assertEqual(over.status, 409)
        self.assertIn(b"settled", over.body)


class SecondPerson(WorkScene):
    def test_two_people_reopen_a_lead(self):
        g = self.scene(edits=ALWAYS_OPEN)
        offer = self.offer(g)
        lead, owner = offer["data"]["lead"], offer["data"]["owner"]
        self.assertEqual(g.act(lead, "disqualify", rep=owner, reason="competitor").status, 200)
        self.assertEqual(g.act(lead, "reopen", rep=owner, reason="mistaken_identity").status, 200)
        message = self.message("task", "lena", task_kind="reopen")
        self.assertIn("asks to reopen the lead", message["data"]["headline"])
        page = ActionPage(g, message, "decide")
        self.assertIn(b"mistaken identity", page.open().body)
        self.assertEqual(page.press("keep_out").status, 200)
        self.message("task", owner, task_kind="stays_out")
        self.assertEqual(page.open().status, 409)
        self.assertEqual(g.act(lead, "reopen", rep=owner, reason="mistaken_identity").status, 200)
        self.assertEqual(page.press("reopen").status, 200)
        self.assertEqual(self.lead(g, lead)["stage"], "lead")
        self.assertIn("agreed to reopen the lead", self.explained(g, lead))
        told = self.message("task", owner, task_kind="comes_back")
        self.assertIn("reopened, Lena Leitung agreed" if told["data"]["language"] == "en" else "kommt zurück, Lena Leitung hat zugestimmt", told["data"]["headline"])


if __name__ == "__main__":
    unittest.main()
