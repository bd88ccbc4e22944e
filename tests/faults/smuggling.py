"""Requests that two readers could understand differently (RFC 9112, sections 2.2, 3.2, 5.2, 6 and 7.1; CWE-444).

The gateway answers each with 400 or a similar status and closes, or the request has one meaning. Each hides a request to
/smuggled. If the gateway read that request, it would send a further answer with 404."""
from __future__ import annotations

import socket
from collections.abc import Iterator

HIDDEN = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
REFUSED = (400, 411, 413, 417, 431, 501)


def cases(path: str) -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    """Name, bytes, and the permitted statuses; 404 is the answer to the hidden request."""
    post, host, json = f"POST {path} HTTP/1.1\r\n".encode(), b"Host: a\r\n", b"Content-Type: application/json\r\n"
    head, size = post + host + json, len(HIDDEN)
    chunked, length = b"Transfer-Encoding: chunked\r\n", b"Content-Length: %d\r\n" % size

    def framed(name: str, *fields: bytes, body: bytes = HIDDEN, allowed: tuple[int, ...] = REFUSED):
        return name, head + b"".join(fields) + b"\r\n" + body, allowed

    last = b"0\r\n\r\n" + HIDDEN
    yield framed("both lengths", length, chunked, body=last)
    yield framed("both lengths in reverse order", chunked, length, body=last)
    yield framed("two lengths that differ", length, b"Content-Length: 0\r\n")
    yield framed("two lengths that agree", length, length)
    yield framed("a list of lengths", b"Content-Length: %d, %d\r\n" % (size, size))
    for value in (b"+%d" % size, b"-1", b"0x%x" % size, b"%d " % size + b"0", b"1e1", b"", b"99999999999999999999", b"%d;" % size, b"\xb2"):
        yield framed(f"length {value!r}", b"Content-Length: " + value + b"\r\n")
    for coding in (b"chunked, chunked", b"identity, chunked", b"gzip, chunked", b"xchunked", b"chunked;q=1", b"chunked\x0b", b"\x0bchunked", b"'chunked'", b"chu nked", b""):
        yield framed(f"coding {coding!r}", b"Transfer-Encoding: " + coding + b"\r\n", body=last)
    yield framed("two codings", chunked, b"Transfer-Encoding: identity\r\n", body=last)
    yield framed("space before the colon", b"Transfer-Encoding : chunked\r\n", body=last)
    yield framed("space before the name", b" Transfer-Encoding: chunked\r\n", body=last)
    yield framed("tab before the name", b"\tTransfer-Encoding: chunked\r\n", body=last)
    yield framed("fold", b"Transfer-Encoding:\r\n chunked\r\n", body=last)
    yield framed("fold after a value", b"X-A: b\r\n c\r\n", length)
    yield framed("name with a control character", b"Transfer\x00-Encoding: chunked\r\n", body=last)
    yield framed("value with NUL", b"X-A: b\x00c\r\n", length)
    yield framed("value with a bare CR", b"X-A: b\rTransfer-Encoding: chunked\r\n", body=last)
    yield framed("bare LF after a field", b"X-A: b\nTransfer-Encoding: chunked\r\n", body=last)
    yield framed("no name", b": b\r\n", length)
    yield framed("no colon", b"X-A\r\n", length)
    yield "bare LF throughout", head.replace(b"\r\n", b"\n") + b"\n" + HIDDEN, REFUSED
    yield "bare CR throughout", head.replace(b"\r\n", b"\r") + b"\r" + HIDDEN, REFUSED
    # Chunks: sizes, extensions and ends that readers interpret differently.
    for size_line in (b"0x5", b"+5", b"-5", b" 5", b"5 ", b"5\t", b"", b";x", b"fffffffffffffffff", b"5;a=\"\n\"", b"5;\x00", b"5\r"):
        yield framed(f"chunk size {size_line!r}", chunked, body=size_line + b"\r\nhello\r\n" + last)
    yield framed("chunk ended by LF", chunked, body=b"5\nhello\n0\n\n" + HIDDEN)
    yield framed("chunk longer than it says", chunked, body=b"3\r\nhello\r\n" + last)
    yield framed("chunk without its end", chunked, body=b"5\r\nhello0\r\n\r\n" + HIDDEN)
    yield framed("chunk extensions without end", chunked, body=b"1;" + b"a" * 20_000 + b"\r\nx\r\n" + last)
    yield framed("trailer with a fold", chunked, body=b"0\r\nX-A: b\r\n c\r\n\r\n" + HIDDEN)
    yield framed("a length in the trailer", chunked, body=b"0\r\nContent-Length: 9\r\n\r\n" + HIDDEN)
    # Request lines.
    yield "two spaces", b"POST  " + path.encode() + b" HTTP/1.1\r\n" + host + length + b"\r\n" + HIDDEN, REFUSED
    yield "tab instead of a space", b"POST\t" + path.encode() + b"\tHTTP/1.1\r\n" + host + length + b"\r\n" + HIDDEN, REFUSED
    for version in (b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"HTTP/1.10", b"HTTP/11", b"http/1.1", b"HTTP/1.1 x", b""):
        yield f"version {version!r}", b"POST " + path.encode() + b" " + version + b"\r\n" + host + length + b"\r\n" + HIDDEN, (*REFUSED, 401, 505)
    yield "HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN, (*REFUSED, 404, 405)
    yield "no host", post + json + length + b"\r\n" + HIDDEN, REFUSED
    yield "two hosts", head + host + length + b"\r\n" + HIDDEN, REFUSED
    yield "target with NUL", f"POST {path}\x00 HTTP/1.1\r\n".encode() + host + length + b"\r\n" + HIDDEN, REFUSED
    yield "target with a fragment", f"POST {path}#x HTTP/1.1\r\n".encode() + host + length + b"\r\n" + HIDDEN, REFUSED
    yield "target of another scheme", b"POST ftp://a/ HTTP/1.1\r\n" + host + length + b"\r\n" + HIDDEN, REFUSED
    yield "CONNECT", b"CONNECT a:80 HTTP/1.1\r\n" + host + b"\r\n" + HIDDEN, (*REFUSED, 404, 405)
    yield "unknown expectation", head + b"Expect: 200-ok\r\n" + length + b"\r\n" + HIDDEN, REFUSED
    yield "HTTP/1.0 with a coding", head.replace(b"HTTP/1.1", b"HTTP/1.0") + chunked + b"\r\n" + last, REFUSED
    yield "a header of 100 kB", head + b"X-A: " + b"b" * 100_000 + b"\r\n" + length + b"\r\n" + HIDDEN, REFUSED
    yield "two thousand headers", head + b"X-A: b\r\n" * 1_500 + length + b"\r\n" + HIDDEN, REFUSED


# Unusual requests with one meaning: the body is the body (401, because it is not signed), and the rest is another request.
def one_meaning(path: str) -> Iterator[tuple[str, bytes, list[int]]]:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".encode()
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    yield "body that looks like a request", head + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN, [401]
    yield "pipelined", (head + b"Content-Length: 2\r\n\r\n{}") * 3 + HIDDEN, [401, 401, 401, 404]
    yield "chunked, then pipelined", chunked + b"2\r\n{}\r\n0\r\n\r\n" + HIDDEN, [401, 404]
    yield "chunk extension", chunked + b"2;name=value\r\n{}\r\n0\r\n\r\n" + HIDDEN, [401, 404]
    yield "trailer", chunked + b"2\r\n{}\r\n0\r\nX-A: b\r\n\r\n" + HIDDEN, [401, 404]
    yield "many trailers", chunked + b"2\r\n{}\r\n0\r\n" + b"X-A: b\r\n" * 500 + b"\r\n" + HIDDEN, [401, 404]
    yield "upper-case coding", head + b"Transfer-Encoding: CHUNKED\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + HIDDEN, [401, 404]
    yield "no length is no body", head + b"\r\n" + HIDDEN, [411, 404]
    yield "empty lines first", b"\r\n\r\n" + head + b"Content-Length: 2\r\n\r\n{}" + HIDDEN, [401, 404]
    yield "absolute target", head.replace(path.encode(), b"http://elsewhere" + path.encode()) + b"Content-Length: 2\r\n\r\n{}" + HIDDEN, [401, 404]
    yield "HTTP/1.0 closes", head.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Content-Length: 2\r\n\r\n{}" + HIDDEN, [401]
    yield "Connection: close closes", head + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN, [401]


def exchange(port: int, request: bytes, source: tuple[str, int] | None = None, timeout: float = 10) -> list[int]:
    """The statuses of all answers until the gateway closes. Closes the sending side after the request."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout, source_address=source) as connection:
        received = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    return statuses_of(received)


def statuses_of(received: bytes) -> list[int]:
    statuses = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 "), received[:200]
        statuses.append(int(head.split(b" ", 2)[1]))
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        received = rest[length:]
    return statuses
