"""The page about the services' rows is right, and every row is held by a test or says why not."""

import os
import tempfile
import unittest

import coverage


class Rows(unittest.TestCase):
    def test_the_page_is_what_the_rows_and_the_tests_say(self):
        with open(coverage.PAGE, encoding="utf-8") as page:
            self.assertEqual(page.read(), coverage.made(), "run: python3 -B Tests/Docs/coverage.py")

    def test_every_row_that_must_be_kept_is_tested_or_says_why_not(self):
        self.assertEqual(coverage.unheld(coverage.read_rows(), coverage.read_tests()), [])

    def test_every_row_that_a_test_names_is_there(self):
        self.assertEqual(coverage.unknown(coverage.read_rows(), coverage.read_tests()), {})

    def test_there_are_rows_and_tests_of_every_service(self):
        rows, tests = coverage.read_rows(), coverage.read_tests()
        for number in range(len(coverage.SERVICES)):
            own = [row["id"] for row in rows if row["id"].startswith(f"S{number}.")]
            self.assertGreater(len(own), 20)
            self.assertTrue(any(each in tests for each in own), coverage.SERVICES[number])


class Reading(unittest.TestCase):
    """How rows and names of tests are read."""

    def test_swift_names_tell_ids_and_comments_do_not(self):
        text = (
            '@Test("S3.20, C3.8: exact \\"list\\" (S3.21)")\n@Test(\n  "S0.01: x", arguments: ["S9.99", "S4.01"])\n'
            '// @Test("S1.01: no")\n/* @Test("S1.02: no") */ let a = "http://x" // S1.03\n@Suite("S2.01: all") struct A {}\n')
        self.assertEqual(coverage.in_swift(text), ["S3.20", "C3.8", "S3.21", "S0.01", "S2.01"])

    def test_python_names_and_docstrings_tell_ids(self):
        text = (
            '"""S1.01"""\nclass A:\n    """S3.50: all of it."""\n    def test_s3_02_and_c3_6(self):\n'
            '        """S3.03 too"""\n        "S1.02"\n    def helper(self):\n        """S1.03"""\n'
            'class Base:\n    """S1.04"""\n')
        self.assertEqual(sorted(coverage.in_python(text)), ["C3.6", "S3.02", "S3.03", "S3.50"])

    def test_rows_that_are_wrong_are_refused(self):
        head = "\t".join(coverage.COLUMNS) + "\n"
        wrong = [
            "id\tforce\n", head + "S3.01\tM\tx\n", head + "S9.01\tM\tx\t\t\n", head + "S3.01\tX\tx\t\t\n",
            head + "S3.01\tM\tx\tlater\ty\n", head + "S3.01\tM\tx\topen\t\n", head + "S3.01\tM\tx\t\twhy\n",
            head + "S3.01\tM\tx\t\t\n" * 2, head + "S3.01\tM\t\t\t\n",
        ]
        for text in wrong:
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "rows.tsv")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
                with self.assertRaises(coverage.RowError, msg=text):
                    coverage.read_rows(path)

    def test_what_is_missing_is_noticed(self):
        rows = [
            dict(zip(coverage.COLUMNS, cells)) for cells in (
                ("S3.01", "M", "a", "", ""), ("S3.02", "D", "b", "", ""), ("S3.03", "M", "c", "open", "later"),
                ("S3.04", "R", "d", "", ""), ("S3.05", "M", "e", "open", "half"))]
        tests = {"S3.01": ["/t/a.py"], "S3.05": ["/t/a.py"], "S3.99": ["/t/b.py"]}
        self.assertEqual(coverage.unheld(rows, tests), ["S3.02"])
        self.assertEqual(coverage.unknown(rows, tests), {"S3.99": ["/t/b.py"]})
        self.assertEqual(
            [coverage.standing(row, tests) for row in rows], ["tested", "", "open", "", "in part"])
        text = coverage.page(rows, tests)
        self.assertIn("| S3.03 | M | c | open | later |", text)
        self.assertNotIn("S3.04", text)


if __name__ == "__main__":
    unittest.main()
