"""Makes the store fixture of a version: a store that its binary wrote, and the expected result of further events.

    BATON_BINARY=path/to/baton python3 -B tests/compat/make_fixture.py 0.1.0-2026-11-22 [store|expected]

The folder fixtures/<name> gets config/ (the configuration), store.tar.xz (the data folder: append-only file of Redis, spool,
keys; and outside.json, the state of CRM and channel) and expected.json.xz (the result that later versions have to repeat).
`store` makes the first two, `expected` the third, no word all of them. Do not replace the fixture of a released version: it
proves that its stores can still be read.
"""
from __future__ import annotations

import json
import os
import pathlib
import shutil
import signal
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# pylint: disable=wrong-import-position
from stage import Stage, version
import expected
import world
from past import BEGIN, TAKEN, Past
from rig import PUBLIC_URL, wait_until

FIXTURES = HERE / "fixtures"
QUIET = 0.08  # s without a change in the store before the next scene


class Curtain:
    """Cleans up as a test case does."""

    def __init__(self) -> None:
        self._cleanups: list = []

    def addCleanup(self, what, *given) -> None:  # pylint: disable=invalid-name
        self._cleanups.append((what, given))

    def __enter__(self) -> "Curtain":
        return self

    def __exit__(self, *_) -> None:
        for what, given in reversed(self._cleanups):
            what(*given)


def play_past(stage: Stage) -> None:
    past = Past(stage)
    stage.start()
    past.plan()
    begun = time.monotonic()
    past.run(TAKEN, QUIET, lambda step: print(f"{stage.clock.text} {time.monotonic() - begun:.0f} s {step.get('what','')} {step['rests'][-1][-1]}", flush=True) if 'due' in step['rests'][-1][-1] else None)
    print(f"{len(past.persons)} persons, {len(stage.g.dead_letters())} dead letters")
    past.outage()
    stage.settle(2.0)
    compact(stage)
    os.kill(stage.g.redis_pid(), signal.SIGSTOP)
    past.spooled()
    wait_until(lambda: stage.g.metric("spool_records") == 7, lambda: f"seven deliveries in the spool, there are {stage.g.metric('spool_records')}")
    stage.kill()


def compact(stage: Stage) -> None:
    """Rewrites the append-only file without the history of each key."""
    stage.redis("BGREWRITEAOF")
    wait_until(lambda: b"aof_rewrite_in_progress:0" in stage.redis("INFO", "persistence") and b"aof_rewrite_scheduled:0" in stage.redis("INFO", "persistence"), "the append-only file is rewritten")


def links(stage: Stage) -> dict[str, str]:
    """The newest link of each kind of message, action and lead."""
    out = {}
    for message in stage.chat.messages():
        data = message["data"]
        for one in [data, *data.get("members", ())]:
            for link in one.get("links", ()):
                if link["url"].startswith(PUBLIC_URL + "/a/") and one.get("lead"):
                    kind = one.get("kind") or message["type"].removeprefix("baton.")
                    out[f"{kind} {link.get('action', '')} {one['lead']}"] = link["url"].removeprefix(PUBLIC_URL).partition("#")[0]
    return out


def pack(data: pathlib.Path, file: pathlib.Path) -> None:
    """Equal files give equal bytes: the archive has no times and no owners."""
    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        if entry.name.endswith((".log", ".sock", ".lock", ".conf")):
            return None
        entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname = TAKEN // 1000, 0, 0, "", ""
        return entry

    with tarfile.open(file, "w:xz") as tar:
        for entry in sorted(data.iterdir()):
            tar.add(entry, entry.name, filter=plain)


def make_store(target: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory(prefix="bt-") as name, Curtain() as curtain:
        folder = pathlib.Path(name)
        config, data = folder / "config", folder / "data"
        world.write_config(config)
        shutil.copytree(config, target / "config", dirs_exist_ok=True)
        stage = Stage(curtain, folder, config, data, BEGIN)
        play_past(stage)
        (data / "outside.json").write_text(json.dumps({"crm": stage.crm.state(), "links": links(stage)}, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        pack(data, target / "store.tar.xz")
    print(f"{target / 'store.tar.xz'}: {(target / 'store.tar.xz').stat().st_size} bytes, by {version()}")


def main() -> int:
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["store"], ["expected"]):
        print(__doc__, file=sys.stderr)
        return 2
    target = FIXTURES / sys.argv[1]
    target.mkdir(parents=True, exist_ok=True)
    if sys.argv[2:] != ["expected"]:
        make_store(target)
    if sys.argv[2:] != ["store"]:
        expected.record(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
