"""Alerts by mail: the real gateway and a real mail server with TLS and a login, and their failures."""
import json
import unittest

import fakes
import mailserver
from rig import wait_until
from scene import Scene


def mail_scene(case, tls="starttls", chat_kinds=(), password=mailserver.PASSWORD, routes=None, edits=(), **sections):
    """The usual scene. Its messages leave by mail, except those of `chat_kinds`."""
    case.count = getattr(case, "count", 0) + 1
    g = case.scene(start=False, name=f"g{case.count}", edits=edits)
    case.server = mailserver.MailServer(case, tls=tls)
    g.put_secret("mail_password", password)
    settings = {"host": "127.0.0.1", "port": case.server.port, "tls": tls, "user": mailserver.USER, "password": "${file:secrets/mail_password}",
                "from": "Baton Übergabe <baton@example.com>"}
    channels = [{"name": "mail", "adapter": "email", "mode": "live", "settings": settings,
                 "smtp": {"allow_private": ["127.0.0.0/8"], "ca_file": str(case.server.cert)}},
                {"name": "team", "adapter": "teams", "mode": "live", "settings": {"url": case.chat.url + "/teams"},
                 "http": {"allow_private": ["127.0.0.0/8"]}}]
    if routes is None:
        routes = ([{"channel": "team", "kinds": list(chat_kinds)}] if chat_kinds else []) + [{"channel": "mail"}]
    g.write("alerts.yaml", json.dumps({"channels": channels, "routes": routes, **sections}))
    return g.start().wait_ready()


def edit_alerts(g, change):
    """Rewrites alerts.yaml and restarts the gateway."""
    alerts = json.loads((g.folder / "alerts.yaml").read_text())
    change(alerts)
    g.stop()
    g.write("alerts.yaml", json.dumps(alerts))
    g.start().wait_ready()


def mails(case, count=1):
    return wait_until(lambda: (lambda seen: seen if len(seen) >= count else None)(case.server.seen()),
                      lambda: f"{count} mails; there are {len(case.server.seen())}")


class Delivery(Scene):
    def test_an_offer_is_one_mail_with_plain_text_and_html(self):
        for tls in ("starttls", "implicit"):
            with self.subTest(tls):
                g = mail_scene(self, tls)
                name = "Jürgen Größe <b>fett</b>"
                g.deliver(self.contact_request(g, "m1", name, "juergen@beispiel.example"))
                taken = mails(self)[0]
                self.assertTrue(taken["tls"])
                self.assertTrue(taken["login"])
                mail = taken["mail"]
                self.assertEqual(mail["From"].addresses[0].addr_spec, "baton@example.com")
                self.assertEqual(mail["From"].addresses[0].display_name, "Baton Übergabe")
                self.assertEqual(mail["To"].addresses[0].addr_spec, taken["to"][0])
                self.assertTrue(mail["Subject"].startswith(name), mail["Subject"])
                self.assertEqual(mail["Auto-Submitted"], "auto-generated")
                self.assertTrue(mail["Message-ID"].endswith("@example.com>"))
                self.assertEqual(mail["List-Id"], "Baton <offer.baton.example.com>")
                self.assertEqual([part.get_content_type() for part in mail.iter_parts()], ["text/plain", "text/html"])
                plain, html = (part.get_content() for part in mail.iter_parts())
                self.assertIn(name, plain)
                self.assertIn("https://leads.example.com/a/", plain)
                self.assertIn("Jürgen Größe &lt;b&gt;fett&lt;/b&gt;", html)
                self.assertEqual([m for m in mail.defects], [])
                wait_until(g.idle, "nothing waits")
                g.stop()

    def test_the_owner_is_notified_when_an_accepted_lead_asks_again(self):
        g = mail_scene(self)
        g.deliver(self.contact_request(g, "m1"))
        mails(self, 1)
        lead = g.wait_lead("Erika Beispiel", stage="mql")
        self.assertEqual(g.act(lead["id"], "accept", rep=lead["owner"]).status, 200)
        g.wait_lead("Erika Beispiel", stage="sal")
        g.deliver(self.contact_request(g, "m2"))
        again = mails(self, 2)[1]
        self.assertRegex(again["mail"]["Subject"], "noch einmal gemeldet|in touch again")

    def test_observe_mode_lists_mails_and_sends_none(self):
        g = mail_scene(self)
        edit_alerts(g, lambda alerts: alerts["channels"][0].update(mode="observe"))
        g.deliver(self.contact_request(g, "m1"))
        rows = wait_until(lambda: g.get("/api/v1/outbox?state=observed")["messages"], "the message is listed")
        row = next(r for r in rows if r["destination"] == "mail")
        self.assertEqual(row["request"]["method"], "MAIL")
        self.assertIn("Erika Beispiel", row["request"]["body"])
        self.assertEqual(self.server.seen(), [])


class Trouble(Scene):
    def test_a_server_that_accepts_a_mail_and_dies_gets_the_same_mail_again(self):
        g = mail_scene(self)
        self.server.script("DATA", "die")
        g.deliver(self.contact_request(g, "m1"))
        first, second = mails(self, 2)[:2]
        self.assertEqual(first["mail"]["Message-ID"], second["mail"]["Message-ID"])
        self.assertEqual(first["mail"]["X-Baton-Key"], second["mail"]["X-Baton-Key"])
        wait_until(g.idle, "nothing waits")
        self.assertEqual(g.dead_letters(), [])

    def test_a_mail_that_the_server_puts_off_is_sent_later(self):
        g = mail_scene(self)
        self.server.script("RCPT", "450 4.2.0 greylisted")
        g.deliver(self.contact_request(g, "m1"))
        mails(self, 1)
        wait_until(g.idle, "nothing waits")
        self.assertEqual(len(self.server.seen()), 1)

    def test_a_refused_recipient_becomes_a_dead_letter_and_delays_no_other(self):
        g = mail_scene(self)
        self.server.script("RCPT", "550 5.1.1 no such user")
        g.deliver(self.contact_request(g, "m1"))
        letter = wait_until(g.dead_letters, "a dead letter")[0]
        self.assertIn("550 5.1.1", letter["reason"])
        self.assertIn("email of the rep", letter["reason"])
        g.deliver(self.contact_request(g, "m2", "Max Muster", "max@muster.example"))
        mails(self, 1)

    def test_a_wrong_password_is_reported_once_and_not_shown(self):
        g = mail_scene(self, password="wrong-and-secret")
        g.deliver(self.contact_request(g, "m1"))
        letter = wait_until(g.dead_letters, "a dead letter")[0]
        self.assertIn("535", letter["reason"])
        self.assertIn("password", letter["reason"])
        self.assertNotIn("wrong-and-secret", json.dumps(letter) + g.log())
        self.assertEqual(self.server.seen(), [])

    def test_mails_wait_for_a_server_that_is_down(self):
        g = mail_scene(self)
        self.server.close()
        g.deliver(self.contact_request(g, "m1"))
        wait_until(lambda: g.metric("delivery_attempts_total", 'outcome="retry_backoff"') >= 1, "an attempt")
        self.assertFalse(g.idle())
        self.server = mailserver.MailServer(self, port=self.server.port)
        # The new server has another certificate. The gateway sends nothing until it trusts that certificate.
        wait_until(lambda: g.metric("delivery_attempts_total", 'outcome="retry_backoff"') >= 2, "another attempt")
        self.assertEqual(self.server.seen(), [])
        edit_alerts(g, lambda alerts: alerts["channels"][0]["smtp"].update(ca_file=str(self.server.cert)))
        mails(self, 1)
        wait_until(g.idle, "nothing waits")

    def test_a_channel_that_is_gone_delays_no_other_channel(self):
        g = mail_scene(self, routes=[{"channel": "team", "recipients": ["max", "chris"]}, {"channel": "mail"}])
        self.chat.script.extend([fakes.answer(410)] * 40)
        for i in range(4):
            g.deliver(self.contact_request(g, f"m{i}", f"Erika Beispiel {i}", f"erika{i}@beispiel.example"))
        letter = wait_until(g.dead_letters, "a dead letter")[0]
        self.assertEqual(letter["destination"], "team")
        self.assertIn("no longer exists", letter["reason"])
        self.assertEqual(mails(self)[0]["to"], ["erika.beispiel@example.com"])


class Groups(Scene):
    AWAY = "absences:\n" + "".join(f"  - {{rep: {rep}, from: 2026-01-01, until: 2099-12-31}}\n" for rep in ("erika", "max", "chris"))

    def test_escalations_to_the_head_are_one_mail_that_a_crash_does_not_change(self):
        g = mail_scene(self, edits=[("policy/routing.yaml", "absences: []", self.AWAY),
                                    ("policy/routing.yaml", "when_nobody: escalate", "when_nobody: hold"),
                                    ("policy/sla.yaml", "warn: 5", "warn: 500")], group={"collect": "3s"})
        self.server.script("DATA", "die")
        for i in range(5):
            g.deliver(self.contact_request(g, f"m{i}", f"Erika Beispiel {i}", f"erika{i}@beispiel.example"))
        mails(self, 1)
        g.kill()
        g.start().wait_ready()
        first = mails(self, 2)[0]
        wait_until(g.idle, "nothing waits")
        sent = self.server.seen()  # the instant of the kill changes the number of repeats, not the mail
        self.assertEqual({m["mail"]["Message-ID"] for m in sent}, {first["mail"]["Message-ID"]})
        self.assertEqual(first["to"], ["lena.leitung@example.com"])
        self.assertTrue(first["mail"]["Subject"].startswith("Erika Beispiel "), first["mail"]["Subject"])
        self.assertTrue(first["mail"]["Subject"].endswith("· und 4 weitere Meldungen"), first["mail"]["Subject"])
        plain = next(first["mail"].iter_parts()).get_content()
        for i in range(5):
            self.assertIn(f"Erika Beispiel {i} ", plain)
        # A further message within the window waits for the end of the window.
        g.deliver(self.contact_request(g, "m9", "Max Muster", "max@muster.example"))
        wait_until(lambda: g.get("/api/v1/outbox")["waiting"]["outbox"] == 1 and g.get("/api/v1/outbox")["waiting"]["push"] == 0, "one message waits")
        self.assertEqual(len(self.server.seen()), len(sent))


class Teams(Scene):
    def test_an_offer_is_an_adaptive_card(self):
        g = mail_scene(self, chat_kinds=["offer"])
        self.chat.script.append(fakes.answer(202, b"", "text/plain"))
        g.deliver(self.contact_request(g, "m1", "Erika [Beispiel](https://boese.example)", "erika@beispiel.example"))
        request = wait_until(self.chat.seen, "a card")[0]
        body = json.loads(request["body"])
        self.assertEqual(body["type"], "message")
        self.assertEqual(body["attachments"][0]["contentType"], "application/vnd.microsoft.card.adaptive")
        card = body["attachments"][0]["content"]
        self.assertEqual((card["type"], card["version"]), ("AdaptiveCard", "1.4"))
        self.assertTrue(any(a["url"].startswith("https://leads.example.com/a/") for a in card["actions"]))
        self.assertNotIn("https://boese", json.dumps(card, ensure_ascii=False))
        wait_until(g.idle, "nothing waits")
        self.assertEqual(len(self.chat.seen()), 1)


if __name__ == "__main__":
    unittest.main()
