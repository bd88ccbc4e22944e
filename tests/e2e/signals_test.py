"""SIGTERM drains the gateway, SIGHUP reloads its configuration."""
import json
import signal
import threading
import unittest

import senders
from rig import wait_until
from scene import TYPEFORM, Scene


class Terminate(Scene):
    def test_requests_in_flight_are_answered(self):
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
    def test_a_wrong_configuration_changes_nothing(self):
        g = self.scene()
        g.write("sources/typeform.yaml", TYPEFORM.replace("adapter: typeform", "adapter: tipeform"))
        g.process.send_signal(signal.SIGHUP)
        g.said("keeping the old one")
        found = [json.loads(line) for line in g.log().splitlines() if "tipeform" in line]
        self.assertRegex(found[0]["finding"], r"sources/typeform\.yaml:1:10: .*tipeform")
        g.deliver(self.contact_request(g, "e1"))
        g.wait_lead("Erika Beispiel", stage="mql")
        self.assertTrue(g.ready()[0])

    def test_an_added_source_works_and_a_removed_source_is_unknown(self):
        g = self.scene()
        request = senders.standard_webhooks(g.secret("standard_webhooks"), {"full_name": "Max Muster", "email": "max@muster.example"}, "m1", path="/hooks/tool")
        self.assertEqual(g.send(request).status, 404)
        g.write("sources/tool.yaml", "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: demo_request\n")
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: g.send(request).status == 200, "the gateway accepts the new source")
        g.wait_lead("Max Muster", stage="mql")
        (g.folder / "sources" / "tool.yaml").unlink()
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: g.send(request).status == 404, "the source is unknown again")

    def test_new_rules_reach_clocks_without_any_other_event(self):
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
        wait_until(lambda: contact()["due"] > before, "the new rules set the due time")

    def test_reloads_under_traffic_lose_nothing(self):
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
            wait_until(lambda: g.log().count("configuration reloaded") >= round_, "the configuration is reloaded")
        stop.set()
        thread.join(timeout=20)
        self.assertEqual(set(statuses), {200})
        wait_until(lambda: len(g.leads()) == len(statuses), lambda: f"{len(statuses)} leads; there are {len(g.leads())}")


if __name__ == "__main__":
    unittest.main()
