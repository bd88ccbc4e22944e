"""Simulated sales: reps read messages from the channels and answer through their links and the API, each with their own habits.

Ids of leads differ from run to run. The seed and the number in the e-mail address therefore decide each lead's fate: the same
seed gives the same day, as far as the timing of the machine permits.
"""
from __future__ import annotations

import heapq
import http.client
import json
import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from zlib import crc32

from cast import Cast, Rep
from fasttime import FastTime, rfc3339
from history import Recorder
from rig import PUBLIC_URL, Gateway, http_call

MINUTE = 60.0
# The ways in which reps treat offers, with their shares. All other reps accept on the page, call, and report the result.
HABITS = (("reject_procedural", 0.05), ("reject_clerical", 0.05), ("reject_definitional", 0.05), ("late_evidence", 0.07), ("reached_at_once", 0.15), ("by_api", 0.25))
REASONS = {"reject_procedural": ("wrong_product", "no_capacity"), "reject_clerical": ("data_missing", "data_wrong"), "reject_definitional": ("no_fit", "not_ready")}
BOTS = 0.1  # offers that get an automatic reply
RETRY = 0.2  # real seconds, while the gateway is down
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Agenda:
    """Actions at instants of the fast clock."""

    def __init__(self, clock: FastTime, hands: int):
        self.clock, self._heap, self._count = clock, [], 0
        self._wake, self._ended = threading.Condition(), False
        self._pool = ThreadPoolExecutor(hands)
        self._busy = 0
        self.failures: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def at(self, instant: float, what: Callable, *given) -> None:
        with self._wake:
            self._count += 1
            heapq.heappush(self._heap, (instant, self._count, what, given))
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._ended:
                    return
                wait = self.clock.until(self._heap[0][0]) if self._heap else 3600.0
                if wait > 0:
                    self._wake.wait(min(wait, 0.1))
                    continue
                _, _, what, given = heapq.heappop(self._heap)
                self._busy += 1
            self._pool.submit(self._do, what, given)

    def _do(self, what: Callable, given: tuple) -> None:
        try:
            what(*given)
        except BaseException as failure:  # pylint: disable=broad-exception-caught
            self.failures.append(failure)
        finally:
            with self._wake:
                self._busy -= 1

    def left(self) -> int:
        with self._wake:
            return len(self._heap) + self._busy

    def end(self) -> None:
        with self._wake:
            self._ended = True
            self._heap.clear()
            self._wake.notify()
        self._thread.join()
        self._pool.shutdown(wait=True)


class Sales:
    def __init__(self, gateway: Gateway, clock: FastTime, agenda: Agenda, cast: Cast, history: Recorder, seed: int, correct: Callable[[int], None]):
        self.gateway, self.clock, self.agenda, self.cast, self.history, self.seed = gateway, clock, agenda, cast, history, seed
        self.correct = correct  # makes marketing send a person's data again
        self._lock = threading.Lock()
        self._known: set[str] = set()
        self._calls = 0
        self._numbers: dict[str, int] = {}  # numbers of leads: "Person 12" is 12

    # --- incoming messages

    def got(self, message: dict) -> None:
        data = message.get("data", {})
        with self._lock:
            if data.get("key") in self._known:
                return  # already read
            self._known.add(data.get("key"))
        rep = self.cast.reps.get(data.get("recipient", {}).get("id"))
        if rep is None or message.get("type") not in ("baton.offer", "baton.reassigned"):
            return
        draw = random.Random(f"{self.seed} {data['headline'].split(' (')[0]} {rep.id}")
        if draw.random() < BOTS:
            self.agenda.at(self.clock.now() + 10, self._bot, rep, data["lead"])
        self._numbers[data["lead"]] = int(re.match(r"Person (\d+)", data["headline"]).group(1))
        if rep.pool != "fair" and draw.random() < rep.lazy:
            return
        self._plan(rep, data, draw)

    def _plan(self, rep: Rep, data: dict, draw: random.Random) -> None:
        now, link = self.clock.now(), next((x["url"] for x in data["links"] if x["url"].startswith(PUBLIC_URL)), "")
        path = link.removeprefix(PUBLIC_URL).partition("#")[0]
        soon = now + 20 + draw.random() * 2.2 * MINUTE
        habit = "" if rep.pool == "fair" else self._habit(draw)
        lead = data["lead"]
        if habit in REASONS:
            self.agenda.at(soon, self._reject, rep, lead, path, habit, draw.choice(REASONS[habit]))
        elif habit == "late_evidence":
            self.agenda.at(now + (7 + 8 * draw.random()) * MINUTE, self._attempt, rep, lead, "reached", soon)
        elif habit == "reached_at_once":
            self.agenda.at(soon, self._press, rep, lead, path, "reached")
        else:
            self.agenda.at(soon, self._api if habit == "by_api" else self._press, rep, lead, path, "accept")
            self.agenda.at(soon + 20 + draw.random() * MINUTE, self._attempt, rep, lead, draw.choice(("reached", "reached", "no_answer")), None)
        if habit not in REASONS and draw.random() < 0.6:
            verdict = draw.choice(("qualify", "qualify", "recycle", "disqualify"))
            self.agenda.at(soon + (20 + draw.random() * 30) * MINUTE, self._verdict, rep, lead, verdict)

    @staticmethod
    def _habit(draw: random.Random) -> str:
        point = draw.random()
        for name, share in HABITS:
            if point < share:
                return name
            point -= share
        return ""

    # --- answers

    def _reject(self, rep: Rep, lead: str, path: str, kind: str, reason: str) -> None:
        status = self._press(rep, lead, path, "reject", reason=reason)
        if kind == "reject_clerical" and status == 200:
            self.agenda.at(self.clock.now() + 10 * MINUTE, self.correct, self._numbers[lead])

    def _attempt(self, rep: Rep, lead: str, outcome: str, at: float | None) -> None:
        with self._lock:
            self._calls += 1
            evidence = f"call-{self._calls}"
        body = {"rep": rep.id, "channel": "phone", "outcome": outcome, "evidence": evidence, **({"at": rfc3339(at)} if at else {})}
        self._say(lead, "attempt", body, evidence, rep)

    def _bot(self, rep: Rep, lead: str) -> None:
        """A tool reports an automatic reply as contact, which must stop no clock."""
        evidence = f"auto-{lead}-{rep.id}"
        self._say(lead, "attempt", {"channel": "auto_reply", "outcome": "reached", "evidence": evidence}, evidence, Rep("bot", ""))

    def _verdict(self, rep: Rep, lead: str, verb: str) -> None:
        self._say(lead, verb, {"rep": rep.id, **({"reason": "later" if verb == "recycle" else "no_need"} if verb != "qualify" else {})}, f"{verb}-{lead}", rep)

    def _api(self, rep: Rep, lead: str, _path: str, verb: str) -> None:
        self._say(lead, verb, {"rep": rep.id}, f"{verb}-{lead}-{rep.id}", rep)

    def _say(self, lead: str, verb: str, body: dict, key: str, rep: Rep) -> None:
        self._until_answered(lead, verb, rep, body.get("evidence"), lambda: self.gateway.api("POST", f"/api/v1/leads/{lead}/{verb}", body, headers={"Idempotency-Key": key}).status)

    def _press(self, rep: Rep, lead: str, path: str, action: str, **fields: str) -> int | None:
        """Presses a button of the page. If no answer comes, opens the page again and repeats."""
        if not path:
            return None
        reader = {"X-Forwarded-For": f"198.51.{crc32(rep.id.encode()) % 250}.{crc32(lead.encode()) % 250}"}

        def press() -> int:
            page = http_call(self.gateway.public_port, "GET", path, headers=reader)
            nonce = re.search(rb'name="nonce" value="([^"]+)"', page.body)
            if page.status != 200 or not nonce:
                return page.status
            form = urlencode({"nonce": nonce.group(1).decode(), "action": action, **fields})
            return http_call(self.gateway.public_port, "POST", path, form, {**FORM, **reader}).status

        return self._until_answered(lead, action, rep, None, press)

    def _until_answered(self, lead: str, action: str, rep: Rep, evidence: str | None, ask: Callable[[], int]) -> int | None:
        for _ in range(300):
            begun, status = self.clock.now(), None
            try:
                status = ask()
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                pass
            self.history.note("acts", lead=lead, action=action, rep=rep.id, evidence=evidence, clock="", at=begun, answered=self.clock.now(), status=status)
            if status is not None and status not in (429, 503):
                return status
            time.sleep(RETRY)
        return None
