#!/usr/bin/env python3
"""Writes docs/reference/config.md from docs/reference/schema/baton.json.

usage: config_reference.py [--check] [ROOT]     --check: exits with 1 if the page differs from the schema
"""
import json
import os
import sys

HEAD = """# baton.yaml

The settings of the gateway itself: listeners, store, access. `deploy/docs/config_reference.py` generates this page from
[`schema/baton.json`](schema/baton.json). A test fails if the two differ.

Only `schema: 1` is required. Sizes are bytes or `16 KiB`, `1 MiB`, `4 GiB`. Durations are `10s`, `5m`, `4h`, `7d`, or a
sum: `1h30m`. Baton replaces `${env:NAME}` and `${file:PATH}` in any value; `${env:NAME:-value}` has a default. Paths are
relative to the folder of this file. A reload (SIGHUP) applies changes of sources, policies and destinations. Changes of
this file need a restart.
"""


def resolved(schema, node):
    reference = node.get("$ref")
    if reference is None:
        return node
    target = schema
    for part in reference.lstrip("#/").split("/"):
        target = target[part]
    return {**target, **node, "kind": reference.rsplit("/", 1)[-1]}


def kind_of(node):
    if "enum" in node:
        return " or ".join(f"`{word}`" for word in node["enum"])
    if "const" in node:
        return f"`{node['const']}`"
    if "kind" in node:
        return {"duration": "duration", "size": "size"}[node["kind"]]
    kind = node["type"]
    if kind == "array":
        return "list of " + {"string": "texts"}[node["items"]["type"]]
    if kind == "integer" and "minimum" in node:
        return f"{node['minimum']} to {node['maximum']}" if "maximum" in node else f"from {node['minimum']}"
    return {"string": "text", "integer": "number", "boolean": "true or false"}[kind]


def default_of(node):
    if "default" not in node:
        return ""
    return f"`{json.dumps(node['default']) if isinstance(node['default'], bool) else node['default']}`"


def rows(schema, properties, prefix):
    for name, raw in properties.items():
        node = resolved(schema, raw)
        if node.get("type") == "object":
            yield from rows(schema, node["properties"], f"{prefix}{name}.")
        else:
            text = node.get("description", "").replace("|", "\\|")
            yield f"| `{prefix}{name}` | {kind_of(node)} | {default_of(node)} | {text} |"


def page(schema):
    table = "| Setting | Value | Default | Meaning |\n|---|---|---|---|\n"
    alone = {n: p for n, p in schema["properties"].items() if p.get("type") != "object"}
    parts = [HEAD, table + "\n".join(rows(schema, alone, "")) + "\n"]
    for name, node in schema["properties"].items():
        if node.get("type") == "object":
            parts.append(f"## {name}\n\n" + table + "\n".join(rows(schema, node["properties"], name + ".")) + "\n")
    return "\n".join(parts)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    root = arguments[0] if arguments else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    reference = os.path.join(root, "docs", "reference")
    with open(os.path.join(reference, "schema", "baton.json"), encoding="utf-8") as file:
        text = page(json.load(file))
    target = os.path.join(reference, "config.md")
    if "--check" in sys.argv[1:]:
        with open(target, encoding="utf-8") as file:
            if file.read() == text:
                return 0
        print("docs/reference/config.md differs from its schema; run deploy/docs/config_reference.py")
        return 1
    with open(target, "w", encoding="utf-8") as file:
        file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
