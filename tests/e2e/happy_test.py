"""A lead from end to end: received by a signed webhook, offered to sales, accepted, explained."""
import time
import unittest

import senders
from rig import wait_until
from scene import ActionPage, Scene, page_path


class Intake(Scene):
    """Baton accepts every vendor's signature, computed here from the vendor's documentation. A repeat changes nothing."""

    def requests(self, g):
        return {
            "Erika Beispiel": self.contact_request(g, "tf1", phone="089 123456", company="Beispiel GmbH", message="Bitte um Anruf"),
            "Max Muster": senders.hubspot(g.secret("hubspot_client_secret"), senders.hubspot_contact(251, "Max", "Muster", "max@muster.example")),
            "Lena Leitung": senders.calendly(g.secret("calendly"), senders.calendly_invitee("AAA", "Lena Leitung", "lena@leitung.example", "+49 89 7654321")),
            "Chris Sample": senders.standard_webhooks(g.secret("standard_webhooks"), {"name": "Chris Sample", "email": "chris@sample.example"}, "msg_1"),
        }

    def test_baton_accepts_every_vendor_and_ignores_repeats(self):
        g = self.scene()
        for name, request in self.requests(g).items():
            with self.subTest(name):
                first = g.deliver(request)
                self.assertEqual(set(first), {"id"})
                self.assertEqual(g.deliver(request), {"id": first["id"], "duplicate": True})
                row = g.wait_lead(name)
                lead = g.get("/api/v1/leads/" + row["id"])
                self.assertEqual(len(lead["touches"]), 1)
        self.assertEqual(len(g.leads()), 4)
        for name, stage in [("Erika Beispiel", "mql"), ("Lena Leitung", "mql"), ("Max Muster", "lead"), ("Chris Sample", "lead")]:
            g.wait_lead(name, stage=stage)

    def test_a_response_in_two_deliveries_is_one_touch(self):
        g = self.scene()
        for event in ("a", "b"):
            g.deliver(self.contact_request(g, event, token="same-response"))
        g.deliver(self.contact_request(g, "c", name="Somebody Else", email="else@example.net"))
        g.wait_lead("Somebody Else", stage="mql")
        lead = g.wait_lead("Erika Beispiel")
        self.assertEqual(len(g.get("/api/v1/leads/" + lead["id"])["touches"]), 1)
        self.assertEqual(len(self.chat.messages("offer")), len({m["data"]["key"] for m in self.chat.messages("offer")}))


class Handover(Scene):
    def test_the_owner_gets_the_offer_within_two_seconds(self):
        g = self.scene()
        begun = time.monotonic()
        g.deliver(self.contact_request(g, "e1", phone="089 123456", company="Beispiel GmbH", message="Bitte um Rückruf"))
        offer = wait_until(lambda: self.chat.messages("offer"), "an offer in the chat")[0]
        self.assertLess(offer["seen_at"] - begun, 2.0)
        data = offer["data"]
        lead = g.wait_lead("Erika Beispiel", stage="mql", owner=data["owner"])
        self.assertEqual(data["lead"], lead["id"])
        self.assertIn("Erika Beispiel (Beispiel GmbH)", data["headline"])
        self.assertEqual(data["quote"], "Bitte um Rückruf")
        self.assertIn("tel:+4989123456", [link["url"] for link in data["links"]])
        self.assertEqual({fact["label"] for fact in data["facts"]} & {"Why", "First contact by"}, {"Why", "First contact by"})
        running = {clock["definition"] for clock in g.get("/api/v1/leads/" + lead["id"])["clocks"] if clock["state"] == "running"}
        self.assertEqual(running, {"accept", "first_contact"})

    def test_the_crm_gets_each_version_at_most_once_and_always_the_newest(self):
        g = self.scene()
        g.deliver(self.contact_request(g, "e1", company="Beispiel GmbH"))
        lead = g.wait_lead("Erika Beispiel", stage="mql")
        wait_until(lambda: self.chat.messages("offer"), "an offer")
        self.assertEqual(g.act(lead["id"], "accept", rep=g.wait_lead("Erika Beispiel")["owner"]).status, 200)
        self.assertEqual(g.act(lead["id"], "qualify").status, 200)
        last = wait_until(lambda: [e for e in self.crm.of("erika@beispiel.example") if e[2].get("lifecyclestage") == "salesqualifiedlead"], "SQL in the CRM")[-1]
        wait_until(g.idle, "nothing left to send")
        self.assertEqual(last[0], lead["person"])
        self.assertEqual(self.crm.repeated(), [])
        self.assertEqual(len(self.crm.ids), 1)


class Links(Scene):
    """The page behind an alert's links. GET shows it. POST acts once, for the rep of the link."""

    def offer(self, **options):
        g = self.scene(**options)
        g.deliver(self.contact_request(g, "e1", phone="089 123456"))
        offer = wait_until(lambda: self.chat.messages("offer"), "an offer")[0]
        return g, offer

    def test_opening_the_page_changes_nothing_and_a_button_acts(self):
        g, offer = self.offer()
        page = ActionPage(g, offer)
        for _ in range(3):
            shown = page.open()
            self.assertEqual(shown.status, 200)
            self.assertEqual(shown.headers["Cache-Control"], "no-store")
            self.assertIn("Erika Beispiel", shown.body.decode())
        lead = offer["data"]["lead"]
        self.assertEqual(g.get("/api/v1/leads/" + lead)["stage"], "mql")
        nonce = page.nonce()
        self.assertEqual(page.press("accept", nonce).status, 200)
        self.assertEqual(g.get("/api/v1/leads/" + lead)["stage"], "sal")
        again = page.press("accept", nonce)
        self.assertEqual(again.status, 409)
        self.assertEqual(page.press("reached").status, 200)
        shown = g.get("/api/v1/leads/" + lead)
        clock = next(c for c in shown["clocks"] if c["definition"] == "first_contact")
        self.assertEqual(clock["state"], "stopped")
        self.assertEqual(shown["episode"]["attempts"][0]["outcome"], "reached")

    def test_forged_links_are_refused(self):
        g, offer = self.offer()
        page = ActionPage(g, offer)
        good, nonce = page.path, page.nonce()
        for at in (5, len(good) // 2, len(good) - 2):
            page.path = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1:]
            self.assertEqual(page.open().status, 404, page.path)
            self.assertEqual(page.press("accept", nonce).status, 404)
        page.path = good
        self.assertEqual(page.press("accept", "made-up").status, 400)
        self.assertEqual(page.press("reject").status, 400)  # no reason
        self.assertEqual(g.get("/api/v1/leads/" + offer["data"]["lead"])["stage"], "mql")

    def test_expired_links_are_refused(self):
        g = self.scene(start=False)
        g.write_settings(actions={"link_lifetime": "1s"})
        g.start().wait_ready()
        g.deliver(self.contact_request(g, "e1"))
        page = ActionPage(g, wait_until(lambda: self.chat.messages("offer"), "an offer")[0])
        wait_until(lambda: page.open().status == 410, "expired", every=0.3)  # the page has a rate limit
        self.assertEqual(page.press("accept", "x.y").status, 410)

    def test_a_rejected_lead_moves_to_another_rep(self):
        g, offer = self.offer()
        page = ActionPage(g, offer)
        self.assertEqual(page.press("reject", reason="no_capacity").status, 200)
        second = wait_until(lambda: [m for m in self.chat.messages("offer") if m["data"]["owner"] != offer["data"]["owner"]], "another owner")[0]
        self.assertEqual(page.open().status, 409)  # no longer theirs
        self.assertEqual(page.press("accept", "x.y").status, 400)
        self.assertEqual(ActionPage(g, second).press("reject", reason="no_fit").status, 200)
        g.wait_lead("Erika Beispiel", stage="nurture")
        self.assertNotEqual(page_path(second), page.path)


class Feedback(Scene):
    """Feedback from sales through the admin API."""

    def lead(self, g, n=1):
        name = f"Erika Beispiel{'i' * n}"
        g.deliver(self.contact_request(g, f"e{n}", name=name, email=f"erika{n}@beispiel.example"))
        return wait_until(lambda: (lambda row: row if row and row.get("owner") else None)(g.lead_named(name)), "an owner")

    def stage(self, g, lead):
        shown = g.get("/api/v1/leads/" + lead["id"])
        return (shown.get("episode") or shown["past"][-1])["stage"]

    def test_a_rep_accepts_attempts_and_qualifies(self):
        g = self.scene()
        lead = self.lead(g)
        self.assertEqual(g.act(lead["id"], "accept").status, 200)
        self.assertEqual(self.stage(g, lead), "sal")
        self.assertEqual(g.act(lead["id"], "attempt", channel="phone", outcome="reached", evidence="call-1").status, 200)
        self.assertEqual(g.act(lead["id"], "qualify").status, 200)
        self.assertEqual(self.stage(g, lead), "sql")
        self.assertEqual(g.act(lead["id"], "reject", reason="no_fit").status, 409)
        self.assertEqual(self.stage(g, lead), "sql")

    def test_repeated_feedback_counts_once(self):
        g = self.scene()
        lead = self.lead(g)
        for _ in range(2):
            answer = g.api("POST", f"/api/v1/leads/{lead['id']}/attempt", {"channel": "phone", "outcome": "no_answer", "evidence": "call-7"},
                           headers={"Idempotency-Key": "call-7"})
            self.assertEqual(answer.status, 200)
        self.assertEqual(len(g.get("/api/v1/leads/" + lead["id"])["episode"]["attempts"]), 1)

    def test_a_rep_recycles_disqualifies_and_rejects(self):
        g = self.scene()
        for n, (action, body, stage) in enumerate([("recycle", {"reason": "later"}, "nurture"), ("disqualify", {"reason": "no_need"}, "disqualified")], 1):
            lead = self.lead(g, n)
            self.assertEqual(g.act(lead["id"], "accept").status, 200)
            self.assertEqual(g.act(lead["id"], action, **body).status, 200)
            self.assertEqual(self.stage(g, lead), stage)
        lead = self.lead(g, 3)
        self.assertEqual(g.act(lead["id"], "reject", reason="no_fit").status, 200)
        self.assertEqual(self.stage(g, lead), "nurture")

    def test_a_lead_that_never_was_is_not_found(self):
        """The id of a lead is its person and the number of its episode. No other number reaches the lead."""
        g = self.scene()
        lead = self.lead(g)
        for suffix in (".99", ".0", ".01", ".1x", ".", ".-1", ".1.1"):
            wrong = lead["id"].rpartition(".")[0] + suffix
            with self.subTest(wrong):
                self.assertEqual(g.act(wrong, "disqualify", rep=lead["owner"], reason="spam").status, 404)
                self.assertEqual(g.api("GET", "/api/v1/leads/" + wrong).status, 404)
        self.assertEqual(self.stage(g, lead), "mql")

    def test_invalid_feedback_is_refused(self):
        g = self.scene()
        lead = self.lead(g)
        self.assertEqual(g.act(lead["id"], "reject").status, 422)
        self.assertEqual(g.act(lead["id"], "reject", reason="made_up").status, 409)
        self.assertEqual(g.act(lead["id"], "qualify", surprise=1).status, 422)
        self.assertEqual(g.act("nobody.1", "accept").status, 404)
        self.assertEqual(g.api("POST", f"/api/v1/leads/{lead['id']}/accept", {}, token=False).status, 401)
        self.assertEqual(g.api("GET", "/api/v1/leads", token=False).status, 401)
        self.assertEqual(self.stage(g, lead), "mql")


class Explain(Scene):
    def test_explain_works_in_both_languages(self):
        g = self.scene()
        g.deliver(self.contact_request(g, "e1", company="Beispiel GmbH"))
        row = g.wait_lead("Erika Beispiel", stage="mql")
        lead = wait_until(lambda: (lambda x: x if [h for h in x["episode"]["handovers"] if h["state"] == "delivered"] else None)(g.get("/api/v1/leads/" + row["id"])), "delivered")
        wait_until(g.idle, "nothing waits, so the explanation is complete")
        english, german = (g.get(f"/api/v1/leads/{row['id']}/explain?lang={lang}")["text"] for lang in ("en", "de"))
        for text in (english, german):
            self.assertRegex(text, "Erika Beispiel|Max Muster|Chris Sample")  # by name
            self.assertNotIn(f" {lead['owner']} ", text)
            self.assertIn("contact_request", text)  # the rule that gave points
        self.assertIn("Why sales got it", english)
        self.assertNotIn("Why sales got it", german)
        code, out, complaint = g.cli("explain", row["id"], "--lang", "de")
        self.assertEqual((code, complaint), (0, ""))
        self.assertEqual(out.strip(), german.strip())
        self.assertEqual(g.cli("explain", "nobody.1")[0], 1)


if __name__ == "__main__":
    unittest.main()
