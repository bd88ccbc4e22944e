#!/usr/bin/env python3
"""Tests of the rules. Each rule has to find the faults of a small tree that breaks it."""
import contextlib
import io
import os
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
import form  # noqa: E402
import lint  # noqa: E402
import words  # noqa: E402


def faults(check, tree):
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        with contextlib.redirect_stdout(io.StringIO()):
            return list(lint.CHECKS[check](root))


class LintTest(unittest.TestCase):
    def test_an_include_upwards_is_found_with_its_line(self):
        found = faults("rooms", {"gateway/core/sla/a.h": '#pragma once\n#include "gateway/core/decide/decide.h"\n'})
        self.assertEqual(found, ['gateway/core/sla/a.h:2: gateway/core/sla may not include gateway/core/decide ("gateway/core/decide/decide.h")'])

    def test_the_core_may_not_include_adapters(self):
        self.assertEqual(len(faults("rooms", {"gateway/core/model/a.cpp": '#include "adapters/engine/crm/crm.h"\n'})), 1)

    def test_includes_of_earlier_rooms_and_of_the_same_room_are_allowed(self):
        self.assertEqual(faults("rooms", {"gateway/app/engine/a.cpp": '#include "gateway/core/sla/a.h"\n#include "webhooks/edge/b.h"\n',
                                           "mapping/b.h": '#include "mapping/c.h"\n#include <string>\n'}), [])

    def test_a_file_outside_the_rooms_is_found(self):
        self.assertEqual(len(faults("rooms", {"gateway/core/a.h": "#pragma once\n"})), 1)

    def test_a_room_with_too_many_files_is_found(self):
        self.assertEqual(len(faults("rooms", {f"mapping/a{i}.h": "" for i in range(46)})), 1)

    def test_a_relative_include_is_found(self):
        self.assertEqual(len(faults("rooms", {"mapping/a.cpp": '#include "b.h"\n'})), 1)

    def test_a_third_party_header_outside_its_files_is_found(self):
        self.assertEqual(len(faults("confinement", {"gateway/app/a.h": "#include <hiredis/hiredis.h>\n"})), 1)
        self.assertEqual(faults("confinement", {"gateway/store/redis/redis_x.cpp": "#include <hiredis/hiredis.h>\n"}), [])

    def test_a_name_that_two_files_of_a_room_have_for_themselves_is_found(self):
        own = "namespace baton {\nnamespace {\n\n%s\n}  // namespace\n}\n"
        one, other = own % "constexpr int kMost = 3;\nint of(int a) { return a; }\n", own % "constexpr int kMost = 4;\nint of(char b) { return b; }\n"
        tree = {"mapping/a.cpp": one, "mapping/b.cpp": other, "mapping/json/c.cpp": one}
        self.assertEqual(faults("units", tree), [f"mapping: {name} is a name of a.cpp and of b.cpp; rename one of them" for name in ("kMost", "of")])
        tree = {"mapping/map/a.cpp": one, "mapping/json/c.cpp": other, "deploy/cmake/units.cmake": 'set(BATON_UNITS\n  "mapping/json mapping/map")\n'}
        self.assertEqual(len(faults("units", tree)), 2)

    def test_floating_point_in_a_decision_is_found_but_not_in_a_comment(self):
        self.assertEqual(len(faults("decisions", {"gateway/core/a.cpp": "// no double here\ndouble x = 0;\n"})), 1)
        self.assertEqual(faults("decisions", {"gateway/core/a.cpp": 'auto s = "double";  // float\n'}), [])

    @unittest.skipIf(form.formatter() is None, "clang-format 14 is missing")
    def test_a_file_that_is_not_formatted_is_found_with_its_first_line(self):
        tree = {".clang-format": "BasedOnStyle: Google\nColumnLimit: 100\n", "mapping/good.h": "int f();\n",
                "mapping/bad.h": "int f();\nint  g( );\nint  h( );\n", "tests/bad.cpp": "int  g();\n"}
        found = faults("form", tree)
        self.assertEqual([fault.split(": ")[0] for fault in found], ["mapping/bad.h:2", "tests/bad.cpp:1"])
        self.assertRegex(found[0], r"run clang-format(-14)? -i mapping/bad\.h$")

    def test_a_missing_formatter_is_a_fault(self):
        with unittest.mock.patch.object(form, "formatter", lambda: None):
            self.assertEqual(faults("form", {"mapping/a.h": "int f();\n"}),
                             ["clang-format 14 is missing; run deploy/deps/install --with-tests"])

    def test_a_long_file_is_found(self):
        self.assertEqual(len(faults("sizes", {"mapping/a.cpp": "\n" * 401})), 1)
        self.assertEqual(faults("sizes", {"mapping/a.cpp": "\n" * 400}), [])

    def test_unfinished_work_is_found(self):
        self.assertEqual(len(faults("words", {"docs/a.md": "TO" + "DO: write\n"})), 1)
        self.assertEqual(faults("words", {"docs/a.md": "done\n"}), [])

    def test_an_adapter_without_examples_is_found(self):
        self.assertEqual(len(faults("adapters", {"adapters/crm/a.yaml": "crm: a\n"})), 1)
        self.assertEqual(faults("adapters", {"adapters/crm/a.yaml": "crm: a\n", "tests/fixtures/crm/a/x.json": ""}), [])
        self.assertEqual(faults("adapters", {"adapters/crm/a.yaml": "crm: a\nexamples:\n"}), [])

    def test_a_schema_without_a_page_and_a_dead_link_are_found(self):
        self.assertEqual(len(faults("docs", {"docs/reference/schema/a.json": "{}"})), 1)
        self.assertEqual(len(faults("docs", {"docs/a.md": "[b](b.md)\n"})), 1)
        self.assertEqual(faults("docs", {"docs/reference/schema/a.json": "{}", "docs/reference/a.md": "[a](schema/a.json)\n"}), [])

    def test_a_stale_table_of_adapters_is_found(self):
        adapter = "source: typeform\ntitle: Typeform  # forms\nstability: stable\n"
        page = ("# Baton\n<!-- adapters: written by deploy/docs/adapters.py -->\n\n"
                "| Kind | Adapter | System | Stability |\n|---|---|---|---|\n{}\n<!-- end of adapters -->\n")
        row = "| source | `typeform` | Typeform | stable |\n"
        stale = ["README.md: the table of adapters is stale; run deploy/docs/adapters.py"]
        self.assertEqual(faults("readme", {"adapters/sources/typeform.yaml": adapter, "README.md": page.format(row)}), [])
        self.assertEqual(faults("readme", {"adapters/sources/typeform.yaml": adapter, "README.md": page.format("")}), stale)
        self.assertEqual(faults("readme", {"README.md": page.format(row)}), stale)

    def test_an_adapter_without_the_fields_of_the_table_is_found(self):
        page = "<!-- adapters: written by deploy/docs/adapters.py -->\n<!-- end of adapters -->\n"
        self.assertEqual(faults("readme", {"adapters/crm/a.yaml": "crm: a\ntitle: A\n", "README.md": page}),
                         ['adapters/crm/a.yaml: has no plain value "stability"'])
        self.assertEqual(len(faults("readme", {"README.md": "# Baton\n"})), 1)

    def test_a_function_of_the_drawing_that_is_not_defined_is_found(self):
        page = "## The way of a lead\n\nText.\n\n```\n │ {} │\n```\n"
        sources = {
            "gateway/a.h": "class Store {\n  virtual int load(int a = {}) = 0;\n  int size() const { return load(); }\n};\nint hand_over(int a);\n",
            "gateway/a.cpp": "int Worker::step() {\n  return Worker::stop(fall_back(1));\n}\n// int go_on() {\nstd::string\nhand_over(int a) {\n}\n",
            "gateway/a.lua": "register('commit_v1', {}, function() end)\n"}

        def undefined(drawn):
            return [fault.split()[4].strip(",") for fault in faults("architecture", {**sources, "docs/architecture.md": page.format(drawn)})]

        self.assertEqual(undefined("Store::load, Store::size │ Worker::step: hand_over │ commit_v1 │ decide"), [])
        self.assertEqual(undefined("Store::save, Worker::stop, fall_back, go_on, commit_v2, OutboxWorker"),
                         ["OutboxWorker", "Store::save", "Worker::stop", "commit_v2", "fall_back", "go_on"])
        self.assertEqual(len(faults("architecture", {"docs/architecture.md": "# Architecture\n"})), 1)

    def test_a_mutant_of_code_that_does_not_exist_is_found(self):
        table = """
from dataclasses import dataclass

@dataclass
class Mutant:
    name: str
    file: str
    old: str

MUTANTS = (Mutant("m", "a.cpp", "x = 1;"), Mutant("n", "gone.cpp", "y"))
"""
        found = faults("mutants", {"tests/faults/mutants.py": table, "./a.cpp": "x = 2;\n"})
        self.assertEqual(len(found), 2)
        found = faults("mutants", {"tests/faults/mutants.py": table, "./a.cpp": "x = 1;\n", "./gone.cpp": "y\n"})
        self.assertEqual(found, [])

    def test_a_row_without_a_story_and_a_story_that_does_not_exist_are_found(self):
        table = "| E3 | x | `e03_a`, `Some.Test` |\n| E4 | x | `e04_gone` |\n"
        found = faults("stories", {"tests/golden/README.md": table, "tests/golden/e03_a/x": "", "tests/golden/Odd/x": "",
                                   "tests/core/some_test.cpp": "TEST(Some, Test) {\n"})
        self.assertFalse([fault for fault in found if "row E3 " in fault])
        self.assertIn("tests/golden/README.md: row E4 names e04_gone, which does not exist", found)
        self.assertIn("tests/golden/README.md: row E5 names no story", found)
        self.assertIn("tests/golden/README.md: does not describe Odd", found)
        self.assertIn("tests/golden/Odd: begins with the row it shows, such as g01_", found)

    def test_a_row_that_is_cited_and_a_test_that_does_not_exist_are_found(self):
        page = "| E3 | `baton check` works. |\n| E4 | It works. | `Some.Test`, `Some`, `e04_b` |\n| T1, T2 | `Gone` |\n"
        found = faults("stories", {"tests/golden/README.md": "", "docs/requirements.md": page, "tests/golden/e04_b/x": "",
                                   "tests/golden/n15_a/x": "", "tests/core/some_test.cpp": "TEST(Some, Test) {\n"})
        found = [fault for fault in found if fault.startswith("docs/")]
        self.assertIn("docs/requirements.md: row E5 is missing", found)
        self.assertIn("docs/requirements.md: row N15 is missing", found)
        self.assertIn("docs/requirements.md: row T1, T2 names Gone, which does not exist", found)
        self.assertFalse([fault for fault in found if "row E3 " in fault or "row E4 " in fault])


def found(text, path="docs/a.md"):
    return [f"{line} {rule}" for line, _, rule, _, _ in sorted(words.findings(path, text), key=lambda f: f[0])]


class ProseTest(unittest.TestCase):
    # Bad and better sentences of documentation, comments and the command line.
    IS = [
        "What people have to do is to stand in CRMs as tasks.",
        "A step of a clock that was slept through is decided when it is",
        "Who acknowledges an alert is not told of its next steps, the next one up is; a snooze ends by itself and tells him again.",
        "Explanations name all channels that the law allows, and of an owner by appointment whose calendar it stands in, not a pool.",
        "Senders notice nothing of any of this, and several of them never send twice.",
        "Who would get his turn behind his due time is forecast to breach.",
        "While Redis is away nothing fires; afterwards everything due does, and reasons name the instant at which it was due.",
        "That nothing is to be done is true of the newest version only.",
        "An owner that is asked for again is the same draft.",
        "Who asked again after the lead was accepted: its owner was never told.",
        "3 to mend",
        "look for what will hurt in operation",
        "has to be longer than nothing",
        "YAML takes blanks only",
    ]
    BETTER = [
        "Work for people appears in the CRM as tasks.",
        "Overdue SLA steps are evaluated at the time they actually run",
        "If you acknowledge an alert, later steps notify the next level instead of you. A snooze expires and reminds you.",
        "Explanations list every channel the law allows. If a booked meeting set the owner, they name that calendar instead of a pool.",
        "Senders see none of this. That matters, because several of them never retry.",
        "A lead whose turn comes after its deadline is forecast to breach.",
        "No timer fires while Redis is down. Overdue timers fire as soon as it returns, and explanations show their original due time.",
        "A no-op is only trustworthy when decided on the latest version.",
        "Asking for an owner again reuses the open draft receipt.",
        "Owners were not notified when an accepted lead asked again.",
        "3 errors",
        "check that this deployment is ready for production",
        "must be positive",
        "indent with spaces",
    ]

    def test_each_bad_sentence_is_found_in_all_kinds_of_text(self):
        for sentence in self.IS:
            self.assertTrue(found(sentence + "\n"), sentence)
            self.assertTrue(found(f"// {sentence}\n", "gateway/core/a.h"), sentence)
            self.assertTrue(found(f'auto text = "{sentence}";\n', "gateway/core/a.cpp"), sentence)

    def test_each_better_sentence_passes(self):
        for sentence in self.BETTER:
            self.assertEqual(found(sentence + "\n"), [])
            self.assertEqual(found(f"// {sentence}\n", "gateway/core/a.h"), [])
            self.assertEqual(found(f'auto text = "{sentence}";\n', "gateway/core/a.cpp"), [])

    def test_a_sentence_must_not_begin_with_who_what_or_where(self):
        self.assertEqual(found("It waits. Where none is free, it waits.\n"), ["1 begins with Where"])
        self.assertEqual(found("- Whose lead it is decides the team.\n"), ["1 begins with Whose"])
        self.assertEqual(found("Who is asked? What happens then? That is decided by the pool.\n"), [])
        self.assertEqual(found("# What a clock is\n\n| What | Who |\n|---|---|\n| `to` | who gets it |\n"), [])
        self.assertEqual(found("// Who asked.\n// what it was\n", "gateway/core/a.h"), ["1 begins with Who"])

    def test_long_sentences_are_found_in_markdown_only(self):
        def words_of(n):
            return "Word " + " ".join(["word"] * (n - 1))

        self.assertEqual(found(f"{words_of(25)}. {words_of(24)} `code of several words`.\n"), [])
        self.assertEqual(found(f"{words_of(12)}\n{words_of(14)}.\n"), ["1 26 words"])
        self.assertEqual(found(f"{words_of(24)}: `a`, `b`, `c` and `d`.\n"), [])
        self.assertEqual(found(f"- {words_of(20)}\n- {words_of(20)}\n\n| {words_of(20)} | {words_of(20)} |\n"), [])
        self.assertEqual(found(f"// {words_of(30)}\n", "gateway/core/a.h"), [])

    def test_code_quotes_and_german_are_ignored(self):
        self.assertEqual(found("Use `nobody`, \"3 to mend\" and [it](he.md).\n\n```\nnobody told him\n```\n"), [])
        self.assertEqual(found("// Der Lead ist noch nicht bei him.\n", "gateway/core/a.h"), [])
        self.assertEqual(found('auto a = "nobody", b = R"(nobody is told of it)";\n', "gateway/core/a.cpp"), [])

    def test_findings_have_the_line_of_the_file(self):
        self.assertEqual(found("# A\n\nA rep\nkeeps his lead.\n\n- one\n- two\n  of his own\n"), ["4 his", "8 his", "8 of his own"])
        self.assertEqual(found("int a;  // one\nint b;  // of nobody\n// and\n// whoever\n", "a/a.cpp"), ["2 nobody", "4 whoever"])
        self.assertEqual(found("x = 1  # nobody\ndef f():\n    \"\"\"One.\n\n    Two anew.\"\"\"\n", "a/a.py"), ["1 nobody", "5 anew"])
        self.assertEqual(found("# one\nset(a \"# anew\")  # anew\n", "a/a.cmake"), ["2 anew"])
        self.assertEqual(found("local a = 1 -- anew\n", "a/a.lua"), ["1 anew"])
        self.assertEqual(found("a: 1  # anew\ndescription: >\n  one\n  anew\nb: anew\nc: {help: \"anew\"}\n", "a/a.yaml"),
                         ["1 anew", "4 anew", "6 anew"])
        self.assertEqual(found('{"a": "anew",\n "description": "anew"}', "docs/reference/schema/a.json"), ["2 anew"])

    def test_only_the_unreleased_part_of_a_changelog_is_checked(self):
        tree = {"CHANGELOG.md": "## [Unreleased]\n\nanew\n\n## [0.1.0] - 2026-01-01\n\nanew\n"}
        self.assertEqual(len(faults("prose", tree)), 1)

    def test_every_folder_is_checked_except_fixtures(self):
        tree = {"deploy/a": "#!/bin/bash\n# anew\n", "tests/a.py": "# anew\n", "tests/fixtures/a.py": "# anew\n"}
        self.assertEqual(len(faults("prose", tree)), 2)

    def test_the_name_of_a_test_is_a_sentence(self):
        self.assertEqual(found("TEST(Pool, ARepSeesHisLead) {\n", "tests/a_test.cpp"), ["1 his"])
        self.assertEqual(found("\nTEST_F(Pool, WhoIsAbsentGetsNone) {\n", "tests/a_test.cpp"), ["2 begins with Who"])
        self.assertEqual(found("class A:\n    def test_nobody_is_told(self):\n        pass\n", "tests/a.py"),
                         ["2 nobody", "2 is told"])
        self.assertEqual(found("TEST(Pool, ARepWhoIsAbsentGetsNone) {\n", "tests/a_test.cpp"), [])


if __name__ == "__main__":
    unittest.main()
