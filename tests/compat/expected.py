"""Records what a binary makes of its fixture, and repeats it with another binary.

`record` plays present.py. It notes each step (instant, scene, answer, the store at rest) and the final state. `again` plays
the same steps and returns the same data for comparison.
"""
from __future__ import annotations

import json
import lzma
import pathlib
import shutil
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import dump
from past import TAKEN, ms
from present import EVENING, LATER, Present
from rig import wait_until
from stage import DRIFT, Held, Stage, version

WORDS = dump.WORDS
QUIET = 0.3
DAY_ENDS = ms("2026-03-17T16:29:50")
# Prose of the API, of messages and of tasks, which later versions may improve.
PROSE = {"text", "headline", "label", "detail", "title", "hs_task_subject", "hs_task_body"}


def restore(fixture: pathlib.Path, folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    config, data = folder / "config", folder / "data"
    shutil.copytree(fixture / "config", config)
    with tarfile.open(fixture / "store.tar.xz") as tar:
        tar.extractall(data)
    return config, data


class Run:
    """One run from the fixture to the end of present.py."""

    def __init__(self, case: Any, fixture: pathlib.Path, folder: pathlib.Path):
        self.fixture = fixture
        config, data = restore(fixture, folder)
        self.stage = Stage(case, folder, config, data, TAKEN)
        outside = json.loads((data / "outside.json").read_text(encoding="utf-8"))
        self.stage.crm.restore(outside["crm"])
        self.links: dict[str, str] = outside["links"]
        self.found: dict[str, Any] = {}

    def start(self) -> Held:
        """Returns when the spool is drained and all deliveries are processed. The queues are held until then."""
        held = self.stage.hold_queues()
        self.stage.start()
        wait_until(lambda: self.stage.g.metric("spool_records") == 0, lambda: f"the spool drains: {self.stage.g.metric('spool_records')}\n{self.stage.g.log()[-1500:]}")
        wait_until(lambda: self.stage.signature().get("intake", 0) == 0, "deliveries are worked off")
        return held

    def read(self) -> dict[str, Any]:
        """Lists and explains everything; returns the counts by kind."""
        seen = views(self.stage, ("", "/explain?lang=en", "/explain?lang=de"))
        leads = [seen[row["id"]] for row in seen["leads"]]
        return {"lists": {name: len(seen[name]) for name in LISTS}, "stages": count(lead["stage"] for lead in leads), "clocks": count(clock["state"] for clock in seen["clocks"]),
                "letters": count(letter["origin"] for letter in seen["dead-letters"]), "held": count(lead["episode"]["held"] for lead in leads if lead.get("episode", {}).get("held"))}

    def evening(self) -> None:
        """Restarts a minute after the digest's hour, so that the first round writes it."""
        self.stage.g.terminate()
        self.stage.forget_redis()
        self.stage.clock.stand_at(EVENING)
        self.stage.start()
        at = self.stage.clock.text.replace(".000Z", "Z")
        wait_until(lambda: f'"at":"{at}"' in self.stage.value("reports"), lambda: f"reports as of {at}: {self.stage.value('reports')[:200]}")

    def find(self, name: str) -> None:
        """Notes the store, the API, the messages and the CRM."""
        stage = self.stage
        tree = dump.Dump(stage.redis, stage.data).tree()
        self.found[name] = {"store": tree, "api": views(stage), "messages": messages(stage), "crm": without_prose(stage.crm.state())}

    def find_reports(self) -> None:
        tree = dump.Dump(self.stage.redis, self.stage.data, reports=True).tree()
        document = next(value for key, value in tree["keys"].items() if key.endswith(":o:~reports"))
        self.found["reports"] = {"document": document["b"], "value": json.loads(self.stage.value("reports"))}


def record(fixture: pathlib.Path) -> None:
    from make_fixture import Curtain  # pylint: disable=import-outside-toplevel
    with tempfile.TemporaryDirectory(prefix="bt-") as name, Curtain() as curtain:
        run = Run(curtain, fixture, pathlib.Path(name))
        noted: dict[str, Any] = {"made_by": version(), "taken": TAKEN}
        play(run, lambda part, act: noted.__setitem__(part, act(QUIET)))
        noted |= run.found
    text = json.dumps(noted, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (fixture / "expected.json.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{fixture / 'expected.json.xz'}: {(fixture / 'expected.json.xz').stat().st_size} bytes, {sum(len(noted[part]) for part in ('day', 'after'))} steps")


def read(fixture: pathlib.Path) -> dict[str, Any]:
    return json.loads(lzma.decompress((fixture / "expected.json.xz").read_bytes()))


def play(run: Run, part: Callable[[str, Callable], None]) -> None:
    """Calls `part` with the name of each part and a function that records it."""
    present = Present(run.stage, run.links)

    def noted(end: int) -> Callable[[float], list]:
        steps: list = []
        return lambda quiet: present.run(end, quiet, steps.append) or steps

    held = run.start()
    part("start", run.stage.settle)
    run.stage.put_back(held)
    run.found["read"] = run.read()
    present.plan_day()
    part("day", noted(DAY_ENDS))
    timer, queue = run.stage.next_due()
    assert min([timer or EVENING + 1, *(due - DRIFT for due in queue)]) > EVENING, "something is due between the day's end and the evening"
    run.evening()
    part("evening", run.stage.settle)
    run.find_reports()
    present.plan_after()
    part("after", noted(LATER))
    run.find("end")


def again(run: Run, expected: dict[str, Any]) -> dict[str, Any]:
    """Plays the recorded steps with this binary."""
    present = Present(run.stage, run.links)
    held = run.start()
    run.stage.settle_as(expected["start"], "the start")
    run.stage.put_back(held)
    run.found["read"] = run.read()
    present.plan_day()
    present.replay(expected["day"])
    run.evening()
    run.stage.settle_as(expected["evening"], "the evening")
    run.find_reports()
    present.plan_after()
    present.replay(expected["after"])
    run.find("end")
    return json.loads(json.dumps(run.found))


# --- the view from outside

LISTS = ("leads", "clocks", "tasks", "meetings", "alerts", "dead-letters", "pools", "outbox")
OF_LEAD = ("", "/timeline?limit=200", "/receipts", "/explain?lang=en", "/explain?lang=de")


def pages(stage: Stage, name: str) -> list[Any]:
    items, cursor = [], ""
    while True:
        page = stage.g.get(f"/api/v1/{name}?{'' if name == 'pools' else 'limit=200'}{cursor}")
        items += page["items"]
        if "next_cursor" not in page:
            return items
        cursor = "&cursor=" + page["next_cursor"]


def count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def views(stage: Stage, tails: tuple[str, ...] = OF_LEAD) -> dict[str, Any]:
    """All lists, and all resources of each lead, without prose."""
    out: dict[str, Any] = {name: sorted(pages(stage, name), key=lambda item: json.dumps(item, sort_keys=True)) for name in LISTS}
    for item in out["outbox"]:
        item.pop("due", None)  # it follows the steady clock; the dump compares the scores
    for letter in out["dead-letters"]:
        letter["reason"] = WORDS
    for row in out["leads"]:
        for tail in tails:
            answer = stage.g.api("GET", f"/api/v1/leads/{row['id']}{tail}")
            # A lead that was never handed over has no receipts: 404.
            assert answer.status == 200 or (answer.status == 404 and tail == "/receipts"), f"{row['id']}{tail}: {answer}"
            out[f"{row['id']}{tail}"] = answer.json()
    return without_prose(out)


def messages(stage: Stage) -> dict[str, Any]:
    """The messages of the channel by key; a repeat replaces the first."""
    return {message["data"]["key"]: without_prose({"type": message["type"], "data": message["data"]}) for message in stage.chat.messages() if message["ok"]}


def without_lines(value: Any) -> Any:
    """A message without the lines and links that its reader sees: later versions show others."""
    if isinstance(value, dict):
        return {name: without_lines(one) for name, one in value.items() if name not in ("facts", "links")}
    return [without_lines(one) for one in value] if isinstance(value, list) else value


def without_prose(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"label", "value"}:  # a line of a message
            return {"label": WORDS, "value": WORDS}
        return {name: WORDS if name in PROSE and isinstance(one, str) and one else without_prose(one) for name, one in value.items()}
    return [without_prose(one) for one in value] if isinstance(value, list) else value
