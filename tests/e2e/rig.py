"""The base of the end-to-end tests: a gateway in its own folder, driven from outside.

Each process that a test starts dies with it (PDEATHSIG), listens on a port chosen by the kernel, and writes
below one temporary folder. The folder is removed if the test succeeds.
"""
import ctypes
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# CTest sets the variable; by hand, the newest build is used.
BATON = os.environ.get("BATON_BINARY") or str(max(ROOT.glob("build/*/baton"), key=lambda f: f.stat().st_mtime, default="baton"))
SAMPLES = ROOT / ".." / "shared" / "samples"
PUBLIC_URL = "https://leads.example.com"  # the address of the gateway for senders and readers of alerts
PATIENCE = float(os.environ.get("BATON_PATIENCE", "20"))

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    _libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def wait_until(condition, what, deadline=PATIENCE, every=0.01):
    """Returns the first true value of condition(); fails with `what` after the deadline."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline} s: {what() if callable(what) else what}")
        time.sleep(every)


def baton(*arguments, stdin=None, env=None, timeout=40):
    """Runs one command to its end: (exit code, stdout, stderr)."""
    done = subprocess.run([BATON, *map(str, arguments)], input=stdin, capture_output=True, timeout=timeout,
                          env={**os.environ, **(env or {})}, preexec_fn=die_with_parent, check=False)
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def http_call(port, method, path, body=None, headers=None, timeout=15):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


class Redis:
    """A redis-server of a test, as durable as the gateway requires unless `options` say otherwise."""

    def __init__(self, folder, *options, port=0, env=None):
        self.folder, self.options, self.env = pathlib.Path(folder), options, env or {}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
                   "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction",
                   "--logfile", str(self.folder / "redis.log"), *self.options]
        self.process = subprocess.Popen(command, preexec_fn=die_with_parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, **self.env})
        wait_until(lambda: self._answers(), "Redis answers commands")
        return self

    def _answers(self):
        try:
            return self.command("PING") == "+PONG"
        except OSError:
            return False

    def command(self, *words):
        """Sends one command in Redis's protocol; returns the first line of the reply."""
        request = b"*%d\r\n" % len(words)
        for word in words:
            data = str(word).encode()
            request += b"$%d\r\n%s\r\n" % (len(data), data)
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(request)
            return connection.makefile("rb").readline().decode().rstrip("\r\n")

    def send_signal(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGKILL):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        self.process.wait(timeout=15)
        self.process = None


def free_port():
    """A free port, for servers that cannot report the port the kernel gave them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """A configuration folder made by `baton init`, and a gateway that uses it."""

    def __init__(self, folder, *init, redis=None, data=None):
        self.folder, self.redis = pathlib.Path(folder), redis
        self.data = pathlib.Path(data) if data else self.folder / "data"
        self.log_path = self.folder.parent / (self.folder.name + ".log")
        self.process = self.public_port = self.admin_port = None
        self._log_from = 0
        code, _, complaint = baton("init", self.folder, "--lang", "en", *init)
        assert code == 0, complaint
        self.settings = {"schema": 1, "listen": {"public": "127.0.0.1:0", "admin": "127.0.0.1:0", "public_url": PUBLIC_URL},
                         "data": str(self.data), "admin": {"tokens": ["${file:secrets/admin_token}"]}, "language": "en", "region": "DE"}
        if redis is not None:
            self.settings["redis"] = {"url": redis.url}
        self.write_settings()

    def write_settings(self, **sections):
        self.settings.update(sections)
        self.write("baton.yaml", json.dumps(self.settings, indent=1))  # JSON is YAML

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path, *changes):
        text = (self.folder / path).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{path} has no {old!r}"
            text = text.replace(old, new)
        self.write(path, text)

    def secret(self, name):
        return (self.folder / "secrets" / name).read_text(encoding="utf-8").strip()

    def put_secret(self, name, value):
        self.write("secrets/" + name, value + "\n")

    def start(self, env=None, wait=True):
        self._log_from = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen([BATON, "run", "-c", str(self.folder)], stderr=log, stdout=log, stdin=subprocess.DEVNULL,
                                            preexec_fn=die_with_parent, env={**os.environ, **(env or {})})
        return self.wait_serving() if wait else self

    def wait_serving(self):
        line = wait_until(self._serving_line, lambda: "the gateway is serving; its log:\n" + self.log()[-3000:])
        self.public_port, self.admin_port = line["public_port"], line["admin_port"]
        return self

    def _serving_line(self):
        assert self.process.poll() is None, f"the gateway ended with {self.process.returncode}:\n{self.log()[-3000:]}"
        return next((line for line in self.log_lines() if line.get("msg", line.get("message")) == "serving"), None)

    def log(self):
        with open(self.log_path, "rb") as file:
            file.seek(self._log_from)
            return file.read().decode(errors="replace")

    def log_lines(self):
        lines = []
        for line in self.log().splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
        return [line for line in lines if isinstance(line, dict)]

    def said(self, words):
        return wait_until(lambda: words in self.log(), lambda: f"the gateway logs {words!r}; its log:\n" + self.log()[-3000:])

    def kill(self):
        """kill -9; waits until its private Redis has ended as well."""
        self.process.kill()
        self.process.wait(timeout=15)

    def terminate(self, within=20):
        self.process.terminate()
        return self.process.wait(timeout=within)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            try:
                self.terminate()
            except subprocess.TimeoutExpired:
                self.kill()

    # --- the public listener
    def send(self, request, **changes):
        """Sends a signed request of senders.py; None if no answer came."""
        request = {**request, **changes}
        try:
            return http_call(self.public_port, request.get("method", "POST"), request["path"], request["body"], request["headers"])
        except (OSError, http.client.HTTPException):
            return None

    def deliver(self, request):
        answer = self.send(request)
        assert answer is not None and answer.status == 200, f"{request['path']}: {answer}\n{self.log()[-2000:]}"
        return answer.json()

    # --- the admin listener
    def api(self, method, path, body=None, token=True, headers=None):
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + self.secret("admin_token")
        if body is not None:
            headers["Content-Type"] = "application/json"
        return http_call(self.admin_port, method, path, None if body is None else json.dumps(body), headers)

    def get(self, path):
        """Reads from the admin API. While the store is down the answer is 503, and this method waits."""
        answer = wait_until(lambda: (lambda a: a if a.status != 503 else None)(self.api("GET", path)), path, every=0.1)
        assert answer.status == 200, f"{path}: {answer}"
        return answer.json()

    def act(self, lead, action, **body):
        return self.api("POST", f"/api/v1/leads/{lead}/{action}", body)

    def leads(self):
        items, cursor = [], ""
        while True:
            page = self.get("/api/v1/leads?limit=200" + cursor)
            items += page["items"]
            if "next_cursor" not in page:
                return items
            cursor = "&cursor=" + page["next_cursor"]

    def lead_named(self, name):
        return next((row for row in self.leads() if row.get("name") == name), None)

    def wait_lead(self, name, **facts):
        """The lead of that person, as soon as it has all these facts."""
        def found():
            row = self.lead_named(name)
            return row if row and all(row.get(k) == v for k, v in facts.items()) else None
        return wait_until(found, lambda: f"{name} with {facts}; there is {self.leads()}\n{self.log()[-3000:]}")

    def ready(self):
        answer = http_call(self.admin_port, "GET", "/readyz")
        return answer.status == 200, answer.json()

    def wait_ready(self, deadline=PATIENCE):
        wait_until(lambda: self.ready()[0], lambda: f"ready: {self.ready()[1]}\n{self.log()[-2000:]}", deadline)
        return self

    def metric(self, name, labels=""):
        """The sum of the metric's samples whose labels contain this text."""
        total = 0.0
        for line in http_call(self.admin_port, "GET", "/metrics").body.decode().splitlines():
            sample, _, value = line.rpartition(" ")
            if sample.partition("{")[0] == "baton_" + name and labels in sample:
                total += float(value)
        return total

    def cli(self, *arguments, **options):
        """Runs a command of the command line against this gateway."""
        env = {"BATON_ADMIN": f"http://127.0.0.1:{self.admin_port}", "BATON_ADMIN_TOKEN": self.secret("admin_token")}
        return baton(*arguments, env=env, **options)

    def idle(self):
        """True if nothing waits to be sent or retried."""
        return not any(self.get("/api/v1/outbox")["waiting"].values())

    def dead_letters(self):
        return self.get("/api/v1/dead-letters?limit=200")["items"]

    def redis_pid(self):
        """The process of the private redis-server, a child of the gateway."""
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                name, fields = (entry / "stat").read_text().rsplit(")", 1)
            except OSError:
                continue
            if name.endswith("(redis-server") and fields.split()[1] == str(self.process.pid) and fields.split()[0] != "Z":
                return int(entry.name)
        return None


class Case(unittest.TestCase):
    """A test with its own folder. Its processes are stopped at the end, the last one first."""

    maxDiff = None

    def setUp(self):
        # A short path, because the path of a Unix socket has at most 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bt-", dir=os.environ.get("BATON_E2E_TMP")))
        self.addCleanup(self._remove)

    def _remove(self):
        result = self._outcome.result
        failed = any(test is self for test, _ in result.failures + result.errors)
        if failed:
            print(f"kept for inspection: {self.folder}", file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def disk(self, size):
        """A folder on a separate disk of that size. The test is skipped if mounting is not permitted."""
        folder = self.folder / "disk"
        folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("mounting is not permitted here: " + done.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", "-l", str(folder)], check=False)
        return folder

    def gateway(self, *init, name="g", **options):
        gateway = Gateway(self.folder / name, *init, **options)
        self.addCleanup(gateway.stop)
        return gateway

    def redis(self, *options, name="redis", start=True, **more):
        redis = Redis(self.folder / name, *options, **more)
        self.addCleanup(redis.stop)
        return redis.start() if start else redis


if __name__ == "__main__":
    sys.exit("rig.py is a module of the tests; run a *_test.py instead")
