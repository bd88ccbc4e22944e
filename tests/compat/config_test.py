"""Configuration folders of earlier versions keep their meaning. See README.md.

    BATON_BINARY=build/release/baton python3 -B tests/compat/config_test.py
"""
from __future__ import annotations

import hashlib
import json
import pathlib
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# pylint: disable=wrong-import-position
import stage  # first: it says where the rigs are
from checks import findings, lay_out
from rig import Case, baton
from schema_keys import Keys

VERSIONS = sorted(file.parent for file in (HERE / "fixtures" / "config").glob("*/findings.json"))
PORTS = "8080,8081"


def contents(folder: pathlib.Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def noted(version: pathlib.Path, name: str) -> dict:
    return json.loads((version / name).read_text(encoding="utf-8"))


class Config(Case):
    def setUp(self) -> None:
        super().setUp()
        self.assertTrue(VERSIONS, "there are fixtures")

    def test_the_same_is_found_in_the_same_places(self) -> None:
        for version in VERSIONS:
            for name, found in noted(version, "findings.json").items():
                with self.subTest(f"{version.name} {name}"):
                    self.assertEqual(findings(self.folder, version, name), found)

    def test_every_key_is_used(self) -> None:
        """keys.json lists the keys of every_key. The test checks that files and schemas have not changed since."""
        for version in VERSIONS:
            for kind, one in noted(version, "keys.json").items():
                with self.subTest(f"{version.name} {kind}"):
                    for path, digest in one["files"].items():
                        self.assertEqual(hashlib.sha256((version / "every_key" / path).read_bytes()).hexdigest(), digest, f"{path} was changed: run make_config.py")
                    self.assertEqual(sorted(Keys(noted(version, f"schema/{kind}.json")).all), one["keys"])
            self.assertEqual(sorted(noted(version, "keys.json")), sorted(file.stem for file in (version / "schema").iterdir()))

    def test_each_folder_serves_as_it_is(self) -> None:
        library = self.folder / "any_port.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "any_port.c")], check=True)
        self.files: dict[pathlib.Path, dict[str, bytes]] = {}
        self.env = {"LD_PRELOAD": str(library), "ANY_PORT": PORTS, "COMPAT_REDIS": self.redis().url}
        served = [(version, name, self.begin(version, name, f"s{n}")) for version in VERSIONS
                  for n, (name, found) in enumerate(noted(version, "findings.json").items()) if found["exit"] == 0]
        self.assertGreater(len(served), 5)
        for version, name, gateway in served:
            with self.subTest(f"{version.name} {name}"):
                gateway.wait_serving()
                gateway.wait_ready()
                self.doctor(gateway)
                self.knows_its_token(gateway)
                self.assertEqual(gateway.terminate(), 0)
                now = contents(gateway.folder)
                self.assertEqual([path for path, bytes_ in self.files[gateway.folder].items() if now.get(path) != bytes_], [], "its files are unchanged")

    def begin(self, version: pathlib.Path, name: str, short: str) -> stage.Restored:
        folder = lay_out(version, name, self.folder / short)
        self.files[folder] = contents(folder)
        for file in (folder / "secrets").iterdir():
            file.chmod(0o600)
        gateway = stage.Restored(folder, folder / "data", self.folder / f"{short}.log")
        self.addCleanup(gateway.stop)
        gateway.start(env=self.env, wait=False)
        return gateway

    def doctor(self, gateway: stage.Restored) -> None:
        code, said, complaint = baton("doctor", "-c", gateway.folder, env=self.env)
        self.assertEqual(code, 0, said + complaint)

    def knows_its_token(self, gateway: stage.Restored) -> None:
        answer = gateway.api("GET", "/api/v1/leads")
        self.assertEqual((answer.status, answer.json()["items"]), (200, []))


if __name__ == "__main__":
    unittest.main()
