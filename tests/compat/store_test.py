"""A store of an earlier version is read, and carried on as that version would have. See README.md.

    BATON_BINARY=build/release/baton python3 -B tests/compat/store_test.py

Each folder below fixtures/ with a store.tar.xz is a version. BATON_COMPAT selects one.
"""
from __future__ import annotations

import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# pylint: disable=wrong-import-position
import stage  # first: it says where the rigs are
import dump
import expected
from rig import Case, baton

FIXTURES = sorted(file.parent for file in (HERE / "fixtures").glob("*/store.tar.xz"))
TOLERANCE = stage.DRIFT + 2000  # ms
SHOWN = 40


def fixtures() -> list[pathlib.Path]:
    wanted = os.environ.get("BATON_COMPAT", "")
    found = [folder for folder in FIXTURES if wanted in ("", folder.name)]
    assert found, f"no fixture {wanted!r} below {HERE / 'fixtures'}"
    return found


class Store(Case):
    def run_of(self, fixture: pathlib.Path) -> expected.Run:
        folder = self.folder / fixture.name[-8:]
        folder.mkdir()
        return expected.Run(self, fixture, folder)

    def same(self, want: object, got: object, what: str) -> None:
        faults = dump.compare(want, got, TOLERANCE)
        if faults:
            self.fail(f"{what}: {len(faults)} differences, the first are\n" + "\n".join(faults[:SHOWN]))

    def doctor(self, run: expected.Run) -> None:
        code, said, complaint = baton("doctor", "-c", run.stage.config, env=run.stage.env)
        self.assertEqual(code, 0, said + complaint)

    def test_a_store_goes_on_as_under_its_own_version(self) -> None:
        for fixture in fixtures():
            with self.subTest(fixture.name):
                run, want = self.run_of(fixture), expected.read(fixture)
                got = expected.again(run, want)
                self.doctor(run)
                for part in ("read", "reports", "end"):
                    for name, one in want[part].items():
                        one, same = (expected.without_lines(x) if name == "messages" else x for x in (one, got[part][name]))
                        self.same(one, same, f"{part}: {name}")


if __name__ == "__main__":
    unittest.main()
