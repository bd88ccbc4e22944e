"""The history of the store fixture: a fortnight in which fictitious persons reach every state that a lead can have."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import fakes
import senders
from fasttime import utc
from play import DAY, HOUR, MINUTE, Play, rfc
from world import Person


def ms(text: str) -> int:
    return round(utc(text).timestamp() * 1000)


BEGIN, TAKEN = ms("2026-03-02T08:00:00"), ms("2026-03-17T09:10:00")  # 10:10 in Munich, before dawn in New York


class Past(Play):
    def __init__(self, stage: Any):
        super().__init__(stage, "past")
        self.persons: list[Person] = []
        self._group = 0

    # --- casting

    def cast(self, count: int, life: Callable[..., None], days: tuple[float, float] = (0.0, 11.0), country: str = "DE", consumer: bool = False) -> None:
        """Adds persons who begin this life within these days, in working hours."""
        self._group += 1
        for k in range(count):
            person = Person(len(self.persons) + 1, country, consumer)
            self.persons.append(person)
            self.stage.expect(person.id, person.email)
            day = days[0] + (days[1] - days[0]) * k / max(1, count - 1)
            weekday = int(day) + (2 if int(day) % 7 in (5, 6) else 0)  # no one begins on a weekend
            begin = BEGIN + weekday * DAY + (self._group * 7 + k * 53) % 420 * MINUTE + person.n * 1000
            life(person, begin, k)

    def then(self, at: int, what: str, scene: Callable[..., Any], *given: Any, **more: Any) -> None:
        self.at(at, what, partial(scene, *given, **more))

    def asks(self, p: Person, at: int, **facts: Any) -> None:
        self.then(at, f"{p.n} asks for contact", self.write, p, "contact", message=f"Bitte um Rückruf {p.n}", **facts)

    def reads(self, p: Person, at: int) -> None:
        self.then(at, f"{p.n} reads", self.write, p, "download", form_id=f"Leitfaden {p.n % 3}")

    # --- lives

    def signs_up(self, p: Person, at: int, k: int) -> None:
        self.then(at, "signs up", self.write, p, "newsletter")

    def signs_up_and_confirms(self, p: Person, at: int, k: int) -> None:
        self.signs_up(p, at, k)
        self.then(at + 3 * HOUR, "confirms", self.write, p, "consent", email_consent="yes", wording="Newsletter 2")

    def looks_around(self, p: Person, at: int, k: int) -> None:
        self.reads(p, at)
        for n in range(k % 4):
            self.then(at + (n + 1) * 5 * HOUR, "looks at pages", self.write, p, "pages", f"page-{p.n}-{n}", page=f"produkt-{n}")

    def is_found_to_fit(self, p: Person, at: int, k: int) -> None:
        self.reads(p, at)
        self.then(at + 2 * HOUR, "fits", self.act, p, "task", by="max", outcome="fit", facts={"job_title": "Leitung Einkauf", "city": "München"}, note="am Telefon geklärt")
        if k % 2:
            self.then(at + 5 * HOUR, "accepts", self.act, p, "accept")

    def is_found_not_to_fit(self, p: Person, at: int, k: int) -> None:
        self.reads(p, at)
        self.then(at + 2 * HOUR, "unclear" if k % 2 else "does not fit", self.act, p, "task", by="lena", outcome="unclear" if k % 2 else "unfit")
        if k == 3:
            self.then(at + 3 * HOUR, "is no customer of ours", self.act, p, "icp", fits=False)

    def is_left_lying(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        if k % 3 == 1:
            self.then(at + 90 * MINUTE, "the lead knows", self.act, p, "acknowledge", by="lena", clock="first_contact#1")

    def is_called_in_vain(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "accepts", self.act, p, "accept")
        for n, outcome in enumerate(("no_answer", "busy", "no_answer", "voicemail")[: 1 + k % 4]):
            self.then(at + 3 * MINUTE + n * 26 * HOUR, "calls", self.call, p, outcome, n, "email" if n == 1 else "phone")
        if k % 4 == 0:
            self.then(at + 8 * HOUR, "is asked to call later", self.call, p, "callback", 9, wake_at=rfc(TAKEN + (k + 1) * 5 * HOUR))

    def is_qualified(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "is reached", self.call, p, "reached", 1)
        self.then(at + 2 * HOUR, "is qualified", self.act, p, "qualify", evidence=f"mail-{p.n}", channel="email")

    def becomes_a_deal(self, p: Person, at: int, k: int) -> None:
        self.is_qualified(p, at, k)
        self.then(at + 20 * HOUR, "is a deal", self.crm, p, "stages", "deal", stage="opportunity", owner="erika@example.com")

    def buys(self, p: Person, at: int, k: int) -> None:
        self.becomes_a_deal(p, at, k)
        self.then(at + 30 * HOUR, "buys", self.crm, p, "won", "won")
        if k % 2:
            self.then(at + 60 * HOUR, "asks again", self.write, p, "quote", f"again-{p.n}", message="Noch ein Angebot bitte")
            self.then(at + 61 * HOUR, "accepts again", self.act, p, "accept", cycle=2)

    def is_lost(self, p: Person, at: int, k: int) -> None:
        self.becomes_a_deal(p, at, k)
        self.then(at + 30 * HOUR, "is lost", self.crm, p, "lost", "lost", **({"reason": "price"} if k % 2 else {}))
        if k % 4 == 2:
            self.then(at + 33 * HOUR, "says why", self.act, p, "reason", reason="timing")

    def is_put_off(self, p: Person, at: int, k: int) -> None:
        self.is_called_in_vain(p, at, 1)
        self.then(at + 50 * HOUR, "not now", self.act, p, "recycle", reason="later" if k % 2 else "no_budget", **({"wake_at": rfc(TAKEN + (k + 1) * 8 * HOUR)} if k % 2 else {}))
        if k == 2:
            self.asks(p, at + 80 * HOUR)

    def is_ruled_out(self, p: Person, at: int, k: int) -> None:
        self.is_qualified(p, at, k)
        self.then(at + 6 * HOUR, "is ruled out", self.act, p, "disqualify", reason=("competitor", "no_need", "spam")[k % 3], note="laut Handelsregister")
        if k % 3:
            self.then(at + 9 * HOUR, "is wanted back", self.act, p, "reopen", by="erika", reason="mistaken_identity")
        if k % 3 == 2:
            self.then(at + 10 * HOUR, "a second one agrees" if k % 2 else "a second one does not", self.act, p, "reopen", by="lena", reason="mistaken_identity", **({} if k % 2 else {"outcome": "declined"}))

    def has_wrong_data(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "data are wrong", self.act, p, "reject", reason="data_wrong" if k % 2 else "data_missing", note="Nummer falsch")
        if k % 3 == 0:
            self.then(at + 4 * HOUR, "data are put right", self.write, p, "consent", f"right-{p.n}", phone=f"+49 89 66{p.n:05d}")

    def was_sent_wrong(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "wrong owner", self.act, p, "reject", reason=("wrong_territory", "no_capacity", "wrong_product")[k % 3])
        if k % 2:
            self.then(at + 4 * MINUTE, "accepts", self.act, p, "accept")

    def does_not_suit(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "does not suit", self.act, p, "reject", reason="no_fit" if k % 2 else "not_ready")

    def has_an_appointment(self, p: Person, at: int, k: int) -> None:
        start = TAKEN + (k - 2) * 7 * HOUR
        self.then(at, "books", self.calendly, p, f"M{p.n}", start)
        if k % 2:
            self.then(at + HOUR, "puts it off", self.act, p, "meeting", outcome="moved", wake_at=rfc(start + HOUR))

    def had_an_appointment(self, p: Person, at: int, k: int) -> None:
        start = at + 5 * HOUR
        self.then(at, "books", self.calendly, p, f"M{p.n}", start)
        if k % 3 == 0:
            self.then(start + HOUR, "was there", self.act, p, "meeting", outcome="held")
        elif k % 3 == 1:
            self.then(start + HOUR, "was not there", self.act, p, "meeting", outcome="no_show")
        else:
            self.then(start - HOUR, "calls it off", self.calendly, p, f"M{p.n}", start, "invitee.canceled", cancellation={"reason": "Reise verschoben"})

    def may_not_be_called(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 2 * MINUTE, "accepts", self.act, p, "accept")
        if k % 3 == 1:
            self.then(at + 30 * HOUR, "agrees to calls", self.write, p, "consent", phone_consent="yes", wording="Telefon 1")

    def objects(self, p: Person, at: int, k: int) -> None:
        (self.asks if k % 2 else self.reads)(p, at)
        self.then(at + 30 * HOUR, "objects", self.write, p, "objection")

    def changes_consent(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at, email_consent="yes", phone_consent="yes", sms_consent="no", wording="Kontaktformular 3")
        self.then(at + 2 * MINUTE, "accepts", self.act, p, "accept")
        if k % 2:
            self.then(at + 5 * HOUR, "withdraws", self.write, p, "consent", f"no-{p.n}", phone_consent="no", email_consent="no")

    def fits_no_rule(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)

    def asks_abroad(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        if k % 2:
            self.then(at + 3 * HOUR + 10 * MINUTE, "accepts", self.act, p, "accept")
        if k % 4 == 1:
            self.then(at + 8 * HOUR, "calls", self.call, p, "no_answer", 1)

    def was_imported(self, p: Person, at: int, k: int) -> None:
        self.then(at, "is imported", self.write, p, "contact", timestamp=rfc(at - (40 if k % 2 else 2) * DAY), message="aus dem alten System")

    def is_moved_in_the_crm(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at)
        self.then(at + 10 * MINUTE, "gets another owner", self.crm, p, "owners", "owner", owner="anna@example.com" if k % 2 else "max@example.com")
        self.then(at + 20 * MINUTE, "is called", self.crm, p, "contacts", "called", outcome="no_answer", channel="phone", evidence=f"crm-{p.n}", owner="anna@example.com" if k % 2 else "max@example.com")

    def belongs_to_an_account(self, p: Person, at: int, k: int) -> None:
        self.asks(p, at, website="konzern.example", company="Konzern AG")

    def is_urgent_now(self, p: Person, at: int, k: int) -> None:
        begin = TAKEN - (9 - k) * MINUTE + p.n * 11  # of a budget of 5 minutes: some are breached, some warned, some just begun
        self.asks(p, begin)
        if k == 1:
            self.then(TAKEN - MINUTE, "later, please", self.act, p, "snooze", by="lena", reason="on_it", wake_at=rfc(TAKEN + 40 * MINUTE), note="im Termin", clock="first_contact#1")
        if k == 2:
            self.then(TAKEN - MINUTE + 1000, "knows", self.act, p, "acknowledge", by="lena")

    # --- all of it

    def plan(self) -> None:
        cast = self.cast
        cast(6, self.signs_up, (8, 11))
        cast(6, self.signs_up, (0, 4))  # their sign-up expires
        cast(6, self.signs_up_and_confirms)
        cast(14, self.looks_around)
        cast(8, self.is_found_to_fit)
        cast(6, self.is_found_not_to_fit)
        cast(10, self.is_left_lying)
        cast(12, self.is_called_in_vain, (2, 11))
        cast(10, self.is_qualified)
        cast(6, self.becomes_a_deal)
        cast(6, self.buys, (0, 7))
        cast(10, self.is_lost, (0, 9))
        cast(6, self.is_put_off, (0, 8))
        cast(9, self.is_ruled_out)
        cast(8, self.has_wrong_data)
        cast(8, self.was_sent_wrong)
        cast(4, self.does_not_suit)
        cast(6, self.has_an_appointment, (6, 11))
        cast(7, self.had_an_appointment)
        cast(6, self.may_not_be_called, consumer=True)
        cast(6, self.objects)
        cast(6, self.changes_consent)
        cast(5, self.fits_no_rule, country="FR")
        cast(12, self.asks_abroad, country="US")
        cast(8, self.asks_abroad, country="CH")
        cast(4, self.was_imported)
        cast(4, self.is_moved_in_the_crm)
        cast(3, self.belongs_to_an_account)
        cast(9, self.is_urgent_now)
        self.at(BEGIN + 3 * DAY, "deliveries that nobody can read", self.unreadable)
        for p in self.persons[20:23]:
            self.at(BEGIN + 11 * DAY, "the CRM refuses somebody it knows", partial(self.stage.crm.refused.__setitem__, p.email, True))
            self.at(BEGIN + 11 * DAY + MINUTE, "of whom there is news", partial(self.write, p, "pages", f"refused-{p.n}", page="preise"))
        for n in (1, 2):
            self.at(BEGIN + n * 4 * DAY + 7 * HOUR, "the channel refuses", partial(self.stage.chat.script.append, fakes.answer(410, b"gone", "text/plain")))
            self.at(BEGIN + n * 3 * DAY + 5 * HOUR, "a task is refused", partial(self.stage.crm.task_script.append, fakes.answer(400, b'{"category":"VALIDATION_ERROR","message":"no"}')))

    def unreadable(self) -> Any:
        self.deliver("standard_webhooks", "broken", b"[1, 2")
        self.deliver("contact", "nobody", {"message": "ohne Absender", "country": "DE"})
        return self.deliver("hubspot", "html", b"<html>")

    # --- the end: destinations away, then Redis

    def outage(self) -> None:
        """CRM and channel are down: pushes and messages of these persons wait."""
        self.stage.crm.is_down = self.stage.chat.is_down = True
        for k in range(10):
            p = self.persons[20 + 11 * k]
            self.write(p, "contact", f"late-{p.n}", message="Bitte dringend melden")
        for k in range(4):
            p = Person(901 + k)
            self.stage.expect(p.id, p.email)
            self.persons.append(p)
            self.write(p, "contact" if k % 2 else "download")
        self.stage.expect(Person(950).id, "frida@spool.example")

    def spooled(self) -> None:
        """Redis hangs, so these deliveries go to the spool. Their persons are in the CRM already, or unknown."""
        for k in range(5):
            p = self.persons[41 + 13 * k]
            self.write(p, "pages", f"spooled-{p.n}", page="preise")
        self.deliver("contact", "spooled-nobody", {"message": "ohne Absender", "country": "DE"})
        body = senders.typeform_body("spooled-form", "Frida Spool", "frida@spool.example", form="anyOther")
        body["form_response"]["submitted_at"] = rfc(TAKEN)
        self.deliver("typeform", "form", body)
