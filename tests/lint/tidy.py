#!/usr/bin/env python3
"""Runs clang-tidy by .clang-tidy. usage: tidy.py BUILD_DIR [PART OF A PATH]...

GCC makes the build, with a precompiled header and warnings that clang does not know. The script removes both from a
copy of the compile commands. Without a path it checks every source of the four layers, which takes some minutes. It
exits with 1 if there are findings.
"""
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

SOURCE = re.compile(r"/(mapping|adapters|webhooks|gateway)/[^\s]*\.cpp$")
GCC_ONLY = re.compile(r"\s(-fpch-preprocess|-Winvalid-pch|-Wno-error=\S+|-include \S*cmake_pch\.hxx)")


def prepare(build):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        commands = [c for c in json.load(file) if SOURCE.search(c["file"]) and "/build/" not in c["file"]]
    for command in commands:
        command["command"] = GCC_ONLY.sub("", command["command"]).split("/ccache ", 1)[-1]
    folder = os.path.join(build, "tidy")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(commands, file)
    return folder, sorted({c["file"] for c in commands})


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder, sources = prepare(sys.argv[1])
    if sys.argv[2:]:
        sources = [s for s in sources if any(part in s for part in sys.argv[2:])]

    def tidy(source):
        done = subprocess.run(["clang-tidy", "-p", folder, "--quiet", source], text=True, capture_output=True, check=False)
        return done.returncode, done.stdout

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(tidy, sources))
    for _, output in results:
        if output.strip():
            print(output.strip())
    bad = sum(1 for code, _ in results if code != 0)
    print(f"clang-tidy: {len(sources)} files, {bad} with findings")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
