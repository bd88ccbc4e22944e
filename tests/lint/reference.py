"""Compares the reference pages with the sources: each published name has a line in docs/reference/."""
import os
import re
import subprocess
import sys


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def sources(root):
    for folder in ("mapping", "adapters", "webhooks", "gateway"):
        for at, _, names in os.walk(os.path.join(root, folder)):
            for name in sorted(names):
                if name.endswith((".cpp", ".h")):
                    yield read(root, os.path.relpath(os.path.join(at, name), root))


def compare(page, what, inside, listed):
    for name in sorted(inside - listed):
        yield f"{page}: {what} {name} is missing"
    for name in sorted(listed - inside):
        yield f"{page}: {what} {name} is not in the sources"


FINDING = r"(?:config|policy|routing|scoring|calendar|source|adapter|map|example)\.[a-z_]+"
# Codes of reasons that look like findings: "routing.catch_all" names a rule in a reason.
NO_FINDINGS = {"routing.catch_all"}
METRIC = re.compile(r"\b(?:count|gauge|observe_seconds)\(\s*\"([a-z_]+)\"")
COMMAND = re.compile(r"(?:command\(\s*app_,|app_\.add_subcommand\()\s*\"([a-z-]+)\"")
OPTION = re.compile(r"\"(?:-[a-z],)?(--[a-z-]+)\"")


def reference(root):
    text = "\n".join(sources(root))
    pages = "docs/reference/"
    findings = set(re.findall(rf'"({FINDING})"', text)) - NO_FINDINGS
    yield from compare(pages + "findings.md", "the code", findings,
                       set(re.findall(rf"`({FINDING})`", read(root, pages + "findings.md"))) - {"calendar.yaml"})
    types = re.search(r"kTypeNames\{(.*?)\}", read(root, "mapping/map/touch.cpp"), re.S).group(1)
    page = read(root, pages + "touch-types.md")
    rows = "\n".join(re.findall(r"^\| (`.*?) \|", page.split("## Intent")[0], re.M))
    yield from compare(pages + "touch-types.md", "the type", set(re.findall(r'"([a-z_]+)"', types)),
                       set(re.findall(r"`([a-z_]+)`", rows)))
    rows = "\n".join(re.findall(r"^\| (`baton_.*?) \|", read(root, pages + "metrics.md").split("## Worth")[0], re.M))
    yield from compare(pages + "metrics.md", "the metric", {"baton_" + name for name in METRIC.findall(text)},
                       set(re.findall(r"`(baton_[a-z_]+)`", rows)))
    cli, page = read(root, "gateway/cli/cli.cpp"), read(root, pages + "command-line.md")
    yield from compare(pages + "command-line.md", "the command", set(COMMAND.findall(cli)),
                       set(re.findall(r"^### `baton ([a-z-]+)", page, re.M)))
    for option in sorted(set(OPTION.findall(cli))):
        if not re.search(rf"{option}\b", page):
            yield f"{pages}command-line.md: the option {option} is missing"
    yield from stale("config_reference.py", root)


def stale(script, root):
    """The fault that a generator below deploy/docs/ reports about its page."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "docs", script)
    done = subprocess.run([sys.executable, "-B", path, "--check", root], text=True, capture_output=True, check=False)
    if done.returncode != 0:
        yield (done.stdout + done.stderr).strip()


def readme(root):
    yield from stale("adapters.py", root)
