"""Builds each example as a package of its own, runs it and uses it as its reader would."""

import os
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Drill"))
from server import Server  # noqa: E402


class Readme(unittest.TestCase):
    def test_its_program_is_the_example(self):
        with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
            marker, rest = readme.read().split("<!-- example: ", 1)[1].split(" -->\n```swift\n", 1)
        with open(os.path.join(ROOT, marker), encoding="utf-8") as source:
            self.assertIn(rest.split("```", 1)[0], source.read())


class Greetings(unittest.TestCase):
    package = os.path.join(ROOT, "Examples", "Greetings")

    @classmethod
    def setUpClass(cls):
        # The same scratch folder as the project's: what it depends on is built there already.
        cls.scratch = os.path.join(ROOT, ".build")
        command = ["swift", "build", "--package-path", cls.package, "--scratch-path", cls.scratch]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        cls.binary = os.path.join(cls.scratch, "debug", "Greetings")

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="celerity-example-")
        self.server = Server(self.binary, self.directory.name)
        self.server.start()

    def tearDown(self):
        self.assertEqual(self.server.stop(), 0)
        self.server.log.close()
        self.directory.cleanup()

    def test_it_is_shorter_than_forty_lines(self):
        with open(os.path.join(self.package, "Sources", "Greetings", "Greetings.swift"), encoding="utf-8") as source:
            self.assertLess(len(source.readlines()), 40)

    def test_its_task_takes_positional_and_keyword_arguments_and_refuses_wrong_ones(self):
        for body in ({"args": ["Ada", 2]}, {"kwargs": {"name": "Ada", "times": 2}}, {"args": ["Ada"], "kwargs": {"times": 2}}):
            answer = self.server.call(
                "POST", "/v1/tasks", {"task": "greetings.greet", **body}, {"Prefer": "wait=10"}, timeout=20)
            self.assertEqual((answer[0], answer[1]["result"]), (200, ["Hello, Ada!", "Hello, Ada!"]))
        status, problem = self.server.call("POST", "/v1/tasks", {"task": "greetings.greet", "kwargs": {"nmae": "Ada"}})
        self.assertEqual(status, 422)
        self.assertIn("did you mean 'name'?", str(problem["errors"]))

    def test_its_route_submits_its_task(self):
        status, answer = self.server.call("POST", "/greet/Grace%20Hopper")
        self.assertEqual(status, 202)
        result = self.server.call("GET", f"/v1/tasks/{answer['id']}/result?wait=10", timeout=20)
        self.assertEqual(result[1]["result"], ["Hello, Grace Hopper!"])

    def test_its_schedule_fires(self):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            tasks = self.server.call("GET", "/v1/tasks?state=SUCCESS")[1]["tasks"]
            fired = [task for task in tasks if task["id"].startswith("schedule:hello-world:")]
            if len(fired) >= 2:
                self.assertEqual(fired[0]["result"], ["Hello, world!"])
                return
            time.sleep(0.1)
        self.fail("the schedule did not fire twice within 20 s")

    def test_it_is_the_same_command_line(self):
        shown = subprocess.run([self.binary, "config", "show"], capture_output=True, text=True, timeout=30)
        self.assertIn("worker.concurrency", shown.stdout)


if __name__ == "__main__":
    unittest.main()
