"""Checks the tables of stories and requirements: each row names folders or tests that exist."""
import os
import re

import tables

PAGE = "tests/golden/README.md"
REQUIREMENTS = "docs/requirements.md"
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


def table_rows(path):
    """The cells of each row of the tables in a page."""
    with open(path, encoding="utf-8") as file:
        return [[cell.strip() for cell in line.strip(" |\n").split(" | ")] for line in file if line.startswith("| ")]


def rows_of(folder):
    """g05_g06_lunch -> G5 G6."""
    prefix = re.match(r"(?:[a-z]\d\d_)*", folder).group(0)
    return {f"{word[0].upper()}{int(word[1:])}" for word in prefix.split("_") if word}


def requirements(root, folders, tests):
    """The page of requirements has every cited row, and the tests it names exist."""
    path = os.path.join(root, REQUIREMENTS)
    if not os.path.exists(path):
        return
    rows = [cells for cells in table_rows(path) if re.fullmatch(r"[A-Z]?\d+(?:, [A-Z]\d+)*", cells[0])]
    listed = {row for cells in rows for row in cells[0].split(", ")}
    cited = {*spread(tables.STORY_ROWS), *spread(tables.HARD_RULES), *(row for folder in folders for row in rows_of(folder))}
    for row in sorted(cited - listed):
        yield f"{REQUIREMENTS}: row {row} is missing"
    known = tests | folders | {test.split(".")[0] for test in tests}
    for cells in rows:
        # Rows of transitions have no sentence; rows with stories alone have no tests.
        named = re.findall(r"`([^`]+)`", cells[-1]) if len(cells) == 3 or cells[0].startswith("T") else []
        yield from (f"{REQUIREMENTS}: row {cells[0]} names {name}, which does not exist" for name in named if name not in known)


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
                yield f"{PAGE}: row {row} names {name}, which does not exist"
    yield from requirements(root, folders, tests)
    for folder in sorted(folders):
        if f"`{folder}`" not in page:
            yield f"{PAGE}: does not describe {folder}"
        if folder != "formats" and not FOLDER.fullmatch(folder):
            yield f"tests/golden/{folder}: begins with the row it shows, such as g01_"
