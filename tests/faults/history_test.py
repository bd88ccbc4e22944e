"""Tests of the judge: a good history holds, and each kind of violation is found under its invariant."""
import copy
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import invariants
from history import History, Recorder, lines_of

AT = 1_800_000_000.0
DUE_MS = 1_800_000_005_000
DUE = "2027-01-15T08:00:05.000Z"


def person(n=0):
    who = f"person{n}"
    breach = {"at": DUE, "event": f"{who}:first_contact#1:{DUE_MS}", "happened": ["clock.breached.first_contact", "notice.breach"], "reasons": [
        {"code": "clock.breached", "facts": {"id": "first_contact#1", "clock": "first_contact", "due": DUE}},
        {"code": "notice.sent", "facts": {"kind": "breach", "recipient": "chris", "clock": "first_contact"}}]}
    touch = {"at": "2027-01-15T08:00:00.000Z", "event": f"id{n}", "happened": ["touch.recorded"],
             "reasons": [{"code": "touch.recorded", "facts": {"touch": f"s:m{n}#0"}}]}
    owner = {"at": "2027-01-15T08:00:00.100Z", "event": f"{who}:1:1", "happened": ["assignment.made"], "reasons": []}
    return {"id": who, "lead": who + ".1", "email": f"p{n}@person.example", "stage": "mql", "touches": [f"s:m{n}#0"], "timeline": [touch, owner, breach]}


def sent(n=0, **more):
    return {"event": f"m{n}", "source": "s", "person": f"p{n}@person.example", "touches": [f"s:m{n}#0"], "at": AT, "answered": AT + 0.01,
            "status": 200, "id": f"id{n}", **more}


def upsert(version, n=0, **more):
    return {"at": AT + version, "destination": "crm", "kind": "keyed", "key": f"person{n}", "version": version, "person": f"person{n}", "object": f"o{n}",
            "content": {"email": f"p{n}@person.example", "lifecyclestage": "marketingqualifiedlead"}, "applied": True, **more}


def alert(n=0, **more):
    return {"at": AT + 5.01, "destination": "chat", "kind": "blind", "key": f"person{n}:first_contact#1:100:chris", "version": None, "person": f"person{n}",
            "content": {"type": "baton.breach", "recipient": "chris"}, "applied": True, **more}


def good():
    return {"run": {"seed": 1, "keyed": ["crm"]}, "sent": [sent(0), sent(1)], "acts": [], "effects": [upsert(1), upsert(2), upsert(1, 1), alert(0), alert(1)],
            "state": {"persons": [person(0), person(1)], "dead_letters": [], "waiting": {"spool": 0, "intake": 0, "push": 0, "outbox": 0}}}


class Judge(unittest.TestCase):  # unit
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bt-"))
        self.faults = []
        self.addCleanup(shutil.rmtree, self.folder)

    def written(self, history):
        for old in self.folder.iterdir():
            old.unlink()
        recorder = Recorder(self.folder, **history["run"])
        for kind in ("sent", "acts", "effects", "faults"):
            for line in history.get(kind, self.faults):
                recorder.note(kind, **line)
        recorder.state(history["state"])
        recorder.close()

    def verdict(self, change):
        history = copy.deepcopy(good())
        change(history)
        self.written(history)
        return invariants.check(History(self.folder))

    def finds(self, invariant, words, change):
        verdict = self.verdict(change)
        self.assertTrue(verdict.violations, "the judge found nothing")
        self.assertEqual({v.invariant for v in verdict.violations}, {invariant}, verdict.text())
        self.assertIn(words, verdict.text())
        return verdict

    def test_a_task_created_twice_or_left_in_an_old_state(self):
        def task(number, status="NOT_STARTED", **more):
            return {"at": AT + 3, "destination": "crm", "kind": "readable", "key": "person0.1/t1", "version": None, "person": "person0", "object": number,
                    "content": {"status": status}, "applied": True, **more}

        def wanted(history, *states):
            history["state"]["persons"][0]["timeline"][0]["reasons"] += [
                {"code": "crm_task.wanted", "facts": {"task": "person0.1/t1", "state": "task_state." + state}} for state in states]

        self.assertEqual(self.verdict(lambda history: (wanted(history, "open", "done"), history["effects"].extend([task("9"), task("9", "COMPLETED")]))).violations, [])
        self.assertEqual(self.verdict(lambda history: wanted(history, "open", "done")).violations, [], "a task may end before it is created")
        self.finds("I2", "2 objects for one key", lambda history: (wanted(history, "open"), history["effects"].extend([task("9"), task("10")])))
        self.finds("I4", "task is none", lambda history: wanted(history, "open"))
        self.finds("I4", "task is NOT_STARTED", lambda history: (wanted(history, "open", "done"), history["effects"].append(task("9"))))

    def test_a_good_history_holds(self):
        verdict = self.verdict(lambda history: None)
        self.assertEqual(verdict.violations, [], verdict.text())
        self.assertEqual((verdict.counts["acknowledged"], verdict.counts["keyed"], verdict.counts["blind"]), (2, 3, 2))

    def test_an_acknowledged_event_that_is_stored_nowhere(self):
        verdict = self.finds("I1", "s:m7#0 is stored nowhere", lambda history: history["sent"].append(sent(7)))
        self.assertTrue(any("sent" in line and "m7" in line for line in verdict.known), verdict.known)

    def test_refused_events_may_be_missing(self):
        for status in (None, 503, 401):
            self.assertEqual(self.verdict(lambda history, s=status: history["sent"].append(sent(7, status=s))).violations, [])

    def test_a_dead_letter_keeps_an_event(self):
        def change(history):
            history["sent"].append(sent(7))
            history["state"]["dead_letters"].append({"subject": "id7", "origin": "intake"})
        self.assertEqual(self.verdict(change).violations, [])

    def test_a_row_that_may_lose_counts_the_loss(self):
        def change(history):
            history["run"]["may_lose"] = True
            history["sent"].append(sent(7))
        verdict = self.verdict(change)
        self.assertEqual((verdict.violations, verdict.counts["lost"]), ([], 1))

    def test_after_a_loss_versions_count_from_an_older_state(self):
        def change(*more, **run):
            def apply(history):
                history["run"].update(run)
                history["effects"] += [upsert(1, at=AT + 4), upsert(2, at=AT + 7), *more]
            return apply
        other = {**upsert(2)["content"], "x": 1}
        self.finds("I4", "got version 1 after 2", change(may_lose=True))  # no fault happened between them
        self.faults = [{"at": AT + 3, "what": "kill -9 of Redis"}]
        self.assertEqual(self.verdict(change(may_lose=True)).violations, [])
        self.finds("I4", "got version 1 after 2", change())  # the row may lose nothing
        self.finds("I4", "got version 1 after 2", change(upsert(1, at=AT + 9), may_lose=True))  # an older version for the second time
        self.finds("I4", "2 different contents", change(upsert(2, at=AT + 9, content=other), may_lose=True))

    def test_a_person_who_holds_a_touch_twice(self):
        self.finds("I2", "holds the touch twice", lambda history: history["state"]["persons"][0]["touches"].append("s:m0#0"))

    def test_two_persons_who_hold_one_touch(self):
        self.finds("I2", "both hold the touch", lambda history: history["state"]["persons"][1]["touches"].append("s:m0#0"))

    def test_two_persons_with_one_address(self):
        self.finds("I2", "two persons", lambda history: history["state"]["persons"].append({**person(0), "id": "other", "touches": [], "timeline": []}) or
                   history["effects"].append(upsert(1, 0, key="other", object="o9")))

    def test_a_touch_recorded_twice(self):
        self.finds("I2", "records the touch twice", lambda history: history["state"]["persons"][0]["timeline"].append(person(0)["timeline"][0]))

    def test_an_owner_picked_twice(self):
        self.finds("I2", "answered twice", lambda history: history["state"]["persons"][0]["timeline"].append(person(0)["timeline"][1]))

    def test_two_objects_for_one_key(self):
        self.finds("I2", "2 objects for one key", lambda history: history["effects"].append(upsert(2, object="another")))

    def test_one_message_key_with_two_contents(self):
        self.finds("I2", "2 different contents", lambda history: history["effects"].append(alert(content={"type": "baton.offer", "recipient": "chris"})))

    def test_a_clock_that_fires_twice(self):
        self.finds("I3", "fired twice", lambda history: history["state"]["persons"][0]["timeline"].append({**person(0)["timeline"][2], "reasons": []}))

    def test_a_clock_that_fires_early(self):
        self.finds("I3", "before it was due", lambda history: history["effects"].append(alert(at=AT + 4.5)))

    def test_a_clock_that_fires_after_its_end(self):
        end = {"at": "2027-01-15T08:00:04.000Z", "event": "x", "happened": [], "reasons": [{"code": "clock.cancelled", "facts": {"id": "first_contact#1"}}]}
        self.finds("I3", "after it had ended", lambda history: history["state"]["persons"][0]["timeline"].insert(2, end))

    def test_a_clock_that_fires_after_the_answer_that_stopped_it(self):
        act = {"lead": "person0.1", "clock": "first_contact", "action": "attempt", "at": AT + 3, "answered": AT + 4, "status": 200}
        self.finds("I3", "fired after attempt was answered", lambda history: history["acts"].append(act))

    def test_answers_and_clocks_are_compared_within_the_skew_of_the_row(self):
        """A breach carries the time of Redis, an answer that of sales."""
        act = {"lead": "person0.1", "clock": "first_contact", "action": "attempt", "at": AT + 3, "answered": AT + 4, "status": 200}

        def change(history, early_ms):
            history["run"]["early_ms"] = early_ms
            history["acts"].append(act)
        self.assertEqual(self.verdict(lambda history: change(history, 1100)).violations, [])
        self.finds("I3", "fired after attempt was answered", lambda history: change(history, 500))

    def test_a_refused_act_stops_no_clock(self):
        act = {"lead": "person0.1", "clock": "first_contact", "action": "attempt", "at": AT + 3, "answered": AT + 4, "status": 409}
        self.assertEqual(self.verdict(lambda history: history["acts"].append(act)).violations, [])

    def test_a_clock_that_never_fires(self):
        def change(history):
            history["state"]["settled_at"] = AT + 60
            history["state"]["persons"][1]["clocks"] = [{"id": "accept#1", "state": "running", "next": "2027-01-15T08:00:30.000Z"}]
        self.finds("I3", "has not fired", change)

    def test_a_breach_without_a_message(self):
        self.finds("I3", "never sent", lambda history: history["effects"].remove(alert(1)))

    def test_an_older_version_after_a_newer_one(self):
        self.finds("I4", "got version 1 after 2", lambda history: history["effects"].append(upsert(1)))

    def test_a_repeat_of_the_same_version_is_fine(self):
        self.assertEqual(self.verdict(lambda history: history["effects"].append(upsert(2))).violations, [])

    def test_one_version_with_two_contents(self):
        other = upsert(2, content={"email": "p0@person.example", "lifecyclestage": "marketingqualifiedlead", "x": 1})
        self.finds("I4", "2 different contents", lambda history: history["effects"].append(other))

    def test_a_destination_that_ends_with_an_older_state(self):
        behind = upsert(3, content={"email": "p0@person.example", "lifecyclestage": "lead"})
        self.finds("I4", "ends with", lambda history: history["effects"].append(behind))

    def test_a_person_who_was_never_pushed(self):
        self.finds("I4", "never got the person", lambda history: history["effects"].remove(upsert(1, 1)))

    def test_work_that_still_waits_at_the_end(self):
        self.finds("I5", "3 wait in spool", lambda history: history["state"]["waiting"].update(spool=3))

    def test_an_accepted_forgery(self):
        self.finds("I7", "answered 200", lambda history: history["sent"].append(sent(8, forged=True)))
        self.finds("I7", "changed a person", lambda history: history["sent"].append(sent(0, forged=True, status=401)))

    def test_the_judge_runs_as_a_program(self):
        program = str(pathlib.Path(__file__).with_name("history.py"))
        history = good()
        self.written(history)
        fine = subprocess.run([sys.executable, "-B", program, "all", str(self.folder)], capture_output=True, text=True, check=False)
        self.assertEqual((fine.returncode, fine.stdout[:6]), (0, "holds:"), fine.stderr)
        history["state"]["persons"].pop()
        self.written(history)
        bad = subprocess.run([sys.executable, "-B", program, "I1", str(self.folder)], capture_output=True, text=True, check=False)
        self.assertEqual(bad.returncode, 1, bad.stdout)
        self.assertIn("I1 is violated", bad.stdout)
        self.assertEqual(subprocess.run([sys.executable, "-B", program, "all", "/nowhere"], capture_output=True, check=False).returncode, 2)

    def test_a_cut_off_last_line_is_left_out(self):
        file = self.folder / "sent.jsonl"
        file.write_text('{"a": 1}\n{"b"', encoding="utf-8")
        self.assertEqual(lines_of(file), [{"a": 1}])


if __name__ == "__main__":
    unittest.main()
