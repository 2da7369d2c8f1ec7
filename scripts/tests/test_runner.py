import time
import unittest

from support import InEmptyTree

SWIFT = "echo '✔ Test run with 123 tests in 7 suites passed after 1.2 seconds.'"


class TestRunnerTests(InEmptyTree):
    def run_suites(self, *lines, arguments=(), **environment):
        self.copy("test", "tally")
        self.write("scripts/bootstrap", "#!/bin/bash\n", executable=True)
        self.write("scripts/suites", "\n".join(lines) + "\n")
        return self.run_script("test", *arguments, **environment)

    def last(self, ran):
        return ran.stdout.splitlines()[-1]

    def test_tests_of_all_suites_add_up_in_the_last_line(self):
        ran = self.run_suites(
            "suite lint true", f'suite --counted swift bash -c "{SWIFT}"', "suite fuzz echo 2 passed, 0 failed")
        self.assertEqual((ran.returncode, self.last(ran)), (0, "125 passed, 0 failed"), ran.stdout)
        self.assertIn("passed after", (self.tree / ".build/test-logs/swift.log").read_text())

    def test_a_suite_without_tests_of_its_own_is_one_failure_when_it_fails(self):
        ran = self.run_suites("suite lint bash -c 'echo A.swift:1: \"error:\" bad; exit 3'", "suite fuzz echo 2 passed, 0 failed")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "2 passed, 1 failed"))
        self.assertEqual(ran.stdout.count("A.swift:1: error: bad"), 2, "shown, and shown again at the end")

    def test_failed_tests_fail_the_suite_whatever_its_exit_code(self):
        ran = self.run_suites("suite fuzz echo 2 passed, 3 failed")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "2 passed, 3 failed"))

    def test_a_suite_after_a_failed_one_is_not_run_and_counts_as_failed(self):
        ran = self.run_suites("suite build false", "suite --after build swift echo 9 passed, 0 failed")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "0 passed, 2 failed"))
        self.assertIn("not run: build failed", ran.stdout)

    def test_a_counted_suite_that_runs_no_test_is_a_failure(self):
        ran = self.run_suites("suite --counted swift true")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "0 passed, 1 failed"))

    def test_a_skipped_test_is_a_failure_in_continuous_integration_only(self):
        suite = "suite scripts printf 'Ran 3 tests in 0.1s\\n\\nOK (skipped=1)\\n'"
        self.assertEqual(self.run_suites(suite).returncode, 0)
        ran = self.run_suites(suite, CI="true")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "2 passed, 1 failed"))

    def test_a_suite_that_hangs_is_stopped_and_named(self):
        ran = self.run_suites("suite slow sleep 60", "suite fast echo 1 passed, 0 failed", SUITE_LIMIT="1")
        self.assertEqual((ran.returncode, self.last(ran)), (1, "1 passed, 1 failed"))
        self.assertIn("slow: stopped after 1 s", ran.stdout)

    def test_a_process_left_behind_does_not_hold_up_the_run(self):
        began = time.monotonic()
        ran = self.run_suites("suite leaky bash -c 'sleep 30 & echo 1 passed, 0 failed'")
        self.assertEqual((ran.returncode, self.last(ran)), (0, "1 passed, 0 failed"))
        self.assertLess(time.monotonic() - began, 20)

    def test_single_suites_can_be_chosen(self):
        suites = ("suite one echo 1 passed, 0 failed", "suite two echo 2 passed, 0 failed")
        self.assertEqual(self.last(self.run_suites(*suites, arguments=["two"])), "2 passed, 0 failed")
        self.assertEqual(self.run_suites(*suites, arguments=["three"]).returncode, 2)
        self.assertEqual(self.run_suites(*suites, arguments=["--list"]).stdout.split()[0], "one")


if __name__ == "__main__":
    unittest.main()
