"""Deliveries that the public edge refuses, and deliveries that it quarantines. Neither affects other senders."""
import base64
import gzip
import http.client
import json
import socket
import time
import unittest

import senders
from rig import http_call, wait_until
from scene import Scene


def raw(port, data, until_closed=True, timeout=20):
    """Sends bytes as they are; returns the answer, by default up to the end of the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(data)
        received = b""
        while True:
            try:
                piece = connection.recv(65536)
            except ConnectionResetError:
                break
            if not piece:
                break
            received += piece
            if not until_closed and b"\r\n\r\n" in received:
                break
        return received


def status_of(received):
    return int(received.split(b" ", 2)[1]) if received else None


class Refusals(Scene):
    """One gateway and many wrong requests. At the end, the good sender is served as before."""

    def setUp(self):
        super().setUp()
        self.g = self.scene(start=False)
        self.g.write_settings(limits={"header_time": "1s", "body_time": "1s", "idle": "2s"})
        self.g.start().wait_ready()
        self.addCleanup(self.good_sender_is_served)

    def good_sender_is_served(self):
        if self.g.process.poll() is None:
            self.g.deliver(self.contact_request(self.g, "good", name="Gute Absenderin", email="good@beispiel.example"))
            self.g.wait_lead("Gute Absenderin", stage="mql")

    def refused(self, request, status, code, **changes):
        answer = self.g.send(request, **changes)
        self.assertIsNotNone(answer)
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json()
        self.assertEqual((problem["status"], problem["code"]), (status, code))
        return answer

    def test_unknown_paths_methods_and_content_types_are_refused(self):
        request = self.contact_request(self.g, "e1")
        for path in ("/hooks/nobody", "/hooks/", "/hooks", "/", "/api/v1/leads", "/metrics", "/healthz"):
            self.refused({**request, "path": path}, 404, "not_found")
        for method in ("GET", "PUT", "DELETE"):
            self.refused({**request, "method": method}, 405, "method_not_allowed")
        self.refused(request, 415, "content_type", headers={**request["headers"], "Content-Type": "image/png"})
        self.refused(request, 415, "content_encoding", headers={**request["headers"], "Content-Encoding": "br"})

    def test_wrong_signatures_are_refused(self):
        g, body = self.g, senders.typeform_body("e1", "Erika Beispiel", "erika@beispiel.example")
        good = {
            "typeform": senders.typeform(g.secret("typeform"), body),
            "hubspot": senders.hubspot(g.secret("hubspot_client_secret"), senders.hubspot_contact(1, "A", "B", "a@b.example")),
            "calendly": senders.calendly(g.secret("calendly"), senders.calendly_invitee("A", "A B", "a@b.example")),
            "standard_webhooks": senders.standard_webhooks(g.secret("standard_webhooks"), {"email": "a@b.example"}, "m1"),
        }
        for source, request in good.items():
            with self.subTest(source):
                self.refused(request, 401, "unauthorised", headers={"Content-Type": "application/json"})
                self.refused(request, 401, "unauthorised", body=request["body"][:-1] + b" ")
                for name, value in request["headers"].items():
                    if name == "Content-Type":
                        continue
                    flipped = value[:-2] + ("A" if value[-2] != "A" else "B") + value[-1:]
                    self.refused(request, 401, "unauthorised", headers={**request["headers"], name: flipped})
        self.assertEqual(g.leads(), [])

    def test_stale_time_stamps_are_refused(self):
        g = self.g
        for ago in (3600, -3600):
            at = time.time() - ago
            self.refused(senders.hubspot(g.secret("hubspot_client_secret"), senders.hubspot_contact(1, "A", "B", "a@b.example"), at=at), 401, "unauthorised")
            self.refused(senders.calendly(g.secret("calendly"), senders.calendly_invitee("A", "A B", "a@b.example"), at=at), 401, "unauthorised")
            self.refused(senders.standard_webhooks(g.secret("standard_webhooks"), {"email": "a@b.example"}, "m1", at=at), 401, "unauthorised")

    def test_bodies_that_are_too_large_are_refused(self):
        g = self.g
        large = senders.typeform(g.secret("typeform"), b'{"event_id":"' + b"x" * (2 << 20) + b'"}')
        head = f"POST /hooks/typeform HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(large['body'])}\r\n\r\n"
        self.assertEqual(status_of(raw(g.public_port, head.encode())), 413)
        chunked = head.replace(f"Content-Length: {len(large['body'])}", "Transfer-Encoding: chunked").encode()
        pieces = b"".join(b"10000\r\n" + b"x" * 0x10000 + b"\r\n" for _ in range(17))
        self.assertEqual(status_of(raw(g.public_port, chunked + pieces)), 413)
        bomb = gzip.compress(b'{"a":"' + b"0" * (64 << 20) + b'"}')
        self.refused(senders.typeform(g.secret("typeform"), bomb), 413, "too_large",
                     headers={**senders.typeform(g.secret("typeform"), bomb)["headers"], "Content-Encoding": "gzip"})

    def test_gzip_bodies_are_accepted_and_invalid_gzip_is_refused(self):
        g = self.g
        plain = json.dumps(senders.typeform_body("gz", "Zara Zip", "zara@zip.example")).encode()
        packed = senders.typeform(g.secret("typeform"), gzip.compress(plain))
        packed["headers"]["Content-Encoding"] = "gzip"
        g.deliver(packed)
        g.wait_lead("Zara Zip", stage="mql")
        broken = senders.typeform(g.secret("typeform"), b"no gzip at all")
        broken["headers"]["Content-Encoding"] = "gzip"
        self.refused(broken, 400, "content_encoding")

    def test_malformed_requests_are_refused(self):
        g, port = self.g, self.g.public_port
        request = self.contact_request(g, "e1")
        name, value = "Typeform-Signature", request["headers"]["Typeform-Signature"]
        head = f"POST /hooks/typeform HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n{name}: {value}\r\n"
        length = f"Content-Length: {len(request['body'])}\r\n"
        cases = {
            "two signatures": (head + f"{name}: {value}\r\n" + length, request["body"], (400, 401)),
            "two lengths": (head + length + length.replace("Length: ", "Length: 1"), request["body"], (400,)),
            "length and chunks": (head + length + "Transfer-Encoding: chunked\r\n", request["body"], (400,)),
            "no length": (head, b"", (411,)),
            "no host": (head.replace("Host: a\r\n", "") + length, request["body"], (400,)),
            "folded header": (head + "X-A: b\r\n c\r\n" + length, request["body"], (400,)),
            "large header": (head + "X-A: " + "b" * 20000 + "\r\n" + length, request["body"], (431, 400)),
        }
        for what, (start, body, statuses) in cases.items():
            with self.subTest(what):
                received = raw(port, start.encode() + b"\r\n" + body)
                self.assertIn(status_of(received), statuses, received[:300])
        self.assertEqual(g.leads(), [])

    def test_a_half_sent_request_is_closed_after_its_deadline(self):
        g = self.g
        halves = (b"", b"POST /hooks/typeform HT", b"POST /hooks/typeform HTTP/1.1\r\nHost: a\r\n",
                  b"POST /hooks/typeform HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\nhalf")
        for half in halves:
            with self.subTest(half[-20:]):
                begun = time.monotonic()
                received = raw(g.public_port, half)
                self.assertIn(status_of(received), (None, 400, 408))
                self.assertLess(time.monotonic() - begun, 10)


class Quarantine(Scene):
    """Deliveries signed by the vendor that yield no lead. Baton accepts, keeps and lists them."""

    def test_unreadable_bodies_become_dead_letters(self):
        g = self.scene()
        secret = g.secret("typeform")
        bodies = {
            "truncated": json.dumps(senders.typeform_body("t", "A B", "a@b.example")).encode()[:-40],
            "deep": b"[" * 10_000 + b"]" * 10_000,
            "utf8": b'{"event_id":"u","event_type":"form_response","form_response":{"token":"\xff\xfe\xc0"}}',
            "empty": b"",
            "undocumented": b'{"event_id":"x","event_type":"surprise"}',
        }
        ids = {}
        for what, body in bodies.items():
            with self.subTest(what):
                ids[what] = g.deliver(senders.typeform(secret, body))["id"]
        wait_until(lambda: len(g.dead_letters()) == len(bodies), lambda: f"{len(bodies)} dead letters: {g.dead_letters()}")
        letters = {letter["subject"]: letter for letter in g.dead_letters()}
        self.assertEqual(set(letters), set(ids.values()))
        for letter in letters.values():
            self.assertEqual((letter["origin"], letter["destination"]), ("intake", "typeform"))
            self.assertTrue(letter["reason"])
        self.assertTrue(g.deliver(senders.typeform(secret, bodies["truncated"]))["duplicate"])
        self.assertEqual(g.leads(), [])

    def test_dead_letters_are_listed_retried_and_dropped(self):
        g = self.scene()
        g.deliver(senders.standard_webhooks(g.secret("standard_webhooks"), b"[1, 2", "m2"))
        letter = wait_until(lambda: g.dead_letters(), "a dead letter")[0]
        code, out, complaint = g.cli("dead-letters", "list")
        self.assertEqual(code, 0, complaint)
        self.assertIn(letter["id"], out)
        code, out, complaint = g.cli("dead-letters", "show", letter["id"])
        self.assertEqual(code, 0, complaint)
        shown = json.loads(out)
        self.assertEqual((shown["reason"], shown["delivery"]["body"]), (letter["reason"], "[1, 2"))
        self.assertEqual(g.cli("dead-letters", "retry", letter["id"])[0], 0)
        again = wait_until(lambda: [x for x in g.dead_letters() if x["subject"] == letter["subject"] and x["id"] != letter["id"]], "the delivery is a dead letter again")[0]
        self.assertEqual(g.cli("dead-letters", "drop", again["id"])[0], 0)
        self.assertNotIn(again["id"], [x["id"] for x in g.dead_letters()])
        self.assertEqual(g.cli("dead-letters", "retry", "0-0-0")[0], 1)


class CorrectedMap(Scene):
    def test_a_corrected_map_creates_the_lead(self):
        """A source has a wrong map at first. Its delivery waits as a dead letter until the map is fixed."""
        g = self.scene(start=False)
        g.write("sources/tool.yaml", "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: contact_request\n"
                "map: {fields: {message: wer.frage}}\n")
        g.start().wait_ready()
        body = {"wer": {"kennung": "+49 89 1234567", "heisst": "Spaete Kundin", "frage": "Rufen Sie an?"}}
        request = senders.standard_webhooks(g.secret("standard_webhooks"), body, "m1", path="/hooks/tool")
        delivered = g.deliver(request)
        letter = wait_until(lambda: [x for x in g.dead_letters() if x["subject"] == delivered["id"]], "a dead letter")[0]
        self.assertIn("identifies no person", letter["reason"])
        g.edit("sources/tool.yaml", ("message: wer.frage", "message: wer.frage, phone: wer.kennung, full_name: wer.heisst"))
        g.process.send_signal(1)
        g.said("configuration reloaded")
        self.assertEqual(g.cli("dead-letters", "retry", letter["id"])[0], 0)
        g.wait_lead("Spaete Kundin")
        wait_until(lambda: not g.dead_letters(), "no dead letter is left")


if __name__ == "__main__":
    unittest.main()
