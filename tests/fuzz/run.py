#!/usr/bin/env python3
"""Runs the fuzzers of a build folder and reports their findings.

usage: run.py [--build build/asan] [--seconds 30] [--jobs N] [--seed S] [TARGET...]

A fuzzer starts from its corpus and its old crashes. New inputs are kept in BUILD/fuzz/corpus, so that a
second run continues from there. Inputs that fail are written to BUILD/fuzz/found. Exits with 1 if there
are findings.
"""
import argparse
import concurrent.futures
import os
import random
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
LONGEST_INPUT = 4096  # bytes; speed matters more than size, and the limits under test are small
SLOWEST_INPUT = 10    # seconds; a slower input is a finding


@dataclass
class Outcome:
    name: str
    ok: bool
    summary: str
    log: Path


def targets(wanted: list[str]) -> list[str]:
    known = sorted(path.name.removesuffix("_fuzz.cpp") for path in HERE.glob("*_fuzz.cpp"))
    for name in wanted:
        if name not in known:
            sys.exit(f"unknown fuzzer {name}; the fuzzers are {', '.join(known)}")
    return wanted or known


def command(name: str, build: Path, seconds: int, seed: int) -> list[str]:
    home = build / "fuzz"
    learnt = home / "corpus" / name
    for folder in (learnt, home / "found"):
        folder.mkdir(parents=True, exist_ok=True)
    saved = [HERE / kind / name for kind in ("corpus", "crashes")]
    return [str(build / "tests" / "fuzz" / f"{name}_fuzz"),
            f"-max_total_time={seconds}", f"-seed={seed}", f"-dict={HERE / 'dictionaries' / name}.dict",
            f"-artifact_prefix={home / 'found'}/{name}-", f"-max_len={LONGEST_INPUT}", f"-timeout={SLOWEST_INPUT}",
            "-rss_limit_mb=2048", "-malloc_limit_mb=65536", "-print_final_stats=1", "-use_value_profile=0", "-reload=0",
            str(learnt), *(str(folder) for folder in saved if folder.is_dir())]


def number(log: str, pattern: str) -> str:
    found = re.findall(pattern, log)
    return found[-1] if found else "?"


def run(name: str, build: Path, seconds: int, seed: int) -> Outcome:
    log = build / "fuzz" / f"{name}.log"
    arguments = command(name, build, seconds, seed)
    environment = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:allocator_may_return_null=1",
                       UBSAN_OPTIONS="print_stacktrace=1", ASAN_SYMBOLIZER_PATH="/usr/bin/llvm-symbolizer-14")
    with open(log, "w", encoding="utf-8") as out:
        ended = subprocess.run(arguments, stdout=out, stderr=subprocess.STDOUT, env=environment, check=False)
    text = log.read_text(encoding="utf-8", errors="replace")
    runs, covered = number(text, r"number_of_executed_units:\s*(\d+)"), number(text, r"cov: (\d+)")
    return Outcome(name, ended.returncode == 0, f"{runs} inputs, {covered} edges, seed {seed}", log)


def explain(outcome: Outcome) -> None:
    lines = outcome.log.read_text(encoding="utf-8", errors="replace").splitlines()
    telling = [line for line in lines if re.search(r"property violated|ERROR|SUMMARY|runtime error|Test unit written", line)]
    print("\n".join("    " + line for line in telling[:12]))
    print(f"    full log: {outcome.log}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the fuzzers of a build folder.")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--build", type=Path, default=HERE.parent.parent / "build" / "asan")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**31))
    options = parser.parse_args()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(run, name, options.build.resolve(), options.seconds, options.seed)
                   for name in targets(options.targets)]
        outcomes = []
        for future in concurrent.futures.as_completed(running):
            outcomes.append(future.result())
            print(f"{'ok  ' if outcomes[-1].ok else 'FOUND'} {outcomes[-1].name}: {outcomes[-1].summary}", flush=True)
            if not outcomes[-1].ok:
                explain(outcomes[-1])
    found = sum(not outcome.ok for outcome in outcomes)
    print(f"fuzzers: {len(outcomes)} run for {options.seconds} s each, seed {options.seed}, {found} with findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
