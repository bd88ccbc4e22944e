"""The fault proxy does exactly what its rules say."""
import socket
import socketserver
import sys
import threading
import time
import unittest

import proxy as faults
from proxy import Proxy


class Echo(socketserver.ThreadingTCPServer):
    """Sends back the bytes it receives."""
    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                while piece := self.request.recv(65536):
                    self.request.sendall(piece)
            except OSError:
                pass


def read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (piece := connection.recv(size - len(data))):
        data += piece
    return data


class Proxying(unittest.TestCase):  # unit
    def setUp(self):
        self.echo = Echo()
        self.addCleanup(self.echo.server_close)
        self.addCleanup(self.echo.shutdown)
        self.proxy = Proxy(self, self.echo.server_address)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10)
        self.addCleanup(connection.close)
        return connection

    def echoed(self, connection: socket.socket, data: bytes) -> bytes:
        connection.sendall(data)
        return read(connection, len(data))

    def test_all_bytes_and_the_close_pass(self):
        connection, data = self.connect(), bytes(range(256)) * 4096
        threading.Thread(target=connection.sendall, args=(data,), daemon=True).start()
        self.assertEqual(read(connection, len(data)), data)
        self.assertEqual(self.proxy.bytes["down"], len(data))
        connection.shutdown(socket.SHUT_WR)
        self.assertEqual(connection.recv(1), b"")

    def test_delay_does_not_reduce_throughput(self):
        self.proxy.add(faults.delay(0.1, way="down"))
        connection, begun = self.connect(), time.monotonic()
        for _ in range(5):
            connection.sendall(b"x")
        self.assertEqual(read(connection, 5), b"xxxxx")
        self.assertGreaterEqual(time.monotonic() - begun, 0.1)
        self.assertGreaterEqual(self.proxy.bytes["up"], 5)

    def test_connections_overtake_each_other(self):
        self.proxy.add(faults.delay(0.3, only=lambda number: number == 0))
        first, second = self.connect(), self.connect()
        first.sendall(b"1")
        second.sendall(b"2")
        self.assertEqual(second.recv(1), b"2")
        first.setblocking(False)
        self.assertRaises(BlockingIOError, first.recv, 1)
        first.settimeout(10)
        self.assertEqual(first.recv(1), b"1")

    def test_throttle_limits_bytes_a_second(self):
        self.proxy.add(faults.throttle(2000, way="up"))
        connection, begun = self.connect(), time.monotonic()
        self.assertEqual(len(self.echoed(connection, b"x" * 1000)), 1000)
        self.assertGreaterEqual(time.monotonic() - begun, 0.4)

    def test_slice_writes_single_bytes(self):
        self.proxy.add(faults.slice_(way="up"))
        connection = self.connect()
        self.assertEqual(self.echoed(connection, b"x" * 200), b"x" * 200)
        self.assertEqual(self.proxy.writes["up"], 200)  # the kernel may join some of them on the way

    def test_stall_ends_without_losing_bytes(self):
        connection = self.connect()
        self.assertEqual(self.echoed(connection, b"a"), b"a")
        self.proxy.add(faults.stall())
        connection.sendall(b"b")
        connection.settimeout(0.2)
        self.assertRaises(TimeoutError, connection.recv, 1)
        self.proxy.heal()
        connection.settimeout(10)
        self.assertEqual(connection.recv(1), b"b")

    def test_drop_loses_bytes_without_a_close(self):
        connection = self.connect()
        self.assertEqual(self.echoed(connection, b"a"), b"a")
        self.proxy.add(faults.drop(way="down"))
        connection.sendall(b"b" * 100_000)  # the proxy accepts it
        connection.settimeout(0.2)
        self.assertRaises(TimeoutError, connection.recv, 1)
        self.proxy.heal()
        connection.settimeout(10)
        self.assertRaises(ConnectionResetError, connection.recv, 1)
        self.assertEqual(self.echoed(self.connect(), b"c"), b"c")

    def test_cut_counts_bytes_and_connections(self):
        self.proxy.add(faults.cut(way="down", after=10, times=1))
        connection = self.connect()
        connection.sendall(b"x" * 30)
        self.assertEqual(read(connection, 30), b"x" * 10)
        self.assertEqual(len(self.echoed(self.connect(), b"x" * 30)), 30)

    def test_reset_sends_rst(self):
        self.proxy.add(faults.reset(way="up", after=1))
        connection = self.connect()
        connection.sendall(b"x")
        self.assertRaises(ConnectionResetError, connection.recv, 1)

    def test_cut_ends_idle_connections_in_time(self):
        connection = self.connect()
        self.assertEqual(self.echoed(connection, b"a"), b"a")
        self.proxy.add(faults.cut(begin=0.1))
        self.assertEqual(connection.recv(1), b"")
        self.assertEqual(self.proxy.open(), 0)

    def test_a_rule_ends_at_its_time(self):
        self.proxy.add(faults.stall(end=0.2))
        connection, begun = self.connect(), time.monotonic()
        self.assertEqual(self.echoed(connection, b"a"), b"a")
        self.assertGreaterEqual(time.monotonic() - begun, 0.15)

    def test_a_missing_target_refuses_the_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        self.proxy = Proxy(self, ("127.0.0.1", port))
        self.assertRaises(ConnectionResetError, lambda: self.connect().recv(1))


if __name__ == "__main__":
    sys.exit(unittest.main())
