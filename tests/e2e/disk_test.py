"""On a full disk the gateway refuses deliveries with 503 and Retry-After and writes no partial record. It accepts them
again once the disk has space."""
import os
import unittest

import senders
from rig import wait_until
from scene import Scene


class FullDisk(Scene):
    def test_a_full_disk_refuses_deliveries_until_it_has_space(self):
        disk = self.disk("8m")
        g = self.scene(data=disk / "data")
        names = [f"Person {n:03d}" for n in range(3)]

        def request(n):
            return senders.standard_webhooks(g.secret("standard_webhooks"), {"full_name": f"Person {n:03d}", "email": f"p{n}@person.example"}, f"m{n}")

        for n in range(3):
            g.deliver(request(n))
        for name in names:
            g.wait_lead(name)
        ballast = disk / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        refused = None
        acknowledged = []
        for n in range(3, 400):
            answer = g.send(request(n))
            self.assertIsNotNone(answer)
            if answer.status == 200:
                acknowledged.append(f"Person {n:03d}")
                continue
            refused = answer
            break
        self.assertIsNotNone(refused, "the gateway refuses on a full disk")
        self.assertEqual(refused.status, 503)
        self.assertGreater(int(refused.headers["Retry-After"]), 0)
        self.assertEqual(refused.json()["code"], "unavailable")
        os.remove(ballast)
        again = request(n)
        wait_until(lambda: g.send(again).status == 200, "the gateway accepts deliveries again", 30, every=0.2)
        g.wait_ready(30)
        for name in names + acknowledged + [f"Person {n:03d}"]:
            g.wait_lead(name)
        rows = [row["name"] for row in g.leads()]
        self.assertEqual(len(rows), len(set(rows)))
        g.kill()
        g.start().wait_ready(30)
        self.assertEqual(sorted(row["name"] for row in g.leads()), sorted(rows))


if __name__ == "__main__":
    unittest.main()
