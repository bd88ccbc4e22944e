"""Finds the keys of a JSON Schema that documents use. A key of a shared definition counts once."""
from __future__ import annotations

from typing import Any


class Keys:
    def __init__(self, schema: dict[str, Any]):
        self.schema = schema
        self.all: set[str] = set()
        self.used: set[str] = set()
        self._list(schema, "")
        for name, definition in schema.get("definitions", {}).items():
            self._list(definition, f"#{name}")

    @property
    def missing(self) -> list[str]:
        return sorted(self.all - self.used)

    def _parts(self, node: Any) -> list[Any]:
        return [part for word in ("anyOf", "oneOf", "allOf") for part in node.get(word, ())]

    def _list(self, node: Any, path: str) -> None:
        if not isinstance(node, dict) or "$ref" in node:
            return
        for name, one in node.get("properties", {}).items():
            self.all.add(f"{path}.{name}")
            self._list(one, f"{path}.{name}")
        for word, tail in (("additionalProperties", ".*"), ("items", "[]")):
            self._list(node.get(word), path + tail)
        for part in self._parts(node):
            self._list(part, path)

    def use(self, document: Any) -> None:
        self._use(self.schema, document, "")

    def _use(self, node: Any, value: Any, path: str) -> None:
        if not isinstance(node, dict):
            return
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            return self._use(self.schema["definitions"][name], value, f"#{name}")
        for part in self._parts(node):
            self._use(part, value, path)
        # The schema calls a single expression "an object" and describes only those in a list.
        if path == "#expressions" and isinstance(value, dict):
            self._use({"$ref": "#/definitions/expression"}, value, path)
        if isinstance(value, list):
            for one in value:
                self._use(node.get("items"), one, path + "[]")
        if not isinstance(value, dict):
            return
        properties = node.get("properties", {})
        for name, one in value.items():
            if name in properties:
                self.used.add(f"{path}.{name}")
                self._use(properties[name], one, f"{path}.{name}")
            else:
                self._use(node.get("additionalProperties"), one, path + ".*")
