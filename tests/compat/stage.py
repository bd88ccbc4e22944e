"""Runs a gateway in stopped time. Gateway, private Redis and test share one wall clock (tests/day/fasttime.py), and only the
test moves it. All due work is done before the next move, so the test chooses the instant of each decision.

The dispatcher alone extrapolates the store's time by the steady clock, by about a second. The instants of its retries and of
grouped messages are therefore a little later than the wall clock. DRIFT covers that.
"""
from __future__ import annotations

import json
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
from resp import Resp
from rig import BATON, Gateway, wait_until

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


class Crm(faketasks.Crm):
    """Holds calls about tasks until the test releases them. The outcome of a push is then always logged first."""

    def __init__(self, case: Any):
        super().__init__(case)
        self.changed = threading.Condition()
        self.held, self.open, self.is_down, self._passes = 0, False, False, 0

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

    def release(self) -> None:
        with self.changed:
            self._passes += 1
            self.changed.notify_all()

    def state(self) -> dict[str, Any]:
        """The newest version of each contact and task."""
        with self.lock:
            return {"ids": self.ids, "contacts": {key: properties for key, _, properties in self.effects}, "tasks": self.tasks}

    def restore(self, state: dict[str, Any]) -> None:
        self.ids, self.tasks = state["ids"], state["tasks"]
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
# The next due instant of timers, which are exact, and of queues.
NEXT = """
local now, timer, queue = tonumber(ARGV[1]), false, false
for _, key in ipairs(redis.call('KEYS', '{p*')) do
  local rest = string.match(key, '^{p%d+}:(.*)$')
  local is_queue = string.sub(rest, 1, 2) == 'x:' or (string.sub(rest, 1, 2) == 'q:' and not string.find(rest, '?', 1, true))
  if rest == 't' or is_queue then
    local first = redis.call('ZRANGEBYSCORE', key, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
    if first[2] then
      local at = tonumber(first[2])
      if is_queue then if not queue or at < queue then queue = at end
      elseif not timer or at < timer then timer = at end
    end
  end
end
return cjson.encode({timer = timer, queue = queue})
"""


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

    def next_due(self) -> tuple[int | None, int | None]:
        """The due instants of the next timer and of the next item of a queue."""
        seen = json.loads(self.redis("EVAL", NEXT, 0, self.clock.ms))
        return tuple(int(seen[name]) if seen[name] is not False else None for name in ("timer", "queue"))

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


def differences(expected: dict[str, int], seen: dict[str, int]) -> str:
    return ", ".join(f"{name} {seen.get(name, 0)} instead of {expected.get(name, 0)}" for name in sorted({*expected, *seen}) if expected.get(name, 0) != seen.get(name, 0)) or "as recorded by now"


def version() -> str:
    return subprocess.run([BATON, "version"], capture_output=True, check=True, text=True).stdout.strip()
