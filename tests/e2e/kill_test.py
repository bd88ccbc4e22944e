"""kill -9 at random instants of a running stream: of the gateway together with its private Redis, and of that Redis alone. No
acknowledged delivery is lost and no keyed effect is duplicated. BATON_SEED repeats a run; BATON_KILLS sets the number of kills."""
import os
import random
import signal
import threading
import time
import unittest

import senders
from rig import wait_until
from scene import Scene

PERSONS = 40
PACE = 0.02  # seconds between two deliveries of a sender: a person must have fewer than the 200 touches that a document keeps


class Stream(Scene):
    """Senders that never stop and record the acknowledged deliveries."""

    def setUp(self):
        super().setUp()
        self.seed = int(os.environ.get("BATON_SEED") or random.SystemRandom().randrange(1 << 32))
        self.random = random.Random(self.seed)
        print(f"BATON_SEED={self.seed}", flush=True)
        self.kills = int(os.environ.get("BATON_KILLS") or (60 if os.environ.get("BATON_SOAK") else 10))
        self.acknowledged, self.stop_sending = {}, threading.Event()

    def stream(self, g, lane):
        """One sender. Like vendors that retry, it repeats a delivery byte for byte until it is acknowledged."""
        n = 0
        while not self.stop_sending.is_set():
            person = (n * 7 + lane) % PERSONS
            message = f"m{lane}.{n}"
            body = {"full_name": f"Person {person:03d}", "email": f"p{person}@person.example", "message": f"Anfrage {n}"}
            request = senders.standard_webhooks(g.secret("standard_webhooks"), body, message)
            while not self.stop_sending.is_set():
                answer = g.send(request, **{})
                if answer is not None and answer.status == 200:
                    self.acknowledged[message] = (f"Person {person:03d}", answer.json()["id"])
                    break
                time.sleep(0.02)
            n += 1
            self.stop_sending.wait(PACE)

    def run_stream(self, g, kill):
        lanes = [threading.Thread(target=self.stream, args=(g, lane), daemon=True) for lane in range(3)]
        for lane in lanes:
            lane.start()
        for _ in range(self.kills):
            reached = len(self.acknowledged) + self.random.randrange(5, 40)
            wait_until(lambda: len(self.acknowledged) >= reached, "the stream runs", 30)
            time.sleep(self.random.random() * 0.05)  # a random instant
            kill()
        self.stop_sending.set()
        for lane in lanes:
            lane.join(timeout=30)

    def touches(self, lead):
        return [touch["id"] for touch in lead["touches"]]

    def check(self, g):
        g.wait_ready(30)
        wait_until(lambda: g.metric("spool_records") == 0, "the spool is empty", 30)
        wanted = {}
        for message, (name, _) in self.acknowledged.items():
            wanted.setdefault(name, set()).add(message)

        def missing():
            rows = {row["name"]: row for row in g.leads()}
            lost = []
            for name, messages in wanted.items():
                if name not in rows:
                    lost += sorted(messages)
                    continue
                lead = g.get("/api/v1/leads/" + rows[name]["id"])
                seen = {item["event"] for item in g.get(f"/api/v1/leads/{rows[name]['id']}/timeline?limit=200")["items"]}
                lost += sorted(m for m in messages if self.acknowledged[m][1] not in seen and len(self.touches(lead)) < len(messages))
            return lost

        wait_until(lambda: not missing(), lambda: f"seed {self.seed}: all acknowledged deliveries exist; missing {missing()[:10]} of {len(self.acknowledged)}", 40, every=0.5)
        rows = g.leads()
        self.assertEqual(len(rows), len({row["name"] for row in rows}), f"seed {self.seed}: no person exists twice")
        for row in rows:
            ids = self.touches(g.get("/api/v1/leads/" + row["id"]))
            self.assertEqual(len(ids), len(set(ids)), f"seed {self.seed}: no touch exists twice")
        self.assertEqual(g.dead_letters(), [])
        wait_until(g.idle, lambda: f"seed {self.seed}: nothing waits: {g.get('/api/v1/outbox')['waiting']}", 60, every=0.2)
        self.assertEqual(self.crm.at_odds(), [], f"seed {self.seed}")
        self.assertEqual({row["name"] for row in rows}, {f"{p['firstname']} {p['lastname']}" for _, _, p in self.crm.effects})
        self.check_alerts()

    def check_alerts(self):
        """Repeats of a message carry the same key. Each recipient got the message about a breach under one key."""
        contents = {}
        for message in self.chat.messages():
            data = message["data"]
            about = data.get("person", "")  # a forecast is about a pool
            contents.setdefault(message["webhook_id"], set()).add((message["type"], about, data["recipient"]["id"]))
        self.assertEqual([k for k, c in contents.items() if len(c) > 1], [])
        breaches = [m["data"] for m in self.chat.messages("breach")]
        keys = {}
        for data in breaches:
            keys.setdefault((data["lead"], data["clock"], data["recipient"]["id"]), set()).add(data["key"])
        self.assertEqual([k for k, v in keys.items() if len(v) > 1], [], f"seed {self.seed}: no breach has two keys")

    def prepared(self, **options):
        g = self.scene(start=False, **options)
        g.write("sources/standard_webhooks.yaml", "adapter: standard_webhooks\nsecret: ${file:secrets/standard_webhooks}\ntouch: contact_request\n")
        g.edit("policy/sla.yaml", ("calendar: office", "calendar: always"), ("budgets: {hand_raiser: 5m, transactional: 5m}", "budgets: {hand_raiser: 2s, transactional: 2s}"))
        return g.start().wait_ready()


class GatewayKilled(Stream):  # heavy
    def test_the_gateway_is_killed(self):
        g = self.prepared()

        def kill():
            g.kill()
            g.start()

        self.run_stream(g, kill)
        self.check(g)
        wait_until(lambda: self.chat.messages("breach"), "a breach")


class RedisKilled(Stream):  # heavy
    def test_the_private_redis_is_killed(self):
        g = self.prepared()
        self.run_stream(g, lambda: os.kill(wait_until(g.redis_pid, "the private redis-server", 30), signal.SIGKILL))
        self.check(g)


if __name__ == "__main__":
    unittest.main()
