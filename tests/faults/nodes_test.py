"""Two gateways on one Redis that disagree on their partitions (rows G3 and G4, in full)."""
import random
import signal
import threading
import time
import unittest
from collections import Counter

import layout
from gateway_test import TwoNodes
from invariants import seconds_of
from resp import Resp
from rig import wait_until

LEASE = 6  # seconds; gateway/app/workers/housekeeper.cpp


class Disputed(TwoNodes):
    def judge_owners(self, g):
        """Runs the judge. Each lead has one owner, who got the last offer; each pick is one offer."""
        self.judge(g)
        offers = {}
        for message in self.chat.messages("offer"):
            if message["ok"]:
                offers.setdefault(message["data"]["lead"], []).append(message["data"])
        for row in g.leads():
            lead = g.get("/api/v1/leads/" + row["id"])
            handovers = lead.get("episode", {}).get("handovers", [])
            self.assertLessEqual(sum(h["state"] in ("drafted", "offered", "delivered", "seen") for h in handovers), 1, row)
            if row.get("owner") and row["id"] in offers:
                self.assertEqual(handovers[-1]["rep"], row["owner"])
                recipients = {o["recipient"]["id"] for o in offers[row["id"]]}
                self.assertLessEqual(recipients, {h["rep"] for h in handovers}, row)  # an offer of a lead that moved on before the message left is not sent
                if not self.answered_at_once(handovers[-1]):
                    self.assertIn(row["owner"], recipients)
        # An upsert is repeated once if its answer was lost, and not more often.
        traces = Counter(trace for _, trace, _ in self.crm.effects)
        self.assertLessEqual(max(traces.values()), 2, traces.most_common(3))
        self.assertEqual(self.crm.at_odds(), [])

    def answered_at_once(self, handover):
        """True if the rep accepted before the offer could leave, as a paused node delays it. The offer is not sent then."""
        return "decided_at" in handover and seconds_of(handover["decided_at"]) - seconds_of(handover["offered_at"]) < LEASE + 4

    def wait(self, seconds):
        begun = time.monotonic()
        wait_until(lambda: time.monotonic() - begun > seconds, f"{seconds} s", seconds + 20, every=0.1)


class Stopped(Disputed):  # row
    """SIGSTOP during work, for longer than a lease (in full, a minute), and SIGCONT; then the same for the other node."""

    def test_row(self):
        first, second = self.nodes()
        with self.traffic(second, pace=0.08) as flow:
            self.flow(20)
            for sleeper, awake in ((first, second), (second, first)):
                flow.gateways = (first, second)
                self.flow(20)
                flow.gateways = (awake,)
                self.fault(f"SIGSTOP of {sleeper.folder.name}")
                sleeper.process.send_signal(signal.SIGSTOP)
                self.wait(60 if self.soak else LEASE + 3)
                self.fault("SIGCONT")
                sleeper.process.send_signal(signal.SIGCONT)
                self.flow(20)
        self.judge_owners(first)


class BothBelieve(Disputed):  # row
    """Leases are taken away while their holders work. Until the nodes check again, both believe that they own a partition."""

    def test_row(self):
        first, second = self.nodes()
        ended, names = threading.Event(), [(g.data / "node").read_text(encoding="utf-8").strip() for g in (first, second)]
        draw = random.Random(self.seed)

        def dispute():
            with Resp(port=first.redis.port) as redis:
                tags = layout.partitions(redis)
                while not ended.wait(0.05):
                    tag = draw.choice(tags)
                    if draw.random() < 0.5:
                        redis("DEL", tag + b"own")
                    else:
                        redis("SET", tag + b"own", draw.choice(names), "PX", "3000")

        thread = threading.Thread(target=dispute, daemon=True)
        with self.traffic(first, second, pace=0.08):
            self.flow(20)
            self.fault("leases change hands under their holders")
            thread.start()
            self.flow(self.rounds(80, 2000), 120)
            ended.set()
            thread.join()
            self.fault("leases stay with their holders")
            self.flow(20)
        both = [sum('"held"' in line for line in g.log().splitlines()) for g in (first, second)]
        self.assertTrue(all(changes > 1 for changes in both), f"partitions changed hands: {both}")
        self.judge_owners(first)


if __name__ == "__main__":
    unittest.main()
