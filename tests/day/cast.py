"""The cast of the day: 40 reps in three time zones, the team leads, absences, and the policies that name them."""
from __future__ import annotations

import datetime
import json
import random
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

ZONES = {"emea": "Europe/Berlin", "amer": "America/New_York", "apac": "Asia/Tokyo", "fair": "Europe/Berlin"}
COUNTRIES = {"emea": "DE", "amer": "US", "apac": "JP", "fair": "CH"}
SIZES = {"emea": 14, "amer": 10, "apac": 10, "fair": 6}
HOURS = (9, 17)
# Each pool acts in another way while no rep is free. The pool "fair" has no caps and no absences, is open at all hours,
# and its members answer in time, so that rule 6 holds in it at every moment.
SETTINGS = {"emea": {"hours": "ignore", "when_nobody": "hold"}, "amer": {"hours": "respect", "when_nobody": "hold"},
            "apac": {"hours": "respect", "when_nobody": "escalate"}, "fair": {"hours": "ignore", "when_nobody": "hold"}}


@dataclass
class Rep:
    id: str
    pool: str
    weight: int = 1
    lazy: float = 0.0  # share of offers that the rep lets expire
    away: list[tuple[float, float]] = field(default_factory=list)  # seconds since 1970

    def absent(self, at: float) -> bool:
        return any(begin <= at < end for begin, end in self.away)


class Cast:
    def __init__(self, seed: int, start: float, hours: float):
        draw = random.Random(f"cast {seed}")
        self.reps: dict[str, Rep] = {}
        for pool, size in SIZES.items():
            for n in range(size):
                rep = Rep(f"{pool}{n:02d}", pool, weight=draw.choice((1, 1, 1, 2, 3)), lazy=0.0 if pool == "fair" else draw.choice((0.02, 0.05, 0.3)))
                if pool != "fair" and n % 5 == 1:
                    rep.away.append(absence(draw, start, hours, whole=n % 10 == 1))
                self.reps[rep.id] = rep
        self.leads = {pool: f"lead.{pool}" for pool in SIZES}

    def routing(self) -> str:
        """policy/routing.yaml; JSON is YAML."""
        reps = [person(rep.id, rep.pool) for rep in self.reps.values()] + [person(lead, pool) for pool, lead in self.leads.items()]
        away = [{"rep": rep.id, "from": iso(begin), "until": iso(end)} for rep in self.reps.values() for begin, end in rep.away]
        pools = [{"id": pool, "name": pool.upper(), "team": pool, "share_by": "count", "catch_up_turns": 2, **SETTINGS[pool],
                  "members": [{"rep": rep.id, "weight": rep.weight} for rep in self.reps.values() if rep.pool == pool]} for pool in SIZES]
        rules = [{"name": f"to_{pool}", "when": {"country": country}, "then": {"pool": pool}} for pool, country in COUNTRIES.items()]
        teams = [{"id": pool, "name": pool.upper(), "lead": lead} for pool, lead in self.leads.items()]
        return json.dumps({"calendar": "emea", "reps": reps, "teams": teams, "absences": away, "pools": pools, "rules": rules, "catch_all": {"pool": "emea"}}, indent=1)

    @staticmethod
    def calendars() -> str:
        window = [f"{HOURS[0]:02d}:00-{HOURS[1]:02d}:00"]
        named = {pool: {"zone": ZONES[pool], "windows": {"mon-fri": window}} for pool in ("emea", "amer", "apac")}
        return json.dumps({"calendars": {**named, "office": named["emea"]}}, indent=1)


def person(rep: str, pool: str) -> dict:
    return {"id": rep, "name": f"Rep {rep}", "email": f"{rep}@example.com", "team": pool, "calendar": "emea" if pool == "fair" else pool,
            "messages": "en" if pool in ("amer", "apac") else "de"}


def absence(draw: random.Random, start: float, hours: float, whole: bool) -> tuple[float, float]:
    if whole:
        return start - 86400, start + 7 * 86400
    begin = start + draw.random() * hours * 1800
    return float(int(begin)), float(int(begin + (0.1 + draw.random() * 0.4) * hours * 3600))


def iso(at: float) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Hours:
    """Business time of a calendar, counted second by second, independently of the gateway."""

    def __init__(self, zone: str):
        self.zone = ZoneInfo(zone)

    def open_at(self, at: float) -> bool:
        local = datetime.datetime.fromtimestamp(at, self.zone)
        return local.weekday() < 5 and HOURS[0] <= local.hour < HOURS[1]

    def windows(self, begin: float, end: float):
        """Open stretches between two instants."""
        day = datetime.datetime.fromtimestamp(begin, self.zone).date() - datetime.timedelta(days=1)
        while True:
            opens = datetime.datetime(day.year, day.month, day.day, HOURS[0], tzinfo=self.zone).timestamp()
            closes = datetime.datetime(day.year, day.month, day.day, HOURS[1], tzinfo=self.zone).timestamp()
            if opens >= end:
                return
            if day.weekday() < 5 and closes > begin:
                yield max(opens, begin), min(closes, end)
            day += datetime.timedelta(days=1)

    def between(self, begin: float, end: float) -> float:
        return sum(closes - opens for opens, closes in self.windows(begin, end))

    def after(self, begin: float, budget: float) -> float:
        """The instant at which the budget has elapsed."""
        for opens, closes in self.windows(begin, begin + 60 * 86400):
            if closes - opens >= budget:
                return opens + budget
            budget -= closes - opens
        raise ValueError("a budget of months")
