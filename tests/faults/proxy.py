"""A TCP proxy that breaks connections on command: delay, throttle, stall, drop, slice, cut, reset.

It runs in front of Redis, the public listener or a CRM, needs no root, and is controlled by the test:

    proxy = Proxy(case, ("127.0.0.1", 6379))
    proxy.add(delay(0.2))                            # from now on, both ways
    proxy.add(cut(way="down", after=100, times=1))   # cuts one connection after 100 bytes of its answer
    proxy.add(drop(begin=1.0, end=3.0))              # half-open from the first second to the third
    proxy.heal()                                     # removes all rules

A rule is in force when add() has returned, and no longer in force when remove() or heal() has returned. The faults:

| fault    | the peer sees                                                                     |
|----------|-----------------------------------------------------------------------------------|
| delay    | every byte so many seconds later, in order; a pair (low, high) gives each connection its own delay, so that connections overtake each other |
| throttle | so many bytes a second                                                            |
| stall    | the proxy stops reading, so the buffers of the peer fill                          |
| drop     | half-open: the proxy discards all bytes, and nothing arrives, not even a close    |
| slice    | one byte a write                                                                  |
| cut      | a close (FIN), both ways                                                          |
| reset    | RST, both ways                                                                    |
"""
from __future__ import annotations

import asyncio
import dataclasses
import math
import random
import socket
import struct
import threading
import time
from collections.abc import Callable

PIECE = 64 * 1024
MOST_IN_FLIGHT = 256  # delayed pieces of one direction


@dataclasses.dataclass(eq=False)
class Rule:
    kind: str
    value: float | tuple[float, float] = 0.0
    way: str = "both"  # "up": from the client to the server; "down": from the server to the client
    begin: float = 0.0  # seconds since the rule was added
    end: float = math.inf
    after: int = 0  # bytes that pass first in this direction of the connection
    times: float = math.inf  # cut and reset: number of connections
    only: Callable[[int], bool] | None = None  # which connections, by their number from 0
    since: float = 0.0

    def applies(self, way: str, number: int, passed: int) -> bool:
        age = time.monotonic() - self.since
        return (self.way in ("both", way) and self.begin <= age < self.end and passed >= self.after
                and (self.only is None or self.only(number)))


def delay(seconds: float | tuple[float, float], **more) -> Rule:
    return Rule("delay", seconds, **more)


def throttle(bytes_a_second: float, **more) -> Rule:
    return Rule("throttle", bytes_a_second, **more)


def stall(**more) -> Rule:
    return Rule("stall", **more)


def drop(**more) -> Rule:
    return Rule("drop", **more)


def slice_(**more) -> Rule:
    return Rule("slice", **more)


def cut(**more) -> Rule:
    return Rule("cut", **more)


def reset(**more) -> Rule:
    return Rule("reset", **more)


def give_up_if_reset(source: socket.socket) -> None:
    """A reset overtakes delayed bytes. As with the buffers of a sender, those bytes are never delivered."""
    if source.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
        raise ConnectionResetError


class Link:
    """One connection through the proxy: two sockets, two directions."""

    def __init__(self, proxy: Proxy, number: int, client: socket.socket, server: socket.socket):
        self.proxy, self.number, self.client, self.server = proxy, number, client, server
        self.passed = {"up": 0, "down": 0}
        self.draws: dict[Rule, float] = {}
        self.over = False

    def rule(self, kind: str, way: str) -> Rule | None:
        return next((r for r in self.proxy.rules if r.kind == kind and r.applies(way, self.number, self.passed[way])), None)

    def delay_of(self, way: str) -> float:
        rule = self.rule("delay", way)
        if rule is None:
            return 0.0
        if isinstance(rule.value, tuple):
            return self.draws.setdefault(rule, self.proxy.random.uniform(*rule.value))
        return rule.value

    def limit(self, way: str) -> int:
        """The number of bytes to read now, so that a rule that begins after some bytes takes effect at the right byte."""
        size = 1 if self.rule("slice", way) else PIECE
        for rule in self.proxy.rules:
            left = rule.after - self.passed[way]
            if left > 0 and rule.way in ("both", way):
                size = min(size, left)
        return size

    async def run(self) -> None:
        ways = [asyncio.ensure_future(self.way("up", self.client, self.server)), asyncio.ensure_future(self.way("down", self.server, self.client))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
        except asyncio.CancelledError:  # ended by a rule
            pass
        finally:
            for task in ways:
                task.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self.end(rst=False)

    async def way(self, way: str, source: socket.socket, sink: socket.socket) -> None:
        queue: asyncio.Queue = asyncio.Queue(MOST_IN_FLIGHT)
        writer = asyncio.ensure_future(self.write(way, queue, source, sink))
        try:
            while not writer.done():
                while self.rule("stall", way):
                    await self.proxy.changed()
                    give_up_if_reset(source)
                data = await asyncio.get_running_loop().sock_recv(source, self.limit(way))
                while self.rule("stall", way):  # the data arrived while this waited
                    await self.proxy.changed()
                    give_up_if_reset(source)
                if self.rule("drop", way):
                    if not data:
                        await asyncio.Event().wait()  # even the close is lost
                    continue
                self.passed[way] += len(data)
                await queue.put((time.monotonic() + self.delay_of(way), data))
                if not data:
                    break
            await writer
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def write(self, way: str, queue: asyncio.Queue, source: socket.socket, sink: socket.socket) -> None:
        loop, begun, sent = asyncio.get_running_loop(), 0.0, 0
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            rule = self.rule("throttle", way)
            if rule is None:
                begun, sent = 0.0, 0
                await loop.sock_sendall(sink, data)
                self.proxy.writes[way] += 1
            else:
                begun = begun or time.monotonic()
                step = max(1, int(rule.value / 20))
                for start in range(0, len(data), step):
                    await asyncio.sleep(max(0.0, begun + sent / rule.value - time.monotonic()))
                    give_up_if_reset(source)
                    await loop.sock_sendall(sink, data[start:start + step])
                    sent += step
            self.proxy.bytes[way] += len(data)
            self.break_off()

    def break_off(self) -> None:
        """Cuts or resets this connection if a rule says so."""
        for kind in ("cut", "reset"):
            for way in ("up", "down"):
                rule = self.rule(kind, way)
                if rule is not None and rule.times > 0 and not self.over:
                    rule.times -= 1
                    self.end(rst=kind == "reset")

    def end(self, rst: bool) -> None:
        if self.over:
            return
        self.over = True
        self.proxy.links.discard(self)
        loop = asyncio.get_running_loop()
        for one in (self.client, self.server):
            loop.remove_reader(one)
            loop.remove_writer(one)
            if rst:  # a close without lingering is a reset
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
        if self.task is not None:
            self.task.cancel()

    task: asyncio.Task | None = None


class Proxy:
    """Listens on a loopback port and forwards every connection to `target`, or to the result of target()."""

    def __init__(self, case, target, seed: int = 1):
        self.target, self.random = target if callable(target) else (lambda: target), random.Random(seed)
        self.rules: list[Rule] = []
        self.links: set[Link] = set()
        self.bytes, self.writes = {"up": 0, "down": 0}, {"up": 0, "down": 0}
        self.accepted = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._accepting: asyncio.Task | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        case.addCleanup(self.close)

    def add(self, *rules: Rule) -> Rule:
        """Puts rules in force; returns the last one, for remove()."""
        self._call(self._add, rules)
        return rules[-1]

    def remove(self, rule: Rule) -> None:
        self._call(self._remove, [rule])

    def heal(self) -> None:
        """Removes all rules. Connections that lost bytes are reset, because a stream with missing bytes cannot be repaired."""
        self._call(self._remove, None)

    def open(self) -> int:
        return len(self.links)

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._call(self._end_all)
        self._loop.call_soon_threadsafe(self._accepting.cancel)
        self._thread.join(timeout=10)
        self.listener.close()

    # --- on the thread of the proxy

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._accepting = self._loop.create_task(self._accept())
        try:
            self._loop.run_until_complete(self._accepting)
        except asyncio.CancelledError:
            serving = asyncio.all_tasks(self._loop)
            self._loop.run_until_complete(asyncio.gather(*serving, return_exceptions=True))
        self._loop.close()

    def _call(self, function, *arguments) -> None:
        done = threading.Event()

        def call():
            function(*arguments)
            self._loop.call_soon(done.set)  # after the tasks that were woken
        self._loop.call_soon_threadsafe(call)
        if not done.wait(timeout=10):
            raise AssertionError("the proxy's thread does not answer")

    def _add(self, rules) -> None:
        for rule in rules:
            rule.since = time.monotonic()
            for moment in (rule.begin, rule.end):
                if 0 < moment < math.inf:
                    self._loop.call_later(moment + 0.001, self._wake)
        self.rules = [*self.rules, *rules]
        self._wake()

    def _remove(self, rules) -> None:
        gone = self.rules if rules is None else rules
        lossy = [rule for rule in gone if rule.kind == "drop"]
        self.rules = [rule for rule in self.rules if rule not in gone]
        for link in list(self.links):
            if any(rule.only is None or rule.only(link.number) for rule in lossy):
                link.end(rst=True)
        self._wake()

    def _end_all(self) -> None:
        for link in list(self.links):
            link.end(rst=True)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        for link in list(self.links):
            link.break_off()

    async def changed(self) -> None:
        await self._changed.wait()

    async def _accept(self) -> None:
        while True:
            client, _ = await self._loop.sock_accept(self.listener)
            number, self.accepted = self.accepted, self.accepted + 1
            self._loop.create_task(self._serve(number, client))

    async def _serve(self, number: int, client: socket.socket) -> None:
        server = socket.socket()
        try:
            for one in (client, server):
                one.setblocking(False)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.sock_connect(server, self.target())
        except OSError:  # no server: the client sees a refusal
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            server.close()
            return
        link = Link(self, number, client, server)
        self.links.add(link)
        link.task = asyncio.current_task()
        link.break_off()
        if not link.over:
            await link.run()
