#!/usr/bin/env python3
"""Proves that the rows can fail: breaks the gateway on purpose, in one way at a time, and runs the row that must detect it.

usage: mutants.py SCRATCH [NAME...]

SCRATCH is a copy of the sources with a configured build in build/dev, which has failpoints. The script changes the copy
and restores it. It prints a table and exits with 1 if a mutant survives. docs/explanation/guarantees.md has the results.
"""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass


@dataclass
class Mutant:
    name: str
    file: str
    old: str
    new: str
    row: str  # file and class
    env: tuple[tuple[str, str], ...] = ()


MUTANTS = (
    Mutant("acknowledge before the store has the delivery", "gateway/app/workers/intake.cpp",
           '    BATON_FAILPOINT("intake.before_script");\n',
           '    done(Stored::kStored);\n    done = [](Stored) {};\n    BATON_FAILPOINT("intake.before_script");\n', "gateway_test.py AtTheEdge"),
    Mutant("skip the sync of the spool", "gateway/store/spool/spool.cpp",
           "if (status && ::fdatasync(fd_) != 0)", "if (status && fd_ < 0)", "store_test.py PowerLost", (("BATON_ROUNDS", "8"),)),
    Mutant("append to Redis without a sync", "gateway/store/redis/embedded_redis.cpp",
           'appendonly yes\\nappendfsync always\\n', 'appendonly yes\\nappendfsync no\\n', "store_test.py PowerLost", (("BATON_ROUNDS", "8"),)),
    Mutant("delete a spool segment before Redis has it", "gateway/store/spool/spool.cpp",
           "      if (auto status = take(batch); !status) return status.error();\n",
           "      if (from > 0) {\n        if (auto status = take(batch); !status) return status.error();\n      }\n", "gateway_test.py InTheSpool"),
    Mutant("remove the duplicate check", "gateway/core/decide/touches.cpp",
           "  if (is_applied(s.person, id)) {", "  if (s.person.touches.size() > 100000 && is_applied(s.person, id)) {", "gateway_test.py InTheEngine"),
    Mutant("skip the version check", "gateway/store/redis/lua/30_commit.lua",
           "  if (head[1] or '0') ~= c.expected then return 0 end\n", "", "gateway_test.py PausedBetween.test_commit"),
    Mutant("delete the delivery before its effects are committed", "gateway/app/workers/intake_worker.cpp",
           "  const auto results = applier_->apply(work);\n",
           "  std::vector<EntryRef> early;\n  for (const auto& read : reads) early.push_back(ref_of(read.entry));\n"
           "  if (!early.empty()) (void)store_->finish_intake(early);\n  const auto results = applier_->apply(work);\n", "gateway_test.py InTheEngine"),
    Mutant("count a push as done before the call", "gateway/app/dispatch/push_worker.cpp",
           '  BATON_FAILPOINT("push.before_call");\n',
           '  for (const auto& item : items) done(item, {});\n  write_results();\n  BATON_FAILPOINT("push.before_call");\n',
           "gateway_test.py AtTheDestinations"),
    Mutant("remove a clock from the list before its firing is committed", "gateway/store/redis/lua/40_due.lua",
           "register('due_timers_v1', {'no-writes'}, function(keys, args)\n  local now, after, rows = due(keys[1] .. ':t', args[1])\n",
           "register('due_timers_v1', {'allow-oom'}, function(keys, args)\n  local now, after, rows = due(keys[1] .. ':t', args[1])\n"
           "  redis.call('ZREMRANGEBYSCORE', keys[1] .. ':t', '-inf', now)\n", "gateway_test.py InTheEngine"),
    Mutant("push at once after another node held the partition", "gateway/app/dispatch/push_worker.cpp",
           "    if (leases_.since_taken_over(entry.partition) < crm_->deadline()) continue;\n", "", "gateway_test.py PausedBetween.test_push"),
    Mutant("create a task without recording the attempt first", "gateway/app/dispatch/task_worker.cpp",
           "    if (!store_->outbox_retry({&later, 1})) {", "    if (later.at.ms < 0 && !store_->outbox_retry({&later, 1})) {", "gateway_test.py DuringTasks.test_row"),
)


def spoil(scratch: pathlib.Path, mutant: Mutant) -> str:
    """Applies the mutant; returns the original text."""
    path = scratch / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file} has changed: {mutant.old!r} stands there {text.count(mutant.old)} times")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return text


def first_words(output: str) -> str:
    """The violation that the row reported."""
    words = [line for line in output.splitlines() if "is violated" in line or line.startswith("AssertionError")]
    return words[0].partition("__main__.")[2].partition(": ")[2][:90] or words[0][:90] if words else "failed"


def try_one(scratch: pathlib.Path, mutant: Mutant) -> tuple[bool, str]:
    text = spoil(scratch, mutant)
    try:
        built = subprocess.run(["ninja", "-C", str(scratch / "build" / "dev"), "baton"], capture_output=True, text=True, check=False)
        if built.returncode != 0:
            raise SystemExit(f"{mutant.name} does not build:\n{built.stdout[-2000:]}")
        file, row = mutant.row.split()
        env = {**os.environ, **dict(mutant.env), "BATON_BINARY": str(scratch / "build" / "dev" / "baton")}
        run = subprocess.run([sys.executable, "-B", str(scratch / "tests" / "faults" / file), row], capture_output=True, text=True, env=env, check=False)
        return run.returncode != 0, first_words(run.stdout + run.stderr)
    finally:
        (scratch / mutant.file).write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    scratch, names = pathlib.Path(arguments[0]), arguments[1:]
    survived = 0
    for mutant in MUTANTS:
        if names and mutant.name not in names:
            continue
        caught, words = try_one(scratch, mutant)
        survived += not caught
        print(f"| {mutant.name} | `{mutant.row.replace('_test.py ', '.')}` | {words if caught else 'SURVIVED'} |", flush=True)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
