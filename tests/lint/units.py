"""Names of a file's own against those of its unit: a release build compiles the files of a few rooms as one."""
import os
import re
from collections import defaultdict

SOURCES = ("mapping", "adapters", "webhooks", "gateway")
ANONYMOUS = re.compile(r"^namespace \{\n(.*?)^\}  // namespace$", re.S | re.M)
TYPE = re.compile(r"(?:using (\w+) =|(?:struct|class|enum class|enum) (\w+))")
CONSTANT = re.compile(r"\b(k[A-Z]\w*)\b[^=;{(]*[={]")
FUNCTION = re.compile(r"^(?:[\w:<>,*&\[\] ]+?)[ *&](\w+)\(", re.S)


def own_names(text):
    """Names of types, constants and functions; an overload is a name too, as it may make a call ambiguous."""
    for body in ANONYMOUS.findall(text):
        for found in re.finditer(r"^(?![ }/#\n]).*?(?:[;{]|\n\n)", body, re.S | re.M):
            begin = found.group(0)
            if kind := TYPE.match(begin):
                yield kind.group(1) or kind.group(2)
            elif begin.startswith(("constexpr", "const")) and (names := CONSTANT.findall(begin)):
                yield from names
            elif function := FUNCTION.match(begin):
                yield function.group(1)


def units_of_rooms(root):
    """The first room of its unit for each room that shares one."""
    path = os.path.join(root, "deploy", "cmake", "units.cmake")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {room: line.split()[0] for line in re.findall(r'^ *"([^"]+)"', file.read(), re.M) for room in line.split()}


def units(root):
    together = units_of_rooms(root)
    rooms = defaultdict(lambda: defaultdict(set))
    for folder in SOURCES:
        for at, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                if name.endswith(".cpp"):
                    with open(os.path.join(at, name), encoding="utf-8") as file:
                        for own in own_names(file.read()):
                            room = os.path.relpath(at, root)
                            rooms[together.get(room, room)][own].add(name)
    for room, all_names in sorted(rooms.items()):
        for own, where in sorted(all_names.items()):
            if len(where) > 1:
                yield f"{room}: {own} is a name of {' and of '.join(sorted(where))}; rename one of them"
