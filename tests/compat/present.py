"""The events after the fixture was taken, the same for every version: a working day with clocks that are met, warned and
breached, then a change of the agreement, then a day without events. The persons are those of past.py.

Each new person is in the CRM before the handover. Otherwise the timing of threads would decide whether their first push
already contains the offer.
"""
from __future__ import annotations

from functools import partial
from typing import Any

import fakes
from past import TAKEN, ms
from play import DAY, HOUR, MINUTE, Play, rfc
from stage import Stage
from world import Person

EVENING = ms("2026-03-17T16:31:00")  # a minute after the digest's hour
LATER = ms("2026-03-18T16:25:00")  # before the next digest, which follows the steady clock
NEW = 1000  # number of the first new person


class Present(Play):
    def __init__(self, stage: Stage, links: dict[str, str]):
        super().__init__(stage, "present")
        self.links = links
        self.new = [Person(NEW + k, country) for k, country in enumerate(("DE", "DE", "AT", "US", "CH", "DE", "FR", "DE", "DE", "DE"))]
        self._at = TAKEN

    def next(self, what: str, scene: Any, *given: Any, minutes: float = 3, **more: Any) -> None:
        """Plans a scene some minutes after the one before."""
        self._at += round(minutes * MINUTE)
        self.at(self._at, what, partial(scene, *given, **more))

    def page(self, person: Person, kind: str, action: str, **fields: str) -> Any:
        """Uses the link of a message that was sent before the fixture was taken."""
        return self.press(self.links[f"{kind} {action if kind == 'breach' else 'accept'} {person.lead}"], action, **fields)

    def somebody(self, life: str, k: int = 0) -> Person:
        return Person(LIVES[life] + k, COUNTRIES.get(life, "DE"), life == "may_not_be_called")

    # --- the day

    def plan_day(self) -> None:
        self.plan_links()
        self.plan_new()
        self.plan_known()
        self.plan_crm()
        self.plan_letters()

    def plan_links(self) -> None:
        """Links that were sent before the fixture was taken still work."""
        offered, breached = self.somebody("is_urgent_now", 6), [self.somebody("is_left_lying", k) for k in (2, 4)]
        self.next("accepted by an old link", self.page, offered, "offer", "accept", minutes=0.25)
        self.next("called by an old link", self.page, offered, "offer", "not_reached", outcome="no_answer", minutes=0.25)
        self.next("acknowledged by an old link", self.page, breached[0], "breach", "acknowledge", minutes=0.25)
        self.next("snoozed by an old link", self.page, breached[1], "breach", "snooze", reason="on_it", until="30m", note="gleich", minutes=0.25)

    def plan_new(self) -> None:
        for p in self.new:
            self.stage.expect(p.id, p.email)
            self.next(f"{p.n} reads", self.read_at_first, p, minutes=0.5)
            self.next(f"{p.n} is known to the CRM", lambda: None, minutes=0.5)
        for p in self.new[:7]:
            self.next(f"{p.n} asks", self.write, p, "contact", message="Bitte melden Sie sich", phone_consent="yes", email_consent="yes", wording="W1", minutes=2)
        a, b, c, d, e, f, _, h, i, j = self.new
        self.next("the same delivery again", self.write, a, "contact", message="Bitte melden Sie sich", phone_consent="yes", email_consent="yes", wording="W1")
        self.next("accepted", self.act, a, "accept", minutes=1)
        self.next("called", self.call, a, "no_answer", 1)
        self.next("reached", self.call, a, "reached", 2)
        self.next("qualified", self.act, a, "qualify")
        self.next("refused as wrong", self.act, b, "reject", reason="data_wrong", note="kein Anschluss", minutes=1)
        self.next("put right", self.write, b, "consent", "right", phone="+49 89 7777777")
        self.next("refused as not for us", self.act, c, "reject", reason="no_fit", minutes=1)
        self.next("refused as not mine", self.act, e, "reject", reason="wrong_territory", minutes=1)
        self.next("an appointment", self.calendly, f, "P1", TAKEN + 4 * HOUR)
        self.next("it is moved", self.act, f, "meeting", outcome="moved", wake_at=rfc(TAKEN + 5 * HOUR))
        self.next("found to fit", self.act, h, "task", by="max", outcome="fit", facts={"job_title": "CEO", "phone": "+49 821 1234567"}, note="passt")
        self.next("objects", self.write, i, "objection")
        self.next("an offer is wanted", self.write, j, "quote", message="Angebot über 20 Stück", utm_source="newsletter", utm_campaign="fruehling")
        self.next("a form", self.deliver, "typeform", "form", FORM)

    def read_at_first(self, person: Person) -> Any:
        """The first push fails, so the task about this person always waits for the second one, and is created later."""
        self.stage.crm.script.append(fakes.answer(503))
        return self.write(person, "download", form_id="Preisliste")

    def plan_known(self) -> None:
        some = self.somebody
        self.next("sales is late", self.act, some("is_urgent_now", 3), "accept")
        self.next("and calls", self.call, some("is_urgent_now", 3), "reached", 1)
        self.next("who was called before", self.call, some("is_called_in_vain", 2), "no_answer", 7)
        self.next("deal", self.crm, some("is_qualified", 1), "stages", "deal", stage="opportunity")
        self.next("won", self.crm, some("becomes_a_deal", 0), "won", "won")
        self.next("lost without a word", self.crm, some("becomes_a_deal", 1), "lost", "lost")
        self.next("and why", self.act, some("becomes_a_deal", 1), "reason", reason="price")
        self.next("a second one agrees", self.act, some("is_ruled_out", 1), "reopen", by="lena", reason="mistaken_identity")
        self.next("a second one does not", self.act, some("is_ruled_out", 4), "reopen", by="hanna", reason="mistaken_identity", outcome="declined")
        self.next("data come", self.write, some("has_wrong_data", 1), "consent", "right-known", phone="+49 89 8888888")
        self.next("was there", self.act, some("had_an_appointment", 5), "meeting", outcome="booked", wake_at=rfc(TAKEN + 2 * DAY))
        self.next("may be called from now on", self.write, some("may_not_be_called", 0), "consent", "calls", phone_consent="yes", wording="Telefon 2")
        self.next("confirms", self.write, some("signs_up", 5), "consent", "confirms", email_consent="yes", wording="Newsletter 3")
        self.next("the customer asks again", self.write, some("buys", 0), "contact", "customer", message="Nachbestellung")
        self.next("knows", self.act, some("is_left_lying", 8), "acknowledge", by="hanna")
        self.next("not now", self.act, some("is_qualified", 3), "recycle", reason="later", wake_at=rfc(TAKEN + 6 * DAY))
        self.next("not at all", self.act, some("is_qualified", 5), "disqualify", reason="competitor")
        self.next("nobody's business", self.act, some("is_qualified", 6), "accept", by="anna")
        self.next("no such reason", self.act, some("fits_no_rule", 0), "reject", reason="because")

    def plan_crm(self) -> None:
        """Answers and news of the CRM."""
        some, crm = self.somebody, self.stage.crm
        self.next("the CRM stumbles", crm.script.append, fakes.answer(500, b"oops", "text/plain"))
        self.next("of whom there is news", self.write, some("looks_around", 6), "pages", "stumble", page="preise")
        self.next("the CRM refuses one", crm.refused.__setitem__, some("looks_around", 7).email, True)
        self.next("of whom there is news, too", self.write, some("looks_around", 7), "pages", "refused", page="preise")
        self.next("a new owner there", self.crm, some("is_qualified", 2), "owners", "owner", owner="max@example.com")
        self.next("a call there", self.crm, some("is_left_lying", 2), "contacts", "call", outcome="reached", channel="phone", evidence="crm-call-1", owner="erika@example.com")
        self.next("a machine there", self.crm, some("is_left_lying", 5), "contacts", "machine", outcome="reached", channel="email", evidence="crm-mail-1", actor="automatic")
        self.next("a call is logged there", self.log_call, some("is_urgent_now", 7))
        self.next("a step back there", self.crm, some("becomes_a_deal", 3), "stages", "back", stage="mql")

    def log_call(self, person: Person) -> Any:
        """Logs a call in the CRM. The gateway finds it at its next question about this lead."""
        self.stage.crm.log_act("calls", "9001", person.email, hs_timestamp=self.stage.clock.text, hubspot_owner_id="71", hs_call_direction="OUTBOUND", hs_call_status="NO_ANSWER",
                               hs_object_source="INTEGRATION")

    def plan_letters(self) -> None:
        self.next("nobody can read it", self.deliver, "standard_webhooks", "broken", b"{")
        self.next("tried again", self.again, "intake")
        self.next("the channel fails", self.stage.chat.script.append, fakes.answer(500, b"", "text/plain"))
        self.next("who is told", self.write, self.somebody("fits_no_rule", 1), "contact", "again", message="Noch einmal")
        self.next("letters to the CRM again", self.again, "push")
        self.next("letters of messages again", self.again, "outbox")
        self.next("one is dropped", self.drop)
        # Otherwise the change of the agreement would reassign two leads of one pool at one instant, in any order.
        self.next("accepted late", self.act, self.new[7], "accept")

    def again(self, origin: str) -> Any:
        return [self.stage.g.api("POST", f"/api/v1/dead-letters/{letter['id']}/retry").status for letter in sorted(self.dead_letters(origin), key=lambda one: one["id"])[:2]]

    def drop(self) -> Any:
        letters = sorted(self.stage.g.dead_letters(), key=lambda one: one["id"])
        return self.stage.g.api("POST", f"/api/v1/dead-letters/{letters[0]['id']}/drop").status

    # --- the day after

    def plan_after(self) -> None:
        """The agreement changes during running clocks; afterwards only time passes."""
        self.at(EVENING + HOUR, "the agreement changes", self.change_agreement)

    def change_agreement(self) -> Any:
        sla = self.stage.config / "policy" / "sla.yaml"
        text = sla.read_text(encoding="utf-8")
        changed = text.replace("on_change: new_only", "on_change: from_now").replace("budget: 80h ", "budget: 60h ")
        assert changed != text
        sla.write_text(changed, encoding="utf-8")
        return self.stage.reload()


FORM = {"event_id": "present-form", "event_type": "form_response", "form_response": {
    "form_id": "kOnTaK", "token": "present", "submitted_at": "2026-03-17T09:30:00Z", "definition": {"id": "kOnTaK", "title": "Kontakt", "fields": [
        {"id": "q1", "ref": "r1", "type": "email", "title": "E-Mail"}, {"id": "q2", "ref": "r2", "type": "text", "title": "Nachricht"}]},
    "answers": [{"type": "email", "email": Person(NEW + 8).email, "field": {"id": "q1", "ref": "r1", "type": "email"}},
                {"type": "text", "text": "Rückfrage", "field": {"id": "q2", "ref": "r2", "type": "text"}}]}}
# The number of the first person of each life in past.py.
LIVES = {"signs_up": 1, "looks_around": 19, "is_left_lying": 47, "is_called_in_vain": 57, "is_qualified": 69, "becomes_a_deal": 79, "buys": 85, "is_ruled_out": 107,
         "has_wrong_data": 116, "had_an_appointment": 142, "may_not_be_called": 149, "fits_no_rule": 167, "is_urgent_now": 203}
COUNTRIES = {"fits_no_rule": "FR"}
