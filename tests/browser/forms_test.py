"""The forms of the action page in a real browser, by keyboard alone on a phone, in German and English."""
import datetime
import unittest

from page_test import LONG, WORDS, PageScene
from rig import http_call, wait_until
from scene import ALWAYS_OPEN, page_path

# First contact is due after twelve seconds of wall time. The warning comes after four, and no rep loses the lead.
QUICK = [("policy/sla.yaml", "warnings: [75]\n    escalations: [200]", "warnings: [30]\n    escalations: [20000]"),
         ("policy/sla.yaml", "    budgets: {hand_raiser: 5m, transactional: 5m}\n    on_reassign: keep\n    on_breach: reassign",
          "    unit: wall\n    budgets: {hand_raiser: 12s, transactional: 12s}\n    on_reassign: keep\n    on_breach: none")]


class Forms:
    """The forms for work on leads, by keyboard alone on a phone, each checked against the accessibility rules."""

    def edits(self):
        return [*ALWAYS_OPEN, *QUICK, ("policy/lifecycle.yaml", "  team: sales ", "  rep: max ")]

    def message(self, kind, recipient=None, **facts):
        def found():
            fitting = [m for m in self.chat.messages(kind) if recipient in (None, m["data"]["recipient"]["id"]) and all(m["data"].get(k) == v for k, v in facts.items())]
            return fitting[-1] if fitting else None
        return wait_until(found, f"{kind} {facts}", 40)

    def shown(self, path):
        """Opens a page and checks all of it."""
        self.assertEqual(self.open(path, self.language)["status"], 200)
        page = self.browser("look")
        self.fits(page, 360)
        self.clean(must=("color-contrast", "button-name", "html-lang-valid"))
        self.assertEqual(page["lang"], self.language)
        return page

    def to(self, name):
        """Moves by the Tab key to the field or button with that id or value and checks that its focus is visible."""
        for _ in range(30):
            at = self.browser("press", key="Tab")
            self.assertIsNotNone(at, f"Tab does not reach {name}")
            if name in (at["id"], at["value"]):
                self.assertGreaterEqual(at["outline"], 2, at)
                return
        self.fail(f"Tab does not reach {name}")

    def pressed(self, name, says="done"):
        self.to(name)
        self.browser("enter")
        self.assertIn(WORDS[self.language][says], self.browser("look")["heading"])
        self.clean()

    def over(self, path):
        self.assertEqual(self.open(path, self.language)["status"], 409)
        self.assertIn(WORDS[self.language]["over"], self.browser("look")["heading"])

    def test_a_rep_qualifies_a_lead(self):
        self.g.deliver(self.contact_request(self.g, "q1", form="anyOther", company=LONG))
        message = self.message("task", task_kind="qualify")
        path = page_path(message)
        self.shown(path)
        for name, text in (("job_title", "Leiterin Einkauf"), ("phone", "+49 821 1234567")):
            self.to(name)
            self.browser("type", text=text)
        self.pressed("fit")
        lead = self.lead(message)
        self.assertEqual((lead["stage"], lead["profile"]["job_title"], lead["profile"]["phone"]), ("mql", "Leiterin Einkauf", "+498211234567"))
        self.over(path)

    def test_a_rep_answers_unfit_and_unclear(self):
        for button, stage in (("unclear", "lead"), ("unfit", "nurture")):
            self.g.deliver(self.contact_request(self.g, button, name=f"Erika {button}", email=f"{button}@beispiel.example", form="anyOther"))
            message = self.message("task", name=f"Erika {button}")
            self.shown(page_path(message))
            self.pressed(button)
            self.assertEqual(self.lead(message)["stage"], stage)

    def test_a_rep_reports_the_result_of_a_call(self):
        offer = self.offer(self.language)
        self.shown(page_path(offer))
        self.to("outcome")
        self.browser("type", text={"de": "Bes", "en": "Bus"}[self.language])
        self.pressed("not-reached")
        self.assertEqual([a["outcome"] for a in self.lead(offer)["episode"]["attempts"]], ["busy"])

    def book(self, offer, **length):
        at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**length)
        answer = self.g.act(offer["data"]["lead"], "meeting", rep=offer["data"]["owner"], outcome="booked", wake_at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        self.assertEqual(answer.status, 200)

    def meeting(self, offer):
        return self.g.get(f"/api/v1/meetings?lead={offer['data']['lead']}")["items"][-1]

    def begun(self, path):
        wait_until(lambda: b'value="held"' in http_call(self.g.public_port, "GET", path, headers={"X-Forwarded-For": self.address()}).body, "the appointment has begun", 30, every=0.3)

    def test_a_rep_moves_an_appointment_and_reports_whether_it_took_place(self):
        offer = self.offer(self.language)
        path = page_path(offer)
        self.book(offer, days=1)
        self.shown(path)
        self.to("start")
        self.browser("type", text="07072030")  # the same date in either order of day and month
        self.browser("press", key="Tab")
        self.browser("type", text="1030AM")
        self.pressed("moved")
        meeting = self.meeting(offer)
        self.assertEqual((meeting["at"], meeting["moves"]), ("2030-07-07T08:30:00Z", 1))  # half past ten in Berlin
        for button, state in (("no-show", "no_show"), ("held", "held")):
            self.book(offer, seconds=1)
            self.begun(path)
            self.shown(path)
            self.pressed(button)
            self.assertEqual(self.meeting(offer)["state"], state)

    def test_a_rep_answers_an_alert(self):
        offer = self.offer(self.language)
        path = page_path(self.message("breach", "lena", lead=offer["data"]["lead"]), "acknowledge")
        timeline = lambda: str(self.g.get(f"/api/v1/leads/{offer['data']['lead']}/timeline?limit=200"))
        page = self.shown(path)
        self.assertNotIn("alert.", timeline(), "opening the page is no answer")
        self.assertIn("Lena Leitung", page["text"])
        self.to("reason")
        self.browser("type", text={"de": "sch", "en": "alr"}[self.language])  # selects "schon in Arbeit" or "already working on it"
        self.to("note")
        self.browser("type", text="Größe & <Ort>")
        self.to("until")
        self.browser("type", text="2")
        self.pressed("snooze")
        self.assertIn("alert.snoozed", timeline())
        self.assertIn({"de": "Nächste Erinnerung an Sie", "en": "You will be reminded"}[self.language], self.shown(path)["text"])
        self.pressed("known")
        self.assertIn("alert.acknowledged", timeline())
        self.assertIn({"de": "Sie haben diesen Alarm zur Kenntnis genommen.", "en": "You have acknowledged this alert."}[self.language], self.shown(path)["text"])
        self.assertEqual(self.g.act(offer["data"]["lead"], "attempt", rep=offer["data"]["owner"], channel="phone", outcome="reached").status, 200)
        self.over(path)

    def test_a_second_person_decides(self):
        offer = self.offer(self.language)
        for action, reason in (("disqualify", "competitor"), ("reopen", "mistaken_identity")):
            self.assertEqual(self.g.act(offer["data"]["lead"], action, rep=offer["data"]["owner"], reason=reason).status, 200)
        path = page_path(self.message("task", "lena", task_kind="reopen"), "decide")
        self.shown(path)
        self.pressed("agree")
        self.assertEqual(self.lead(offer)["stage"], "lead")
        self.over(path)


class GermanForms(Forms, PageScene):
    language = "de"


class EnglishForms(Forms, PageScene):
    language = "en"


if __name__ == "__main__":
    unittest.main()
