"""Kill rounds: kill -9 of the gateway and of its Redis in turn, under a stream, BATON_ROUNDS times in all. At the end no
acknowledged delivery is lost, keyed effects happened once, blind effects at least once under one key, and memory and
descriptors have not grown. BATON_SEED repeats a run."""
import signal
import statistics
import time
import unittest

from faultscene import FaultScene

GATEWAY_LIFE = 10  # rounds of Redis alone between two kills of the gateway, so that growth can show


class KillRounds(FaultScene):
    def setUp(self):
        super().setUp()
        self.lives = []  # samples of each life of the gateway, in order

    def kill_redis(self, g):
        self.fault("kill -9 of Redis")
        g.redis.stop(signal.SIGKILL)
        g.redis.start()

    def kill_gateway(self, g):
        self.fault("kill -9 of the gateway")
        g.kill()
        g.start()
        self.lives.append([])

    def test_rounds(self):
        # Not the private Redis: the gateway waits longer after each of its crashes.
        g = self.prepared(redis=self.redis())
        self.lives.append([])
        begun = time.monotonic()
        rounds = self.rounds(50, 300)
        with self.traffic(g, pace=0.08):
            for n in range(rounds):
                self.flow(self.random.randrange(4, 16))
                time.sleep(self.random.random() * 0.05)  # a random instant
                # In the first half both are killed in turn. In the second half the gateway lives long, so that its memory use shows.
                alternate = n < rounds // 2
                (self.kill_gateway if (n % 2 if alternate else n % (GATEWAY_LIFE * 2) == 0) else self.kill_redis)(g)
                self.lives[-1].append(self.sample(g.process.pid))
        verdict = self.judge(g, within=300)
        print(f"kill rounds: {rounds} in {time.monotonic() - begun:.0f} s, seed {self.seed}; lost {verdict.counts['lost']}")
        self.bounded()
        self.assertEqual(verdict.counts["lost"], 0)

    def bounded(self):
        """Memory and descriptors do not grow within the longest life, from its first third to its last."""
        life = [sample for sample in max(self.lives, key=len) if sample]
        third = max(1, len(life) // 3)
        for what, most in (("rss_kb", 60_000), ("fds", 40)):
            first, last = (statistics.median(s[what] for s in part) for part in (life[:third], life[-third:]))
            print(f"{what}: {first:.0f} at first, {last:.0f} in the end, over {len(life)} rounds of one gateway")
            self.assertLess(last - first, most, what)


if __name__ == "__main__":
    unittest.main()
