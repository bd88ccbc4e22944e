"""A CRM that misbehaves. Each record arrives there once in the end, or an operator sees a dead letter."""
import json
import unittest

import fakes
import senders
from rig import wait_until
from scene import Scene


class Misbehaviour(Scene):
    SCRIPTS = {
        "over budget": [fakes.answer(429, b'{"policyName":"TEN_SECONDLY_ROLLING"}', Retry_After=1)],
        "internal": [fakes.answer(500, b"oops", "text/plain"), fakes.answer(502, b"", "text/plain")],
        "html": [fakes.answer(200, b"<html><body>Wartungsarbeiten</body></html>", "text/html")],
        "hangs up": [fakes.hang_up],
        "silent": [fakes.silent(3)],
    }

    def deliver(self, g, n):
        g.deliver(self.contact_request(g, f"e{n}", name=f"Person {n:03d}", email=f"p{n}@person.example"))
        return f"p{n}@person.example"

    def assert_all_delivered(self, g, n):
        wait_until(g.idle, lambda: f"nothing waits: {g.get('/api/v1/outbox')}", 40)
        emails = {effect[2].get("email") for effect in self.crm.effects}
        self.assertLessEqual({f"p{i}@person.example" for i in range(n)}, emails)

    def run_script(self, name):
        g = self.scene(start=False)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s"))
        self.crm.script = list(self.SCRIPTS[name])
        g.start().wait_ready()
        for n in range(3):
            self.deliver(g, n)
        # The alert does not wait for the CRM.
        wait_until(lambda: len(self.chat.messages("offer")) >= 3, "offers")
        wait_until(lambda: not self.crm.script, "the CRM has used up its script", 30)
        self.assert_all_delivered(g, 3)
        self.assertEqual(self.crm.repeated(), [])
        for n in range(3):
            lead = g.lead_named(f"Person {n:03d}")
            traces = [trace for _, trace, _ in self.crm.of(f"p{n}@person.example")]
            versions = [int(t.rpartition("v")[2]) for t in traces]
            self.assertEqual(versions, sorted(versions), "versions never go back")
            self.assertTrue(all(t.startswith(lead["person"]) for t in traces))
        self.assertEqual(g.dead_letters(), [])

    def test_the_crm_answers_429(self):
        self.run_script("over budget")

    def test_the_crm_answers_500_and_502(self):
        self.run_script("internal")

    def test_the_crm_answers_an_html_page(self):
        self.run_script("html")

    def test_the_crm_closes_the_connection(self):
        self.run_script("hangs up")

    def test_the_crm_does_not_answer(self):
        self.run_script("silent")

    def test_the_retry_waits_as_long_as_retry_after_says(self):
        g = self.scene(start=False)
        self.crm.script = [fakes.answer(429, b'{"policyName":"TEN_SECONDLY_ROLLING"}', Retry_After=3)]
        g.start().wait_ready()
        self.deliver(g, 0)
        wait_until(lambda: len(self.crm.seen()) >= 2, "a second try")
        first, second = self.crm.seen()[:2]
        self.assertGreaterEqual(second["at"] - first["at"], 2.9)


class Refused(Scene):
    def test_a_refused_record_becomes_a_dead_letter_and_delays_no_other(self):
        g = self.scene(start=False)
        self.crm.refused = {"schlecht@person.example": True}
        g.start().wait_ready()
        for n, email in enumerate(["gut1@person.example", "schlecht@person.example", "gut2@person.example"]):
            g.deliver(self.contact_request(g, f"e{n}", name=f"Person {n:03d}", email=email))
        letter = wait_until(g.dead_letters, "a dead letter")[0]
        self.assertEqual((letter["origin"], letter["destination"]), ("push", "hubspot"))
        wait_until(lambda: self.crm.of("gut1@person.example") and self.crm.of("gut2@person.example"), "the accepted records")
        self.assertEqual(self.crm.of("schlecht@person.example"), [])
        code, out, complaint = g.cli("dead-letters", "list")
        self.assertEqual(code, 0, complaint)
        self.assertIn("hubspot", out)
        self.assertNotIn("schlecht@", out)
        self.crm.refused = {}

        def all_retried():  # the CRM may have refused a later version as well
            letters = g.dead_letters()
            for letter in letters:
                self.assertEqual(g.cli("dead-letters", "retry", letter["id"])[0], 0)
            return not letters

        wait_until(all_retried, "no dead letter is left")
        wait_until(lambda: self.crm.of("schlecht@person.example"), "the record arrives after the fix")
        self.assertEqual(self.crm.repeated(), [])


class Quiet(Scene):
    def test_observe_mode_lists_requests_and_sends_none(self):
        g = self.scene(start=False)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, mode="observe"))
        g.write("alerts.yaml", fakes.alerts_yaml(self.chat, mode="observe"))
        g.start().wait_ready()
        g.deliver(self.contact_request(g, "e1"))
        g.wait_lead("Erika Beispiel", stage="mql")
        wait_until(g.idle, "nothing waits")
        self.assertEqual((self.crm.seen(), self.chat.seen()), ([], []))
        listed = g.get("/api/v1/outbox?state=observed")
        push = next(row for row in listed["items"] if row["destination"] == "hubspot")
        self.assertEqual(push["request"]["method"], "POST")
        self.assertIn("erika@beispiel.example", json.dumps(push["request"]["body"]))
        self.assertIn("Erika Beispiel", json.dumps(listed["messages"][0]["request"]["body"]))
        self.assertNotIn(g.secret("hubspot_token"), json.dumps(listed))
        self.assertEqual(listed["messages"][0]["request"]["url"], self.chat.url + "/…")
        code, out, err = g.cli("outbox", "list", "--observed", "--destination", "hubspot")
        self.assertEqual((code, "erika@beispiel.example" in out), (0, True), err)
        self.assertEqual(g.api("GET", "/api/v1/outbox?state=sent").status, 422)

    def test_a_failing_chat_does_not_delay_the_crm(self):
        g = self.scene(start=False)
        self.chat.script = [fakes.hang_up] * 1000
        g.start().wait_ready()
        g.deliver(self.contact_request(g, "e1"))
        wait_until(lambda: self.crm.of("erika@beispiel.example"), "in the CRM")
        wait_until(lambda: len(self.chat.seen()) >= 2, "tried again")
        self.chat.script = []
        wait_until(lambda: [m for m in self.chat.messages("offer") if m["ok"]], "the offer", 30)
        self.assertEqual(len({m["webhook_id"] for m in self.chat.messages("offer")}), 1)


if __name__ == "__main__":
    unittest.main()
