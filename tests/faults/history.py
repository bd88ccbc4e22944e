"""The history of a run, and its judge.

During a run all parties append to files of one folder, one JSON object a line:

  run.json        seed, row, profile of the run (below)
  sent.jsonl      clients:      event, source, person (e-mail), touches, at, answered, status, id, forged
  acts.jsonl      sales:        lead, clock (the one that it stops), action, at, answered, status
  effects.jsonl   destinations: at, destination, kind (keyed | readable | blind), key, version, person, content, applied
  faults.jsonl    the rig:      at, what
  resources.jsonl the rig:      at, pid, rss_kb, fds
  state.json      the rig, at the end: persons, dead_letters, waiting, spool, intake

Instants are seconds since 1970. After the run, invariants.py judges the folder. It needs nothing else:

  history.py CHECK FOLDER     CHECK: all, or some of I1,I2,I3,I4,I5,I7; 0: proved, 1: a counterexample, printed first

run.json: "may_lose": acknowledged deliveries may be lost (I1 is counted and printed, not judged; after a fault a
destination may see versions again, or an older one, and an answered act may be gone), or
"may_lose_before": deliveries acknowledged before that instant may be lost;
"early_ms": by how much a clock may run ahead of the rig's clock, if a row moves a clock on purpose;
"overdue_s": by how much a clock may be late in the end, if that is more than usual.
"""
from __future__ import annotations

import json
import pathlib
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

Line = dict[str, Any]
KINDS = ("sent", "acts", "effects", "faults", "resources")


class Recorder:
    """Appends to the files of a history. Threads may share it."""

    def __init__(self, folder: pathlib.Path | str, **run: Any):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._files = {kind: open(self.folder / f"{kind}.jsonl", "a", encoding="utf-8") for kind in KINDS}
        self.run = run
        self.describe()

    def describe(self, **run: Any) -> None:
        self.run.update(run)
        (self.folder / "run.json").write_text(json.dumps(self.run, indent=1), encoding="utf-8")

    def note(self, into: str, /, **line: Any) -> None:
        line.setdefault("at", time.time())
        text = json.dumps(line, ensure_ascii=False) + "\n"
        with self._lock:
            file = self._files[into]
            if not file.closed:  # a destination may answer after the end of the run
                file.write(text)
                file.flush()

    def fault(self, what: str) -> None:
        self.note("faults", what=what)

    def state(self, state: Line) -> None:
        (self.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    def close(self) -> None:
        with self._lock:
            for file in self._files.values():
                file.close()


def lines_of(path: pathlib.Path) -> list[Line]:
    """Leaves out a last line that a crash of its writer has cut off."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


class History:
    """The contents of a folder."""

    def __init__(self, folder: pathlib.Path | str):
        self.folder = pathlib.Path(folder)
        self.run: Line = self._json("run.json")
        self.state: Line = self._json("state.json")
        for kind in KINDS:
            setattr(self, kind, lines_of(self.folder / f"{kind}.jsonl"))

    sent: list[Line]
    acts: list[Line]
    effects: list[Line]
    faults: list[Line]
    resources: list[Line]

    def _json(self, name: str) -> Line:
        path = self.folder / name
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    @property
    def persons(self) -> list[Line]:
        return self.state.get("persons", [])

    def acknowledged(self) -> dict[str, Line]:
        """The first successful answer to each event with a valid signature."""
        first: dict[str, Line] = {}
        for line in self.sent:
            if not line.get("forged") and 200 <= (line.get("status") or 0) < 300:
                first.setdefault(line["event"], line)
        return first

    def about(self, subject: str, limit: int = 30) -> list[str]:
        """Every line that names the subject, in order of time: the evidence for a counterexample."""
        words = {subject}
        for line in self.sent:
            if subject in (line.get("event"), line.get("id"), *line.get("touches", ())):
                words |= {w for w in (line["event"], line.get("id")) if w}
        known = [(line["at"], kind, line) for kind in ("sent", "acts", "effects") for line in getattr(self, kind)
                 if any(word in json.dumps(line) for word in words)]
        known += [(line["at"], "faults", line) for line in self.faults]
        known.sort(key=lambda entry: entry[0])
        told = [f"{at:.3f} {kind:8} {json.dumps(line, ensure_ascii=False)[:400]}" for at, kind, line in known[-limit:]]
        return told + list(self._state_about(words))

    def _state_about(self, words: set[str]) -> Iterable[str]:
        for person in self.persons:
            if any(word in json.dumps(person) for word in words):
                yield f"state: person {person['id']} {person.get('email', '')} with {len(person['touches'])} touches, stage {person.get('stage')}"
                for item in person["timeline"]:
                    if any(word in json.dumps(item) for word in words):
                        yield f"state:   {item['at']} {item['event']} {' '.join(item['happened'])}"
        for letter in self.state.get("dead_letters", ()):
            if letter["subject"] in words:
                yield f"state: dead letter {json.dumps(letter)[:300]}"


def main(arguments: list[str]) -> int:
    import invariants  # pylint: disable=import-outside-toplevel

    if len(arguments) != 2 or not pathlib.Path(arguments[1], "state.json").exists():
        print(__doc__, file=sys.stderr)
        return 2
    wanted = invariants.ALL if arguments[0] == "all" else tuple(arguments[0].split(","))
    verdict = invariants.check(History(arguments[1]), wanted)
    print(verdict.text())
    return 1 if verdict.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
