"""What people type wrongly, and what they are told: what happened, why, and what to type instead. The line that `try:`
gives is run, too, wherever it can be.

    python3 -B -m unittest discover -s Tests/Drill
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, clean_environment, run  # noqa: E402
from server import Server  # noqa: E402

OK = 0  # the line that `try:` gives ends so
HELP = "help"  # it leads to a page of help, which is looked at
TOLD = None  # it is advice, or would stay in the foreground: not run

# The command line | exit code | what must be said, in this order | what `try:` must say | what becomes of that line
MISTAKES = [
    # Verbs.
    ("sumbit finance.compound_interest --kwargs '{\"amount\": 1, \"rate\": 0}'", 2,
     ["error: there is no verb 'sumbit'", "did you mean 'submit'?"],
     "celerity submit finance.compound_interest --kwargs '{\"amount\": 1, \"rate\": 0}'", OK),
    ("queue", 2, ["error: 'celerity queue' needs one of its verbs", "list, show, pause"], "celerity queue list", OK),
    ("queue lsit", 2, ["error: 'celerity queue' has no verb 'lsit'", "'list'"], "celerity queue list", OK),
    ("queue lis --json", 2, ["has no verb 'lis'", "'list'"], "celerity queue list --json", OK),
    ("list queue", 2, ["no verb 'list'", "the thing comes first"], "celerity queue list", OK),
    ("queue-list", 2, ["no verb 'queue-list'", "two words"], "celerity queue list", OK),
    ("worker list", 2, ["no verb 'worker'", "'workers'"], "celerity workers list", OK),
    ("worker -c 4", 2, ["no verb 'worker'", "one process runs"], "celerity dev", TOLD),
    ("beat", 2, ["no verb 'beat'", "one process runs gateway, worker and scheduler"], "celerity dev", TOLD),
    ("status", 2, ["no verb 'status'", "workers"], "celerity workers list", OK),
    ("purge reports", 2, ["no verb 'purge'", "a queue is purged"], "celerity queue purge --help", HELP),
    ("run finance.compound_interest", 2, ["no verb 'run'", "'submit'"], "celerity submit --help", HELP),
    ("frobnicate", 2, ["no verb 'frobnicate'"], "celerity --help", HELP),
    ("pasue --help", 2, ["no verb 'pasue'"], "celerity --help", TOLD),
    # Options and arguments.
    ("queue list --jsno", 2, ["has no option --jsno", "did you mean --json?"], "celerity queue list --json", OK),
    ("queue list -json", 2, ["has no option -json", "did you mean --json?"], "celerity queue list --json", OK),
    ("--json queue list", 2, ["--json stands before the verb", "come after"], "celerity queue list --json", OK),
    ("queue list --json=yes", 2, ["--json takes no value", "switch"], "celerity queue list --json", OK),
    ("queue list default", 2, ["'default' is one word too many", "takes no arguments"], "celerity queue list", OK),
    ("queue show", 2, ["needs <queue>", "The queue."], "celerity queue show default", TOLD),
    ("task show", 2, ["needs <id>"], "celerity task show", TOLD),
    ("dev -c8", 2, ["has no option -c8", "a blank parts -c from its value"], "celerity dev -c 8", TOLD),
    ("config show --port", 2, ["--port needs a value", "Port to listen on"], "celerity", TOLD),
    ("queue list --color sometimes", 2, ["--color can't be 'sometimes'", "auto, always and never"],
     "celerity queue list --color auto", OK),
    ("queue list --timeout soon", 2, ["--timeout can't be 'soon'", "Seconds to wait"], "celerity queue list --help",
     HELP),
    ("completion tcsh", 2, ["can't be 'tcsh'", "bash, zsh and fish"], "celerity completion bash", OK),
    ("workers scale celery@host many", 2, ["<count> can't be 'many'", "from 1 to 1024"], "celerity workers scale",
     TOLD),
    ("workers scale celery@host 0", 2, ["can't run 0 tasks", "from 1 to 1024"], "celerity workers scale celery@host 1",
     TOLD),
    # Submissions.
    ("submit", 2, ["which task?", "neither"], "celerity submit finance.compound_interest", OK),
    ("submit finance.compound_interest --kwargs {amount: 1, rate: 0}", 2,
     ["one word too many", "single quotes"], "celerity submit finance.compound_interest --kwargs '{", OK),
    ("submit finance.compound_interest --kwargs {amount:1,rate:0}", 2,
     ["--kwargs is not JSON", "shell"], "--kwargs '{\"amount\"", TOLD),
    ("submit finance.compound_interest --kwargs '[1]'", 2, ["--kwargs must be an object", "an array"],
     "--args", TOLD),
    ("submit finance.compound_interest --countdown -5", 2, ["--countdown needs a value"], "celerity submit", TOLD),
    ("submit finance.compound_interest --priority high", 2, ["--priority can't be 'high'", "0 to 9"],
     "celerity submit --help", HELP),
    ("submit finance.compound_intrest", 3, ["finance.compound_intrest", "404"], "finance.compound_interest", TOLD),
    ("submit finance.compound_interest --kwargs '{\"amout\": 1, \"rate\": 0}'", 2, ["422", "amout"], None, TOLD),
    # What is not there, or not allowed.
    ("task show 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44", 3, ["0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44"], None, TOLD),
    ("queue show nosuch", 3, ["nosuch"], None, TOLD),
    ("workers show celery@nosuch", 3, ["celery@nosuch"], None, TOLD),
    ("queue purge held", 2, ["revoke 1 task", "'held'", "no terminal"], "add --yes", TOLD),
    ("dead redrive", 2, ["which dead tasks?", "--all"], "celerity dead list", OK),
    ("dead redrive some-id --all", 2, ["don't go together"], "celerity dead redrive some-id", TOLD),
    ("schedule add nightly", 2, ["needs --schedule", "when"], "celerity schedule add nightly --schedule", TOLD),
    ("schedule edit nightly", 2, ["nothing to change"], "celerity schedule show nightly", TOLD),
    ("schedule next 'every banana'", 2, ["banana"], None, TOLD),
    ("inspect ping -d celery@nosuch", 69, ["no worker 'celery@nosuch' replied"], "celerity workers list", OK),
    ("inspect conf", 1, ["do not tell their settings"], "celerity config show", TOLD),
    ("top", 2, ["top needs a terminal"], "celerity top --json", TOLD),
    ("queue list --url http://127.0.0.1:1", 69, ["http://127.0.0.1:1"], "celerity dev", TOLD),
    ("queue list --url ftp://127.0.0.1", 2, ["no address of a gateway", "http or https"], "--url http", TOLD),
    # Settings.
    ("config explain worker.concurency", 2, ["no setting 'worker.concurency'", "'worker.concurrency'"],
     "celerity config explain worker.concurrency", OK),
    ("config explain concurrency", 2, ["no setting 'concurrency'", "'worker.concurrency'"],
     "celerity config explain worker.concurrency", OK),
    ("config show --set worker.concurency=3", 2, ["no setting 'worker.concurency'", "'worker.concurrency'"],
     "celerity config explain worker.concurrency", OK),
    ("config show --set worker.concurrency", 2, ["--set takes name=value"], "celerity config show", OK),
    ("config show --port eighty", 2, ["--port is 'eighty', but must be a whole number"], "celerity config explain port",
     OK),
    ("config check nosuch.yaml", 2, ["can't read nosuch.yaml", "No such file"], None, TOLD),
    ("config check wrong.yaml", 2, ["unknown key 'worker.concurency' in wrong.yaml:2", "'worker.concurrency'"],
     "celerity config explain", TOLD),
    ("dev --service finanse", 2, ["no service 'finanse'", "'finance'"], "services: finance", TOLD),
    ("dev --engine mysql://root:geheim@host/db", 2, ["engine", "not available"], "--engine sqlite:PATH", TOLD),
    ("restore nosuch.db", 1, ["no backup at nosuch.db"], "celerity backup", TOLD),
]


class Mistakes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="celerity-mistakes-")
        cls.server = Server(BINARY, cls.directory.name)
        cls.server.start()
        # No worker takes from this queue.
        cls.server.call("POST", "/v1/tasks", {"task": "finance.health_check", "queue": "held"})
        with open(os.path.join(cls.directory.name, "wrong.yaml"), "w", encoding="utf-8") as file:
            file.write("worker:\n  concurency: 3\n")

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.log.close()
        cls.directory.cleanup()

    @property
    def environment(self):
        return {"CELERITY_URL": f"http://127.0.0.1:{self.server.port}"}

    def test_there_are_forty_and_more(self):
        self.assertGreaterEqual(len(MISTAKES), 40)

    def test_each_mistake_is_answered_with_what_happened_why_and_what_to_type_instead(self):
        for line, status, parts, hint, outcome in MISTAKES:
            with self.subTest(line):
                words = shlex.split(line)
                result = run(*words, cwd=self.directory.name, **self.environment)
                said = result.stderr
                self.assertEqual(result.returncode, status, said)
                self.assertEqual(result.stdout, "")
                self.assertTrue(said.startswith("error: "), said)
                self.assertNotIn("Usage:", said)
                self.assertNotIn("geheim", said)
                place = 0
                for part in parts:
                    found = said.find(part, place)
                    self.assertNotEqual(found, -1, f"no {part!r} behind {said[:place]!r} in {said!r}")
                    place = found
                tried = re.search(r"^try: +(.*)$", said, re.MULTILINE)
                if hint is not None:
                    self.assertIsNotNone(tried, said)
                    self.assertIn(hint, tried.group(1))
                if outcome is not TOLD:
                    self.check(tried.group(1), outcome)

    def check(self, line, outcome):
        """The line works when it is pasted into a shell."""
        self.assertTrue(line.startswith("celerity "), line)
        result = subprocess.run(
            ["bash", "-c", line], capture_output=True, text=True, timeout=60, cwd=self.directory.name,
            env=clean_environment(PATH=os.path.dirname(BINARY) + ":" + os.environ["PATH"], **self.environment))
        self.assertEqual(result.returncode, 0, (line, result.stderr))
        if outcome == HELP:
            self.assertIn("\nUsage\n", result.stdout)

    def test_a_hostile_line_cannot_write_to_the_terminal(self):
        for words in (["\x1b[2J"], ["queue", "\x1b]0;x\x07"], ["queue", "list", "--\x1b[31m"],
                      ["queue", "show", "a\x1b[2J"], ["queue", "list", "\x9b31m"], ["config", "explain", "\x1b[2J"]):
            result = run(*words, **self.environment)
            self.assertNotEqual(result.returncode, 0)
            self.assertNotIn("\x1b", result.stderr + result.stdout, words)
            self.assertNotIn("\x9b", result.stderr + result.stdout, words)

    def test_bytes_that_are_no_text_and_words_without_end_are_survived(self):
        for words in ([b"\xff\xfe"], [b"queue", b"\xc3("], [b"x" * 100_000], [b""], [b"queue", b""], [b"--"], [b"-"],
                      [b"queue", b"list", b"--", b"--"], [b"-" * 5000]):
            result = subprocess.run([BINARY, *words], capture_output=True, timeout=60, env=clean_environment())
            self.assertEqual(result.returncode, 2, (words[0][:20], result.stderr[:300]))
            self.assertTrue(result.stderr.startswith(b"error: "), result.stderr[:300])


if __name__ == "__main__":
    unittest.main()
