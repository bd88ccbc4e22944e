"""The gateway itself dies, stops and is replaced (rows G1 to G4)."""
import unittest

from faultscene import FaultScene


class Killed(FaultScene):  # row
    """kill -9 at random instants."""

    def test_row(self):
        g = self.prepared()
        with self.traffic(g):
            for _ in range(self.rounds(3, 20)):
                self.flow(self.random.randrange(10, 40))
                self.fault("kill -9 of the gateway")
                g.kill()
                g.start()
        self.judge(g)


if __name__ == "__main__":
    unittest.main()
