"""Honest traffic for the rows: senders that retry until an acknowledgement, and sales who answer offers."""
from __future__ import annotations

import collections
import http.client
import random
import threading
import time

import senders
from history import Recorder
from rig import Gateway

REPEATS, FORGERIES, ACTS = 0.05, 0.03, 0.25  # shares of deliveries, and of offers
NEW_PERSON_EVERY = 6  # deliveries of a lane; together with WINDOW this keeps persons far below the 200 touches that a document keeps
WINDOW = 8
BACK_OFF = 0.03


class Traffic:
    def __init__(self, gateways: tuple[Gateway, ...], history: Recorder, seed: int, lanes: int = 3, pace: float = 0.02, sales: bool = True,
                 first: int = 0):
        self.gateways, self.history, self.seed, self.pace, self.first = gateways, history, seed, pace, first
        self.acknowledged = 0
        self.bodies: dict[str, dict] = {}  # the body of every event sent
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._offers: collections.deque[tuple[float, str]] = collections.deque()
        self._random = random.Random(f"sales {seed}")
        jobs = [(self._lane, (lane,)) for lane in range(lanes)] + ([(self._sales, ())] if sales else [])
        self._threads = [threading.Thread(target=job, args=arguments, daemon=True) for job, arguments in jobs]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=40)

    # --- senders

    def _lane(self, lane: int) -> None:
        draw = random.Random(f"lane {lane} {self.seed}")
        n, old = self.first, []
        while not self._ended.is_set():
            n += 1
            person = f"p{lane}x{max(0, n // NEW_PERSON_EVERY - draw.randrange(WINDOW))}"
            event = f"m{lane}.{n}"
            body = {"full_name": f"Person {person}", "email": f"{person}@person.example", "message": f"Anfrage {n}"}
            self.bodies[event] = body
            gateway = draw.choice(self.gateways)
            if draw.random() < FORGERIES:
                self._attempt(gateway, "f" + event, body, forged=True)
            if old and draw.random() < REPEATS:
                self._attempt(gateway, *draw.choice(old))
            while not self._ended.is_set() and not self._attempt(gateway, event, body):
                time.sleep(BACK_OFF)
                gateway = draw.choice(self.gateways)  # like a load balancer
            old = old[-50:] + [(event, body)]
            self._ended.wait(self.pace)

    def _attempt(self, gateway: Gateway, event: str, body: dict, forged: bool = False) -> bool:
        secret = senders.whsec("x" * 24) if forged else gateway.secret("standard_webhooks")
        line = {"event": event, "source": "standard_webhooks", "person": body["email"], "touches": [f"standard_webhooks:{event}#0"],
                "at": time.time(), "forged": forged}
        answer = gateway.send(senders.standard_webhooks(secret, body, event))
        stored = answer is not None and answer.status == 200
        known = answer.json() if stored else {}
        self.history.note("sent", **line, answered=time.time(), status=answer.status if answer is not None else None, id=known.get("id"),
                          duplicate=known.get("duplicate", False))
        if stored and not forged:
            with self._lock:
                self.acknowledged += 1
        return stored

    def repeat(self, gateway: Gateway, bodies: dict[str, dict]) -> None:
        """Repeats all deliveries byte for byte, as senders do on request."""
        for event, body in bodies.items():
            while not self._attempt(gateway, event, body):
                time.sleep(BACK_OFF)

    # --- sales

    def offered(self, lead: str) -> None:
        if self._random.random() < ACTS:
            self._offers.append((time.monotonic() + self._random.random() * 2.5, lead))

    def _sales(self) -> None:
        n = 0
        while not self._ended.wait(0.01):
            if not self._offers or self._offers[0][0] > time.monotonic():
                continue
            _, lead = self._offers.popleft()
            n += 1
            self._act(lead, f"call-{n}")

    def _act(self, lead: str, evidence: str) -> None:
        """Reports an attempt that reached the person, repeated under the same key until an answer comes."""
        gateway = self._random.choice(self.gateways)
        while not self._ended.is_set():
            begun, status = time.time(), None
            try:
                body = {"channel": "phone", "outcome": "reached", "evidence": evidence}
                status = gateway.api("POST", f"/api/v1/leads/{lead}/attempt", body, headers={"Idempotency-Key": evidence}).status
            except (OSError, http.client.HTTPException):
                pass
            self.history.note("acts", lead=lead, clock="first_contact", action="attempt", evidence=evidence, at=begun, answered=time.time(), status=status)
            if status is not None and status != 503:
                return
            time.sleep(BACK_OFF)
