"""Finds the prose of a file: blocks of text with the lines they come from."""
import ast
import io
import json
import re
import textwrap
import tokenize

FILLER = "\u00a4"


class Block:
    """A text that is read in one go: a paragraph, an item, a cell, a comment, a message."""

    def __init__(self, kind, parts, joint="\n"):
        self.kind = kind  # "prose", "item", "cell", "heading", "comment", "message", "name"
        self.text = joint.join(text for _, text in parts)
        self.starts, at = [], 0
        for line, text in parts:
            self.starts.append((at, line))
            at += len(text) + len(joint)

    def line(self, offset):
        return max(line for at, line in self.starts if at <= offset or at == 0)


def fill(found):
    """Takes a piece of code out of a text as one word of the same length."""
    return "C" + FILLER * (len(found.group(0)) - 1)


CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)
QUOTE = re.compile(r"\"[^\"]{1,80}\"|\u201e[^\u201c]{1,80}\u201c|\u201c[^\u201d]{1,80}\u201d")
LINK = re.compile(r"\]\([^)\s]*\)|\]\[[^\]]*\]")
ADDRESS = re.compile(r"<?https?://\S+")


def plain(text):
    """The text without code, quotes and marks, each letter at its place."""
    text = CODE.sub(fill, text)
    text = LINK.sub(lambda m: " " * len(m.group(0)), text)
    text = ADDRESS.sub(fill, text)
    text = QUOTE.sub(lambda m: m.group(0)[0] + re.sub(r"\S", FILLER, m.group(0)[1:-1]) + m.group(0)[-1], text)
    text = re.sub(r"(?<!\w)_|_(?!\w)|[*\[]", " ", text)
    return text


def markdown(text):
    text = re.sub(r"<!--.*?-->", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    kind, parts, fence, in_list, header = "prose", [], None, False, True
    for number, line in enumerate([*text.split("\n"), ""], 1):
        mark = re.match(r"\s*(?:[-*+]\s+|\d+[.)]\s+)?(```+|~~~+)", line)
        if fence:
            fence = None if mark and line.strip().startswith(fence) else fence
            continue
        item = re.match(r"\s*(?:>\s?)*(?:[-*+]|\d+[.)])\s+(?=\S)", line)
        heading, row = re.match(r"#+\s+", line), re.match(r"\s*\|", line)
        if (mark or item or heading or row or not line.strip()) and parts:
            yield Block(kind, parts)
            parts = []
        header = header if row else True
        if mark:
            fence = mark.group(1)
        elif row:
            yield from cells(number, line, header)
            header = False
        elif heading:
            yield Block("heading", [(number, line[heading.end():])])
        elif item:
            kind, in_list, parts = "item", True, [(number, line[item.end():])]
        elif line.strip() and not (line.startswith("    ") and not in_list and not parts):
            if not parts:
                in_list = in_list and line.startswith(" ")
                kind = "item" if in_list else "prose"
            parts.append((number, re.sub(r"^\s*(?:>\s?)*(?:\[!\w+\]$)?", "", line)))


def cells(number, line, header):
    if re.fullmatch(r"[\s|:-]+", line):
        return
    masked = CODE.sub(fill, line)
    at = 0
    for end in [m.start() for m in re.finditer(r"(?<!\\)\|", masked)] + [len(masked)]:
        cell = line[at:end].strip()
        if cell:
            yield Block("heading" if header else "cell", [(number, cell)])
        at = end + 1


TOKEN = re.compile(r"//(?P<line>[^\n]*)|/\*(?P<block>.*?)\*/|R\"(?P<raw>[^\s()\\]{0,16})\((?:.*?)\)(?P=raw)\"|"
                   r"\"(?P<string>(?:\\.|[^\"\\\n])*)\"|'(?:\\.|[^'\\\n])+'", re.S)
DIRECTIVE = re.compile(r"\s*(NOLINT|clang-format|namespace\b|IWYU|pylint|noqa|!|shellcheck|-\*-|type:)")


def comments(found):
    """Joins the lines of comments that continue each other. found: (line, column, text, alone on its line)"""
    parts, last = [], None
    for line, column, text, alone in [*found, (-1, 0, "", True)]:
        ended = not text.strip() or DIRECTIVE.match(text) or re.match(r" {4,}\S|\t", text)
        if parts and (ended or not alone or (line, column) != (last[0] + 1, last[1])):
            yield Block("comment", parts)
            parts = []
        if not ended:
            parts.append((line, re.sub(r"^[\s/!*<=-]+|[\s=-]+$", "", text)))
        last = (line, column)


def c_like(text, messages):
    lines, literals, end = [], [], 0
    for m in TOKEN.finditer(text):
        number, newline = text.count("\n", 0, m.start()) + 1, text.rfind("\n", 0, m.start())
        column, alone = m.start() - newline, not text[newline + 1:m.start()].strip()
        if m.group("line") is not None:
            lines.append((number, column, m.group("line"), alone))
        elif m.group("block") is not None:
            lines.extend((number + n, column, part, alone) for n, part in enumerate(m.group("block").split("\n")))
        elif m.group("string") is not None and messages:
            if literals and text[end:m.start()].strip():
                yield from message(literals)
                literals = []
            literals.append((number, m.group("string")))
            end = m.end()
    yield from message(literals)
    yield from comments(lines)


GERMAN = re.compile(r"\b(der|das|und|nicht|ist|wird|wurde|mit|noch|keine?r?|eine?[nrms]?|auf|von|oder|werden|sind|hat|"
                    r"sich|nach|dem|beim|zum|zur|vom|Sie|bitte|liegt|seit|bis)\b")


def german(text, least=2):
    return len(set(GERMAN.findall(text))) >= least or (least == 1 and re.search("[\u00e4\u00f6\u00fc\u00df]", text))


def message(literals):
    """What a program says: at least two words of a natural language, without the texts in German."""
    text = "".join(part for _, part in literals)
    if len(re.findall(r"(?<![\w:/.-])[A-Za-z]{2,}(?![\w:/(=-])", text)) < 2 or "\\\":" in text or german(text, 1):
        return
    parts = []
    for line, part in literals:
        part = part.replace('\\"', ' "')
        pieces = part.split("\\n")
        for piece in pieces[:-1]:
            yield Block("message", [*parts, (line, piece)], "")
            parts = []
        parts.append((line, pieces[-1]))
    yield Block("message", parts, "")


def python(text):
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [(t.start[0], t.start[1], t.string[1:], not t.line[:t.start[1]].strip()) for t in tokens if t.type == tokenize.COMMENT]
    yield from comments(found)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            first, *rest = node.body[0].value.value.split("\n")
            lines = [first, *textwrap.dedent("\n".join(rest)).split("\n")]
            yield from comments([(node.body[0].lineno + n, 0, line.rstrip(), True) for n, line in enumerate(lines)])


TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)\)|^ +(?:async )?def test_(\w+)\(", re.M)
WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def names(text):
    """The names of tests as sentences: ARepWhoIsAbsent and a_rep_who_is_absent."""
    for m in TEST.finditer(text):
        name = WORD.sub(" ", m.group(1)) if m.group(1) else m.group(2).replace("_", " ")
        yield Block("name", [(text.count("\n", 0, m.start()) + 1, name.capitalize())])


def hashes(text, mark="#"):
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        m = re.search(rf"(?:^|\s){mark}(?=\s|$|!)", line)
        if m and line[:m.start()].count('"') % 2 == 0 and line[:m.start()].count("'") % 2 == 0:
            found.append((number, m.end(), line[m.end():], not line[:m.start()].strip()))
    yield from comments(found)


SAID = re.compile(r"^(\s*)(?:- )?(?:description|summary|title|note):\s*(.*)$")
INLINE = re.compile(r"[{,]\s*(?:description|summary|help|hint):\s*\"((?:\\.|[^\"\\])*)\"")


def yaml(text):
    yield from hashes(text)
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        for m in INLINE.finditer(line):
            yield Block("message", [(number, m.group(1))])
        m = SAID.match(line)
        if not m:
            continue
        indent, value = len(m.group(1)), m.group(2)
        parts = [] if re.fullmatch(r"[|>][-+\d]*", value) else [(number, value.strip("\"'"))]
        for after, more in enumerate(lines[number:], number + 1):
            if more.strip() and len(more) - len(more.lstrip()) <= indent or value.startswith(('"', "'", "{")):
                break
            parts.append((after, more.strip()))
        if parts:
            yield Block("message", parts)


def schema(text):
    for m in re.finditer(r'"description"\s*:\s*("(?:\\.|[^"\\])*")', text):
        yield Block("message", [(text.count("\n", 0, m.start()) + 1, json.loads(m.group(1)))])


def blocks(path, text):
    """The prose of a file by its kind. Other kinds have none."""
    if path.startswith("tests/") and path.endswith((".cpp", ".py")):
        yield from names(text)
    yield from texts(path, text)


def texts(path, text):
    name = path.rsplit("/", 1)[-1]
    first = text.split("\n", 1)[0]
    if name.endswith(".md"):
        return markdown(text)
    if name.endswith((".h", ".h.in", ".cpp", ".js", ".mjs", ".ts", ".tsx", ".c", ".css")):
        return c_like(text, name.endswith((".cpp", ".h")) and not path.startswith("tests/"))
    if name.endswith(".py") or (first.startswith("#!") and "python" in first):
        return python(text)
    if name.endswith(".lua"):
        return hashes(text, "--")
    if name.endswith((".yaml", ".yml")):
        return yaml(text)
    if name.endswith(".json") and "/schema/" in path:
        return schema(text)
    if name.endswith((".cmake", ".sh", ".bash")) or name == "CMakeLists.txt" or re.match(r"#!.*\bb?a?sh\b", first):
        return hashes(text)
    return ()
