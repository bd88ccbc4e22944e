"""Sends canaries along every path. None appears in clear text in logs, metrics, error texts or files."""
import os
import signal
import unittest

import fakes
import senders
from rig import http_call, wait_until
from scene import Scene


class Canaries(Scene):
    PERSONAL = ("Kanarienvogel", "kanari.email", "1512345678", "zwitschernde", "Volierenbau")

    def person(self, n):
        return {"name": f"Erika Kanarienvogel{n}", "email": f"kanari.email{n}@voliere.example", "phone": f"+49 15123456780{n}",
                "company": "Volierenbau GmbH", "message": f"zwitschernde Anfrage {n}"}

    def send_everything(self, g):
        errors = []
        for n in range(4):
            p = self.person(n)
            good = senders.typeform(g.secret("typeform"), senders.typeform_body(f"e{n}", p["name"], p["email"], p["phone"], p["company"], p["message"]))
            g.deliver(good)
            for request in (
                    {**good, "headers": {"Content-Type": "application/json", "Typeform-Signature": "sha256=" + g.secret("calendly")}},
                    {**good, "path": "/hooks/Kanarienvogel"}, {**good, "method": "PUT"},
                    {**good, "path": "/hooks/typeform?token=" + g.secret("calendly") + "&mail=kanari.email"},
                    {**good, "headers": {**good["headers"], "Content-Type": "Kanarienvogel/x"}}):
                errors.append(g.send(request))
        for n, body in enumerate((b'{"email":"kanari.email@voliere.example","x":', b'"Kanarienvogel zwitschernde"', b'[{"name":"Kanarienvogel \xff"}]',
                                  b'{"event_type":"Kanarienvogel","event_id":"zwitschernde"}')):
            g.deliver(senders.typeform(g.secret("typeform"), body))
            g.deliver(senders.standard_webhooks(g.secret("standard_webhooks"), body, f"m{n}"))
            g.deliver(senders.calendly(g.secret("calendly"), body))
            g.deliver(senders.hubspot(g.secret("hubspot_client_secret"), body))
        errors.append(http_call(g.public_port, "GET", "/a/Kanarienvogel.kanari.email"))
        errors.append(g.api("GET", "/api/v1/leads/Kanarienvogel"))
        errors.append(http_call(g.admin_port, "GET", "/api/v1/leads", headers={"Authorization": "Bearer x" + g.secret("admin_token")}))
        return [e.body for e in errors if e is not None]

    def clear_text(self, g):
        secrets = [g.secret(file.name) for file in (g.folder / "secrets").iterdir()] + ["MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]
        return [text.encode() for text in (*self.PERSONAL, *secrets)]

    def none_in(self, g, where, data):
        for text in self.clear_text(g):
            self.assertNotIn(text, data, where)

    def files_are_clean(self, g, *folders):
        count = 0
        for folder in folders:
            for root, _, names in os.walk(folder):
                for name in names:
                    path = os.path.join(root, name)
                    if not os.path.isfile(path):
                        continue
                    with open(path, "rb") as file:
                        self.none_in(g, path, file.read())
                    count += 1
        return count

    def test_no_canary_appears_in_clear_text(self):
        g = self.scene(start=False)
        g.write_settings(log={"level": "debug", "format": "json"})
        self.crm.script = [fakes.answer(400, b'{"message":"kanari.email@voliere.example is no property of Kanarienvogel"}'), fakes.answer(500, b"Kanarienvogel"),
                           fakes.answer(200, b"<html>Kanarienvogel</html>", "text/html")]
        self.chat.script = [fakes.answer(500, b"Kanarienvogel zwitschernde")]
        g.start().wait_ready()
        bodies = self.send_everything(g)
        wait_until(lambda: len(self.chat.messages("offer")) >= 4, "offers")
        wait_until(lambda: not self.crm.script, "the CRM has used up its script")
        os.kill(wait_until(g.redis_pid, "the private redis-server"), signal.SIGKILL)
        bodies += self.send_everything(g)  # now through the spool as well
        for body in bodies:
            self.none_in(g, "an error's body", body)
        self.none_in(g, "metrics", http_call(g.admin_port, "GET", "/metrics").body)
        self.none_in(g, "readyz", http_call(g.admin_port, "GET", "/readyz").body)
        self.none_in(g, "dead letters", g.api("GET", "/api/v1/dead-letters?limit=200").body)
        files = self.files_are_clean(g, g.data)
        g.wait_ready(30)
        g.stop()
        self.assertGreater(files + self.files_are_clean(g, g.data), 4)
        self.none_in(g, "the log", g.log().encode())
        self.assertIn("appendonlydir", str([root for root, _, _ in os.walk(g.data)]))


if __name__ == "__main__":
    unittest.main()
