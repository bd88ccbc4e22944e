"""Stories against their table: each row that has to be shown names folders or tests that exist."""
import os
import re

import tables

PAGE = "tests/golden/README.md"
FOLDER = re.compile(r"(?:[a-z]\d\d_)+[a-z0-9_]+")
ROW = re.compile(r"^\| ([A-Z]?\d+) \|.*\| (.*?) \|$", re.M)
TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.M)


def spread(ranges):
    """E3-5 F1 -> E3 E4 E5 F1."""
    for word in ranges.split():
        letter, first, last = re.fullmatch(r"([A-Z]?)(\d+)(?:-(\d+))?", word).groups()
        yield from (f"{letter}{n}" for n in range(int(first), int(last or first) + 1))


def tests_in(root):
    for at, _, names in os.walk(os.path.join(root, "tests")):
        for name in names:
            if name.endswith("_test.cpp"):
                with open(os.path.join(at, name), encoding="utf-8") as file:
                    yield from (".".join(found) for found in TEST.findall(file.read()))


def stories(root):
    golden = os.path.join(root, "tests", "golden")
    if not os.path.isdir(golden):
        return
    with open(os.path.join(root, PAGE), encoding="utf-8") as file:
        page = file.read()
    folders = {name for name in os.listdir(golden) if os.path.isdir(os.path.join(golden, name))}
    tests, rows = set(tests_in(root)), dict(ROW.findall(page))
    for row in [*spread(tables.STORY_ROWS), *spread(tables.HARD_RULES)]:
        named = re.findall(r"`([^`]+)`", rows.get(row, ""))
        if not named:
            yield f"{PAGE}: row {row} names no story"
        for name in named:
            if name not in (tests if "." in name else folders):
                yield f"{PAGE}: row {row} names {name}, which there is not"
    for folder in sorted(folders):
        if f"`{folder}`" not in page:
            yield f"{PAGE}: nothing is said of {folder}"
        if folder != "formats" and not FOLDER.fullmatch(folder):
            yield f"tests/golden/{folder}: begins with the row it shows, such as g01_"
