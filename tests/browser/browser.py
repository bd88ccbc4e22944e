"""Debian's Chromium, driven by driver.mjs. `deploy/deps/install --with-tests` installs its dependencies."""
from __future__ import annotations

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
# pylint: disable=wrong-import-position
from rig import ROOT, die_with_parent

ANSWERS_WITHIN = 60  # seconds


def modules() -> pathlib.Path:
    """The folder into which the install script puts the packages pinned by package-lock.json."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = pathlib.Path(os.environ.get("BATON_DEPS_DIR") or ROOT / "build" / "deps") / f"browser-{lock}"
    if not (folder / ".complete").exists() or not pathlib.Path("/usr/bin/chromium").exists():
        raise AssertionError(f"no browser: run deploy/deps/install --with-tests ({folder})")
    return folder


class Browser:
    """One browser with a separate profile, one page at a time."""

    def __init__(self, case):
        profile = tempfile.TemporaryDirectory(prefix="bt-chromium-", ignore_cleanup_errors=True)
        case.addCleanup(profile.cleanup)
        env = {**os.environ, "HOME": profile.name, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
        self._process = subprocess.Popen(["node", str(HERE / "driver.mjs"), str(modules()), profile.name + "/p"], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, env=env, preexec_fn=die_with_parent)
        case.addCleanup(self._end)
        self._answer()

    def _end(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> Any:
        watchdog = threading.Timer(ANSWERS_WITHIN, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        assert line, "the browser's driver has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["ok"]

    def __call__(self, command: str, **given: Any) -> Any:
        self._process.stdin.write(json.dumps({"do": command, **given}) + "\n")
        self._process.stdin.flush()
        return self._answer()
