"""SIGTERM drains, SIGHUP reloads."""
import json
import signal
import threading
import unittest

import senders
from rig import wait_until
from scene import TYPEFORM, Scene


class Terminate(Scene):
    def test_what_is_in_flight_is_answered(self):
        g = self.scene()
        answers, go = [], threading.Event()

        def sender(n):
            for i in range(10_000):
                answer = g.send(senders.standard_webhooks(g.secret("standard_webhooks"), {"email": f"p{n}.{i}@person.example"}, f"m{n}.{i}"))
                answers.append(None if answer is None else answer.status)
                if len(answers) > 40:
                    go.set()
                if answer is None:
                    return

        threads = [threading.Thread(target=sender, args=(n,), daemon=True) for n in range(4)]
        for thread in threads:
            thread.start()
        self.assertTrue(go.wait(20))
        self.assertEqual(g.terminate(), 0)
        for thread in threads:
            thread.join(timeout=20)
        self.assertEqual({a for a in answers if a is not None} - {200, 503}, set())
        acknowledged = answers.count(200)
        g.start().wait_ready()
        wait_until(lambda: len(g.leads()) >= acknowledged, lambda: f"{acknowledged} leads; there are {len(g.leads())}")


class Reload(Scene):
    def test_a_broken_configuration_changes_nothing(self):
        g = self.scene()
        g.write("sources/typeform.yaml", TYPEFORM.replace("adapter: typeform", "adapter: tipeform"))
        g.process.send_signal(signal.SIGHUP)
        g.said("going on with the old one")
        self.assertIn("tipeform", g.log())
        g.deliver(self.contact_request(g, "e1"))
        g.wait_lead("Erika Beispiel", stage="mql")
        self.assertTrue(g.ready()[0])

    def test_a_new_source_works_and_a_source_taken_away_is_unknown(self):
        g = self.scene()
        request = senders.standard_webhooks(g.secret("standard_webhooks"), {"full_name": "Max Muster", "email": "max@muster.example"}, "m1", path="/hooks/tool")
        self.assertEqual(g.send(request).status, 404)
        g.write("sources/tool.yaml", "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: demo_request\n")
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: g.send(request).status == 200, "the new source")
        g.wait_lead("Max Muster", stage="mql")
        (g.folder / "sources" / "tool.yaml").unlink()
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: g.send(request).status == 404, "gone again")

    def test_new_rules_reach_clocks_that_nothing_else_happens_to(self):
        g = self.scene()
        g.deliver(self.contact_request(g, "e1"))
        lead = g.wait_lead("Erika Beispiel", stage="mql")
        contact = lambda: next(c for c in g.get(f"/api/v1/clocks?lead={lead['id']}")["items"] if c["id"].startswith("first_contact"))
        before = contact()["due"]
        g.edit("policy/sla.yaml", ("hand_raiser: 5m", "hand_raiser: 9m"), ("on_change: new_only", "on_change: retroactive"))
        _, preview, _ = g.cli("policy", "preview", str(g.folder), "--json")
        self.assertEqual(json.loads(preview)["retroactive"]["later"], 1)
        self.assertEqual(contact()["due"], before)
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: contact()["due"] > before, "counted by the new rules")

    def test_under_traffic(self):
        g = self.scene()
        stop, statuses = threading.Event(), []

        def sender():
            n = 0
            while not stop.is_set():
                n += 1
                answer = g.send(senders.standard_webhooks(g.secret("standard_webhooks"), {"email": f"p{n}@person.example"}, f"m{n}"))
                statuses.append(answer.status if answer else None)

        thread = threading.Thread(target=sender, daemon=True)
        thread.start()
        for round_ in range(1, 4):
            g.process.send_signal(signal.SIGHUP)
            wait_until(lambda: g.log().count("configuration reloaded") >= round_, "reloaded")
        stop.set()
        thread.join(timeout=20)
        self.assertEqual(set(statuses), {200})
        wait_until(lambda: len(g.leads()) == len(statuses), lambda: f"{len(statuses)} leads; there are {len(g.leads())}")


if __name__ == "__main__":
    unittest.main()
