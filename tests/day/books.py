"""Checks that the books of a day balance, from its history alone (exported state, decision log, received messages):

B1  every open lead has one known owner, or waits with a clock; no lead has two open handovers                      (rule 8)
B2  each message came at most once for a clock, a step and a recipient; only kills cause repeats, word for word     (rule 11)
B3  the segments of every clock are contiguous and sum to its wall time; it is due when its budget has elapsed      (rule 9)
B4  in the pool without caps and absences, whose members are always free, shares are fair at every moment           (rule 6)
B5  no lead went to an absent rep, nor outside the working hours of a rep if the pool respects them                 (rule 7)
B6  no contact clock stopped without evidence from a person in sales                                                (rule 12)
B7  a breach stays a breach, is sent, and matches the arithmetic of the clock's own segments                        (rule 11)

The judge computes business time independently (cast.Hours), second by second, from the same file of hours.
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from cast import SETTINGS, ZONES, Cast, Hours
from history import History, Line
from invariants import Violation, seconds_of

OPEN = ("mql", "sal", "sql", "opportunity")
CONTACT = ("first_contact",)
STEP = re.compile(r"^(?P<person>[^:]+):(?P<clock>[a-z_]+#\d+):(?P<step>[^:]+):(?P<recipient>[^:]+)")
MS = 0.0015  # instants are whole milliseconds
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def duration(text: str) -> float:
    return sum(int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)(ms|s|m|h|d)", text))


class Books:
    def __init__(self, history: History, cast: Cast):
        self.history, self.cast = history, cast
        self.end = history.state["settled_at"]
        self.hours = {calendar: Hours(zone) for calendar, zone in {**ZONES, "office": ZONES["emea"]}.items()}
        self.known = {*cast.reps, *cast.leads.values()}

    # --- B1

    def owners(self) -> Iterator[Violation]:
        for person in self.history.persons:
            open_offers = [h for h in person.get("handovers", ()) if h["state"] in ("drafted", "offered", "delivered", "seen")]
            if len(open_offers) > 1:
                yield Violation("B1", f"{len(open_offers)} handovers are open", person["lead"])
            if person.get("stage") not in OPEN:
                continue
            owner = person.get("owner")
            waiting = [c for c in person["clocks"] if c["state"] in ("running", "paused")]
            if owner and owner not in self.known:
                yield Violation("B1", f"its owner {owner} is unknown", person["lead"])
            if not owner and not waiting:
                yield Violation("B1", "it has neither an owner nor a queue with a clock", person["lead"])
            if owner and open_offers and open_offers[0]["rep"] != owner:
                yield Violation("B1", f"it is offered to {open_offers[0]['rep']} and owned by {owner}", person["lead"])

    # --- B2

    def messages(self) -> Iterator[Violation]:
        arrived: dict[tuple, list[Line]] = defaultdict(list)
        for line in self.history.effects:
            if line["kind"] == "blind" and line["applied"]:
                step = STEP.match(line["key"])
                arrived[step.groups() if step else (line["key"],)].append(line)
        for what, lines in arrived.items():
            if len({line["key"] for line in lines}) > 1:
                yield Violation("B2", f"{len(lines)} messages for one clock, step and recipient under different keys", lines[0]["key"])
            if len({str(line["content"]) for line in lines}) > 1:
                yield Violation("B2", "the repeat has another content", lines[0]["key"])
            for first, second in zip(lines, lines[1:]):
                if not any(first["at"] - self.kill_slack <= fault["at"] <= second["at"] for fault in self.history.faults):
                    yield Violation("B2", f"sent again after {second['at'] - first['at']:.1f} s without a fault between", ":".join(what))

    @property
    def kill_slack(self) -> float:
        return self.history.run.get("kill_slack", 0.0)

    # --- B3

    def clocks(self) -> Iterator[Violation]:
        for person in self.history.persons:
            for clock in person["clocks"]:
                for fault in self.of_clock(clock):
                    yield Violation("B3", f"clock {clock['id']}: {fault}", person["lead"])

    def of_clock(self, clock: Line) -> Iterator[str]:
        parts = [(s["kind"], seconds_of(s["from"]), seconds_of(s["to"]) if "to" in s else None) for s in clock["segments"]]
        begin, end = seconds_of(clock["started_at"]), seconds_of(clock["stopped_at"]) if "stopped_at" in clock else None
        if not parts or parts[0][1] != begin:
            yield "its first segment does not begin at its start"
            return
        if any(earlier[2] != later[1] for earlier, later in zip(parts, parts[1:])):
            yield "its segments are not contiguous"
            return
        if parts[-1][2] != end:
            yield f"its last segment ends at {parts[-1][2]}, the clock at {end}"
            return
        finish = self.end if end is None else end
        counted = sum(self.counts(clock, f, finish if t is None else t) for kind, f, t in parts if kind == "counted")
        paused = sum((finish if t is None else t) - f for kind, f, t in parts if kind == "paused")
        closed = sum((finish if t is None else t) - f - self.counts(clock, f, finish if t is None else t) for kind, f, t in parts if kind == "counted")
        if abs(counted + paused + closed - (finish - begin)) > MS:
            yield f"{counted} counted, {paused} paused and {closed} closed are not {finish - begin}"
        if parts[-1][0] == "counted":
            due = self.due(clock, [p for p in parts if p[0] == "counted"])
            if abs(due - seconds_of(clock["due"])) > MS:
                yield f"due at {clock['due']}, by its budget of {clock['budget']} {due - seconds_of(clock['due']):+.3f} s from that"

    def counts(self, clock: Line, begin: float, end: float) -> float:
        return end - begin if clock["unit"] == "wall" else self.hours[clock["calendar"]].between(begin, end)

    def due(self, clock: Line, parts: list) -> float:
        left = duration(clock["budget"])
        for n, (_, begin, end) in enumerate(parts):
            if n + 1 == len(parts):
                return begin + left if clock["unit"] == "wall" else self.hours[clock["calendar"]].after(begin, left)
            if self.counts(clock, begin, end) >= left:
                return begin + left if clock["unit"] == "wall" else self.hours[clock["calendar"]].after(begin, left)
            left -= self.counts(clock, begin, end)
        raise AssertionError("no counted segment")

    # --- B4

    def fairness(self) -> Iterator[Violation]:
        members = {rep.id: rep.weight for rep in self.cast.reps.values() if rep.pool == "fair"}
        picks = sorted((pick["order"], pick["rep"]) for pick in self.picks() if pick["pool"] == "fair")
        for _, rep in picks:
            if rep not in members:
                yield Violation("B4", "the fair pool gave a lead to a rep of another pool", rep)
                return
        for pick in self.picks():
            if pick["pool"] == "fair" and pick["excluded"]:
                yield Violation("B4", f"{pick['excluded']} could not be picked, of whom nothing stood in the way", pick["lead"])
        counts = dict.fromkeys(members, 0)
        bound = max(Fraction(1, weight) for weight in members.values())
        for n, (_, rep) in enumerate(picks):
            counts[rep] += 1
            shares = [Fraction(counts[m], members[m]) for m in members]
            if max(shares) - min(shares) > bound:
                yield Violation("B4", f"after {n + 1} leads the shares are {max(shares)} and {min(shares)} apart by more than {bound}", rep)
                return

    def picks(self) -> Iterator[Line]:
        """Every assignment in the log. `order`: the turns taken in the pool until then, by the passes of all free reps."""
        for person in self.history.persons:
            for item in person["timeline"]:
                said = {reason["code"]: reason.get("facts", {}) for reason in item["reasons"]}
                if "assignment.made" not in said:
                    continue
                free = said.get("pool.candidates", {"passes": {}, "weights": {}})
                order = sum(taken * free["weights"][rep] for rep, taken in free["passes"].items())
                yield {"person": person["id"], "lead": person["lead"], "at": seconds_of(item["at"]), "rep": said["assignment.made"]["rep"],
                       "pool": said["assignment.made"].get("pool", ""), "by": said.get("pool.picked", {}).get("by", ""), "order": order, "restored": "assignment.restored" in said,
                       "excluded": [r["facts"]["rep"] for r in item["reasons"] if r["code"] == "pool.excluded"]}

    # --- B5

    def absences(self) -> Iterator[Violation]:
        for pick in self.picks():
            if pick["restored"]:
                continue  # back to the rep who reported a call in time
            rep, pool, at = pick["rep"], pick["pool"], pick["at"]
            who = self.cast.reps.get(rep)
            if who is None:
                if rep not in self.known:
                    yield Violation("B5", f"given to {rep}, who is unknown", pick["lead"])
            elif who.absent(at):
                yield Violation("B5", f"given to {rep}, who is absent", pick["lead"])
            elif SETTINGS.get(pool, {}).get("hours") == "respect" and who.pool == pool and not self.hours[pool].open_at(at):
                yield Violation("B5", f"given to {rep} outside working hours ({pick['by']})", pick["lead"])

    # --- B6

    def evidence(self) -> Iterator[Violation]:
        said: dict[str, list[Line]] = defaultdict(list)
        for act in self.history.acts:
            if act["rep"] != "bot" and act["action"] in ("attempt", "reached", "not_reached"):
                said[act["lead"]].append(act)
        for person in self.history.persons:
            for clock in person["clocks"]:
                if clock["definition"] not in CONTACT or clock["state"] != "stopped":
                    continue
                given = [a for a in person.get("attempts", ()) if a["evidence"] and a["evidence"] == clock.get("stopped_by")]
                if not given:
                    yield Violation("B6", f"{clock['id']} was stopped by {clock.get('stopped_by')!r}, which is no evidence", person["lead"])
                    continue
                if given[0]["evidence_kind"] not in ("external_id", "attested") or not said[person["lead"]]:
                    yield Violation("B6", f"{clock['id']} was stopped, and nobody in sales had said anything", person["lead"])
                elif given[0]["evidence_kind"] == "external_id" and given[0]["evidence"] not in {a["evidence"] for a in said[person["lead"]]}:
                    yield Violation("B6", f"no person in sales gave {given[0]['evidence']}", person["lead"])

    # --- B7

    def breaches(self) -> Iterator[Violation]:
        for person in self.history.persons:
            logged = {r["facts"]["id"] for item in person["timeline"] for r in item["reasons"] if r["code"] == "clock.breached"}
            for clock in person["clocks"]:
                broken = "breached_at" in clock
                if clock["id"] in logged and not broken:
                    yield Violation("B7", f"the breach of {clock['id']} was withdrawn", person["lead"])
                end = seconds_of(clock["stopped_at"]) if "stopped_at" in clock else self.end
                late = clock["state"] != "paused" and end > seconds_of(clock["due"]) + self.slack
                if late and not broken and clock["state"] in ("running", "stopped"):
                    yield Violation("B7", f"{clock['id']} was due at {clock['due']} and ended or runs on without a breach", person["lead"])
                if broken and clock["id"] not in logged:
                    yield Violation("B7", f"the breach of {clock['id']} is not in the log", person["lead"])

    @property
    def slack(self) -> float:
        """The permitted delay of a running clock at the end."""
        return self.history.run.get("overdue_s", 3.0)


CHECKS: dict[str, Callable[[Books], Iterator[Violation]]] = {
    "B1": Books.owners, "B2": Books.messages, "B3": Books.clocks, "B4": Books.fairness, "B5": Books.absences, "B6": Books.evidence, "B7": Books.breaches}


def balance(history: History, cast: Cast, wanted: tuple[str, ...] = tuple(CHECKS)) -> list[Violation]:
    books = Books(history, cast)
    return [violation for name in wanted for violation in CHECKS[name](books)]


def tally(history: History, cast: Cast) -> dict[str, int]:
    """Counts of the events of the day, so that a day without events does not pass."""
    books, persons = Books(history, cast), history.persons
    clocks = [c for p in persons for c in p["clocks"]]
    reasons = [h["reason"] for p in persons for h in p.get("handovers", ()) if h["state"] == "rejected"]
    kinds = [line["content"]["type"] for line in history.effects if line["kind"] == "blind" and line["applied"]]
    picks = list(books.picks())
    return {"leads": len(persons), "picks": len(picks), "fair": sum(p["pool"] == "fair" for p in picks), "reassigned": len(picks) - len({p["person"] for p in picks}),
            "queued": sum(p.get("stage") in OPEN and not p.get("owner") for p in persons), "clocks": len(clocks), "breached": sum("breached_at" in c for c in clocks),
            "late_evidence": sum(bool(c.get("late_evidence")) for c in clocks), "excused": sum(bool(c.get("excused")) for c in clocks),
            "paused": sum(any(s["kind"] == "paused" for s in c["segments"]) for c in clocks),
            "procedural": sum(r in ("wrong_product", "no_capacity") for r in reasons), "definitional": sum(r in ("no_fit", "not_ready") for r in reasons),
            "corrected": sum("handover.corrected" in i["happened"] for p in persons for i in p["timeline"]), "messages": len(kinds), "breach_messages": kinds.count("baton.breach"),
            "acts": sum(a["status"] == 200 for a in history.acts), "bots": sum(a["rep"] == "bot" for a in history.acts)}
