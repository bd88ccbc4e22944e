"""Reads a whole store into one tree of plain values: decoded documents and records, timers and queues with their scores,
outbox items, dead letters, values, the spool and the names of keys. Two stores are equal if their trees are equal.

The tree leaves these out because they are random or follow the steady clock. Everything else is exact:

  sealed bytes          the tree has the plain text; its seal was checked under the right key and place
  k of a document       the tree has the length of the wrapped key, and the person's stem
  own                   the lease of the running node
  n:...                 single-use marks are counted by kind; their names hold hashes of pages and instants of groups
  val:daykey:...        the random end of a key's id, and the wrapped key; the tree counts them by day
  val:seen:...          when a node last saw this Redis; val:feedback:..., when a CRM last answered
  l                     the log is listed by document in the order of its chain, which is checked; an entry has its ms alone
  o:...                 pool documents have no version and no newest record. The rows of a ledger are listed one by one, since
                        several may share a record. The time of the last look at a rep's lead is left out
  q:NAME?KIND           persons whom the CRM is asked about: members only, without scores and tries (qa)
  o:~reports, val:reports and their outbox items: rewritten every minute of the steady clock; `reports` includes them
  prose                 reasons of dead letters and failed effects are "(words)"
"""
from __future__ import annotations

import json
import pathlib
import re
from typing import Any

import formats
from layout import pairs
from resp import Resp

WORDS = "(words)"
REPORTS = b"o:~reports"


class Vanished(Exception):
    """A key disappeared during the read."""


class Dump:
    def __init__(self, redis: Resp, data: pathlib.Path, reports: bool = False):
        self.redis, self.data, self.reports = redis, data, reports
        self.vault = formats.Vault(data)
        self.wrapped: dict[str, bytes] = {}

    def tree(self) -> dict[str, Any]:
        while True:
            try:
                return self.read()
            except Vanished:
                continue

    def read(self) -> dict[str, Any]:
        keys = sorted(self.redis("KEYS", "*"))
        for key in keys:
            name = without_tag(key)
            if name.startswith(b"p:"):
                wrapped = self.redis("HGET", key, "k")
                self.wrapped[name[2:].decode()] = wrapped or b""
        shown = {key.decode(): self.of_key(key) for key in keys if not self.is_left_out(key)}
        return {"keys": shown, "log": self.log(keys), "once": self.once(keys), "spool": formats.spool(self.data / "spool", self.vault),
                "key_files": sorted({file.name[:14] for file in (self.data / "keys").iterdir()})}

    def is_left_out(self, key: bytes) -> bool:
        name = without_tag(key)
        about_reports = name == REPORTS or name == b"val:reports" or name.startswith(b"xd:" + REPORTS)
        return name in (b"own", b"l") or name.startswith((b"n:", b"val:daykey:")) or (about_reports and not self.reports)

    def once(self, keys: list[bytes]) -> dict[str, int]:
        """Counts single-use marks and shared day keys by kind."""
        out: dict[str, int] = {}
        for key in keys:
            name = without_tag(key)
            kind = name.split(b":")[1].decode() if name.startswith(b"n:") else name[:21].decode() if name.startswith(b"val:daykey:") else ""
            if kind:
                out[kind] = out.get(kind, 0) + 1
        return out

    # --- the log

    def log(self, keys: list[bytes]) -> dict[str, list]:
        out: dict[str, list] = {}
        for key in keys:
            if without_tag(key) != b"l":
                continue
            newest: dict[bytes, bytes] = {}
            for entry, flat in self.redis("XRANGE", key, "-", "+"):
                fields = pairs(flat)
                name = fields[b"k"]
                assert fields[b"p"] == newest.get(name, b""), f"the chain of {name!r} is broken at {entry!r}"
                newest[name] = entry
                out.setdefault(name.decode(), []).extend(self.record(entry.split(b"-")[0].decode(), name, fields[b"b"]))
            for name, entry in newest.items():
                last = self.redis("HGET", key[:-1] + name, "l")
                assert last == entry, f"{name!r} names {last!r} as its newest record, which is {entry!r}"
        return out

    def record(self, at: str, name: bytes, data: bytes) -> list[Any]:
        ident = name[2:].decode()
        if name[:1] == b"p":
            return [{"entry": at, **without_words(self.vault.record(data, ident, self.wrapped.get(ident, b"")))}]
        rows = self.vault.record(data)["plain"]["json"]
        lists = {"picks", "learnt"} & set(rows)
        common = {one: value for one, value in rows.items() if one not in lists}
        return [{"entry": at, **common, **row} for one in sorted(lists) for row in rows[one]] if lists else [{"entry": at, **common}]

    # --- by kind of key

    def of_key(self, key: bytes) -> Any:
        name = without_tag(key)
        kind = self.redis("TYPE", key)
        if kind == "hash" and name[:2] in (b"p:", b"o:"):
            return self.document(name, pairs(self.redis("HGETALL", key)))
        if kind == "hash":
            return self.hash(name, pairs(self.redis("HGETALL", key)))
        if kind == "zset":
            return self.queue(name, self.redis("ZRANGE", key, 0, -1, "WITHSCORES"))
        if kind == "stream":
            return [[entry.decode(), self.entry(name, pairs(fields))] for entry, fields in self.redis("XRANGE", key, "-", "+")]
        if kind == "set":
            return sorted(member.decode() for member in self.redis("SMEMBERS", key))
        if kind == "none":
            raise Vanished
        return self.value(name, self.redis("GET", key), self.redis("PEXPIRETIME", key))

    def document(self, name: bytes, fields: dict[bytes, bytes]) -> dict[str, Any]:
        ident, out = name[2:].decode(), {}
        for field, value in sorted(fields.items()):
            if field in (b"v", b"l") and name[:1] == b"o":
                continue
            if field == b"b" and name[:1] == b"p":
                out["b"] = self.vault.document(ident, fields.get(b"k", b""), value) if b"k" in fields else "of a person whose key is gone"
            elif field == b"b":
                out["b"] = without_looks(formats.shown_json(self.vault.unpack(value)))
            elif field == b"k" and name[:1] == b"p":
                stem = self.vault.person(ident, value)[1]
                out["k"] = {"bytes": len(value) if not stem else self.vault.WRAPPED, "stem": self.vault.tree(stem) if stem else None}
            else:
                out[field.decode()] = formats.shown(value)
        return out

    def hash(self, name: bytes, fields: dict[bytes, bytes]) -> dict[str, Any]:
        out = {}
        for member, value in sorted(fields.items()):
            if (name == b"xb" and member.startswith(REPORTS) and not self.reports) or (name == b"qa" and b"?" in member):
                continue
            out[member.decode()] = self.item(member, value) if name == b"xb" else formats.shown(value)
        return out

    def item(self, member: bytes, value: bytes) -> dict[str, Any]:
        """KIND NUL payload. The payload is sealed under the person's key, or is JSON that names no person."""
        kind, _, payload = value.partition(b"\0")
        owner, ident, key = member.decode().split(":", 2)
        text = self.vault.text(ident, self.wrapped[ident], payload, "x:" + key) if owner == "p" else payload
        return {"kind": kind.decode(), **formats_json(text)}

    def queue(self, name: bytes, members: list[bytes]) -> Any:
        listed = {member: score for member, score in zip(members[::2], members[1::2]) if self.reports or not member.startswith(REPORTS)}
        if b"?" in name:
            return sorted(member.decode() for member in listed)
        return {member.decode(): int(score) for member, score in sorted(listed.items())}

    def entry(self, name: bytes, fields: dict[bytes, bytes]) -> dict[str, Any]:
        out: dict[str, Any] = {field.decode(): formats.shown(value) for field, value in fields.items() if field != b"b"}
        payload = fields.get(b"b", b"")
        if name == b"i":
            out["b"] = self.vault.envelope(fields[b"d"].decode(), payload)
        else:
            out["r"] = WORDS
            out["b"] = self.letter(fields, payload)
        return out

    def letter(self, fields: dict[bytes, bytes], payload: bytes) -> Any:
        if fields[b"o"] == b"intake":
            return self.vault.envelope(fields[b"s"].decode(), payload)
        if not payload:
            return None
        owner = fields[b"w"].decode()
        return formats_json(self.vault.text(owner[2:], self.wrapped[owner[2:]], payload, "x:" + fields[b"s"].decode()) if owner[:2] == "p:" else payload)

    def value(self, name: bytes, value: bytes, until: int) -> Any:
        moves = name.startswith((b"val:feedback:", b"val:store", b"val:seen", b"val:node"))
        shown = "(an instant)" if moves else formats.shown_json(value)
        return {"value": shown, **({"until": until} if until > 0 else {})}


def without_tag(key: bytes) -> bytes:
    return re.sub(rb"^\{p\d+\}:", b"", key)


def formats_json(text: bytes) -> dict[str, Any]:
    parsed = formats.shown_json(text)
    return parsed if isinstance(parsed, dict) else {"text": parsed}


def without_looks(document: Any) -> Any:
    """Keeps of each lead of a rep whether it is untouched, and drops the time of the last look."""
    leads = document["json"].get("leads") if isinstance(document, dict) and isinstance(document.get("json"), dict) else None
    if isinstance(leads, dict):
        document["json"]["leads"] = {lead: one[0] if isinstance(one, list) else one for lead, one in leads.items()}
    return document


def without_words(record: dict[str, Any]) -> dict[str, Any]:
    """Drops the prose that the record of a failed effect quotes."""
    plain = record["plain"].get("json") if isinstance(record["plain"], dict) else None
    if isinstance(plain, dict):
        if isinstance(plain.get("event"), dict) and plain["event"].get("kind") == "outcome" and "reason" in plain["event"]:
            plain["event"]["reason"] = WORDS
        for reason in plain.get("reasons", ()):
            facts = reason[2] if isinstance(reason, list) and len(reason) > 2 else reason.get("facts") if isinstance(reason, dict) else None
            if isinstance(facts, dict) and "why" in facts and (reason[0] if isinstance(reason, list) else reason.get("code")) == "effect.failed":
                facts["why"] = WORDS
    return record


# The dispatcher takes the instants of retries, groups and postponed messages by the steady clock.
TOLERANT = re.compile(r"^keys/\{p\d+\}:(x:notify|x:task:|q:|val:alert-group:)")


def compare(expected: Any, seen: Any, tolerance: int, path: str = "") -> list[str]:
    """Lists the differences by path."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        out = [f"{path}{name} is missing; it was {brief(expected[name])}" for name in expected if name not in seen]
        out += [f"{path}{name} is new: {brief(seen[name])}" for name in seen if name not in expected]
        return out + [fault for name in expected if name in seen for fault in compare(expected[name], seen[name], tolerance, f"{path}{name}/")]
    if isinstance(expected, list) and isinstance(seen, list):
        out = [fault for n, (a, b) in enumerate(zip(expected, seen)) for fault in compare(a, b, tolerance, f"{path}{n}/")]
        return out + ([f"{path} has {len(seen)} entries instead of {len(expected)}"] if len(expected) != len(seen) else [])
    if isinstance(expected, int) and isinstance(seen, int) and expected != seen and TOLERANT.match(path) and abs(expected - seen) <= tolerance:
        return []
    return [] if expected == seen and isinstance(expected, bool) == isinstance(seen, bool) else [f"{path} is {brief(seen)} instead of {brief(expected)}"]


def brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) < 300 else text[:300] + "…"
