import signal
import subprocess
import sys
import time
import unittest

from support import InEmptyTree

TEST = """
import {extra}
import unittest

class {name}(unittest.TestCase):
    def test_it(self):
        {body}
"""


class PythonTestsTests(InEmptyTree):
    def add(self, name, body, extra="os"):
        self.write(f"Tests/test_{name.lower()}.py", TEST.format(name=name, body=body, extra=extra))

    def begin(self, *files):
        self.copy("python-tests")
        return subprocess.Popen(
            [sys.executable, "-B", "scripts/python-tests", "Tests", *files], cwd=self.tree, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)

    def run_tests(self, *files):
        process = self.begin(*files)
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def test_all_files_are_run_and_what_each_printed_is_shown(self):
        for name in ("One", "Two", "Three"):
            self.add(name, f"print('this is {name}')")
        code, output = self.run_tests()
        self.assertEqual(code, 0, output)
        self.assertEqual(output.count("Ran 1 test in "), 3)
        for name in ("One", "Two", "Three"):
            self.assertIn(f"this is {name}", output)
            self.assertIn(f"---- test_{name.lower()}.py: ", output)

    def test_a_failure_in_one_file_fails_the_whole_and_the_others_are_run(self):
        self.add("Bad", "self.fail('on purpose')")
        self.add("Good", "pass")
        code, output = self.run_tests()
        self.assertEqual(code, 1, output)
        self.assertIn("on purpose", output)
        self.assertEqual(output.count("Ran 1 test in "), 2)

    def test_a_folder_without_tests_is_a_failure(self):
        self.assertEqual(self.run_tests()[0], 1)

    def test_files_that_are_named_begin_and_must_be_there(self):
        self.add("Large", "pass  # " + "x" * 1000)
        self.add("Medium", "pass  # " + "x" * 100)
        self.add("Small", "pass")
        code, output = self.run_tests("test_small.py")
        self.assertEqual((code, output.count("Ran 1 test in ")), (0, 3), output)
        code, output = self.run_tests("test_gone.py")
        self.assertEqual(code, 1)
        self.assertIn("there is no Tests/test_gone.py", output)

    def test_who_is_stopped_stops_its_files_and_shows_what_they_printed(self):
        self.add("Slow", "print('began', flush=True); time.sleep(60)", extra="time")
        self.add("Later", "open('began', 'w').close(); time.sleep(60)", extra="time")
        process = self.begin()
        deadline = time.monotonic() + 30
        while not (self.tree / "began").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
        self.assertLess(time.monotonic() - began, 20)
        self.assertEqual(process.returncode, 1, output)
        self.assertIn("KeyboardInterrupt", output)


if __name__ == "__main__":
    unittest.main()
