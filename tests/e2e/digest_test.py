"""Baton sends the digest once a day, even across restarts. The API and the command line show forecast and clocks."""
import datetime
import json
import time
import unittest

from rig import wait_until
from scene import Scene, steady


class Digest(Scene):
    def due_now(self):
        """A gateway whose digest was due a minute ago, in UTC. Avoids midnight."""
        now = datetime.datetime.now(datetime.timezone.utc)
        if (now.hour, now.minute) in ((0, 0), (23, 59)):
            time.sleep(120)
            now = datetime.datetime.now(datetime.timezone.utc)
        g = self.scene(start=False)
        at = (now - datetime.timedelta(minutes=1)).strftime("%H:%M")
        alerts = json.loads((g.folder / "alerts.yaml").read_text(encoding="utf-8"))
        alerts["digest"] = {"at": at, "to": ["erika", "lena"], "calendar": "always"}
        g.write("alerts.yaml", json.dumps(alerts))
        return g.start().wait_ready()

    def test_each_recipient_gets_the_digest_once_even_across_a_restart(self):
        g = self.due_now()
        got = wait_until(lambda: len(self.chat.messages("digest")) == 2 and self.chat.messages("digest"), "two digests")
        self.assertEqual({m["data"]["recipient"]["id"] for m in got}, {"erika", "lena"})
        wait_until(g.idle, "both are delivered and recorded")
        before = wait_until(lambda: g.get("/api/v1/forecast").get("at"), "the round is complete")
        g.kill()
        g.start().wait_ready()
        wait_until(lambda: g.get("/api/v1/forecast").get("at") != before, "the new process completes a round")
        self.assertEqual(steady(lambda: len(self.chat.messages("digest"))), 2)

    def test_the_api_shows_forecast_periods_and_clocks(self):
        g = self.scene()
        pools = wait_until(lambda: g.get("/api/v1/forecast")["items"], "a forecast")
        self.assertEqual([pool["pool"] for pool in pools], ["sales"])
        self.assertEqual((pools[0]["open"], pools[0]["likely"]), (0, 0))
        self.assertEqual(g.get("/api/v1/periods")["items"], [])
        clocks = g.get("/api/v1/health/clocks")
        self.assertTrue(clocks["agree"] and clocks["firing"], clocks)
        self.assertEqual(clocks["jumps"], 0)


class Dossier(Scene):
    def test_explain_describes_one_clock_in_both_languages(self):
        g = self.scene()
        g.deliver(self.contact_request(g, "e1", company="Beispiel GmbH"))
        lead = g.wait_lead("Erika Beispiel", stage="mql")
        code, out, err = g.cli("explain", lead["id"], "--clock", "first_contact#1")
        self.assertEqual(code, 0, err)
        self.assertIn("The promise\n", out)
        self.assertIn("What counted\n", out)
        self.assertIn("Die Zusage\n", g.cli("explain", lead["id"], "--clock", "first_contact#1", "--lang", "de")[1])
        self.assertEqual(g.cli("explain", lead["id"], "--clock", "first_contact#9")[0], 1)


if __name__ == "__main__":
    unittest.main()
