#!/usr/bin/env python3
"""Writes the table of adapters in README.md from adapters/{sources,crm,notify}/*.yaml.

usage: adapters.py [--check] [ROOT]     --check: exit code 1 if the table is stale
"""
import os
import re
import sys

BEGIN = "<!-- adapters: written by deploy/docs/adapters.py -->"
END = "<!-- end of adapters -->"
HEAD = "| Kind | Adapter | System | Stability |\n|---|---|---|---|\n"
# Folder below adapters/, the key that holds an adapter's name, what the table calls its kind.
KINDS = (("sources", "source", "source"), ("crm", "crm", "CRM"), ("notify", "notify", "channel"))


class Fault(Exception):
    pass


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def value(path, text, key):
    """A plain value at the top level of an adapter file. Names, titles and stabilities are plain."""
    found = re.search(rf"^{key}:[ \t]+([^\s\"'>|&*\[{{#].*?)[ \t]*(?:[ \t]#.*)?$", text, re.M)
    if found is None:
        raise Fault(f"{path}: has no plain value \"{key}\"")
    return found.group(1)


def rows(root):
    for folder, key, kind in KINDS:
        at = os.path.join(root, "adapters", folder)
        for name in sorted(os.listdir(at)) if os.path.isdir(at) else []:
            if not name.endswith(".yaml"):
                continue
            path, text = f"adapters/{folder}/{name}", read(os.path.join(at, name))
            adapter, title, stability = (value(path, text, k) for k in (key, "title", "stability"))
            title = title.replace("|", "\\|")
            yield f"| {kind} | `{adapter}` | {title} | {stability} |\n"


def page(root, old):
    """The page with the block between the markers replaced."""
    if old.count(BEGIN) != 1 or old.count(END) != 1 or old.index(BEGIN) > old.index(END):
        raise Fault(f"README.md: needs the lines \"{BEGIN}\" and \"{END}\" once each, in this order")
    before, rest = old.split(BEGIN)
    return f"{before}{BEGIN}\n\n{HEAD}{''.join(rows(root))}\n{END}{rest.split(END)[1]}"


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    root = arguments[0] if arguments else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    target = os.path.join(root, "README.md")
    try:
        old = read(target)
        new = page(root, old)
    except (Fault, OSError) as fault:
        print(fault)
        return 1
    if "--check" in sys.argv[1:]:
        if new != old:
            print("README.md: the table of adapters is stale; run deploy/docs/adapters.py")
        return 0 if new == old else 1
    with open(target, "w", encoding="utf-8") as file:
        file.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
