"""Runs a gateway in stopped time. Gateway, private Redis and test share one wall clock (tests/day/fasttime.py), and only the
test moves it. All due work is done before the next move, so the test chooses the instant of each decision.

The dispatcher alone extrapolates the store's time by the steady clock, by about a second. The instants of its retries and of
grouped messages are therefore a little later than the wall clock. DRIFT covers that.
"""
from __future__ import annotations

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "e2e"), str(HERE.parent / "day"), str(HERE.parent / "faults")]
# pylint: disable=wrong-import-position
import fakes
import faketasks
import formats
from fasttime import FastTime, rfc3339, utc
from resp import RedisError, Resp
from rig import BATON, Gateway, die_with_parent, wait_until

Held = list[tuple[str, bytes, int]]  # due timers or queue items that were taken out: key, member, score
DRIFT = 5000  # ms; a thread of a busy machine may pause
TASKS = "/tasks"


class StoppedTime(FastTime):
    def __init__(self, folder: pathlib.Path, at_ms: int):
        super().__init__(folder, utc("2026-01-01T00:00:00"), 0)
        self.stand_at(at_ms)

    def stand_at(self, at_ms: int) -> None:
        with self._lock:
            self._draw(at_ms * 1_000_000, 0)

    @property
    def ms(self) -> int:
        return round(self.now() * 1000)

    @property
    def text(self) -> str:
        return rfc3339(self.ms / 1000)


class Numbers(dict):
    """Gives each key a number that follows from the key, not from the order of arrival."""

    def setdefault(self, key, default=None):
        return super().setdefault(key, number_of(key))


def number_of(key: str) -> str:
    return str(int(hashlib.sha256(key.encode()).hexdigest()[:12], 16))


class Crm(faketasks.Crm):
    """Holds calls about tasks until the test releases them. The outcome of a push is then always logged first."""

    def __init__(self, case: Any):
        super().__init__(case)
        self.changed = threading.Condition()
        self.held, self.open, self.is_down, self._passes = 0, False, False, 0
        self.ids = Numbers()

    def serve(self, handler, body):
        if self.is_down:
            return handler.answer(503, b"{}")
        if TASKS in handler.path:
            with self.changed:
                self.held += 1
                ticket = self._passes
                self.changed.wait_for(lambda: self.open or self._passes > ticket, timeout=25)
                self.held -= 1
        return super().serve(handler, body)

    def create(self, asked):
        number = number_of(asked["properties"][faketasks.KEY])
        assert number not in self.tasks, "a task is created once"
        self.tasks[number] = {"properties": dict(asked["properties"]), "contact": asked["associations"][0]["to"]["id"]}
        return 201, {"id": number, "properties": asked["properties"]}

    def release(self) -> None:
        with self.changed:
            self._passes += 1
            self.changed.notify_all()

    def state(self) -> dict[str, Any]:
        """The newest version of each contact and task."""
        with self.lock:
            return {"ids": self.ids, "contacts": {key: properties for key, _, properties in self.effects}, "tasks": self.tasks}

    def restore(self, state: dict[str, Any]) -> None:
        self.ids, self.tasks = Numbers(state["ids"]), state["tasks"]
        self.effects = [(key, "", properties) for key, properties in state["contacts"].items()]


class Chat(fakes.Chat):
    def __init__(self, case: Any):
        super().__init__(case)
        self.is_down = False

    def serve(self, handler, body):
        if self.is_down:
            return handler.answer(503, b"{}")
        return super().serve(handler, body)


class Restored(Gateway):
    """A gateway on an existing config folder and data folder."""

    def __init__(self, config: pathlib.Path, data: pathlib.Path, log: pathlib.Path):  # pylint: disable=super-init-not-called
        self.folder, self.redis, self.data, self.log_path = config, None, data, log
        self.process = self.public_port = self.admin_port = None
        self._log_from = 0


# Sums over all partitions. It leaves out q:NAME?KIND, which follows the steady clock, and the versions of pool documents,
# which depend on how many notes a worker reads at once.
SIGNATURE = """
local now, out = tonumber(ARGV[1]), {persons=0, intake=0, letters=0, timers=0, tries=0, due=0}
local function queue(key, name)
  out[name] = (out[name] or 0) + redis.call('ZCARD', key)
  out.due = out.due + redis.call('ZCOUNT', key, '-inf', now)
end
for _, key in ipairs(redis.call('KEYS', '{p*')) do
  local rest = string.match(key, '^{p%d+}:(.*)$')
  if string.sub(rest, 1, 2) == 'p:' then out.persons = out.persons + tonumber(redis.call('HGET', key, 'v'))
  elseif rest == 'i' then out.intake = out.intake + redis.call('XLEN', key)
  elseif rest == 'dl' then out.letters = out.letters + redis.call('XLEN', key)
  elseif rest == 't' then queue(key, 'timers')
  elseif rest == 'xa' or rest == 'qa' then
    for _, member in ipairs(redis.call('HKEYS', key)) do
      if not string.find(member, '?', 1, true) then out.tries = out.tries + 1 end
    end
  elseif string.sub(rest, 1, 2) == 'x:' then queue(key, rest)
  elseif string.sub(rest, 1, 2) == 'q:' and not string.find(rest, '?', 1, true) then queue(key, rest)
  end
end
return cjson.encode(out)
"""
# The next due instant of timers, which are exact, and the next ones of queues.
NEXT = """
local timer, queue = false, {}
for _, key in ipairs(redis.call('KEYS', '{p*')) do
  local rest = string.match(key, '^{p%d+}:(.*)$')
  local is_queue = string.sub(rest, 1, 2) == 'x:' or (string.sub(rest, 1, 2) == 'q:' and not string.find(rest, '?', 1, true))
  if rest == 't' or is_queue then
    local found = redis.call('ZRANGEBYSCORE', key, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, is_queue and 20 or 1)
    for n = 2, #found, 2 do
      local at = tonumber(found[n])
      if is_queue then table.insert(queue, at) elseif not timer or at < timer then timer = at end
    end
  end
end
return {timer and string.format('%.0f', timer) or '', cjson.encode(queue)}
"""
# Takes timers and queue items out that are due by then, and returns key, member and score of each.
TAKE = """
local out = {}
for _, key in ipairs(redis.call('KEYS', '{p*')) do
  local rest = string.match(key, '^{p%d+}:(.*)$')
  if (rest == 't' and ARGV[3] == 'timers') or string.sub(rest, 1, 2) == 'x:' or (string.sub(rest, 1, 2) == 'q:' and not string.find(rest, '?', 1, true)) then
    local found = redis.call('ZRANGEBYSCORE', key, ARGV[1], ARGV[2], 'WITHSCORES')
    for n = 1, #found, 2 do
      redis.call('ZREM', key, found[n])
      table.insert(out, {key, found[n], found[n + 1]})
    end
  end
end
return out
"""
PUT_BACK = "for n = 1, #ARGV, 3 do redis.call('ZADD', ARGV[n], 'NX', ARGV[n + 2], ARGV[n + 1]) end"


class Stage:
    """Gateway, Redis and time, with a fake CRM and a fake channel."""

    def __init__(self, case: Any, folder: pathlib.Path, config: pathlib.Path, data: pathlib.Path, at_ms: int):
        self.case, self.config, self.data = case, config, data
        self.clock = StoppedTime(folder, at_ms)
        self.crm, self.chat = Crm(case), Chat(case)
        self.g = Restored(config, data, folder / "gateway.log")
        case.addCleanup(self.stop)
        self._redis: Resp | None = None
        self._vault: formats.Vault | None = None
        self.release_tasks = True

    @property
    def env(self) -> dict[str, str]:
        return {**self.clock.env, "COMPAT_DATA": str(self.data), "COMPAT_CRM": self.crm.url, "COMPAT_CHAT": self.chat.url}

    def start(self) -> "Stage":
        self.g.start(env=self.env).wait_ready()
        return self

    def stop(self) -> None:
        self.forget_redis()
        self.crm.open = True
        self.crm.release()
        self.g.stop()

    def kill(self) -> None:
        """Kills the gateway with SIGKILL; its private Redis ends with it."""
        pid = self.g.redis_pid()
        self.forget_redis()
        self.g.kill()
        if pid is not None:
            wait_until(lambda: not pathlib.Path(f"/proc/{pid}").exists() or "(redis-server) Z" in pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8"), "its redis-server is gone")

    def forget_redis(self) -> None:
        if self._redis is not None:
            self._redis.close()
            self._redis = None

    @property
    def redis(self) -> Resp:
        if self._redis is None:
            self._redis = Resp(path=str(self.data / "redis" / "redis.sock"), timeout=60)
        return self._redis

    @property
    def vault(self) -> formats.Vault:
        if self._vault is None:
            self._vault = formats.Vault(self.data)
        return self._vault

    def reload(self) -> str:
        """Reloads the config folder and waits until the new rules apply to running clocks; returns their id."""
        before = self.value("clock-rules-swept")
        self.g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.value("clock-rules-swept") != before, lambda: f"the new rules are applied\n{self.g.log()[-1500:]}")
        return self.value("clock-rules-swept")

    def value(self, name: str) -> str:
        return (self.redis("GET", f"{self.tag(name)}val:{name}") or b"").decode()

    # --- persons

    def expect(self, person: str, email: str) -> None:
        """Gives the next new person with that address this id. Their claim exists, as after a crash between claim and commit."""
        claim = self.vault.claim("email", email)
        assert self.redis("SET", f"{self.tag(claim)}c:{claim}", person, "NX") is not None, f"{email} has a claim already"

    @staticmethod
    def tag(text: str, partitions: int = 16) -> str:
        mark = 14695981039346656037
        for byte in text.encode():
            mark = (mark ^ byte) * 1099511628211 % (1 << 64)
        return "{p%02d}:" % (mark % partitions)

    # --- time and rest

    def signature(self) -> dict[str, int]:
        seen = json.loads(self.redis("EVAL", SIGNATURE, 0, self.clock.ms))
        return {**dict(sorted((name, int(n)) for name, n in seen.items() if n)), **({"held": self.crm.held} if self.crm.held else {})}

    def next_due(self) -> tuple[int | None, list[int]]:
        """The due instant of the next timer, and those of the next items of queues."""
        timer, queue = self.redis("EVAL", NEXT, 0, self.clock.ms)
        return int(timer) if timer else None, sorted(map(int, json.loads(queue) or ()))

    def move_to(self, at: int) -> list[Held]:
        """Moves the clock. Returns what becomes due in groups, which the caller puts back one by one: pushes, tasks, messages, then
        timers by person. Otherwise threads would decide whom a pool serves first, or whether a message joins a group."""
        out = self.redis("EVAL", TAKE, 0, f"({self.clock.ms}", at, "timers")
        self.clock.stand_at(at)
        return groups(out)

    def hold_queues(self) -> Held:
        """Takes the items out of the queues before the gateway starts. The caller puts them back after the spool is drained.
        They become due with the next move of the clock."""
        folder = self.data / "redis"
        command = ["redis-server", "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--dir", str(folder), "--appendonly", "yes", "--save", "", "--logfile", str(folder / "held.log")]
        with subprocess.Popen(command, env={**os.environ, **self.clock.env}, preexec_fn=die_with_parent, stdout=subprocess.DEVNULL) as server:
            wait_until(self._serves, "Redis serves the store")
            out = self.redis("EVAL", TAKE, 0, "-inf", self.clock.ms + DRIFT, "queues")
            self.forget_redis()
            server.terminate()
        return [(key, member, max(due, self.clock.ms + 1)) for group in groups(out) for key, member, due in group]

    def _serves(self) -> bool:
        if not (self.data / "redis" / "redis.sock").exists():
            return False
        try:
            with Resp(path=str(self.data / "redis" / "redis.sock")) as redis:
                return redis("PING") == "PONG"
        except (OSError, RedisError):
            return False

    def put_back(self, held: Held) -> None:
        self.redis("EVAL", PUT_BACK, 0, *[word for entry in held for word in entry])

    def settle(self, quiet: float) -> list[dict[str, int]]:
        """Waits until the store is unchanged for `quiet` seconds, then releases the calls that the CRM holds, and waits again."""
        rests = [self._rest(quiet)]
        while self.crm.held and self.release_tasks:
            self.crm.release()
            rests.append(self._rest(quiet))
        return rests

    def _rest(self, quiet: float) -> dict[str, int]:
        seen, since = self.signature(), time.monotonic()
        while True:
            time.sleep(0.005)
            now = self.signature()
            if now != seen:
                seen, since = now, time.monotonic()
            # A due item may be in flight, or held by the CRM.
            calm = quiet if not seen.get("due") or seen.get("held") else 10 * quiet
            if time.monotonic() - since >= calm:
                return seen

    def settle_as(self, rests: list[dict[str, int]], what: str) -> None:
        """Waits until the store reaches each recorded state."""
        for n, rest in enumerate(rests):
            if n:
                self.crm.release()
            wait_until(lambda rest=rest: self.signature() == rest,
                       lambda rest=rest: f"{what}, at {self.clock.text}: the store is not as recorded: {differences(rest, self.signature())}\n{self.g.log()[-1500:]}", every=0.003)


def groups(entries: list[list[bytes]]) -> list[Held]:
    """Queues first, in the order of their names, and then timers, of one person after the other."""
    out: dict[tuple, Held] = {}
    for key, member, score in sorted(entries, key=lambda entry: (int(float(entry[2])), entry[1])):
        queue = key.decode().partition(":")[2]
        if queue == "t":
            name: tuple = (1, member.decode().split(":")[1])
        else:
            name = (0, ("q:", "x:task:", "x:notify").index(next(kind for kind in ("q:", "x:task:", "x:notify") if queue.startswith(kind))))
        out.setdefault(name, []).append((key.decode(), member, int(float(score))))
    return [out[name] for name in sorted(out, key=lambda name: (name[0], out[name][0][2] if name[0] else 0, name[1]))]


def differences(expected: dict[str, int], seen: dict[str, int]) -> str:
    return ", ".join(f"{name} {seen.get(name, 0)} instead of {expected.get(name, 0)}" for name in sorted({*expected, *seen}) if expected.get(name, 0) != seen.get(name, 0)) or "as recorded by now"


def version() -> str:
    return subprocess.run([BATON, "version"], capture_output=True, check=True, text=True).stdout.strip()
