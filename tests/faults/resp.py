"""The protocol of Redis, as far as rows need it to read the database: one command at a time, whole replies."""
from __future__ import annotations

import socket
from typing import Any


class RedisError(Exception):
    pass


class Resp:
    def __init__(self, port: int = 0, path: str = "", timeout: float = 10):
        if path:
            self._socket = socket.socket(socket.AF_UNIX)
            self._socket.settimeout(timeout)
            self._socket.connect(path)
        else:
            self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._file = self._socket.makefile("rb")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def __enter__(self) -> "Resp":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __call__(self, *words: Any) -> Any:
        request = b"*%d\r\n" % len(words)
        for word in words:
            data = word if isinstance(word, bytes) else str(word).encode()
            request += b"$%d\r\n%s\r\n" % (len(data), data)
        self._socket.sendall(request)
        return self._reply()

    def _reply(self) -> Any:
        line = self._file.readline()
        if not line:
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else self._file.read(int(rest) + 2)[:-2]
        return [self._reply() for _ in range(int(rest))]
