"""Attackers at the public listener: bodies, signatures and requests made to be misread (rows S1, S3, S6, S7 and the sender side of N1)."""
import base64
import json
import subprocess
import time
import unittest

from faultscene import FaultScene  # finds the rig
import proxy as faults
import rig
import senders
import smuggling
from proxy import Proxy
from rig import wait_until

PATH = "/hooks/standard_webhooks"


class Edge(FaultScene):
    def delivery(self, g, event, body, **more):
        return senders.standard_webhooks(g.secret("standard_webhooks"), body, event, **more)

    def good(self, g, n):
        """An honest delivery is accepted at once: attackers affect no other sender."""
        body = {"full_name": f"Gute Absenderin {n}", "email": f"good{n}@person.example", "message": "Anfrage"}
        begun = time.monotonic()
        g.deliver(self.delivery(g, f"good{n}", body))
        self.assertLess(time.monotonic() - begun, 2)
        return body["full_name"]


class Malformed(Edge):  # row
    """S1: a signed but malformed delivery is kept. It gets 200 and becomes a dead letter or a lead; time and memory are bounded."""

    LEAD = b'"full_name":"Erika Beispiel","email":"erika%d@person.example","message":"Anfrage"'

    def quarantined(self):
        deep, value = 10_000, b"x" * 1_000_000
        yield "cut off", b'{"email":"a@b.exam'
        yield "nothing", b""
        yield "blanks", b"  \n "
        yield "no object", b'"erika"'
        yield "two values", b"{} {}"
        yield "trailing comma", b'{"email":"a@b.example",}'
        yield "deep lists", b"[" * deep + b"]" * deep
        yield "deep objects", b'{"a":' * deep + b"1" + b"}" * deep
        yield "deep and cut off", b'{"a":[' * deep
        yield "number beyond all limits", b'{"email":"a@b.example","n":1' + b"0" * 400 + b"e400e}"
        yield "number too large for a double", b'{"email":"a@b.example","n":1e400}'
        yield "number of a thousand digits", b'{"email":"a@b.example","n":' + b"9" * 1000 + b"}"
        yield "lone surrogate", b'{"email":"a@b.example","full_name":"\\ud800"}'
        yield "surrogates in the wrong order", b'{"email":"a@b.example","full_name":"\\udc00\\ud800"}'
        yield "invalid UTF-8", b'{"email":"a@b.example","full_name":"\xff\xfe"}'
        yield "overlong UTF-8", b'{"email":"a@b.example","full_name":"\xc0\xaf"}'
        yield "surrogate in UTF-8", b'{"email":"a@b.example","full_name":"\xed\xa0\x80"}'
        yield "raw NUL", b'{"email":"a@b.example","full_name":"a\x00b"}'
        yield "control character", b'{"email":"a@b.example","full_name":"a\x01b"}'
        yield "byte order mark", b'\xef\xbb\xbf{"email":"a@b.example"}'
        yield "UTF-16", '{"email":"a@b.example"}'.encode("utf-16")
        yield "comment", b'{"email":"a@b.example"/* x */}'
        yield "NaN", b'{"email":"a@b.example","n":NaN}'
        yield "bytes", bytes(range(256)) * 100
        yield "a million characters without an address", b'{"message":"' + value + b'"}'

    def accepted(self):
        """Unusual bodies with one meaning. Each creates a lead."""
        yield "escaped NUL", b'{%s,"company":"a\\u0000b"}'
        yield "the same key twice", b'{"email":"first@person.example",%s}'
        yield "a string of a megabyte", b'{%s,"more":"' + b"y" * 900_000 + b'"}'
        yield "a hundred thousand keys", b"{%s," + b",".join(b'"k%d":1' % i for i in range(70_000)) + b"}"
        yield "the same key a hundred thousand times", b"{%s," + b",".join([b'"k":1'] * 100_000) + b"}"
        yield "a hundred thousand empty lists", b'{%s,"more":[' + b",".join([b"[]"] * 100_000) + b"]}"
        yield "keys like those of languages", b'{%s,"__proto__":{"a":1},"constructor":{"prototype":1},"":0}'

    def test_row(self):
        g = self.prepared()
        peak, ids = 0, {}
        for n, (what, body) in enumerate(self.quarantined()):
            with self.subTest(what):
                begun = time.monotonic()
                ids[g.deliver(self.delivery(g, f"q{n}", body))["id"]] = what
                self.assertLess(time.monotonic() - begun, 5)
        for n, (what, body) in enumerate(self.accepted()):
            with self.subTest(what):
                ids[g.deliver(self.delivery(g, f"t{n}", body.replace(b"%s", self.LEAD % n, 1)))["id"]] = what
                peak = max(peak, self.sample(g.process.pid)["rss_kb"])
        quarantined = {what for what, _ in self.quarantined()}
        kept = lambda: {ids.get(letter["subject"]): letter["reason"] for letter in g.dead_letters()}
        wait_until(lambda: len(kept()) >= len(quarantined), lambda: f"dead letters; {quarantined ^ set(kept())} differ")
        g.wait_lead(self.good(g, 1))
        wait_until(lambda: len(g.leads()) == 1 + len(list(self.accepted())), lambda: f"leads; dead letters {kept()}")
        self.assertEqual(set(kept()), quarantined)
        self.assertTrue(all(kept().values()), "each has a reason")
        self.assertLess(peak, 150 * 1024)
        self.assertIsNone(g.process.poll())


class Forged(Edge):  # row
    """S3: forged signatures. Each is refused for the right reason, as the metric shows, and changes nothing."""

    def signature(self, g, event="e1", body=b"{}", **more):
        request = self.delivery(g, event, body, **more)
        return request["headers"].pop("webhook-signature"), request

    def cases(self, g):
        good, _ = self.signature(g)
        digest = good.removeprefix("v1,")
        other = senders.standard_webhooks(senders.whsec("y" * 24), b"{}", "e1")["headers"]["webhook-signature"]
        wrong, malformed, missing = "signature_wrong", "signature_malformed", "signature_missing_header"
        # The vendors' own libraries refuse the same cases.
        yield "forged", "v1," + base64.b64encode(bytes(32)).decode(), wrong
        yield "wrong key", other, wrong
        yield "cut short", good[:-5], wrong
        yield "one character of base64", "v1,A", wrong
        yield "too long", good + "A" * 64, wrong
        yield "twice in one", good + digest, wrong
        yield "not base64", "v1," + "!" * 44, wrong
        yield "hexadecimal", "v1," + base64.b64decode(digest).hex(), wrong
        yield "raw bytes", "v1," + "\xff" * 32, wrong
        yield "another alphabet", "v1," + base64.b64encode(base64.b64decode(digest), b"-_").decode() + "x", wrong
        yield "a space inside", "v1," + digest[:20] + " " + digest[20:], wrong
        yield "empty", "", missing
        yield "blank", " ", missing
        yield "version alone", "v1,", malformed
        yield "no version", digest, malformed
        yield "unknown version", "v9," + digest, malformed
        yield "only commas", "," * 100, malformed
        yield "a thousand", " ".join(["v1," + digest[:-4] + "AAA="] * 150), malformed
        yield "150 wrong ones and the right one last", " ".join(["v1," + digest[:-4] + "AAA="] * 150 + [good]), malformed

    def refused(self, g, request, reason, what):
        before = g.metric("webhook_requests_total", f'result="{reason}"')
        answer = g.send(request)
        self.assertEqual((answer.status, answer.json()["code"]), (401, "unauthorised"), what)
        self.assertEqual(set(answer.json()), {"type", "title", "status", "code", "detail"}, "the answer does not say what was wrong")
        self.assertEqual(g.metric("webhook_requests_total", f'result="{reason}"') - before, 1, f"{what}: {reason}")

    def test_row(self):
        g = self.prepared()
        for what, value, reason in self.cases(g):
            with self.subTest(what):
                _, request = self.signature(g)
                request["headers"]["webhook-signature"] = value
                self.refused(g, request, reason, what)
        good, request = self.signature(g)
        self.refused(g, request, "signature_missing_header", "none at all")
        request["headers"]["webhook-signature"] = good
        self.refused(g, {**request, "body": b"{ }"}, "signature_wrong", "another body")
        for name in ("webhook-id", "webhook-timestamp"):
            headers = {k: v for k, v in request["headers"].items() if k != name}
            self.refused(g, {**request, "headers": headers}, "signature_missing_header", f"without {name}")
        self.refused(g, {**request, "headers": {**request["headers"], "webhook-id": "e2"}}, "signature_wrong", "another id")
        self.refused(g, {**request, "path": "/hooks/typeform", "headers": {**request["headers"], "Typeform-Signature": "sha256=" + good[3:]}},
                     "signature_wrong", "the right signature of another source")
        for stamp in (0, -1, 2**63, 10**30, "", "1e9", "abc", int(time.time()) + 301, int(time.time()) - 301):
            headers = {**request["headers"], "webhook-timestamp": str(stamp)}
            answer = g.send({**request, "headers": headers})
            self.assertEqual(answer.status, 401, stamp)
        self.assertEqual(g.leads(), [])
        self.assertEqual(g.dead_letters(), [])
        g.wait_lead(self.good(g, 1))

    def test_header_names_ignore_case_and_must_not_repeat(self):
        g = self.prepared()
        body = b'{"full_name":"Erika Beispiel","email":"erika@person.example"}'
        good, request = self.signature(g, "e1", body)
        fields = [*request["headers"].items(), ("webhook-signature", good)]

        def send(pairs):
            lines = "".join(f"{name}: {value}\r\n" for name, value in pairs)
            return smuggling.exchange(g.public_port, f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body)
        for name, value in fields[1:]:
            self.assertEqual(send([*fields, (name, value)]), [401], f"{name} twice, alike")
            self.assertEqual(send([(name.upper(), "v1,x"), *fields]), [401], f"{name} twice, the second right")
        self.assertEqual(g.leads(), [])
        self.assertEqual(send([(name.upper(), value) for name, value in fields]), [200])
        self.assertEqual(send([(name.title(), " " + value + "\t") for name, value in fields]), [200])
        g.wait_lead("Erika Beispiel")

    def test_a_removed_key_is_refused(self):
        g = self.unstarted()
        old, new = senders.whsec("o" * 24), senders.whsec("n" * 24)
        g.write("secrets/old", old + "\n")
        g.write("secrets/new", new + "\n")
        both = "adapter: standard_webhooks\nsecret: [\"${file:secrets/new}\", \"${file:secrets/old}\"]\ntouch: contact_request\n"
        g.write("sources/standard_webhooks.yaml", both)
        g.start().wait_ready()
        for n, secret in enumerate((old, new)):
            g.deliver(senders.standard_webhooks(secret, {"email": f"p{n}@person.example", "full_name": f"P {n}"}, f"r{n}"))
        g.write("sources/standard_webhooks.yaml", both.replace(', "${file:secrets/old}"', ""))
        g.process.send_signal(1)
        g.said("configuration reloaded")
        self.refused(g, senders.standard_webhooks(old, {"email": "p3@person.example"}, "r3"), "signature_wrong", "the old key")
        g.deliver(senders.standard_webhooks(new, {"email": "p4@person.example", "full_name": "P 4"}, "r4"))
        g.wait_lead("P 4")
        self.assertEqual(len(g.leads()), 3)

    def test_signatures_made_by_openssl_are_accepted(self):
        """openssl makes the signature, not the code that the other tests share."""
        g = self.prepared()
        key, body = g.secret("typeform"), senders.typeform_body("o1", "Olga Openssl", "olga@person.example")
        data = json.dumps(body).encode()
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-hmac", key, "-binary"], input=data, capture_output=True, check=True).stdout
        headers = {"Content-Type": "application/json", "Typeform-Signature": "sha256=" + base64.b64encode(digest).decode()}
        g.deliver(senders.request("/hooks/typeform", data, headers))
        g.wait_lead("Olga Openssl")


class Smuggling(Edge):  # row
    """S6: a request has one meaning or is refused."""

    def test_row(self):
        g = self.unstarted()
        g.write_settings(limits={"header_time": "2s", "body_time": "2s"})
        g.start().wait_ready()
        for name, request, allowed in smuggling.cases(PATH):
            with self.subTest(name):
                statuses = smuggling.exchange(g.public_port, request)
                self.assertIn(len(statuses), (0, 1), statuses)  # 0: closed without an answer
                self.assertLessEqual(set(statuses), {*allowed, 408}, name)
        for name, request, wanted in smuggling.one_meaning(PATH):
            with self.subTest(name):
                self.assertEqual(smuggling.exchange(g.public_port, request), wanted)
        self.assertEqual((g.leads(), g.dead_letters()), ([], []))
        g.wait_lead(self.good(g, 1))

    def test_a_signed_delivery_arrives_byte_by_byte_and_pipelined(self):
        g = self.prepared()
        texts = []
        for n in range(3):
            request = self.delivery(g, f"b{n}", {"full_name": f"Byte {n}", "email": f"b{n}@person.example"})
            lines = "".join(f"{name}: {value}\r\n" for name, value in request["headers"].items())
            chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in request["body"]) + b"0\r\n\r\n"
            texts.append(f"POST {PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n{lines}\r\n".encode() + chunks)
        self.assertEqual(smuggling.exchange(g.public_port, b"".join(texts)), [200, 200, 200])
        slices = Proxy(self, ("127.0.0.1", g.public_port))
        slices.add(faults.slice_())
        self.assertEqual(smuggling.exchange(slices.port, b"".join(texts), timeout=60), [200, 200, 200])
        for n in range(3):
            g.wait_lead(f"Byte {n}")
        self.assertEqual(len(g.leads()), 3)


if __name__ == "__main__":
    unittest.main()
