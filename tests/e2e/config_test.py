"""Correct and wrong configurations on the command line."""
import json
import re
import subprocess
import unittest

from rig import BATON, Case, baton

FINDING = re.compile(r"^(.*):(\d+):(\d+): (.+) \[([a-z0-9_.]+)\]$")


class Init(Case):
    def test_every_configuration_that_init_writes_passes_the_check(self):
        code, out, _ = baton("adapters", "list", "--json")
        self.assertEqual(code, 0)
        adapters = json.loads(out)
        names = {kind: [a["name"] for a in adapters if a["kind"] == kind] for kind in ("sources", "crm")}
        self.assertLessEqual({"typeform", "hubspot", "calendly", "standard_webhooks"}, set(names["sources"]))
        for crm in names["crm"]:
            for language, region in (("de", "DE-BY"), ("en", "DE-BY-AUGSBURG")):
                folder = self.folder / f"{crm}-{language}"
                flags = [word for s in names["sources"] for word in ("--source", s)]
                self.assertEqual(baton("init", folder, *flags, "--crm", crm, "--lang", language, "--calendar", region)[0], 0)
                code, _, complaint = baton("check", folder)
                self.assertEqual(code, 0, complaint)
                self.assertEqual((folder / "secrets" / "admin_token").stat().st_mode & 0o077, 0)
        self.assertEqual(baton("init", folder)[0], 2)  # never overwrites a configuration

    def test_wrong_usage_prints_help_and_fails(self):
        for words in ([], ["nonsense"], ["run", "--nonsense"], ["calendar"], ["init"], ["init", self.folder / "a", "--source", "tipeform"],
                      ["init", self.folder / "b", "--lang", "fr"], ["map"], ["explain"], ["dead-letters", "retry"]):
            with self.subTest(words):
                code, out, complaint = baton(*words)
                self.assertEqual((code, out), (2, ""), complaint)
                self.assertTrue(complaint)
        self.assertIn("typeform", baton("init", self.folder / "a", "--source", "tipeform")[2])
        self.assertEqual(baton("--help")[0], 0)


class Mistakes(Case):
    """Twelve mistakes in nine files. One run reports all of them, each with its place and how to fix it."""

    EDITS = [  # file, old, new, words of the finding, text at its place
        ("baton.yaml", "language: en", "langauge: en", ["langauge", "language"], "langauge"),
        ("baton.yaml", "public: \"127.0.0.1:8080\"", "public: \"localhost\"", ["public"], "localhost"),
        ("baton.yaml", "region: DE", "region: DE\nregion: AT", ["region"], "region: AT"),
        ("sources/typeform.yaml", "adapter: typeform", "adapter: tipeform", ["tipeform", "typeform"], "tipeform"),
        ("sources/hubspot.yaml", "secret: ${file:secrets/hubspot_client_secret}", "secret: ${file:secrets/gone}", ["gone"], "${file:secrets/gone}"),
        ("policy/routing.yaml", "- {rep: max, weight: 1}", "- {rep: maxx, weight: 1}", ["maxx"], "maxx"),
        ("policy/routing.yaml", "catch_all: {pool: sales}", "catch_all: {pool: sails}", ["sails"], "sails"),
        ("policy/sla.yaml", "budget: 4h", "budget: four hours", ["four hours"], "four hours"),
        ("policy/scoring.yaml", "half_life: 30d, once: per_day}", "halflife: 30d, once: per_day}", ["halflife", "half_life"], "halflife"),
        ("policy/calendars.yaml", "zone: Europe/Berlin", "zone: Europe/Munich", ["Europe/Munich"], "Europe/Munich"),
        ("policy/lifecycle.yaml", "grades: [A1, A2, B1]", "grades: [A1, A2, E7]", ["E7"], "E7"),
        ("alerts.yaml", "- {channel: sales}", "- {channel: sells}", ["sells"], "sells"),
    ]

    def with_mistakes(self):
        folder = self.folder / "c"
        self.assertEqual(baton("init", folder, "--source", "typeform", "--source", "hubspot", "--crm", "hubspot", "--lang", "en")[0], 0)
        for path, old, new, *_ in self.EDITS:
            file = folder / path
            text = file.read_text()
            self.assertIn(old, text, path)
            file.write_text(text.replace(old, new, 1))
        return folder

    def test_one_run_reports_all_mistakes(self):
        folder = self.with_mistakes()
        code, out, complaint = baton("check", folder)
        self.assertEqual(code, 78)
        findings = [m.groups() for m in map(FINDING.match, (out + complaint).splitlines()) if m]
        for path, _, new, words, mark in self.EDITS:
            with self.subTest(f"{path}: {new}"):
                lines = (folder / path).read_text().splitlines()
                line = next(n for n, text in enumerate(lines, 1) if mark.splitlines()[0] in text)
                here = [f for f in findings if f[0].endswith(path) and int(f[1]) == line]
                self.assertTrue(any(all(w in f[3] for w in words) for f in here), f"line {line}: {here or findings}")
                self.assertTrue(all(1 <= int(f[2]) <= len(lines[line - 1]) + 1 for f in here))

    def test_json_output_has_the_place_of_each_mistake(self):
        code, out, _ = baton("check", self.with_mistakes(), "--json")
        self.assertEqual(code, 78)
        findings = json.loads(out)
        findings = findings["findings"] if isinstance(findings, dict) else findings
        self.assertGreaterEqual(len(findings), 10)
        for finding in findings:
            self.assertLessEqual({"file", "line", "column", "message", "code"}, set(finding))

    def test_addresses_that_cannot_work_are_found_before_the_start(self):
        folder = self.folder / "a"
        self.assertEqual(baton("init", folder, "--source", "typeform", "--crm", "rest", "--lang", "en")[0], 0)
        settings = folder / "baton.yaml"
        whole = settings.read_text()
        for old, key, value, words in [
                ("public:", "public", "*:8080", "127.0.0.1:8080"), ("public:", "public", "localhost:8080", "127.0.0.1:8080"),
                ("public:", "trusted_proxies", ["127.1"], "10.0.0.0/8"), ("public:", "trusted_proxies", ["10.0.0.0/33"], "10.0.0.0/8"),
                ("public:", "public_url", "https://a b", "spaces"), ("public:", "public_url", "https://leads.example.com/?x=1", "query"),
                ("public:", "public_url", "https://user:pw@leads.example.com", "password"), ("redis:", "url", "http://127.0.0.1:6379", "redis://"),
                ("redis:", "url", "redis://127.0.0.1:99999", "65535")]:
            with self.subTest(f"{key}: {value}"):
                section = "redis" if old == "redis:" else "listen"
                lines = [line for line in whole.splitlines() if not line.strip().startswith(key + ":")]
                if section + ":" in lines:
                    lines.insert(lines.index(section + ":") + 1, f"  {key}: {json.dumps(value)}")
                else:
                    lines.append(f"{section}: {{{key}: {json.dumps(value)}}}")
                settings.write_text("\n".join(lines) + "\n")
                code, out, complaint = baton("check", folder)
                self.assertEqual(code, 78, out + complaint)
                found = [m.groups() for m in map(FINDING.match, (out + complaint).splitlines()) if m]
                here = [f for f in found if f[0].endswith("baton.yaml") and json.dumps(value).strip("[]") in settings.read_text().splitlines()[int(f[1]) - 1]]
                self.assertTrue(any(words in f[3] for f in here), found)
                self.assertNotIn("pw", "".join(f[3] for f in found).replace("password", ""))

    def test_networks_of_destinations_are_checked(self):
        folder = self.folder / "n"
        self.assertEqual(baton("init", folder, "--source", "typeform", "--crm", "rest", "--lang", "en")[0], 0)
        file = folder / "crm" / "rest.yaml"
        file.write_text(file.read_text() + 'http:\n  allow_private: ["10.1.0.0/8", "10.1.0.0/33", "crm.internal", "*"]\n')
        _, out, complaint = baton("check", folder)
        place = len(file.read_text().splitlines())
        found = [m.groups() for m in map(FINDING.match, (out + complaint).splitlines()) if m and int(m.group(2)) == place]
        self.assertEqual(len(found), 2, out + complaint)
        self.assertIn("10.1.0.0/33", found[0][3])
        self.assertIn('"*" is not a host name', found[1][3])

    def test_files_under_a_wrong_name_are_reported(self):
        folder = self.folder / "w"
        self.assertEqual(baton("init", folder, "--source", "typeform", "--lang", "en")[0], 0)
        (folder / "texts.yml").write_text("schema: 1\n")
        code, out, complaint = baton("check", folder)
        self.assertEqual(code, 0, complaint)
        self.assertIn("texts.yml", out + complaint)
        self.assertIn("did you mean texts.yaml", out + complaint)

    def test_output_that_cannot_be_written_fails(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BATON, "schema", "routing"], stdout=full, stderr=subprocess.PIPE, timeout=20)
        self.assertEqual(done.returncode, 74)
        self.assertIn(b"could not be written", done.stderr)

    def test_run_refuses_a_wrong_configuration(self):
        code, out, complaint = baton("run", "-c", self.with_mistakes())
        self.assertEqual((code, out), (78, ""))
        self.assertIn("tipeform", complaint)
        code, _, complaint = baton("run", "-c", self.folder / "nowhere")
        self.assertEqual(code, 78, complaint)


class Texts(Case):
    """Faults of texts.yaml. Each fault is reported at its line."""

    FAULTS = [  # language, key, text, words of the finding, code
        ("en", "message.waiting", '"due {time, plural, one {a} other {# b}}"', "{time} is text", "texts.not_a_number"),
        ("en", "message.and_more", '"{count, plural, few {a} other {#}}"', 'no plural form "few"', "texts.bad_pattern"),
        ("en", "message.and_more", '"{count, plural, one {a} one {b} other {#}}"', "appears twice", "texts.bad_pattern"),
        ("en", "message.and_more", '"{count, plural, one {x}}"', '"other" (at character 1)', "texts.bad_pattern"),
        ("en", "message.waiting", '"waiting {time"', "not closed (at character 9)", "texts.bad_pattern"),
        ("en", "message.new_lead", '"  "', "is empty", "texts.empty"),
        ("en", "message.new_lead", "x" * 1001, "1001 characters", "texts.too_long"),
        ("en", "message.new_lead", r'"a\u202Eb"', "U+202E (at character 2)", "texts.control_character"),
        ("en", "demo.intro", "x", "cannot replace demo texts", "texts.unknown_key"),
        ("en", "message", "{new_lead: x}", "write message.new_lead", "texts.unknown_key"),
        ("fr", "message.new_lead", "x", "known here: de, en", "texts.unknown_language"),
    ]

    def check(self, folder, content):
        (folder / "texts.yaml").write_bytes(content.encode("latin-1"))
        code, out, complaint = baton("check", folder)
        self.assertEqual(code, 78, out + complaint)
        return [m.groups() for m in map(FINDING.match, (out + complaint).splitlines()) if m]

    def test_each_fault_is_reported_at_its_place(self):
        folder = self.folder / "c"
        self.assertEqual(baton("init", folder, "--source", "typeform", "--crm", "hubspot", "--lang", "en")[0], 0)
        for language, key, text, words, code in self.FAULTS:
            with self.subTest(f"{key}: {text[:60]}"):
                found = self.check(folder, f"schema: 1\ntexts:\n  {language}:\n    {key}: {text}\n")
                line = "3" if language == "fr" else "4"
                self.assertTrue(any(f[1] == line and words in f[3] and f[4] == code for f in found), found)
        for content, line, words in (('schema: "1"\n', "1", "write it without quotes"), ("schema: 1\ntexts: \xff\n", "2", "not UTF-8"),
                                     ("schema: 1\n# \0\n", "2", "a NUL byte")):
            with self.subTest(content):
                found = self.check(folder, content)
                self.assertTrue(any(f[1] == line and words in f[3] for f in found), found)
        many = "schema: 1\ntexts:\n  en:\n" + "".join(f"    message.k{i}: x\n" for i in range(20000))
        self.assertEqual(len(self.check(folder, many)), 21)


class Folder(Case):
    def test_a_second_gateway_on_one_data_folder_is_refused(self):
        for name, options in (("own", {}), ("external", {"redis": self.redis()})):
            with self.subTest(name):
                g = self.gateway("--source", "typeform", name=name, **options).start().wait_ready()
                code, out, complaint = baton("run", "-c", g.folder)
                self.assertEqual((code, out), (69, ""), complaint)
                self.assertIn(str(g.process.pid), complaint)
                self.assertTrue(g.ready()[0])
                g.stop()
                self.assertEqual(g.process.returncode, 0)

    def test_a_port_in_use_is_reported(self):
        g = self.gateway("--source", "typeform").start()
        other = self.gateway("--source", "typeform", name="h")
        other.settings["listen"]["admin"] = f"127.0.0.1:{g.admin_port}"
        other.write_settings()
        code, _, complaint = baton("run", "-c", other.folder)
        self.assertEqual(code, 69, complaint)
        self.assertIn(str(g.admin_port), complaint)


if __name__ == "__main__":
    unittest.main()
