"""Redis is killed, slow, empty, cut, damaged, full, busy and misused (rows R1 to R7 and R10)."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import layout
from faultscene import FaultScene, preload
from history import lines_of
from resp import RedisError, Resp
from rig import wait_until


def slow_sync(folder, ms):
    """The environment of a program in which each fsync takes `ms` longer."""
    return {**preload(folder, "slow_sync"), "SLOW_SYNC_MS": str(ms)} if ms else {}


class StoreScene(FaultScene):
    def whole(self, redis):
        """Checks that the database is whole by the rules of its layout."""
        with Resp(redis.port) as ask:
            self.assertEqual(layout.faults(ask), [])

    def spooled(self, g):
        return int(g.metric("intake_total", 'path="spool"'))


class KilledWhenSlow(StoreScene):
    """R1: kill -9 of Redis under load."""

    MODE = "always"

    def cell(self, slower):
        redis = self.redis("--appendfsync", self.MODE, env=slow_sync(self.folder, slower))
        g = self.unstarted(redis=redis)
        g.settings["redis"]["assume_durable"] = self.MODE != "always"
        g.write_settings()
        if slower >= 500:  # two steps a second: no clock may fire meanwhile
            g.edit("policy/sla.yaml", ("budgets: {hand_raiser: 2s, transactional: 2s}", "budgets: {hand_raiser: 5m, transactional: 5m}"))
        self.history.describe(may_lose=self.MODE != "always")
        g.start().wait_ready(40)
        with self.traffic(g, lanes=4, pace=0.005 if slower < 500 else 0.3, sales=slower < 500):
            for _ in range(self.rounds(1, 20)):
                self.flow(self.random.randrange(30, 60) if slower < 500 else self.random.randrange(5, 15))
                time.sleep(self.random.random() * 0.5)
                self.fault(f"kill -9 of Redis, {self.MODE}, fsync {slower} ms slower")
                redis.stop(signal.SIGKILL)
                redis.start()
                self.flow(20 if slower < 500 else 5)
        verdict = self.judge(g, within=90)
        print(f"R1 {self.MODE} +{slower} ms: lost {verdict.counts['lost']} of {verdict.counts['acknowledged']}", flush=True)
        self.whole(redis)

    def test_0(self):
        self.cell(0)

    def test_100(self):
        self.cell(100)

    def test_500(self):
        self.cell(500)


class KilledAlways(KilledWhenSlow):  # row
    MODE = "always"


class KilledEverysec(KilledWhenSlow):  # row
    MODE = "everysec"


class KilledNo(KilledWhenSlow):  # row
    MODE = "no"


class Emptied(StoreScene):  # row
    """R2: Redis comes back empty. Its data are lost and counted. The gateway initialises Redis again automatically."""

    def test_row(self):
        redis = self.redis()
        g = self.prepared(redis=redis)
        with self.traffic(g, sales=False):
            self.flow(40)
            self.fault("Redis comes back empty")
            redis.stop(signal.SIGKILL)
            shutil.rmtree(redis.folder / "appendonlydir")
            redis.start()
            self.history.describe(may_lose_before=time.time())
            self.flow(60)
        verdict = self.judge(g)
        self.assertGreater(verdict.counts["lost"], 0)  # the judge notices the loss
        self.whole(redis)

    def test_a_redis_without_persistence_gets_no_deliveries(self):
        redis = self.redis("--appendonly", "no")
        g = self.unstarted(redis=redis).start()
        with self.traffic(g, sales=False):
            self.flow(20)
            self.assertIn("appendonly", str(g.ready()[1]))
            self.assertEqual(int(g.metric("intake_total", 'path="redis"')), 0)
            self.fault("persistence is switched on")
            redis.command("CONFIG", "SET", "appendonly", "yes")
            g.wait_ready(30)
            self.flow(20)
        self.judge(g)


class Cut(StoreScene):  # row
    """R3: the append-only file is cut anywhere in its last 4 KiB. Each function has applied completely or not at all."""

    CUTS = 64

    def copy(self, source, n, size):
        redis = self.redis(name=f"cut{n}", start=False)
        shutil.copytree(source.folder / "appendonlydir", redis.folder / "appendonlydir")
        with open(self.tail_of(redis), "r+b") as file:
            file.truncate(size)
        return redis.start()

    @staticmethod
    def tail_of(redis):
        return max((redis.folder / "appendonlydir").glob("*.incr.aof"), key=lambda f: f.stat().st_mtime)

    def test_row(self):
        redis = self.redis()
        g = self.prepared(redis=redis)
        with self.traffic(g) as flow:
            self.flow(60)
            self.fault("kill -9 of both")
            g.kill()
            redis.stop(signal.SIGKILL)
        size = self.tail_of(redis).stat().st_size
        cuts = sorted(self.random.sample(range(1, 4096), self.rounds(self.CUTS, 4096) - 1))
        found = []
        for n, cut in enumerate([0, *cuts]):
            copy = self.copy(redis, n, size - cut)
            with Resp(copy.port) as ask:
                found += [f"cut by {cut}: {fault}" for fault in layout.faults(ask)]
            if n not in (0, len(cuts) // 2, len(cuts)):
                copy.stop()
                shutil.rmtree(copy.folder)
        self.assertEqual(found, [], f"seed {self.seed}")
        self.goes_on(g, redis, size - cuts[-1], flow.bodies)

    def goes_on(self, g, redis, size, bodies):
        """Starts on the shortest of the files. The senders repeat their last deliveries."""
        with open(self.tail_of(redis), "r+b") as file:
            file.truncate(size)
        redis.start()
        g.start().wait_ready()
        self.fault(f"the append-only file was cut to {size}; senders repeat {len(bodies)}")
        with self.traffic(g, lanes=0, sales=False) as flow:
            flow.repeat(g, bodies)
        self.judge(g, checks=("I1", "I2", "I3", "I5", "I7"))  # the CRM has versions that are gone here
        self.whole(redis)


class Damaged(StoreScene):  # row
    """R4: a byte in the middle of the file is flipped. Redis refuses to start, deliveries go to the spool, and the documented repair works."""

    def test_row(self):
        g = self.prepared()
        with self.traffic(g, sales=False):
            self.flow(40)
            g.kill()
            file = max((g.data / "redis" / "appendonlydir").glob("*.incr.aof"), key=lambda f: f.stat().st_mtime)
            self.flip(file)
            self.history.describe(may_lose_before=time.time())
            self.fault("a flipped byte in the append-only file")
            g.start()
            self.flow(20)
            self.assertFalse(g.ready()[0])
            g.said("redis-server")
        g.terminate()
        before = file.stat().st_size
        done = subprocess.run(["redis-check-aof", "--fix", str(file.parent / "appendonly.aof.manifest")], input=b"y\n", capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-500:])
        self.assertLess(file.stat().st_size, before)
        self.fault(f"repaired: {before} bytes, {file.stat().st_size} kept")
        g.start().wait_ready(30)
        self.judge(g, checks=("I1", "I2", "I3", "I5", "I7"))

    def flip(self, file):
        data = bytearray(file.read_bytes())
        at = data.index(b"\r\n*", len(data) // 2) + 2
        data[at] ^= 0x01
        file.write_bytes(bytes(data))


class DiskFull(StoreScene):  # row
    """R5: the disk of Redis is full. Deliveries go to the spool on another disk, or get 503 if the spool is on the same disk."""

    def fill(self, disk):
        with open(disk / "ballast", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def refused(self):
        return sum(line["status"] == 503 for line in lines_of(self.history.folder / "sent.jsonl"))

    def test_always_with_the_spool_on_another_disk(self):
        disk = self.disk("8m")
        g = self.unstarted(data=disk / "data")
        g.write_settings(spool={"folder": str(self.folder / "spool")})
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(30)
            self.fault("the disk of Redis is full")
            self.fill(disk)
            self.flow(60)
            self.assertGreater(self.spooled(g), 0)
            os.remove(disk / "ballast")
            self.fault("there is room again")
            self.flow(20)
        self.assertEqual(self.refused(), 0)
        self.judge(g)

    def test_always_with_the_spool_on_the_same_disk(self):
        disk = self.disk("8m")
        g = self.prepared(data=disk / "data")
        with self.traffic(g):
            self.flow(30)
            self.fault("the disk is full")
            self.fill(disk)
            wait_until(lambda: self.refused() >= 10, "503", 30)
            os.remove(disk / "ballast")
            self.fault("there is room again")
            self.flow(20)
        self.judge(g)

    def test_everysec(self):
        disk = self.disk("8m")
        redis = self.redis("--dir", str(disk), "--appendfsync", "everysec")
        g = self.unstarted(redis=redis)
        g.settings["redis"]["assume_durable"] = True
        g.write_settings()
        self.history.describe(may_lose=True)
        g.start().wait_ready()
        with self.traffic(g):
            self.flow(30)
            self.fault("the disk of Redis is full")
            self.fill(disk)
            self.flow(60)
            os.remove(disk / "ballast")
            self.fault("there is room again")
            self.flow(20)
        self.assertEqual(self.refused(), 0)
        verdict = self.judge(g)
        print(f"R5 everysec: lost {verdict.counts['lost']} of {verdict.counts['acknowledged']}", flush=True)


class MemoryFull(StoreScene):  # row
    """R6: maxmemory is reached. Deliveries get 200 through the spool. Clocks fire and pushes are sent all the while."""

    def test_row(self):
        redis = self.redis()
        g = self.prepared(redis=redis)
        with self.traffic(g):
            self.flow(40)
            self.fault("maxmemory 2 MB")
            redis.command("CONFIG", "SET", "maxmemory", "2mb")
            wait_until(lambda: "full" in str(g.ready()[1]), "the check says so")
            told, spooled = len(self.chat.messages("breach")), self.spooled(g)
            self.flow(60)
            wait_until(lambda: len(self.chat.messages("breach")) > told, "clocks keep firing")
            self.assertGreater(self.spooled(g), spooled)
            redis.command("CONFIG", "SET", "maxmemory", "0")
            self.fault("there is memory again")
            self.flow(20)
        self.assertEqual([line for line in lines_of(self.history.folder / "sent.jsonl") if line["status"] == 503], [])
        self.judge(g)


class Busy(StoreScene):  # row
    """R7: a script that does not end, a server that sleeps, paused clients. The timer loop survives each of them."""

    def busy_script(self, redis):
        with Resp(redis.port, timeout=30) as ask:
            ask("CONFIG", "SET", "busy-reply-threshold", "100")
            begun = time.monotonic()
            try:
                ask("EVAL", "local t = redis.call('TIME')[1]; while redis.call('TIME')[1] - t < 4 do end return 1", 0)
            except RedisError as killed:
                print(killed)
            self.assertGreater(time.monotonic() - begun, 2)

    def sleeping(self, redis):
        with Resp(redis.port, timeout=30) as ask:
            ask("DEBUG", "SLEEP", "3")

    def paused(self, redis):
        with Resp(redis.port, timeout=30) as ask:
            ask("CLIENT", "PAUSE", "3000", "ALL")

    def test_row(self):
        redis = self.redis("--enable-debug-command", "yes")
        g = self.prepared(redis=redis)
        with self.traffic(g):
            for trouble in (self.busy_script, self.sleeping, self.paused):
                self.flow(20)
                self.fault(trouble.__name__)
                trouble(redis)
                self.flow(20)
                g.wait_ready(30)
        told = len(self.chat.messages("breach"))
        wait_until(lambda: len(self.chat.messages("breach")) > told, "clocks keep firing", 30)
        self.judge(g)


class Misused(StoreScene):  # row
    """R10: the functions are deleted, a key has a wrong type, rights are revoked, the password has changed."""

    def functions_gone(self, redis):
        redis.command("FUNCTION", "FLUSH")
        return lambda: None

    def rights_revoked(self, redis):
        redis.command("ACL", "SETUSER", "default", "-fcall", "-fcall_ro")
        return lambda: redis.command("ACL", "SETUSER", "default", "+@all")

    def password_changed(self, redis):
        redis.command("CONFIG", "SET", "requirepass", "another")
        with Resp(redis.port) as ask:
            ask("AUTH", "another")
            ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

        def back():
            with Resp(redis.port) as again:
                again("AUTH", "another")
                again("CONFIG", "SET", "requirepass", "")
        return back

    def wrong_type(self, redis):
        """The queue of one partition has another type. The other partitions are not delayed."""
        # Each change is one step. Otherwise writes of the gateway in between would be lost.
        redis.command("EVAL", "redis.call('RENAME', '{p03}:l', '{p03}:aside') redis.call('SET', '{p03}:l', 'not a stream')", 0)
        return lambda: redis.command("RENAME", "{p03}:aside", "{p03}:l")

    def trouble(self, name):
        redis = self.redis()
        g = self.prepared(redis=redis)
        with self.traffic(g):
            self.flow(40)
            self.fault(name)
            undo = getattr(self, name)(redis)
            self.flow(40)
            lines = g.log().count("\n")
            begun = time.monotonic()
            wait_until(lambda: time.monotonic() - begun > 1.5, "a while", 5)
            self.assertLess(g.log().count("\n") - lines, 60, "the gateway does not retry in a loop")
            undo()
            self.fault("undone")
            self.flow(20)
        self.judge(g)
        self.whole(redis)

    def test_functions_gone(self):
        self.trouble("functions_gone")

    def test_rights_revoked(self):
        self.trouble("rights_revoked")

    def test_password_changed(self):
        self.trouble("password_changed")

    def test_wrong_type(self):
        self.trouble("wrong_type")


class PowerLost(StoreScene):  # row
    """Both processes are killed at once, and all writes without a sync are lost."""

    def test_row(self):
        g = self.unstarted()
        lossy = preload(self.folder, "lose_unsynced")
        g.start(env=lossy).wait_ready()
        with self.traffic(g, lanes=4, pace=0.005):
            for n in range(self.rounds(4, 40)):
                self.flow(self.random.randrange(10, 40))
                if n % 2:  # deliveries go to the spool
                    os.kill(g.redis_pid(), signal.SIGSTOP)
                    self.flow(10)
                time.sleep(self.random.random() * 0.05)
                self.fault("the power fails")
                g.kill()
                g.start(env=lossy)
        self.judge(g)


class PrivateKilled(StoreScene):  # row
    """The private Redis is killed repeatedly. The gateway restarts it."""

    def test_row(self):
        g = self.prepared()
        with self.traffic(g):
            for _ in range(self.rounds(3, 50)):
                self.flow(self.random.randrange(5, 30))
                time.sleep(self.random.random() * 0.05)
                self.fault("kill -9 of the private Redis")
                os.kill(wait_until(g.redis_pid, "the private redis-server", 30), signal.SIGKILL)
            self.flow(20)
        self.judge(g)


if __name__ == "__main__":
    unittest.main()
