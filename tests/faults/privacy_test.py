"""Hostile text must not act in other systems, and secrets must not show (rows S9, S10, S12). tests/e2e/privacy_test.py searches
logs, metrics, errors and files. These tests check the traffic to Redis, a crash, and the handling of hostile values."""
import json
import os
import pathlib
import resource
import signal
import socket
import threading
import unittest

from faultscene import FaultScene  # finds the rig
import fakes
import rig
import senders
from rig import wait_until
from scene import ActionPage

SANITIZED = any(mark in pathlib.Path(rig.BATON).read_bytes() for mark in (b"__asan_init", b"__tsan_init"))


class Privacy(FaultScene):
    def person(self, g, n, name, **fields):
        body = {"full_name": name, "email": f"p{n}@person.example", "message": "Rückruf", **fields}
        g.deliver(senders.standard_webhooks(g.secret("standard_webhooks"), body, f"m{n}"))


class Injection(Privacy):  # row
    """S9: CR LF, ANSI escapes, quotes, a megabyte and JSON in names, headers, paths and answers. Each log record is one escaped,
    bounded line."""

    EVIL = '\r\n{"level":"error","msg":"FORGED"}\r\nFORGED \x1b[2J\x1b]0;FORGED\x07 "quoted" \\ \u2028 \x7f FORGED'
    FORMATS = ("json", "text")

    def test_row(self):
        for form in self.FORMATS:
            with self.subTest(form):
                self.one_format(form)

    def one_format(self, form):
        g = self.unstarted()
        g.folder = g.folder.rename(g.folder.parent / form) if g.folder.name == "g" else g.folder
        g.data = g.folder / "data"
        g.log_path = g.folder.parent / (form + ".log")
        g.write_settings(log={"level": "debug", "format": form}, data=str(g.data))
        says = json.dumps({"message": self.EVIL + "m" * 5000, "category": self.EVIL}).encode()
        self.crm.script = [fakes.answer(500, says, content_type="text/FORGED"), fakes.answer(422, says), fakes.answer(400, b"FORGED\r\nFORGED", "text/plain")]
        self.chat.script = [fakes.answer(500, self.EVIL.encode(), "text/plain"), fakes.answer(404, self.EVIL.encode())]
        g.start(wait=form == "json")
        if form == "text":
            self.serving_in_text(g)
        self.person(g, 1, self.EVIL, company=self.EVIL, message="M" * 900_000)
        self.person(g, 2, "E" * 200_000, utm_source=self.EVIL)
        g.deliver(senders.standard_webhooks(g.secret("standard_webhooks"), b'{"FORGED\r\n', "m3"))
        g.deliver(senders.typeform(g.secret("typeform"), json.dumps({"event_type": self.EVIL, "event_id": self.EVIL}).encode()))
        for head in (b"GET /hooks/FORGED%0d%0aFORGED HTTP/1.1\r\nHost: FORGED\r\n\r\n", b"POST /hooks/typeform HTTP/1.1\r\nHost: a\r\nX\x1b[2J: FORGED\r\n\r\n",
                     b"\x1b[2JFORGED\r\n\r\n", b"GET /a/FORGED\x1b HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /a/FORGED HTTP/1.1\r\nHost: a\r\nUser-Agent: FORGED\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", g.public_port), timeout=10) as connection:
                connection.sendall(head)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
        wait_until(lambda: len(g.leads()) == 2, "both leads exist")
        wait_until(lambda: not self.crm.script and not self.chat.script, "both destinations have used up their scripts")
        wait_until(lambda: len(g.dead_letters()) >= 3, g.dead_letters)
        g.stop()
        self.log_is_clean(g, form)

    def serving_in_text(self, g):
        line = wait_until(lambda: next((line for line in g.log().splitlines() if " serving" in line and "public_port=" in line), None), g.log)
        g.public_port, g.admin_port = (int(line.partition(name)[2].split()[0]) for name in ("public_port=", "admin_port="))
        g.wait_ready()

    def log_is_clean(self, g, form):
        data = g.log_path.read_bytes()
        self.assertFalse([byte for byte in set(data) if byte < 0x20 and byte != 0x0A or byte == 0x7F], "control characters")
        for line in data.decode("utf-8").splitlines():
            self.assertLess(len(line), 8192)
            if form == "json":
                record = json.loads(line)
                self.assertLessEqual({"ts", "level", "component", "msg"}, set(record))
                self.assertNotEqual(record["msg"], "FORGED")
            else:
                self.assertRegex(line, r"^\d\d:\d\d:\d\d (debug|info|warn|error)\s")


class Secrets(Privacy):  # row
    """S10: canaries. Redis never sees one in a key, argument or answer, a crash leaves no core file, and /config shows none."""

    CANARIES = ("Kanarienvogel", "kanari.mail", "1512345678", "zwitschernde", "Volierenbau")

    def canaries(self, g):
        secrets = [(g.folder / "secrets" / file.name).read_text(encoding="utf-8").strip() for file in (g.folder / "secrets").iterdir()]
        return [text.encode() for text in (*self.CANARIES, *secrets, (g.data / "keys" / "master.key").read_text(encoding="utf-8").strip())]

    def test_redis_sees_no_canary_in_clear_text(self):
        redis = self.redis()
        g = self.prepared(redis=redis)
        seen, done = [], threading.Event()

        def monitor():
            with socket.create_connection(("127.0.0.1", redis.port), timeout=1) as connection:
                connection.sendall(b"*1\r\n$7\r\nMONITOR\r\n")
                done.set()
                while done.is_set():
                    try:
                        seen.append(connection.recv(1 << 16))
                    except TimeoutError:
                        continue
        watcher = threading.Thread(target=monitor, daemon=True)
        watcher.start()
        done.wait(10)
        self.crm.script = [fakes.answer(422, b'{"message":"Kanarienvogel, kanari.mail@voliere.example is taken"}')]
        for n in range(3):
            self.person(g, n, "Erika Kanarienvogel", email=f"kanari.mail{n}@voliere.example", phone="+4915123456780", company="Volierenbau GmbH", message="zwitschernde Frage")
        wait_until(lambda: len(g.leads()) == 3, "three leads exist")
        wait_until(lambda: len(self.chat.messages("offer")) >= 3, "offers")
        page = ActionPage(g, self.chat.messages("offer")[0])
        self.assertIn(page.press("accept").status, (200, 303))
        wait_until(g.idle, "nothing waits")
        done.clear()
        watcher.join(timeout=10)
        stream = b"".join(seen)
        self.assertIn(b"fcall", stream.lower())
        for canary in self.canaries(g):
            self.assertNotIn(canary, stream)
        for path in ("/config", "/api/v1/config", "/metrics", "/readyz", "/openapi.yaml", "/api/v1/outbox", "/api/v1/dead-letters"):
            body = g.api("GET", path).body
            for canary in self.canaries(g)[len(self.CANARIES):]:
                self.assertNotIn(canary, body, path)

    @unittest.skipIf(SANITIZED, "sanitizers look into the process themselves")
    def test_a_crash_leaves_no_core_file(self):
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)  # a host without a limit
        g = self.prepared()
        self.person(g, 1, "Erika Kanarienvogel")
        g.process.send_signal(signal.SIGSEGV)
        _, status = os.waitpid(g.process.pid, 0)
        g.process.returncode = -signal.SIGSEGV
        self.assertTrue(os.WIFSIGNALED(status))
        self.assertFalse(os.WCOREDUMP(status))


class Formulas(Privacy):  # row
    """S12: values that a spreadsheet, a chat, a page or a template could execute or expand."""

    FORMULAS = ('=HYPERLINK("http://evil.example";"click")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "＝1+1")
    MARKUP = '<!channel> <http://evil.example|click> *fat* <script>alert(1)</script> {{7*7}} ${file:secrets/admin_token} {email} $view %(x)s %n"\'><img src=x>'

    def test_formulas_are_text_in_the_crm(self):
        g = self.prepared()
        for n, formula in enumerate(self.FORMULAS):
            self.person(g, n, f"{formula} {n}", company=formula)
        for n, formula in enumerate(self.FORMULAS):
            email = f"p{n}@person.example"
            wait_until(lambda e=email: self.crm.of(e), email)
            for _, _, fields in self.crm.of(email):
                for name, value in fields.items():
                    self.assertNotRegex(value, r"^[=@\t\r]", name)
                    self.assertFalse(value[:1] in "+-" and not value[1:].isdigit(), f"{name}: {value}")

    def test_markup_is_text_everywhere(self):
        g = self.unstarted()
        slack = fakes.Chat(self)
        alerts = json.loads(fakes.alerts_yaml(self.chat))
        alerts["channels"].append({"name": "slack", "adapter": "slack", "mode": "live", "settings": {"url": slack.url + "/in"}, "http": {"allow_private": ["127.0.0.0/8"]}})
        alerts["routes"].append({"channel": "slack"})
        g.write("alerts.yaml", json.dumps(alerts))
        g.start().wait_ready()
        self.person(g, 1, self.MARKUP, company=self.MARKUP, message=self.MARKUP)
        message = wait_until(lambda: self.chat.messages("offer"), "an offer")[0]
        page = ActionPage(g, message).open().body
        for active in (b"<script>alert", b"<img src=x", b"<http://evil"):
            self.assertNotIn(active, page)
        token = g.secret("admin_token").encode()
        if slack.seen():
            for record in slack.seen():
                for active in (b"<!channel>", b"<http://evil.example|"):
                    self.assertNotIn(active, record["body"])
        for record in [*slack.seen(), *self.chat.seen(), *self.crm.seen()]:
            self.assertNotIn(token, record["body"], "templates in values are not expanded")


if __name__ == "__main__":
    unittest.main()
