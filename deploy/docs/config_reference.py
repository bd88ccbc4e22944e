#!/usr/bin/env python3
"""Writes docs/reference/config.md from docs/reference/schema/baton.json.

usage: config_reference.py [--check] [ROOT]     --check: 1 where the page differs from the schema
"""
import json
import os
import sys

HEAD = """# baton.yaml

The gateway itself: where it listens, what it stores in, who may ask it. Written from
[`schema/baton.json`](schema/baton.json) by `deploy/docs/config_reference.py`; a test fails where the two differ.

`schema: 1` is the only key that has to be there. Sizes are bytes or `16 KiB`, `1 MiB`, `4 GiB`; lengths of time
`10s`, `5m`, `4h`, `7d`, also in sums: `1h30m`. `${env:NAME}` and `${file:PATH}` are replaced in any value, with a
default if you like (`${env:NAME:-value}`). Paths are seen from the folder of the file. Sources, policies and
destinations are taken over by a reload (SIGHUP); what stands in this file needs a restart.
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
        return {"duration": "length of time", "size": "size"}[node["kind"]]
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
