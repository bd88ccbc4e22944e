#!/usr/bin/env python3
"""Rules about the sources themselves. usage: lint.py CHECK ROOT

rooms        an include points to the same room or to one earlier in the order; no room has more than 45 files
confinement  only the files that wrap a third-party library include its headers
decisions    the core reads no clock, no random numbers, and uses no floating point
form         clang-format 14 changes no source file
sizes        no source file is longer than 400 lines; prints the ten longest, and wide headers
words        no unfinished work is left
adapters     every adapter file has examples, fixtures or a test
docs         a page names every configuration schema, and every link of a page has a target
reference    findings, touch types, metrics, commands and settings have their line in docs/reference/
architecture every function in the drawing of "The way of a lead" in docs/architecture.md is defined
readme       the table of adapters in README.md matches the adapter files
mutants      tests/faults/mutants.py quotes code that occurs exactly once in its file
stories      each row of the requirements names stories or tests that exist, in tests/golden/README.md
             and docs/requirements.md
prose        documentation, comments and messages use plain words in short sentences, subject first;
             `words.py PATH...` checks given files
units        two files that are compiled as one do not define the same name for themselves
"""
import fnmatch
import os
import re
import sys

sys.dont_write_bytecode = True
import tables  # noqa: E402
from mutants import mutants  # noqa: E402
from architecture import architecture  # noqa: E402
from form import form  # noqa: E402
from reference import readme, reference  # noqa: E402
from stories import stories  # noqa: E402
from units import units  # noqa: E402
from words import prose  # noqa: E402

SOURCES = ("mapping", "adapters", "webhooks", "gateway")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"", re.S)


def files(root, folders, endings):
    for folder in folders:
        for at, names, found in os.walk(os.path.join(root, folder)):
            names[:] = sorted(n for n in names if n not in ("build", ".git", "__pycache__"))
            for name in sorted(found):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(at, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def includes(root, path):
    text = read(root, path)
    for found in INCLUDE.finditer(text):
        yield found.group(1), found.group(2), text.count("\n", 0, found.start()) + 1


def room_of(path):
    folder = os.path.dirname(path)
    return folder if folder in tables.ROOMS else None


def unseen(room, target):
    return any(room.startswith(blind) and target.startswith(outside)
               for blind, outsides in tables.UNSEEN.items() for outside in outsides)


def rooms(root):
    count = {}
    for path in files(root, SOURCES, (".cpp", ".h")):
        room = room_of(path)
        count[os.path.dirname(path)] = count.get(os.path.dirname(path), 0) + 1
        if room is None:
            yield f"{path}: its folder is no room; move the file, or add the folder to ROOMS in tests/lint/tables.py"
            continue
        for quote, name, line in includes(root, path):
            if quote != '"':
                continue
            target = room_of(name)
            if target is None:
                yield f"{path}:{line}: \"{name}\" is not written from the root of the project"
            elif tables.ROOMS.index(target) > tables.ROOMS.index(room) or unseen(room, target):
                yield f"{path}:{line}: {room} may not include {target} (\"{name}\")"
    for folder, found in count.items():
        if found > tables.MAX_FILES_OF_A_ROOM:
            yield f"{folder}: {found} files, more than {tables.MAX_FILES_OF_A_ROOM}; divide it by subject"


def confinement(root):
    for path in files(root, SOURCES, (".cpp", ".h")):
        for quote, name, line in includes(root, path):
            rule = next((r for r in tables.CONFINED if re.match(r, name)), None) if quote == "<" else None
            if rule is None or any(fnmatch.fnmatchcase(path, allowed) for allowed in tables.CONFINED[rule]):
                continue
            yield f"{path}:{line}: <{name}> is for {', '.join(tables.CONFINED[rule]) or 'tests'} only"


IMPURE = re.compile(r"\b(double|float|system_clock|steady_clock|high_resolution_clock|random_device|rand|srand|"
                    r"time\s*\(\s*(?:nullptr|NULL|0)\s*\)|getenv|fopen|ifstream|ofstream|unordered_map|unordered_set)\b")


def decisions(root):
    for path in files(root, ("gateway/core",), (".cpp", ".h")):
        text = COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), read(root, path))
        for found in IMPURE.finditer(text):
            if found.group(1) in tables.DECISION_EXCEPTIONS.get(path, ()):
                continue
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}: {found.group(1)} is not allowed in a decision"


def sizes(root):
    measured = sorted(((read(root, p).count("\n"), p) for p in files(root, SOURCES + ("tests",), (".cpp", ".h"))),
                      reverse=True)
    print("the ten longest:")
    for lines, path in measured[:10]:
        print(f"  {lines:4} {path}")
    wide = [(n, p) for n, p in measured if p.endswith(".h") and n > tables.WIDE_HEADER_LINES]
    if wide:
        print(f"headers over {tables.WIDE_HEADER_LINES} lines:")
        for lines, path in wide:
            print(f"  {lines:4} {path}")
    for lines, path in measured:
        if lines > tables.MAX_FILE_LINES:
            yield f"{path}: {lines} lines, more than {tables.MAX_FILE_LINES}; split it by responsibility"


UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b|[Nn]ot " + r"implemented")


def words(root):
    endings = (".cpp", ".h", ".py", ".cmake", ".txt", ".md", ".yaml", ".json", ".lua", ".js", ".css", ".html", ".sh")
    for path in files(root, SOURCES + ("tests", "docs", "deploy"), endings):
        # Recorded deliveries and answers of vendors stay as they are.
        if path.startswith("tests/fixtures/"):
            continue
        text = read(root, path)
        for found in UNFINISHED.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}: \"{found.group(0)}\": finish or remove it"


def has_fixture(root, path):
    kind, name = path.split("/")[1], os.path.splitext(os.path.basename(path))[0]
    folders = [os.path.join(root, "tests", part, kind) for part in ("fixtures", "golden")]
    recorded = any(entry == name or entry.startswith((name + ".", name + "_"))
                   for folder in folders if os.path.isdir(folder) for entry in os.listdir(folder))
    return recorded or any(re.search(rf"\b{name}\b", read(root, test)) for test in files(root, ("tests/adapters",), ("_test.cpp",)))


def adapters(root):
    for path in files(root, ("adapters",), (".yaml",)):
        if re.search(r"^examples:", read(root, path), re.M) or has_fixture(root, path):
            continue
        yield (f"{path}: has neither `examples:` nor a fixture below tests/fixtures/{path.split('/')[1]}/ "
               "nor a test in tests/adapters/ that names it")


LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def docs(root):
    pages = {path: read(root, path) for path in files(root, ("docs", "gateway"), (".md",))}
    pages.update({path: read(root, path) for path in ("README.md", "CHANGELOG.md") if os.path.exists(os.path.join(root, path))})
    schema = os.path.join(root, "docs", "reference", "schema")
    for name in sorted(os.listdir(schema)) if os.path.isdir(schema) else []:
        if not any(f"schema/{name}" in text for text in pages.values()):
            yield f"docs/reference/schema/{name}: no page below docs/ names schema/{name}"
    for path, text in pages.items():
        for link in LINK.findall(text):
            if re.match(r"[a-z]+:", link):
                continue
            if not os.path.exists(os.path.join(root, os.path.dirname(path), link)):
                yield f"{path}: the link {link} has no target"


CHECKS = {f.__name__: f for f in (
    rooms, confinement, decisions, form, sizes, words, adapters, docs, reference, architecture, readme, mutants, stories, prose, units)}


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    faults = list(CHECKS[sys.argv[1]](sys.argv[2]))
    for fault in faults:
        print(fault)
    print(f"{sys.argv[1]}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
