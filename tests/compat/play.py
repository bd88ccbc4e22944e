"""Plays deliveries, feedback of sales and steps of time one after the other; each is processed before the next begins."""
from __future__ import annotations

import base64
import hashlib
import heapq
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import senders
from fasttime import rfc3339
from rig import http_call
from stage import DRIFT, Stage
from world import Person

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Play:
    """An agenda of scenes by instant. A recorded step holds the answer of its scene, such as an HTTP status."""

    def __init__(self, stage: Stage, name: str):
        self.stage, self.name = stage, name
        self._agenda: list[tuple[int, int, str, Callable[[], Any]]] = []
        self._count = self._spoken = 0

    def at(self, ms: int, what: str, scene: Callable[[], Any]) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (ms, self._count, what, scene))

    def run(self, end: int, quiet: float, step: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Moves from one instant with work to the next, until `end`."""
        while True:
            at, scene = self._next()
            if at is None or at > end:
                break
            self._go(at, scene, quiet, step)
        self._go(end, None, quiet, step)

    def _next(self) -> tuple[int | None, Callable | None]:
        timer, queue = self.stage.next_due()
        first = self._agenda[0][0] if self._agenda else None
        waits = [t for t in (timer, first) if t is not None]
        if queue and (not waits or queue[0] - DRIFT < min(waits)):
            return max(self.stage.clock.ms, after(queue)), None
        if first is not None and first == min(waits):
            return first, self._agenda[0][3]
        return (min(waits), None) if waits else (None, None)

    def _go(self, at: int, scene: Callable | None, quiet: float, step: Callable[[dict[str, Any]], None] | None) -> None:
        rests = []
        for held in self.stage.move_to(max(at, self.stage.clock.ms)):
            self.stage.put_back(held)
            rests.append(self.stage.settle(quiet))
        answer, what = None, ""
        if scene is not None:
            _, _, what, scene = heapq.heappop(self._agenda)
            answer = scene()
        if what or not rests:
            rests.append(self.stage.settle(quiet))
        if step is not None:
            step({"at": self.stage.clock.ms, **({"what": what, "answer": answer} if what else {}), "rests": rests})

    def replay(self, steps: list[dict[str, Any]]) -> None:
        """Repeats recorded steps. At each instant the store must reach the recorded states."""
        for step in steps:
            groups, what = self.stage.move_to(step["at"]), step.get("what", "")
            expected = len(step["rests"]) - (1 if what or len(step["rests"]) > len(groups) else 0)
            assert len(groups) == expected, f"{len(groups)} groups are due at {self.stage.clock.text} instead of {expected}: {groups}"
            for held, rests in zip(groups, step["rests"]):
                self.stage.put_back(held)
                self.stage.settle_as(rests, f"what is due ({', '.join(sorted(member.decode() for _, member, _ in held))})")
            if what:
                _, _, planned, scene = heapq.heappop(self._agenda)
                assert planned == what, f"{planned} is planned where {what} was noted"
                answer = json.loads(json.dumps(scene()))
                assert answer == step["answer"], f"{what}, at {self.stage.clock.text}: answered {answer} instead of {step['answer']}\n{self.stage.g.log()[-1500:]}"
            if len(step["rests"]) > len(groups):
                self.stage.settle_as(step["rests"][-1], what or "time passes")

    # --- what senders do

    def deliver(self, source: str, event: str, body: Any, **more: Any) -> Any:
        g = self.stage.g
        event = f"{self.name}-{event}"
        if source == "typeform":
            request = senders.typeform(g.secret("typeform"), body)
        elif source == "calendly":
            request = senders.calendly(g.secret("calendly"), body, at=self.stage.clock.now())
        elif source == "hubspot":
            request = senders.hubspot(g.secret("hubspot_client_secret"), body, at=self.stage.clock.now())
        else:
            request = senders.standard_webhooks(g.secret("standard_webhooks"), body, event, path=f"/hooks/{source}", at=self.stage.clock.now(), **more)
        answer = g.send(request)
        assert answer is not None and answer.status == 200, f"{source} {event}: {answer}\n{g.log()[-1500:]}"
        return {**answer.json(), "status": 200}

    def write(self, person: Person, source: str, event: str = "", **facts: Any) -> Any:
        event = event or f"{source}-{person.n}"
        return self.deliver(source, event, {**person.facts(), **facts})

    def crm(self, person: Person, source: str, event: str, **facts: Any) -> Any:
        return self.deliver(source, f"{event}-{person.n}", {"email": person.email, **facts})

    def calendly(self, person: Person, key: str, start: int, event: str = "invitee.created", **more: Any) -> Any:
        body = senders.calendly_invitee(key, person.name, person.email, f"+49 89 55{person.n:05d}")
        body["event"], now = event, self.stage.clock.text
        body["created_at"] = body["payload"]["created_at"] = now
        body["payload"] |= {"scheduled_event": {"uri": f"https://api.calendly.com/scheduled_events/{key}", "start_time": rfc(start), "name": "Kennenlernen",
                                               "event_memberships": [{"user_email": "anna@example.com"}]}, **more}
        return self.deliver("calendly", key, body)

    # --- what sales does

    def owner(self, person: Person, cycle: int = 1) -> str:
        answer = self.stage.g.api("GET", f"/api/v1/leads/{person.id}.{cycle}")
        return (answer.json().get("owner") or "") if answer.status == 200 else ""

    def act(self, person: Person, verb: str, *, cycle: int = 1, by: str | None = None, **body: Any) -> Any:
        """The owner acts, unless `by` names another rep."""
        self._spoken += 1
        who = self.owner(person, cycle) if by is None else by
        key = f"{self.name}-{verb}-{person.n}-{self._spoken}"
        answer = self.stage.g.api("POST", f"/api/v1/leads/{person.id}.{cycle}/{verb}", {**({"rep": who} if who else {}), **body}, headers={"Idempotency-Key": key})
        return {"status": answer.status, "rep": who, **({"code": answer.json().get("code")} if answer.status != 200 else {})}

    def call(self, person: Person, outcome: str, number: int, channel: str = "phone", **body: Any) -> Any:
        return self.act(person, "attempt", channel=channel, outcome=outcome, evidence=f"call-{person.n}-{number}", **body)

    def press(self, path: str, action: str, **fields: str) -> Any:
        """Presses a button of an action page, with a fixed nonce."""
        token = path.rpartition("/a/")[2]
        text = f"{self.name}{action}"
        mac = hmac.new(self.stage.vault.subkey("action-links"), f"baton page nonce 1\n{token}\n{text}".encode(), hashlib.sha256).digest()
        nonce = text + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")
        self._spoken += 1
        reader = {"X-Forwarded-For": f"198.51.100.{self._spoken % 250}"}
        shown = http_call(self.stage.g.public_port, "GET", path, headers=reader)
        answer = http_call(self.stage.g.public_port, "POST", path, urlencode({"nonce": nonce, "action": action, **fields}), {**FORM, **reader})
        return {"shown": shown.status, "status": answer.status}

    def dead_letters(self, origin: str) -> list[dict[str, Any]]:
        return [letter for letter in self.stage.g.dead_letters() if letter["origin"] == origin]


def after(queue: list[int]) -> int:
    """An instant at which the first items are due, and no other item nearly so."""
    at = queue[0] + DRIFT
    for due in queue:
        if due <= at + DRIFT:
            at = max(at, due + DRIFT)
    return at


def rfc(ms: int) -> str:
    return rfc3339(ms / 1000)
