"""One fast wall clock for the gateway, its Redis and the test: a line through the machine's steady clock (tests/support/fast_time.c).

Steady clocks do not change. Waits by them (deadlines of calls, leases, back-off) keep their length, so a speed of 100 causes
no timeouts. The engine notices due times of the wall clock late, by the speed times its `look_every`.
"""
from __future__ import annotations

import datetime
import mmap
import pathlib
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
# pylint: disable=wrong-import-position
from rig import ROOT

LINE = struct.Struct("=qqqq")  # sequence, steady ns, wall ns, speed in thousandths


class FastTime:
    def __init__(self, folder: pathlib.Path, start: datetime.datetime, speed: float):
        self.path, self.library = folder / "fast_time", folder / "fast_time.so"
        self.path.write_bytes(bytes(LINE.size))
        with open(self.path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), LINE.size)
        self._lock = threading.Lock()
        self._sequence, self._line = 0, (0, 0, 0)
        self._draw(int(start.timestamp() * 1e9), speed)
        source = ROOT / "tests" / "support" / "fast_time.c"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(self.library), str(source), "-ldl"], check=True)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a program that uses this clock."""
        return {"LD_PRELOAD": str(self.library), "FAST_TIME": str(self.path)}

    def _draw(self, wall_ns: int, speed: float) -> None:
        """Readers see the old line or the new one, never half of each."""
        self._line = (time.monotonic_ns(), wall_ns, int(speed * 1000))
        self._map[:8] = struct.pack("=q", self._sequence + 1)
        self._map[8:] = struct.pack("=qqq", *self._line)
        self._sequence += 2
        self._map[:8] = struct.pack("=q", self._sequence)

    def _now_ns(self) -> int:
        steady, wall, speed = self._line
        return wall + (time.monotonic_ns() - steady) * speed // 1000

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now_ns() / 1e9

    def run(self, speed: float) -> None:
        """Continues at that speed; 0 stops the clock."""
        with self._lock:
            self._draw(self._now_ns(), speed)

    def jump(self, seconds: float) -> None:
        with self._lock:
            self._draw(self._now_ns() + int(seconds * 1e9), self._line[2] / 1000)

    @property
    def speed(self) -> float:
        return self._line[2] / 1000

    def until(self, instant: float) -> float:
        """Real seconds until that instant; a large number while the clock is stopped."""
        return max(0.0, instant - self.now()) / self.speed if self.speed else 3600.0


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def rfc3339(instant: float) -> str:
    return datetime.datetime.fromtimestamp(instant, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
