"""Answers of hostile servers (row C4). Each step ends when the client gives up."""
from __future__ import annotations

import gzip
import pathlib
import time

import rig

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
PATIENCE = 10.0  # seconds; longer than any deadline of the tests


def sanitized() -> bool:
    return b"__asan_init" in pathlib.Path(rig.BATON).read_bytes()


def sends(*pieces: bytes, forever: bytes = b"", pause: float = 0.0, reset: bool = False):
    """Writes the pieces, then repeats `forever` until the client stops reading."""
    def step(handler):
        handler.close_connection = True
        out, end = handler.connection, time.monotonic() + PATIENCE
        for piece in pieces:
            out.sendall(piece)
        while forever and time.monotonic() < end:
            out.sendall(forever)
            if pause:
                time.sleep(pause)
    return step


def drips(text: bytes, pause: float = 0.1):
    def step(handler):
        handler.close_connection = True
        end = time.monotonic() + PATIENCE
        for byte in text:
            if time.monotonic() > end:
                return
            handler.connection.sendall(bytes([byte]))
            time.sleep(pause)
    return step


def bomb() -> bytes:
    packed = gzip.compress(b'{"results":[' + b" " * (100 << 20) + b"]}", 9)
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed


BLOCK = b"x" * 65536
STEPS = {
    "loris": drips(HEAD + b"Content-Length: 100000\r\n\r\n" + b" " * 1000),
    "loris_body": sends(HEAD + b"Content-Length: 100000\r\n\r\n", forever=b" ", pause=0.05),
    "endless_headers": sends(HEAD, forever=b"X-More: " + b"y" * 8000 + b"\r\n"),
    "one_header": sends(HEAD + b"X-More: ", forever=BLOCK),
    "gigabyte": sends(HEAD + b"Content-Length: 1000000000\r\n\r\n", forever=BLOCK),
    "no_length": sends(HEAD + b"Connection: close\r\n\r\n", forever=BLOCK),
    "endless_chunks": sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", forever=b"10000\r\n" + BLOCK + b"\r\n"),
    "garbage_chunks": sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZZZ\r\n{}\r\n0\r\n\r\n"),
    "huge_chunk": sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}"),
    "early_close": sends(HEAD + b"Content-Length: 1000\r\n\r\n{"),
    "continues": sends(forever=b"HTTP/1.1 100 Continue\r\n\r\n" * 100, pause=0.01),
    "both_lengths": sends(HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n"),
    "negative_length": sends(HEAD + b"Content-Length: -1\r\n\r\n{}"),
    "gzip_bomb": sends(bomb()),
    "not_http": sends(b"SSH-2.0-OpenSSH_9.2\r\n", forever=b"\x00" * 1000, pause=0.01),
    "empty_status": sends(b"HTTP/1.1\r\n\r\n"),
    "deep_json": sends(HEAD + b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000),
}
