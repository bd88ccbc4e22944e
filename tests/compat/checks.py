"""Runs `baton check` on a fixture at a fixed time and drops the words of its findings."""
from __future__ import annotations

import json
import pathlib
import shutil
from typing import Any

from fasttime import utc
from rig import baton
from stage import StoppedTime

AT = round(utc("2026-03-02T08:00:00").timestamp() * 1000)  # routing is checked for the next four weeks


def lay_out(version: pathlib.Path, name: str, target: pathlib.Path) -> pathlib.Path:
    """Copies a kept folder, or every_key with the faults of invalid.json."""
    if (version / name).is_dir():
        shutil.copytree(version / name, target)
        return target
    shutil.copytree(version / "every_key", target)
    for path, old, new in json.loads((version / "invalid.json").read_text(encoding="utf-8"))[name]:
        file = target / path
        if new is None:
            file.unlink()
            continue
        text = file.read_text(encoding="utf-8") if old is not None else ""
        assert old is None or old in text, f"{name}: {path} has no {old!r}"
        file.write_text(new if old is None else text.replace(old, new, 1), encoding="utf-8")
    return target


def findings(folder: pathlib.Path, version: pathlib.Path, name: str) -> dict[str, Any]:
    """Checks a copy, so that no finding names a path of this machine."""
    copy = lay_out(version, name, folder / f"{version.name} {name}")
    code, said, complaint = baton("check", copy, "--format", "json", env={**StoppedTime(folder, AT).env, "COMPAT_REDIS": "redis://127.0.0.1:1/0"})
    try:
        found = json.loads(said)["findings"]
    except ValueError as error:
        raise AssertionError(f"{name}: {code} {said[:500]} {complaint[:500]}") from error
    for one in found:
        assert one["message"], f"{name}: a finding has no message: {one}"
    places = [{"file": str(pathlib.Path(one["file"]).relative_to(copy)), **{part: one[part] for part in ("line", "column", "code", "severity")}} for one in found]
    return {"exit": code, "findings": sorted(places, key=lambda one: json.dumps(one, sort_keys=True))}
