"""`baton map` on samples of vendors, `baton calendar due` on the golden vectors."""
import json
import unittest

from rig import SAMPLES, Case, baton

OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SPLIT = {day: [["08:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LONG = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
SUNDAY = {"sun": [["00:00", "10:00"]]}
HOUR = 3600

# name, windows, holidays, start, budget in seconds, due. Local times of Europe/Berlin have their offset.
VECTORS = [
    ("weekend", OFFICE, None, "2026-03-07T15:00:00+01:00", HOUR, "2026-03-09T09:00:00Z"),
    ("over the weekend", OFFICE, None, "2026-03-06T16:30:00+01:00", HOUR, "2026-03-09T08:30:00Z"),
    ("Epiphany in Bavaria", OFFICE, "DE-BY", "2026-01-05T16:30:00+01:00", HOUR, "2026-01-07T08:30:00Z"),
    ("no Epiphany in North Rhine-Westphalia", OFFICE, "DE-NW", "2026-01-05T16:30:00+01:00", HOUR, "2026-01-06T08:30:00Z"),
    ("noon break", SPLIT, None, "2026-03-09T11:30:00+01:00", 2 * HOUR, "2026-03-09T14:00:00Z"),
    ("spring change", ALWAYS, None, "2026-03-28T23:30:00+01:00", 4 * HOUR, "2026-03-29T02:30:00Z"),
    ("autumn change", ALWAYS, None, "2026-10-24T23:30:00+02:00", 4 * HOUR, "2026-10-25T01:30:00Z"),
    ("the hour that comes twice", SUNDAY, None, "2026-10-25T02:30:00+02:00", HOUR, "2026-10-25T01:30:00Z"),
    ("the hour that never comes", SUNDAY, None, "2026-03-29T01:30:00+01:00", HOUR, "2026-03-29T01:30:00Z"),
    ("midnight loses no minute", ALWAYS, None, "2026-03-09T23:30:00+01:00", HOUR, "2026-03-09T23:30:00Z"),
    ("to the next day", LONG, None, "2026-03-09T17:00:00+01:00", 4 * HOUR, "2026-03-10T10:00:00Z"),
    ("one hour before", LONG, None, "2026-03-09T17:00:00+01:00", 3 * HOUR, "2026-03-10T09:00:00Z"),
    ("Christmas Eve is a working day", OFFICE, "DE", "2026-12-24T16:00:00+01:00", 2 * HOUR, "2026-12-28T09:00:00Z"),
    ("peace festival of Augsburg", OFFICE, "DE-BY-AUGSBURG", "2028-08-07T16:30:00+02:00", HOUR, "2028-08-09T07:30:00Z"),
    ("closing time is closed", OFFICE, None, "2026-03-09T17:00:00+01:00", 1, "2026-03-10T08:00:01Z"),
    ("the last second counts", OFFICE, None, "2026-03-09T16:59:59+01:00", 1, "2026-03-09T16:00:00Z"),
]


class Calendar(Case):
    def ask(self, lines):
        return baton("calendar", "due", "--stdin", stdin=("\n".join(lines) + "\n").encode())

    def test_golden_vectors(self):
        lines = [json.dumps({"zone": "Europe/Berlin", "windows": windows, "holidays": holidays, "start": start, "budget_s": budget})
                 for _, windows, holidays, start, budget, _ in VECTORS]
        code, out, complaint = self.ask(lines)
        self.assertEqual(code, 0, complaint)
        answers = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(len(answers), len(VECTORS))
        for (name, *_, due), answer in zip(VECTORS, answers):
            with self.subTest(name):
                self.assertEqual(answer["due"], due)

    def test_an_invalid_request_is_reported_in_its_line(self):
        good = {"zone": "Europe/Berlin", "windows": OFFICE, "holidays": None, "start": "2026-03-09T09:00:00Z", "budget_s": 60}
        for wrong in ({"zone": "Europe/Munich"}, {"start": "yesterday"}, {"budget_s": -1}, {"windows": {"mon": [["17:00", "09:00"]]}},
                      {"windows": {"mon": [["09:00", "25:00"]]}}, {"holidays": "DE-XX"}, {"windows": {}}):
            with self.subTest(wrong):
                code, out, _ = self.ask([json.dumps(good), json.dumps({**good, **wrong}), json.dumps(good)])
                answers = [json.loads(line) for line in out.splitlines()]
                self.assertEqual((code, [sorted(a) for a in answers]), (1, [["due"], ["error"], ["due"]]))
        self.assertEqual(self.ask(["{"])[0], 1)


class Samples(Case):
    SOURCES = ("typeform", "hubspot", "calendly", "standard_webhooks", "svix")
    FIELDS = {"email": ("email",), "full_name": ("full_name",), "first_name": ("first_name",), "last_name": ("last_name",), "phone": ("phone",),
              "title": ("job_title",), "company": ("company", "name"), "company_domain": ("company", "domain"), "external_id": ("external_ids", "hubspot")}
    PHONES = {"(281) 332-2575": "+12813322575"}  # the samples expect values as sent

    def setUp(self):
        super().setUp()
        if not (SAMPLES / "EXPECTED.json").exists():
            self.skipTest("there are no samples on this machine")

    def value(self, person, path):
        for key in path:
            person = person.get(key, {}) if isinstance(person, dict) else {}
        return person or None

    def same(self, person, contact):
        for name, expected in contact.items():
            got = self.value(person, self.FIELDS[name])
            if expected is None and name in ("company", "full_name", "first_name", "last_name"):
                continue  # may come from elsewhere, such as the domain of the e-mail address
            expected = self.PHONES.get(expected, expected)
            if (got or "").lower() != (expected or "").lower() and got != expected:
                return False
        return True

    def test_map_finds_the_contacts_of_the_samples(self):
        samples = json.loads((SAMPLES / "EXPECTED.json").read_text(encoding="utf-8"))["samples"]
        chosen = [s for s in samples if s["file"].split("/")[0] in self.SOURCES]
        self.assertGreaterEqual(len(chosen), 10)
        for sample in chosen:
            with self.subTest(sample["file"]):
                self.check(sample)

    def check(self, sample):
        file = SAMPLES / sample["file"]
        source = "standard_webhooks" if sample["file"].startswith("svix/") else sample["file"].split("/")[0]
        headers = file.with_name(file.stem + ".headers.txt")
        flags = ["--headers", headers] if headers.exists() else []
        code, out, complaint = baton("map", source, "--payload", file, "--region", "US", *flags)
        self.assertEqual(code, 0, complaint)
        delivery = json.loads(out)
        persons = [touch.get("person", {}) for touch in delivery["touches"]]
        expect = sample["expect"]
        for contact in expect["contacts"]:
            if any(v for v in contact.values()) and not (expect["no_lead_expected"] and not contact.get("email") and not contact.get("external_id")):
                self.assertTrue(any(self.same(p, contact) for p in persons), f"{contact}\n{persons}")
        if expect["no_lead_expected"]:
            leads = {"contact_deleted", "agent_message", "test_ping", "consent_changed"}
            self.assertEqual([t["type"] for t in delivery["touches"] if t["type"] not in leads and (t.get("person", {}).get("email") or t.get("person", {}).get("phone"))], [])
        self.assertNotIn('""', out)


if __name__ == "__main__":
    unittest.main()
