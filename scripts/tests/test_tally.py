import unittest

from support import load

tally = load("tally")

RUN = """◇ Test run started.
◇ Test "a task that failed after 3.0 seconds is retried" started.
✔ Test "a task that failed after 3.0 seconds is retried" passed after 0.001 seconds.
✘ Test "both" recorded an issue at T.swift:6:43: Expectation failed: (a → 1) == 2
✘ Test "both" failed after 0.001 seconds with 2 issues.
✔ Test good() passed after 0.001 seconds.
➜ Test off() skipped: "why"
━ Test known() passed after 0.001 seconds with 1 known issue.
✘ Test param(_:) with 3 test cases failed after 0.002 seconds with 1 issue.
✘ Suite S failed after 0.002 seconds with 4 issues (including 1 known issue).
"""
RUN_ENDED = "✘ Test run with 6 tests in 1 suite failed after 0.002 seconds with 4 issues (including 1 known issue).\n"


def count(text):
    reader = tally.Tally()
    for line in text.splitlines():
        reader.read(tally.COLOUR.sub("", line))
    reader.finish()
    return reader.total if reader.counted else None


class TallyTests(unittest.TestCase):
    def test_failed_and_skipped_tests_of_swift_testing_are_told_apart(self):
        self.assertEqual(count(RUN + RUN_ENDED), [3, 2, 1])

    def test_a_run_that_never_ends_is_one_more_failure(self):
        self.assertEqual(count(RUN), [3, 3, 1])

    def test_an_issue_outside_of_every_test_is_a_failure(self):
        self.assertEqual(count("✘ Test run with 2 tests in 1 suite failed after 0.1 seconds with 1 issue.\n"), [1, 1, 0])

    def test_several_runs_add_up_and_colours_do_not_matter(self):
        passed = "\x1b[92m✔\x1b[0m Test run with 1 test in 1 suite passed after 0.001 seconds.\n"
        self.assertEqual(count(RUN + RUN_ENDED + passed), [4, 2, 1])

    def test_an_empty_xctest_run_counts_nothing(self):
        empty = ("Test Suite 'All tests' passed at 2026-11-21 05:45:18.274\n"
                 "\t Executed 0 tests, with 0 failures (0 unexpected) in 0.0 (0.0) seconds\n")
        self.assertIsNone(count(empty))

    def test_xctest_is_counted_once_and_not_for_each_nested_suite(self):
        suite = "Test Suite '{}' failed at 2026-11-21 05:45:18.274\n"
        summary = "\t Executed 4 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.0 (0.0) seconds\n"
        self.assertEqual(count(suite.format("Inner") + summary + suite.format("All tests") + summary), [1, 2, 1])

    def test_unittest_is_understood(self):
        self.assertEqual(count("Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=1)\n"), [3, 3, 1])
        self.assertEqual(count("Ran 1 test in 0.1s\n\nOK\n"), [1, 0, 0])

    def test_our_own_line_is_understood_and_prose_is_not(self):
        self.assertEqual(count("3 passed, 1 failed\n"), [3, 1, 0])
        self.assertIsNone(count("of these 3 passed, 1 failed and that was it\n"))


if __name__ == "__main__":
    unittest.main()
