#!/usr/bin/env python3
"""A rule that finds nothing proves nothing: each is shown a small tree that breaks it."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
import lint  # noqa: E402


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

    def test_the_core_does_not_see_adapters(self):
        self.assertEqual(len(faults("rooms", {"gateway/core/model/a.cpp": '#include "adapters/engine/crm/crm.h"\n'})), 1)

    def test_includes_of_earlier_rooms_and_of_the_same_room_are_fine(self):
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

    def test_floating_point_in_a_decision_is_found_but_not_in_a_comment(self):
        self.assertEqual(len(faults("decisions", {"gateway/core/a.cpp": "// no double here\ndouble x = 0;\n"})), 1)
        self.assertEqual(faults("decisions", {"gateway/core/a.cpp": 'auto s = "double";  // float\n'}), [])

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

    def test_an_adapter_that_the_table_cannot_show_is_found(self):
        page = "<!-- adapters: written by deploy/docs/adapters.py -->\n<!-- end of adapters -->\n"
        self.assertEqual(faults("readme", {"adapters/crm/a.yaml": "crm: a\ntitle: A\n", "README.md": page}),
                         ['adapters/crm/a.yaml: has no plain value "stability"'])
        self.assertEqual(len(faults("readme", {"README.md": "# Baton\n"})), 1)

    def test_a_row_without_a_story_and_a_story_that_is_not_there_are_found(self):
        table = "| E3 | x | `e03_a`, `Some.Test` |\n| E4 | x | `e04_gone` |\n"
        found = faults("stories", {"tests/golden/README.md": table, "tests/golden/e03_a/x": "", "tests/golden/Odd/x": "",
                                   "tests/core/some_test.cpp": "TEST(Some, Test) {\n"})
        self.assertFalse([fault for fault in found if "row E3 " in fault])
        self.assertIn("tests/golden/README.md: row E4 names e04_gone, which there is not", found)
        self.assertIn("tests/golden/README.md: row E5 names no story", found)
        self.assertIn("tests/golden/README.md: nothing is said of Odd", found)
        self.assertIn("tests/golden/Odd: begins with the row it shows, such as g01_", found)


if __name__ == "__main__":
    unittest.main()
