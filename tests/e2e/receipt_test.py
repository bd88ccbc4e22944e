"""Receipts of a handover, from the running gateway to verification by hand."""
import json
import os
import unittest

from rig import baton, wait_until
from scene import Scene


class Receipts(Scene):
    def accepted(self):
        g = self.scene()
        g.deliver(self.contact_request(g, "e1", company="Beispiel GmbH"))
        lead = g.wait_lead("Erika Beispiel", stage="mql")
        owner = wait_until(lambda: g.wait_lead("Erika Beispiel").get("owner"), "an owner")
        self.assertEqual(g.act(lead["id"], "accept", rep=owner).status, 200)
        wait_until(g.idle, "nothing left to send")
        return g, lead["id"]

    def verify(self, lines, *options):
        code, out, err = baton("receipt", "verify", "-", *options, stdin=lines.encode())
        return code, out + err

    def show(self, g, what):
        code, out, err = g.cli("receipt", "show", what)
        self.assertEqual(code, 0, err)
        return out

    def test_verify_accepts_receipts_as_shown_and_rejects_changed_ones(self):
        g, lead = self.accepted()
        shown = self.show(g, lead)
        states = [json.loads(line)["receipt"]["state"] for line in shown.splitlines()[:-1]]
        self.assertEqual((states[0], states[1], states.count("accepted")), ("drafted", "offered", 1))
        self.assertNotIn("beispiel", shown.lower())
        self.assertIn("not checked", self.verify(shown)[1])

        path = os.path.join(g.folder, "receipts.key")
        with open(path, "w", encoding="ascii") as file:
            file.write(g.cli("receipt", "key", "-c", g.folder)[1])
        for options in (["-c", g.folder], ["--key", path]):
            code, said = self.verify(shown, *options)
            self.assertEqual(code, 0, said)
            self.assertIn("sealed by key", said)
        code, said = self.verify(shown.replace('"state":"offered"', '"state":"drafted"'), "--key", path)
        self.assertEqual(code, 1)
        self.assertTrue(said.startswith("line 2: "), said)
        self.assertTrue(json.loads(self.verify(shown, "--key", path, "--json")[1])["ok"])

    def test_show_prints_the_receipts_of_one_handover(self):
        g, lead = self.accepted()
        code, said = self.verify(self.show(g, lead + "/1"), "-c", g.folder)
        self.assertEqual(code, 0, said)
        self.assertEqual(g.cli("receipt", "show", lead + "/9")[0], 1)


if __name__ == "__main__":
    unittest.main()
