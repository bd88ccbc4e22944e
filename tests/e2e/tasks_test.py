"""Work for people appears in the CRM as tasks. Each task exists once, whichever side fails."""
import signal
import unittest

import fakes
import faketasks
from rig import wait_until
from scene import Scene

OWNERS = {"erika": "71", "max": "72", "chris": "73", "lena": "74"}
SHOWN = ("policy/lifecycle.yaml", "push: {from: lead}", "push: {from: lead, tasks: [qualify, connect, handover]}")


class Tasks(Scene):
    CRM = faketasks.Crm

    def tasks(self, start=True, name="g", **more):
        g = self.scene(start=False, edits=[SHOWN], name=name)
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s", **{"tasks": {"settles": "1s"}, "tables": {"owners": OWNERS}, **more}))
        return g.start().wait_ready() if start else g

    def owner(self, g, but=""):
        return wait_until(lambda: (lambda owner: owner if owner not in ("", but) else None)((g.lead_named("Erika Beispiel") or {}).get("owner", "")), "an owner")

    def handovers(self):
        """Tasks are in the language of the rep who got the first offer."""
        return self.crm.tasks_of("Take over") + self.crm.tasks_of("Übernehmen")

    def handover(self, g, *wanted, deadline=20):
        wait_until(lambda: self.handovers() == list(wanted),
                   lambda: f"{wanted}; {self.crm.tasks} {self.crm.task_calls} {g.log()[-1500:]}", deadline)

    def settled(self, g):
        wait_until(g.idle, lambda: f"nothing waits: {g.get('/api/v1/outbox')}", 40)
        self.assertEqual(self.crm.keys_created_twice(), [])
        self.assertEqual(g.dead_letters(), [])

    def test_a_handover_is_a_task_that_changes_its_owner_and_is_completed(self):
        g = self.tasks()
        g.deliver(self.contact_request(g, "e1"))
        first = self.owner(g)
        self.handover(g, ("NOT_STARTED", OWNERS[first]))
        task = next(iter(self.crm.tasks.values()))
        self.assertEqual(task["contact"], self.crm.ids[g.lead_named("Erika Beispiel")["person"]])
        self.assertIn("Erika Beispiel", task["properties"]["hs_task_subject"])
        lead = g.lead_named("Erika Beispiel")
        self.assertEqual(g.act(lead["id"], "reject", rep=first, reason="wrong_territory").status, 200)
        second = self.owner(g, but=first)
        self.handover(g, ("NOT_STARTED", OWNERS[second]))
        self.assertEqual(g.act(lead["id"], "accept", rep=second).status, 200)
        self.handover(g, ("COMPLETED", OWNERS[second]))
        self.settled(g)
        self.assertEqual([method for method, path in self.crm.task_calls if "/tasks/" not in path].count("POST"), 2, "take over, then call")
        code, out, err = g.cli("explain", lead["id"])
        self.assertEqual((code, "CRM task, take over: done" in out), (0, True), out + err)

    def test_an_open_task_gets_a_new_due_time_and_loses_an_owner_unknown_to_the_crm(self):
        g = self.tasks()
        g.deliver(self.contact_request(g, "e1"))
        first = self.owner(g)
        self.handover(g, ("NOT_STARTED", OWNERS[first]))
        task = next(iter(self.crm.tasks.values()))["properties"]
        lead = g.lead_named("Erika Beispiel")["id"]
        due = lambda: next(c["due"] for c in g.get("/api/v1/leads/" + lead)["clocks"] if c["definition"] == "accept" and c["state"] == "running")
        before = due()
        self.assertEqual(task["hs_timestamp"], before)
        g.edit("policy/sla.yaml", ("    budget: 4h\n    on_reassign: restart", "    budget: 6h\n    on_reassign: restart"), ("on_change: new_only", "on_change: retroactive"))
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: task["hs_timestamp"] > before, lambda: f"the due time moves: {task}")
        self.assertEqual(task["hs_timestamp"], due())
        g.write("crm/hubspot.yaml", fakes.crm_yaml(self.crm, deadline="1s", tasks={"settles": "1s"}, tables={"owners": {first: OWNERS[first]}}))
        g.process.send_signal(signal.SIGHUP)
        wait_until(lambda: g.log().count("configuration reloaded") >= 2, lambda: g.log()[-1500:])
        self.assertEqual(g.act(lead, "reject", rep=first, reason="wrong_territory").status, 200)
        self.owner(g, but=first)
        self.handover(g, ("NOT_STARTED", ""))
        self.settled(g)

    def test_a_task_created_without_an_answer_is_found_again(self):
        for name, then in {"silent": fakes.silent(2), "hangs up": fakes.hang_up, "internal": fakes.answer(500), "html": fakes.answer(502, b"<html>", "text/html")}.items():
            with self.subTest(name):
                g = self.tasks(start=False, name=name.replace(" ", "_"))
                self.crm.task_script = [faketasks.done_without_answer(self.crm, then)]
                g.start().wait_ready()
                g.deliver(self.contact_request(g, "e1"))
                owner = self.owner(g)
                wait_until(lambda: any(method == "GET" for method, _ in self.crm.task_calls), "the gateway searches for the task")
                self.settled(g)
                self.handover(g, ("NOT_STARTED", OWNERS[owner]))
                g.stop()

    def test_a_task_that_was_not_created_is_retried(self):
        for name, steps in {"over budget": [fakes.answer(429, b'{"policyName":"TEN_SECONDLY_ROLLING"}', Retry_After=1)],
                            "internal": [fakes.answer(500), fakes.answer(503)], "hangs up": [fakes.hang_up], "silent": [fakes.silent(2)]}.items():
            with self.subTest(name):
                g = self.tasks(start=False, name=name.replace(" ", "_"))
                self.crm.task_script = list(steps)
                g.start().wait_ready()
                g.deliver(self.contact_request(g, "e1"))
                owner = self.owner(g)
                self.handover(g, ("NOT_STARTED", OWNERS[owner]), deadline=40)
                self.settled(g)
                g.stop()

    def test_a_refused_task_becomes_a_dead_letter_and_pushes_go_on(self):
        g = self.tasks(start=False)
        self.crm.task_script = [fakes.answer(403, b'{"category":"MISSING_SCOPES"}')]
        g.start().wait_ready()
        g.deliver(self.contact_request(g, "e1"))
        letter = wait_until(g.dead_letters, "a dead letter")[0]
        self.assertEqual((letter["origin"], letter["destination"]), ("outbox", "hubspot"))
        g.deliver(self.contact_request(g, "e2", name="Max Muster", email="max@muster.example"))
        wait_until(lambda: self.crm.of("max@muster.example"), "the person is pushed all the same")
        self.assertEqual(g.cli("dead-letters", "retry", letter["id"])[0], 0)
        wait_until(lambda: len(self.handovers()) == 2, lambda: self.crm.tasks, 30)

    def test_observe_mode_lists_tasks_and_sends_none(self):
        g = self.tasks(mode="observe")
        g.deliver(self.contact_request(g, "e1"))
        g.wait_lead("Erika Beispiel", stage="mql")
        found = wait_until(lambda: [m for m in g.get("/api/v1/outbox?state=observed")["messages"] if m["kind"] == "task"], "listed")
        self.assertEqual((found[0]["destination"], found[0]["request"]["method"]), ("hubspot", "POST"))
        self.assertEqual((self.crm.task_calls, self.crm.seen()), ([], []))


if __name__ == "__main__":
    unittest.main()
