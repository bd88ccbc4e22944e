"""The invariants of a whole history, with the numbers of docs/explanation/guarantees.md:

I1  every event answered 2xx is in the final state: its touches in a person, or the delivery in the dead letters
I2  each event changes a lead once: touches, persons, assignments, objects of a keyed destination
I3  each clock fires once, never before it is due, never after an answered act that stops it; its breach is sent
I4  a keyed destination ends equal to the lead, saw no older version after a newer one, and repeats are equal
I5  nothing waits at the end
I7  deliveries without a valid signature changed nothing
"""
from __future__ import annotations

import calendar
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from history import History, Line

LIFECYCLE = {"lead": "lead", "mql": "marketingqualifiedlead", "sal": "marketingqualifiedlead", "sql": "salesqualifiedlead",
             "opportunity": "opportunity", "won": "customer"}  # adapters/crm/hubspot.yaml
OVERDUE = 3.0  # seconds
EARLY_MS = 2  # the difference between the clocks of the destinations and of Redis on one machine
UNDER_WAY = 3.0  # seconds after a fault in which an earlier call may still arrive


@dataclass
class Violation:
    invariant: str
    what: str
    subject: str


@dataclass
class Verdict:
    violations: list[Violation]
    counts: dict[str, int] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)

    def of(self, invariant: str) -> list[Violation]:
        return [v for v in self.violations if v.invariant == invariant]

    def text(self) -> str:
        told = " ".join(f"{name}={count}" for name, count in self.counts.items())
        if not self.violations:
            return "holds: " + told
        first = self.violations[0]
        return "\n".join([f"{first.invariant} is violated: {first.what} ({first.subject}); {len(self.violations)} violations; {told}", *self.known])


def seconds_of(instant: str) -> float:
    """Seconds of an instant in RFC 3339 and UTC, as the gateway writes it."""
    whole, _, fraction = instant.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (fraction or "0"))


def kept(h: History) -> Iterator[Violation]:
    touches = {touch for person in h.persons for touch in person["touches"]}
    letters = {letter["subject"] for letter in h.state.get("dead_letters", ())}
    for event, line in h.acknowledged().items():
        missing = [touch for touch in line["touches"] if touch not in touches]
        if missing and line.get("id") not in letters:
            yield Violation("I1", f"answered {line['status']} at {line['answered']:.3f}, and {', '.join(missing)} is stored nowhere", event)


def repeated(values: list) -> list:
    seen: set = set()
    return [value for value in values if value in seen or seen.add(value)]


def once(h: History) -> Iterator[Violation]:
    owners: dict[str, str] = {}
    emails: dict[str, str] = {}
    for person in h.persons:
        email = person.get("email")
        if email and emails.setdefault(email, person["id"]) != person["id"]:
            yield Violation("I2", f"two persons, {emails[email]} and {person['id']}, have the address {email}", email)
        for touch in repeated(person["touches"]):
            yield Violation("I2", f"person {person['id']} holds the touch twice", touch)
        for touch in person["touches"]:
            if owners.setdefault(touch, person["id"]) != person["id"]:
                yield Violation("I2", f"persons {owners[touch]} and {person['id']} both hold the touch", touch)
        yield from decided_once(person)
    yield from objects_once(h)


def decided_once(person: Line) -> Iterator[Violation]:
    recorded = [r["facts"]["touch"] for item in person["timeline"] for r in item["reasons"] if r["code"] == "touch.recorded"]
    for touch in repeated(recorded):
        yield Violation("I2", f"the log of {person['id']} records the touch twice", touch)
    picks = [item["event"] for item in person["timeline"] if "assignment.made" in item["happened"]]
    for event in repeated(picks):
        yield Violation("I2", f"the request for an owner of {person['id']} was answered twice", event)


def objects_once(h: History) -> Iterator[Violation]:
    """Each key has one object, created once, or one message. A key never has two contents."""
    objects: dict[tuple, set[str]] = defaultdict(set)
    contents: dict[tuple, dict[str, float]] = defaultdict(dict)  # content -> time of the last effect
    for line in h.effects:
        if line["kind"] != "blind" and line.get("object"):
            objects[line["destination"], line["key"]].add(line["object"])
        if line["kind"] != "readable":  # the content of a task changes with its state
            said = contents[line["destination"], line["key"], line.get("version")]
            content = json.dumps(line["content"], sort_keys=True)
            if line.get("version") is not None and any(may_be_forgotten(h, at, line["at"]) for other, at in said.items() if other != content):
                said.clear()
            said[content] = line["at"]
    for (destination, key), found in objects.items():
        if len(found) > 1:
            yield Violation("I2", f"{destination} holds {len(found)} objects for one key", key)
    for (destination, key, version), told in contents.items():
        if len(told) > 1:
            yield Violation("I4" if version is not None else "I2", f"{destination} got {len(told)} different contents under version {version}", key)


CLOCK_EVENT = re.compile(r"^(?P<person>[^:]+):(?P<clock>[a-z_]+#\d+):(?P<due>\d{12,})$")
STOPPING = {"clock.stopped", "clock.cancelled", "clock.met"}


def clocks(h: History) -> Iterator[Violation]:
    allowance = skew_of(h)
    dues: dict[str, float] = {}  # person:clock:percent -> due
    for person in h.persons:
        events = [item["event"] for item in person["timeline"] if CLOCK_EVENT.match(item["event"])]
        for event in repeated(events):
            yield Violation("I3", f"a clock of {person['id']} fired twice for one due time", event)
        yield from after_the_end(person)
        dues.update(due_times(person))
    for line in h.effects:
        due = dues.get(":".join(line["key"].split(":")[:3])) if line["kind"] == "blind" else None
        if due is not None and line["at"] < due - allowance:
            yield Violation("I3", f"sent {1000 * (due - line['at']):.0f} ms before it was due", line["key"])
    yield from after_the_answer(h)
    yield from breaches_sent(h)
    yield from overdue(h)


def skew_of(h: History) -> float:
    """Seconds by which the clock of Redis may differ from those of the senders and destinations."""
    return (EARLY_MS + h.run.get("early_ms", 0)) / 1000


def due_times(person: Line) -> Iterator[tuple[str, float]]:
    for item in person["timeline"]:
        fired = CLOCK_EVENT.match(item["event"])
        for reason in item["reasons"] if fired else ():
            if reason["code"] in ("clock.warned", "clock.breached"):
                percent = reason["facts"].get("percent", 100)
                yield f"{person['id']}:{reason['facts']['id']}:{percent}", int(fired["due"]) / 1000


def after_the_end(person: Line) -> Iterator[Violation]:
    ended: set[str] = set()
    for item in person["timeline"]:
        for reason in item["reasons"]:
            clock = reason.get("facts", {}).get("id", "")
            if reason["code"] in ("clock.warned", "clock.breached") and clock in ended:
                yield Violation("I3", f"clock {clock} of {person['id']} fired after it had ended", item["event"])
            elif reason["code"] in STOPPING:
                ended.add(clock)


def after_the_answer(h: History) -> Iterator[Violation]:
    """An answered act has ended its clock: the clock does not fire later in the log."""
    answers = defaultdict(list)
    for act in h.acts:
        if act.get("status") == 200 and act.get("clock"):
            answers[act["lead"]].append(act)
    for person in h.persons:
        for act in answers.get(person.get("lead", ""), ()):
            for item in person["timeline"]:
                fired = [r for r in item["reasons"] if r["code"] == "clock.breached" and r["facts"]["clock"] == act["clock"]]
                broke = seconds_of(item["at"])
                if fired and broke > act["answered"] + skew_of(h) and not may_be_forgotten(h, act["answered"], broke):
                    yield Violation("I3", f"{act['clock']} fired after {act['action']} was answered", item["event"])


def breaches_sent(h: History) -> Iterator[Violation]:
    """A breach reaches each recipient at least once, under one key, or becomes a dead letter."""
    told = {line["key"] for line in h.effects if line["kind"] == "blind" and line["applied"]}
    dead = {letter["subject"] for letter in h.state.get("dead_letters", ())}
    settled = h.state.get("settled_at", float("inf"))  # clocks run on while the state is read
    for person in h.persons:
        for item in person["timeline"]:
            if seconds_of(item["at"]) > settled - 1:
                continue
            for breach in (r["facts"] for r in item["reasons"] if r["code"] == "clock.breached"):
                for sent in (r["facts"] for r in item["reasons"] if r["code"] == "notice.sent" and r["facts"]["kind"] == "breach"):
                    if sent["clock"] != breach["clock"]:
                        continue  # one decision may record two breaches
                    key = f"{person['id']}:{breach['id']}:100:{sent['recipient']}"
                    if key not in told and key not in dead and h.run.get("alerts", True):
                        yield Violation("I3", f"the breach was never sent to {sent['recipient']}", key)


def overdue(h: History) -> Iterator[Violation]:
    """A running clock has fired at every due time well before the end."""
    settled = h.state.get("settled_at", 0)
    for person in h.persons:
        for clock in person.get("clocks", ()):
            if clock["state"] == "running" and clock.get("next") and seconds_of(clock["next"]) < settled - h.run.get("overdue_s", OVERDUE):
                yield Violation("I3", f"clock {clock['id']} was due at {clock['next']} and has not fired", person["id"])


def in_order(h: History) -> Iterator[Violation]:
    newest: dict[tuple, Line] = {}
    final: dict[tuple, Line] = {}
    for line in h.effects:
        if line["kind"] != "keyed" or not line["applied"]:
            continue
        at = (line["destination"], line["key"])
        final[at] = line
        last = newest.setdefault(at, line)
        if line["version"] >= last["version"]:
            newest[at] = line
        elif may_be_forgotten(h, last["at"], line["at"]):
            newest[at] = line
        else:
            yield Violation("I4", f"{line['destination']} got version {line['version']} after {last['version']}", line["key"])
    yield from ends_equal(h, final)
    yield from tasks_in_state(h)


def tasks_in_state(h: History) -> Iterator[Violation]:
    """Each wanted task exists in its last wanted state. A task that ended before it was created may be missing."""
    dead = {letter["subject"].partition(":crm:")[0] for letter in h.state.get("dead_letters", ()) if letter["origin"] == "outbox"}
    shown = {line["key"]: line["content"]["status"] for line in h.effects if line["kind"] == "readable" and line["applied"]}
    for person in h.persons:
        wanted = {r["facts"]["task"]: r["facts"]["state"] for item in person["timeline"] for r in item["reasons"] if r["code"] == "crm_task.wanted"}
        for task, state in wanted.items():
            status = "NOT_STARTED" if state == "task_state.open" else "COMPLETED"
            if task not in dead and shown.get(task, "COMPLETED") != status:
                yield Violation("I4", f"the task is {shown.get(task, 'none')}, not {status}", task)


def ends_equal(h: History, final: dict[tuple, Line]) -> Iterator[Violation]:
    dead = {letter["subject"] for letter in h.state.get("dead_letters", ()) if letter["origin"] == "push"}
    for destination in h.run.get("keyed", ()):
        for person in h.persons:
            line = final.get((destination, person["id"]))
            if person["id"] in dead:
                continue
            if line is None:
                yield Violation("I4", f"{destination} never got the person", person["id"])
                continue
            wanted = {"email": person.get("email")}
            if person.get("stage") in LIFECYCLE:
                wanted["lifecyclestage"] = LIFECYCLE[person["stage"]]
            wrong = {k: line["content"].get(k) for k, v in wanted.items() if line["content"].get(k) != v}
            if wrong:
                yield Violation("I4", f"{destination} ends with {wrong}, not {wanted}", person["id"])


def drained(h: History) -> Iterator[Violation]:
    for place in ("spool", "intake", "push", "outbox"):
        if h.state.get("waiting", {}).get(place):
            yield Violation("I5", f"{h.state['waiting'][place]} wait in {place}", place)


def unsigned(h: History) -> Iterator[Violation]:
    touches = {touch for person in h.persons for touch in person["touches"]}
    for line in h.sent:
        if not line.get("forged"):
            continue
        if line.get("status") == 200:
            yield Violation("I7", "a forged delivery was answered 200", line["event"])
        if touches.intersection(line["touches"]):
            yield Violation("I7", "a forged delivery changed a person", line["event"])


CHECKS: dict[str, Callable[[History], Iterator[Violation]]] = {
    "I1": kept, "I2": once, "I3": clocks, "I4": in_order, "I5": drained, "I7": unsigned}
ALL = tuple(CHECKS)


def counts_of(h: History) -> dict[str, int]:
    applied = [line for line in h.effects if line["applied"]]
    keyed = [line for line in applied if line["kind"] != "blind"]
    blind = [line["key"] for line in applied if line["kind"] == "blind"]
    return {"sent": len(h.sent), "acknowledged": len(h.acknowledged()), "persons": len(h.persons), "faults": len(h.faults),
            "keyed": len(keyed), "keyed_repeats": len(keyed) - len({(e["destination"], e["key"], e["version"]) for e in keyed}),
            "blind": len(blind), "blind_repeats": len(blind) - len(set(blind)), "acts": len(h.acts)}


def may_be_lost(h: History, event: str) -> bool:
    """True if the row permits the loss of acknowledged events, of all or of those before an instant."""
    if h.run.get("may_lose"):
        return True
    before = h.run.get("may_lose_before", 0)
    return all(line["answered"] < before for line in h.sent if line["event"] == event and line.get("status") == 200)


def may_be_forgotten(h: History, told: float, at: float) -> bool:
    """True if the row permits losses and a fault happened between, so that versions count from an older state again."""
    return bool(h.run.get("may_lose")) and any(told - UNDER_WAY <= fault["at"] <= at for fault in h.faults)


def check(h: History, wanted: tuple[str, ...] = ALL) -> Verdict:
    violations = [violation for name in wanted for violation in CHECKS[name](h)]
    counts = counts_of(h)
    counts["lost"] = sum(v.invariant == "I1" for v in violations)
    violations = [v for v in violations if v.invariant != "I1" or not may_be_lost(h, v.subject)]
    known = h.about(violations[0].subject) if violations else []
    return Verdict(violations, counts, known)
