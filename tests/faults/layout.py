"""Checks that a database is whole by the rules of gateway/store/LAYOUT.md: related keys exist together.

Each function of the store applies completely or not at all. The rules therefore hold after any crash and after any cut
of the append-only file.
"""
from __future__ import annotations

from collections.abc import Iterator

from resp import Resp

PAUSE_MS = 30_000  # at most; the pause ends with the check


def pairs(flat: list[bytes]) -> dict[bytes, bytes]:
    return dict(zip(flat[::2], flat[1::2]))


def partitions(redis: Resp) -> list[bytes]:
    count = redis("HGET", "baton:layout", "partitions")
    return [b"{p%02d}:" % n for n in range(int(count or 0))]


def keys(redis: Resp, pattern: bytes) -> list[bytes]:
    return redis("KEYS", pattern.replace(b"{", b"\\{"))


def faults(redis: Resp) -> list[str]:
    """Checks every partition. Redis holds back writes meanwhile, because each check reads several keys."""
    redis("CLIENT", "PAUSE", PAUSE_MS, "WRITE")
    try:
        return [f"{tag.decode()} {fault}" for tag in partitions(redis)
                for part in (deliveries, documents, outbox, pushes) for fault in part(redis, tag)]
    finally:
        redis("CLIENT", "UNPAUSE")


def deliveries(redis: Resp, tag: bytes) -> Iterator[str]:
    """A delivery has a permanent duplicate entry exactly if it waits or is a dead letter."""
    waiting = {pairs(fields)[b"d"] for _, fields in redis("XRANGE", tag + b"i", "-", "+")}
    letters = {letter[b"s"] for letter in map(lambda entry: pairs(entry[1]), redis("XRANGE", tag + b"dl", "-", "+")) if letter[b"o"] == b"intake"}
    for delivery in waiting | letters:
        if redis("PTTL", tag + b"d:" + delivery) != -1:
            yield f"delivery {delivery.decode()} waits but is not known"
    for key in keys(redis, tag + b"d:*"):
        delivery = key.removeprefix(tag + b"d:")
        if redis("PTTL", key) == -1 and delivery not in waiting | letters:
            yield f"delivery {delivery.decode()} is known permanently but stored nowhere"


def documents(redis: Resp, tag: bytes) -> Iterator[str]:
    """The log has the newest record of a document, versions count from 1, and the chain of records is unbroken."""
    read = {kind: [(key, pairs(redis("HGETALL", key))) for key in keys(redis, tag + kind + b"*")] for kind in (b"p:", b"o:")}
    log = {entry: pairs(fields) for entry, fields in redis("XRANGE", tag + b"l", "-", "+")}
    for kind in (b"p:", b"o:"):
        for key, document in read[kind]:
            if int(document.get(b"v", 0)) < 1 or b"b" not in document:
                yield f"{key.decode()} has no version or no content"
            at, seen = document.get(b"l", b""), 0
            while at:
                if at not in log:
                    yield f"{key.decode()} names a record that is not there"
                    break
                seen += 1
                at = log[at][b"p"]
            if seen > int(document.get(b"v", 0)):
                yield f"{key.decode()} has {seen} records and version {document.get(b'v')!r}"


def outbox(redis: Resp, tag: bytes) -> Iterator[str]:
    bodies = set(redis("HKEYS", tag + b"xb"))
    queued: set[bytes] = set()
    for key in keys(redis, tag + b"x:*"):
        queued |= set(redis("ZRANGE", key, 0, -1))
    for member in bodies ^ queued:
        yield f"outbox item {member.decode()} is {'not queued' if member in bodies else 'without a body'}"
    for member in queued:
        if redis("EXISTS", tag + b"xd:" + member):
            yield f"outbox item {member.decode()} is done but still queued"


def pushes(redis: Resp, tag: bytes) -> Iterator[str]:
    for destination in redis("SMEMBERS", tag + b"qs"):
        waiting = set(redis("ZRANGE", tag + b"q:" + destination, 0, -1))
        letters = {letter[b"s"] for letter in map(lambda entry: pairs(entry[1]), redis("XRANGE", tag + b"dl", "-", "+")) if letter[b"o"] == b"push"}
        for key in keys(redis, tag + b"p:*"):
            person = key.removeprefix(tag + b"p:")
            marked = redis("HEXISTS", key, b"m:" + destination)
            if marked and person not in waiting | letters:
                yield f"person {person.decode()} is marked for {destination.decode()} but does not wait"
