"""Tests of the judge of the books: an honest day passes, and each altered day fails."""
from __future__ import annotations

import copy
import pathlib
import sys
import unittest
from types import SimpleNamespace

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "faults")]
# pylint: disable=wrong-import-position
import books
from cast import Cast, Hours
from fasttime import rfc3339, utc

BEGIN = utc("2026-03-03T07:00:00").timestamp()
END = utc("2026-03-03T12:00:00").timestamp()


def at(clock: str) -> str:
    return f"2026-03-03T{clock}Z"


def segment(kind, begin, end=None):
    return {"kind": kind, "from": at(begin), **({"to": at(end)} if end else {})}


def a_clock(**more):
    """Five minutes of working time in Berlin, started before work: due at five past nine, stopped by a call in time."""
    return {"id": "first_contact#1", "definition": "first_contact", "state": "stopped", "started_at": at("07:30:00.000"), "due": at("08:05:00.000"), "budget": "5m",
            "calendar": "office", "unit": "working", "level": 75, "stopped_at": at("08:04:00.000"), "stopped_by": "call-1",
            "segments": [segment("counted", "07:30:00.000", "08:04:00.000")], **more}


def a_person(n=1, **more):
    person = {"id": f"p{n}", "lead": f"p{n}.1", "email": f"p{n}@x.example", "stage": "sal", "owner": "emea00", "clocks": [a_clock()],
              "handovers": [{"id": f"p{n}.1/1", "state": "accepted", "rep": "emea00", "reason": ""}],
              "attempts": [{"evidence": "call-1", "evidence_kind": "external_id", "rep": "emea00"}], "timeline": [a_pick("emea00", "emea", "07:31:00.000")]}
    return {**person, **more}


def a_pick(rep, pool, when, passes=None, weights=None, excluded=()):
    return {"at": at(when), "event": "e", "happened": ["assignment.made"], "reasons": [
        *({"code": "pool.excluded", "facts": {"rep": other, "why": "had_it"}} for other in excluded),
        {"code": "pool.candidates", "facts": {"passes": passes or {}, "weights": weights or {}}}, {"code": "pool.picked", "facts": {"rep": rep, "by": "turn"}},
        {"code": "assignment.made", "facts": {"rep": rep, "pool": pool, "hop": 1}}]}


def a_message(when, key="p1:first_contact#1:100:lead.emea", text="breach"):
    return {"at": utc("2026-03-03T" + when).timestamp(), "kind": "blind", "applied": True, "key": key, "content": {"type": text}}


class Balance(unittest.TestCase):  # unit
    def setUp(self):
        self.cast = Cast(1, BEGIN, 3)
        for rep in self.cast.reps.values():
            rep.away.clear()

    def found(self, check, persons=None, **more):
        acts = [{"lead": "p1.1", "action": "attempt", "evidence": "call-1", "rep": "emea00", "status": 200}]
        history = SimpleNamespace(run={}, state={"settled_at": END}, persons=[a_person()] if persons is None else persons, **{"effects": [], "faults": [], "acts": acts, **more})
        return [v.what for v in books.balance(history, self.cast, (check,))]

    def test_an_honest_day_balances(self):
        for check in books.CHECKS:
            self.assertEqual(self.found(check), [], check)

    def test_an_unknown_or_missing_owner_is_found(self):
        open_offer = {"id": "p1.1/2", "state": "offered", "rep": "emea01", "reason": ""}
        mine = {**open_offer, "rep": "emea00"}
        running = a_clock(state="running")
        for doctored in (a_person(owner="stranger"), a_person(owner=None), a_person(owner="", clocks=[a_clock(state="cancelled")]),
                         a_person(handovers=[mine, {**mine, "id": "p1.1/3"}]), a_person(handovers=[open_offer], clocks=[running])):
            self.assertEqual(len(self.found("B1", [doctored])), 1, doctored)
        self.assertEqual(self.found("B1", [a_person(owner=None, clocks=[running]), a_person(stage="nurture", owner=None)]), [])

    def test_repeated_messages_are_found(self):
        once, again = a_message("08:05:01"), a_message("08:06:00")
        kill = {"at": utc("2026-03-03T08:05:30").timestamp(), "what": "kill -9"}
        self.assertEqual(self.found("B2", effects=[once, again], faults=[kill]), [])
        self.assertEqual(len(self.found("B2", effects=[once, again])), 1)
        self.assertEqual(len(self.found("B2", effects=[once, {**again, "content": {"type": "other"}}], faults=[kill])), 1)
        self.assertEqual(len(self.found("B2", effects=[once, a_message("08:06:00", key=once["key"] + ":twice")], faults=[kill])), 1)
        self.assertEqual(self.found("B2", effects=[once, a_message("08:06:00", key="p1:first_contact#1:200:lead.emea")]), [])

    def test_altered_segments_are_found(self):
        paused = [segment("counted", "08:00:00.000", "08:02:00.000"), segment("paused", "08:02:00.000", "09:00:00.000"), segment("counted", "09:00:00.000", "09:02:00.000")]
        honest = a_clock(started_at=at("08:00:00.000"), due=at("09:03:00.000"), stopped_at=at("09:02:00.000"), segments=paused)
        self.assertEqual(self.found("B3", [a_person(clocks=[honest])]), [])
        doctored = {"a gap": ("segments", [paused[0], segment("paused", "08:03:00.000", "09:00:00.000"), paused[2]]), "no beginning": ("segments", paused[1:]),
                    "no end": ("segments", paused[:2]), "a late due time": ("due", at("09:03:01.000")), "an early one": ("due", at("08:05:00.000")),
                    "another start": ("started_at", at("07:59:00.000")), "nothing": ("segments", [])}
        for what, (member, value) in doctored.items():
            self.assertEqual(len(self.found("B3", [a_person(clocks=[{**honest, member: value}])])), 1, what)

    def test_due_times_follow_working_hours_and_the_wall_clock(self):
        friday = {**a_clock(budget="8h", state="running", started_at="2026-03-06T14:00:00.000Z", due="2026-03-09T14:00:00.000Z"),
                  "segments": [{"kind": "counted", "from": "2026-03-06T14:00:00.000Z"}]}
        del friday["stopped_at"]
        self.assertEqual(self.found("B3", [a_person(clocks=[friday])]), [])  # over the weekend
        self.assertEqual(len(self.found("B3", [a_person(clocks=[{**friday, "unit": "wall"}])])), 1)
        self.assertEqual(len(self.found("B3", [a_person(clocks=[{**friday, "calendar": "apac"}])])), 1)

    def fair(self, order):
        weights = {rep.id: rep.weight for rep in self.cast.reps.values() if rep.pool == "fair"}
        counts, persons = dict.fromkeys(weights, 0), []
        for n, rep in enumerate(order):
            passes = {r: 1_000_000 * c // weights[r] for r, c in counts.items()}
            persons.append(a_person(n, timeline=[a_pick(rep, "fair", "08:00:00.000", passes, weights)]))
            counts[rep] += 1
        return persons

    def test_unfair_shares_are_found(self):
        members = {rep.id: rep.weight for rep in self.cast.reps.values() if rep.pool == "fair"}
        turns = [rep for rep, weight in members.items() for _ in range(weight)]
        light = min(members, key=members.get)
        self.assertEqual(self.found("B4", self.fair(turns * 3)), [])
        self.assertEqual(len(self.found("B4", self.fair([*turns, light, light]))), 1)
        self.assertEqual(len(self.found("B4", [a_person(timeline=[a_pick("emea00", "fair", "08:00:00.000")])])), 1)
        self.assertEqual(len(self.found("B4", [a_person(timeline=[a_pick(light, "fair", "08:00:00.000", excluded=("fair01",))])])), 1)

    def test_leads_for_absent_reps_are_found(self):
        rep = self.cast.reps["emea00"]
        rep.away.append((utc("2026-03-03T07:00:00").timestamp(), utc("2026-03-03T07:31:00").timestamp()))
        self.assertEqual(self.found("B5"), [])  # the absence ends at that minute
        self.assertEqual(len(self.found("B5", [a_person(timeline=[a_pick("emea00", "emea", "07:30:59.000")])])), 1)
        self.assertEqual(len(self.found("B5", [a_person(timeline=[a_pick("amer00", "amer", "07:31:00.000")])])), 1)  # at night
        back = a_pick("amer00", "amer", "07:31:00.000")
        back["reasons"].append({"code": "assignment.restored", "facts": {"rep": "amer00"}})
        self.assertEqual(self.found("B5", [a_person(timeline=[back])]), [])
        self.assertEqual(len(self.found("B5", [a_person(timeline=[a_pick("nobody", "emea", "07:31:00.000")])])), 1)

    def test_a_stop_without_evidence_is_found(self):
        bare = a_person(attempts=[])
        bot = a_person(attempts=[{"evidence": "call-1", "evidence_kind": "none", "rep": ""}])
        attested = a_person(clocks=[a_clock(stopped_by="a-1")], attempts=[{"evidence": "a-1", "evidence_kind": "attested", "rep": "emea00"}])
        self.assertEqual(self.found("B6", [attested]), [])
        self.assertEqual(len(self.found("B6", [attested], acts=[])), 1)
        self.assertEqual(len(self.found("B6", acts=[])), 1)
        self.assertEqual(len(self.found("B6", acts=[{"lead": "p1.1", "action": "attempt", "evidence": "call-1", "rep": "bot", "status": 200}])), 1)
        self.assertEqual(len(self.found("B6", acts=[{"lead": "p1.1", "action": "attempt", "evidence": "call-9", "rep": "x", "status": 200}])), 1)
        self.assertEqual([len(self.found("B6", [p])) for p in (bare, bot)], [1, 1])

    def test_a_withdrawn_breach_is_found(self):
        breach = {"at": at("08:05:00.000"), "event": "e", "happened": [], "reasons": [{"code": "clock.breached", "facts": {"id": "first_contact#1"}}]}
        late = a_clock(stopped_at=at("08:30:00.000"), segments=[segment("counted", "07:30:00.000", "08:30:00.000")])
        broken = {**late, "breached_at": at("08:05:00.000")}
        self.assertEqual(self.found("B7", [a_person(clocks=[broken], timeline=[breach])]), [])
        for doctored in (a_person(clocks=[late]), a_person(timeline=[breach]), a_person(clocks=[broken])):
            self.assertGreaterEqual(len(self.found("B7", [doctored])), 1)

    def test_the_judge_counts_working_hours(self):
        berlin = Hours("Europe/Berlin")
        for begin, budget, due in (("2026-03-06T15:30:00", 3600, "2026-03-09T08:30:00"), ("2026-03-27T15:30:00", 3600, "2026-03-30T07:30:00"),
                                   ("2026-03-03T07:00:00", 300, "2026-03-03T08:05:00"), ("2026-03-03T15:00:00", 3600, "2026-03-03T16:00:00")):
            self.assertEqual(rfc3339(berlin.after(utc(begin).timestamp(), budget)), due + ".000Z")
            self.assertEqual(berlin.between(utc(begin).timestamp(), utc(due).timestamp()), budget)

    def test_the_judge_does_not_change_a_history(self):
        person = a_person()
        before = copy.deepcopy(person)
        self.found("B3", [person])
        self.assertEqual(person, before)


if __name__ == "__main__":
    unittest.main()
