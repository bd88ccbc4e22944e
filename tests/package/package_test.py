#!/usr/bin/env python3
"""Packs the program, unpacks the archive and runs its programs with a search path that has no redis-server.

usage: package_test.py PROGRAM
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = sys.argv.pop(1)
# The archive leaves the C library and its loader to the system.
OF_THE_SYSTEM = re.compile(r"^(linux-vdso|ld-linux.*|lib(c|m|dl|pthread|rt|resolv|util))\.so")
MAX_SECONDS = 60


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="baton-package-"))
        made = subprocess.run([ROOT / "deploy" / "package", "--program", PROGRAM, "--out", cls.folder],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise AssertionError(made.stderr)
        cls.archive = Path(made.stdout.strip())
        with tarfile.open(cls.archive) as archive:
            archive.extractall(cls.folder)
        cls.home = cls.folder / cls.archive.name.removesuffix(".tar.gz")
        # The starter needs one tool; nothing else is on the search path.
        (cls.folder / "path").mkdir()
        (cls.folder / "path" / "readlink").symlink_to(shutil.which("readlink"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_it(self, *words):
        done = subprocess.run([self.home / "bin" / "baton", *words], capture_output=True, text=True, check=False, cwd=self.folder,
                              timeout=MAX_SECONDS, env={"PATH": str(self.folder / "path"), "HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_its_name_contains_the_version_of_the_program(self):
        version = json.loads(self.run_it("version", "--json"))["version"]
        self.assertEqual(self.archive.name, f"baton-{version}-linux-{os.uname().machine}.tar.gz")

    def test_a_configuration_that_it_writes_passes_the_check(self):
        self.run_it("init", "gateway")
        self.run_it("check", "gateway")

    def test_the_demo_runs_on_its_own_redis_server(self):
        numbers = json.loads(self.run_it("demo", "--once").splitlines()[-1])
        self.assertEqual(numbers["lost"], 0)
        self.assertGreater(numbers["handovers"], 0)

    def test_it_contains_every_library_except_the_c_library(self):
        for name in ("baton", "redis-server"):
            listed = subprocess.run(["ldd", self.home / "libexec" / name], capture_output=True, text=True, check=True).stdout
            for line in listed.splitlines():
                library = line.split()[0]
                if OF_THE_SYSTEM.match(os.path.basename(library)):
                    continue
                self.assertIn(str(self.home), line, f"{name} loads {library} from the system")

    def test_each_part_has_a_licence(self):
        licences = {path.name for path in (self.home / "licenses").iterdir()}
        for name in ("cpprestsdk", "libssl3", "libicu72", "libstdc++6"):
            self.assertIn(name, licences)
        self.assertTrue(any(name.startswith("redis") for name in licences), licences)
        for folder in (self.home / "licenses").iterdir():
            self.assertTrue(any(folder.iterdir()), folder)


if __name__ == "__main__":
    unittest.main()
