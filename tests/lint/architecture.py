"""The drawing of "The way of a lead" in docs/architecture.md: each function that it names is defined in the sources."""
import os
import re

PAGE = "docs/architecture.md"
DRAWING = re.compile(r"^## The way of a lead\n.*?^```\n(.*?)^```", re.M | re.S)
# Class::method, NameOfAClass or name_of_a_function
NAME = re.compile(r"\b(?:[A-Z]\w*::[a-z]\w*|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)\b")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
ARGUMENTS = r"\((?:[^;{}]|\{\})*\)"
LUA = re.compile(r"^register\(\s*'(\w+)'", re.M)


def read(root, endings):
    for folder in ("mapping", "adapters", "webhooks", "gateway"):
        for at, _, names in os.walk(os.path.join(root, folder)):
            for name in sorted(names):
                if name.endswith(endings):
                    with open(os.path.join(at, name), encoding="utf-8") as file:
                        yield file.read()


def class_body(text, name):
    """The bodies of all definitions of a class."""
    for found in re.finditer(rf"^\s*(?:class|struct) {name}\b[^;{{()]*\{{", text, re.M):
        depth, at = 1, found.end()
        while depth and at < len(text):
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        yield text[found.end():at]


def is_defined(text, name):
    scope, _, function = name.rpartition("::")
    # Definitions begin at the left margin, where no call is.
    place = rf"{scope}::(?:\w+::)*{function}" if scope else rf"(?<![:.>]){function}"
    if re.search(rf"^(?![ \t}}#])(?:[^\n;=(]*[\s*&>])?{place}{ARGUMENTS}[^;{{}}()]*(?:\{{|:)", text, re.M):
        return True
    # Otherwise it is defined in the class, or is part of an interface.
    inside = rf"\b{function}{ARGUMENTS}[^;{{}}()]*(?:\{{|= 0;)"
    return bool(scope) and any(re.search(inside, body) for body in class_body(text, scope))


def architecture(root):
    with open(os.path.join(root, PAGE), encoding="utf-8") as file:
        drawing = DRAWING.search(file.read())
    if drawing is None:
        yield f"{PAGE}: has no drawing below \"The way of a lead\""
        return
    text = COMMENT.sub("", "\n".join(read(root, (".h", ".cpp"))))
    stored = set(LUA.findall("\n".join(read(root, (".lua",)))))
    for name in sorted(set(NAME.findall(drawing.group(1))) - stored):
        known = next(class_body(text, name), None) is not None if re.fullmatch(r"[A-Z]\w*", name) else is_defined(text, name)
        if not known:
            yield f"{PAGE}: the drawing names {name}, which the sources do not define"
