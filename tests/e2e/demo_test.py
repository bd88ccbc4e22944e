#!/usr/bin/env python3
"""Runs `baton demo --once` and checks its exit code, length, duration and numbers."""

import json
import subprocess
import sys
import time
import unittest

BATON = sys.argv.pop(1)
MAX_LINES = 40
MAX_SECONDS = 45
NUMBERS = ("received accepted duplicates rejected touches persons mql sal sql handovers clocks_started "
           "clocks_breached alerts_sent crm_delivered crm_failed lost").split()
MAY_BE_ZERO = {"crm_failed", "lost"}


class Demo(unittest.TestCase):
    def run_demo(self, language):
        begun = time.monotonic()
        done = subprocess.run([BATON, "demo", "--once", "--lang", language], capture_output=True, text=True,
                              timeout=3 * MAX_SECONDS, check=False)
        took = time.monotonic() - begun
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stderr, "")
        self.assertLess(took, MAX_SECONDS)
        return done.stdout.splitlines()

    def check_numbers(self, line):
        numbers = json.loads(line)
        self.assertEqual(list(numbers), NUMBERS)
        for name, value in numbers.items():
            self.assertIs(type(value), int, name)
            if name in MAY_BE_ZERO:
                self.assertEqual(value, 0, name)
            else:
                self.assertGreaterEqual(value, 1, name)
        self.assertEqual(numbers["received"], numbers["accepted"] + numbers["duplicates"] + numbers["rejected"])

    def check(self, language, words):
        lines = self.run_demo(language)
        self.assertLessEqual(len(lines), MAX_LINES)
        self.check_numbers(lines[-1])
        output = "\n".join(lines)
        for word in words:
            self.assertIn(word, output)

    def test_the_english_demo(self):
        self.check("en", ["acknowledged", "The deadline passes", "kill -9", "baton init"])

    def test_the_german_demo(self):
        self.check("de", ["quittiert", "Frist", "kill -9", "baton init"])


if __name__ == "__main__":
    unittest.main()
