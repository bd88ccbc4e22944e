#!/usr/bin/env python3
"""Checks the words of documentation, comments and messages. usage: words.py PATH...

Prints "FILE:LINE: TEXT [RULE] -> what to write instead" for each finding in the files, and in the folders below PATH.
The rules: banned words, how a sentence begins, and the length of sentences in Markdown (prose_tables.py). The name of
a test is a sentence.
"""
import fnmatch
import os
import re
import sys

sys.dont_write_bytecode = True
import prose_tables as tables  # noqa: E402
import prose_text  # noqa: E402

BANNED = [(re.compile(rf"\b(?:{expression})\b", re.I), instead) for expression, instead in tables.BANNED]
STARTS = [(re.compile(rf"(?:{expression})", re.I), instead) for expression, instead in tables.STARTS]
ABBREVIATED = "".join(rf"(?<!\b{word})" for word in (r"e\.g", r"i\.e", "no", "Art", "vs", "cf", "St", "Dr", "etc"))
END = re.compile(ABBREVIATED + r"[.!?][\"')\]]*\s+(?=[\"'(]?[A-Z0-9])|\s\u00b7\s")
SKIPPED = ("build", ".git", "__pycache__", "node_modules", "fixtures")  # folders without prose of this project


def sentences(text):
    """(offset, sentence) of each sentence."""
    at = 0
    for end in [m.end() for m in END.finditer(text)] + [len(text)]:
        yield at, text[at:end]
        at = end


def short(text):
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


def around(text, found):
    start = text.rfind(" ", 0, max(0, found.start() - 15)) + 1
    end = text.find(" ", min(len(text), found.end() + 10))
    return short(text[start:end if end > 0 else len(text)])


NAMES = re.compile(rf"C{prose_text.FILLER}+(?:(?:,|\s|and|or)+C{prose_text.FILLER}+)+")


def length(sentence):
    """In words; a piece of code is one, and so is a list of them."""
    sentence = NAMES.sub("C", sentence)
    return len([word for word in sentence.split() if re.search(r"\w", word)])


def beginnings(block, sentence):
    """How the sentence begins. A short text without a full stop, such as a cell, is none."""
    bare = sentence[re.match(r"[\s(]*[\"']?(?=\w)|", sentence).end():]
    complete = block.kind in ("prose", "item", "name") or re.search(r"[.;:!]", bare.strip()) is not None
    if block.kind == "heading" or "?" in bare[-4:] or (not complete and length(bare) < tables.FRAGMENT_WORDS):
        return
    for expression, instead in STARTS:
        found = expression.match(bare)
        if found and (bare[0].isupper() or re.match(r"wh(?:o|at)", bare)):
            yield len(sentence) - len(bare), found.group(0), instead


def findings(path, text):
    """(line, excerpt, rule, instead, word) of each finding in a file."""
    for block in prose_text.blocks(path, text):
        if prose_text.german(block.text, 3):
            continue
        plain = prose_text.plain(block.text)
        for expression, instead in BANNED:
            for found in expression.finditer(plain):
                word = " ".join(found.group(0).split())
                yield block.line(found.start()), around(block.text, found), word.lower(), instead, word
        for at, sentence in sentences(plain):
            for offset, word, instead in beginnings(block, sentence):
                yield block.line(at + offset), short(block.text[at:at + len(sentence)]), "begins with " + word, instead, word
            words = length(sentence)
            if path.endswith(".md") and words > tables.MAX_WORDS:
                yield (block.line(at), short(block.text[at:at + len(sentence)]), f"{words} words",
                       f"at most {tables.MAX_WORDS}: one fact a sentence", "*")


def excepted(path, word):
    return any(fnmatch.fnmatchcase(path, files) and allowed in ("*", word) for files, allowed, _ in tables.EXCEPTIONS)


def unreleased(path, text):
    """A changelog without what was released: nothing is changed there."""
    released = re.search(r"^## \[\d[^\]]*\] - \d", text, re.M)
    return text[:released.start()] if path.endswith("CHANGELOG.md") and released else text


def check(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        text = unreleased(path, file.read())
    for line, excerpt, rule, instead, word in sorted(findings(path, text), key=lambda f: f[0]):
        if not excepted(path, word):
            yield f"{path}:{line}: {excerpt} [{rule}] -> {instead}"


def below(root, path):
    """The file, or the files of the folder, as paths from the root."""
    if not os.path.isdir(os.path.join(root, path)):
        yield path
    for at, names, found in os.walk(os.path.join(root, path)):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        yield from (os.path.relpath(os.path.join(at, name), root) for name in sorted(found))


def prose(root):
    for path in below(root, "."):
        yield from check(root, path)


def main():
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    found = 0
    for argument in sys.argv[1:]:
        for path in below(root, os.path.relpath(os.path.abspath(argument), root)):
            for finding in check(root, path):
                found += 1
                print(finding)
    print(f"words: {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
