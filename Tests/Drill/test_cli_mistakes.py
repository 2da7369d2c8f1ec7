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
    ("worker list", 2, ["'list' is one word too many", "'celerity workers' looks after"], "celerity workers list", OK),
    ("scheduler list", 2, ["'list' is one word too many", "'celerity schedule' looks after"], "celerity schedule list",
     OK),
    ("up", 2, ["no verb 'up'", "gateway, worker and scheduler in one process"], "celerity dev", TOLD),
    # Roles, with Celery's words.
    ("worker -c 4", 2, ["celerity.db has one owner, the process 'celerity dev'", "'worker'"], "--engine redis://", TOLD),
    ("-A shop worker -l INFO", 2, ["has one owner"], "celerity dev", TOLD),
    ("beat", 2, ["has one owner", "'scheduler'"], "--engine redis://", TOLD),
    ("serve --engine sqlite:x.db", 2, ["x.db has one owner", "'serve'"], "--engine redis://", TOLD),
    ("worker -D --pidfile x.pid -c 4", 2, ["no option -D", "stays in the foreground"], "celerity worker -c 4", TOLD),
    ("worker --purge", 2, ["no option --purge", "celerity queue purge"], "celerity worker", TOLD),
    ("worker --pool gevent", 2, ["--pool can't be 'gevent'", "threads, solo, prefork and processes"],
     "celerity worker --pool", TOLD),
    ("worker --autoscale many", 2, ["--autoscale can't be 'many'", "max,min"], "--autoscale 10,3", TOLD),
    ("worker --quues a", 2, ["no option --quues", "did you mean --queues?"], "celerity worker --queues a", TOLD),
    ("worker --engine redis://u:geheim@h/x", 2, ["engine is 'redis://u:***@h/x'", "a database is a number"],
     "celerity config explain engine", OK),
    ("worker --engine redis://h/0 --results redis://h/1", 2, ["results are kept with the tasks", "redis://h:6379/1"],
     "leave out --results", TOLD),
    ("worker --engine redis://h/0 --results db+mysql://u:geheim@h/x", 2, ["results are kept with the tasks"],
     "leave out --results", TOLD),
    ("backup x.db --data nosuch", 2, ["there is no store at nosuch/celerity.db"], "--data", TOLD),
    ("backup x.db --engine redis://h/0", 2, ["this is for a file of SQLite"], "sqlite:PATH", TOLD),
    ("status", 2, ["no verb 'status'", "workers"], "celerity workers list", OK),
    ("purge reports", 2, ["no verb 'purge'", "a queue is purged"], "celerity queue purge --help", HELP),
    ("run finance.compound_interest", 2, ["no verb 'run'", "'submit'"], "celerity submit --help", HELP),
    ("frobnicate", 2, ["no verb 'frobnicate'"], "celerity --help", HELP),
    ("pasue --help", 2, ["no verb 'pasue'"], "celerity --help", TOLD),
    # Words of other tools.
    ("task ls", 2, ["has no verb 'ls'", "'list'"], "celerity task list", OK),
    ("task get some-id", 2, ["has no verb 'get'", "'show'"], "celerity task show some-id", TOLD),
    ("task rm some-id", 2, ["has no verb 'rm'", "'cancel'"], "celerity task cancel some-id", TOLD),
    ("schedule remove nightly", 2, ["has no verb 'remove'", "'delete'"], "celerity schedule delete nightly", TOLD),
    ("config get worker.concurrency", 2, ["has no verb 'get'", "'explain'"], "celerity config explain worker.concurrency",
     OK),
    ("config set worker.concurrency=8", 2, ["has no verb 'set'", "read at the start"],
     "celerity config explain worker.concurrency", OK),
    ("task list -n 5", 2, ["has no option -n", "--limit"], "celerity task list --limit 5", OK),
    ("task list --since 1h", 2, ["has no option --since", "--query"], "celerity task list --query 'created:<1h'", OK),
    ("queue list --port 8123", 2, ["has no option --port", "--url"], "celerity queue list --url http://127.0.0.1:8123",
     TOLD),
    ("manual submit", 2, ["'submit' is one word too many", "its own help"], "celerity submit --help", HELP),
    ("kinds show finance.comp", 3, ["finance.comp"], "celerity kinds show finance.compound_interest", OK),
    ("config show wroker", 2, ["no setting 'wroker'"], "celerity config", OK),
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
    ("queue list --timeout soon", 2, ["--timeout can't be 'soon'", "seconds above 0"], "celerity queue list --timeout 30",
     OK),
    ("task list --limit abc", 2, ["--limit can't be 'abc'", "at least 1"], "celerity task list --limit 20", OK),
    ("task list --limit -5", 2, ["--limit can't be '-5'", "at least 1"], "celerity task list --limit 5", OK),
    ("dev --concurrency -1", 2, ["--concurrency can't be '-1'", "from 0 to 1024"], "celerity dev --concurrency 1", TOLD),
    ("completion tcsh", 2, ["can't be 'tcsh'", "bash, zsh and fish"], "celerity completion bash", OK),
    ("workers scale celery@host many", 2, ["<count> can't be 'many'", "from 1 to 1024"],
     "celerity workers scale celery@host 4", TOLD),
    ("workers scale celery@host -2", 2, ["<count> can't be '-2'", "from 1 to 1024"], "celerity workers scale celery@host 2",
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
    ("submit finance.compound_interest --countdown -5", 2,
     ["--countdown can't be '-5'", "a length of time"], "celerity submit finance.compound_interest --countdown 5", TOLD),
    ("submit finance.compound_interest --countdown '5 minutes'", 2, ["--countdown can't be '5 minutes'", "a length of time"],
     "celerity submit finance.compound_interest --countdown 5m", TOLD),
    ("submit finance.health_check --priority -1", 2, ["--priority can't be '-1'", "from 0 to 9"],
     "celerity submit finance.health_check --priority 1", OK),
    ("submit finance.health_check --retries -3", 2, ["--retries can't be '-3'", "from 0 to 10000"],
     "celerity submit finance.health_check --retries 3", OK),
    ("submit finance.health_check --eta tomorrow", 2,
     ["--eta can't be 'tomorrow'", "2030-01-31T12:00:00Z", "midnight UTC"], "celerity submit finance.health_check --eta 2",
     OK),
    ("submit --task finance.health_check", 2, ["has no option --task", "without an option"],
     "celerity submit finance.health_check", OK),
    ("submit finance.compound_interest --priority high", 2, ["--priority can't be 'high'", "0 to 9"],
     "celerity submit finance.compound_interest --priority 5", TOLD),
    ("submit finance.compound_intrest", 3, ["finance.compound_intrest", "unknown-task"], "finance.compound_interest", TOLD),
    ("submit finance.compound_interest --kwargs '{\"amout\": 1, \"rate\": 0}'", 2, ["invalid-arguments", "amout"], None, TOLD),
    ("submit finance.compound_interest amount=1 rate=0", 2, ["one word too many", "--kwargs"],
     "celerity submit finance.compound_interest --kwargs '{\"amount\":1,\"rate\":0}'", OK),
    ("submit finance.compound_interest --amount 1 --rate 0", 2, ["no option --amount", "--kwargs"],
     "celerity submit finance.compound_interest --kwargs '{\"amount\":1,\"rate\":0}'", OK),
    ("submit finance.compound_interest '{\"amount\":1,\"rate\":0}'", 2, ["one word too many", "--kwargs"],
     "celerity submit finance.compound_interest --kwargs '{\"amount\":1,\"rate\":0}'", OK),
    ("submit finance.compound_interest --args 1 0", 2, ["one word too many", "--args"],
     "celerity submit finance.compound_interest --args '[1,0]'", OK),
    ("submit finance.health_check --wait=2sek", 2, ["--wait can't be '2sek'", "length of time"],
     "celerity submit finance.health_check --wait=2s", OK),
    ("submit finance.health_check --priority 10", 2, ["--priority"], None, TOLD),
    ("task list --query stat:FAILURE", 2, ["--query can't be read", "invalid-query", "\n       ^"], "state", TOLD),
    ("task show abcdef", 3, ["abcdef"], "celerity task list", OK),
    ("task list --url 8010", 2, ["a port without a host"], "--url http://127.0.0.1:8010", TOLD),
    # What is not there, or not allowed.
    ("task show 0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44", 3, ["0197c9a1-3d5e-7b61-8f00-6a1f0e2d9c44"], None, TOLD),
    ("queue show nosuch", 3, ["nosuch"], None, TOLD),
    ("workers show celery@nosuch", 3, ["celery@nosuch"], None, TOLD),
    ("queue purge held", 2, ["revoke 1 task", "'held'", "no terminal"], "add --yes", TOLD),
    ("dead redrive", 2, ["which dead tasks?", "--all"], "celerity dead list", OK),
    ("dead redrive some-id --all", 2, ["don't go together"], "celerity dead redrive some-id", TOLD),
    ("schedule add nightly", 2, ["needs --schedule", "when"], "celerity schedule add nightly --schedule", TOLD),
    ("schedule add nightly --schedule 5m --task finance.health_check", 2, ["'5m' can't be read"],
     "celerity schedule add nightly --schedule 'every 5 minutes' --task finance.health_check", OK),
    ("schedule next 5m", 2, ["'5m' can't be read"], "celerity schedule next 'every 5 minutes'", OK),
    ("schedule next '61 * * * *'", 2, ["'61 * * * *' can't be read: 61 is out of range, at character 1"], "0 to 59", TOLD),
    ("schedule add odd --schedule '61 * * * *' --task finance.health_check", 2, ["61 is out of range"], "0 to 59", TOLD),
    ("schedule next 0 2 '*' '*' '*'", 2, ["one word too many", "in quotes"], "celerity schedule next '0 2 * * *'", OK),
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
    ("config show --set port=eighty", 2, ["error: port is 'eighty', but must be a whole number"],
     "celerity config explain port", OK),
    ("config show --port eighty", 2, ["--port is 'eighty', but must be a whole number"], "celerity config explain port",
     OK),
    ("config check nosuch.yaml", 2, ["can't read nosuch.yaml", "No such file"], None, TOLD),
    ("config check wrong.yaml", 2, ["unknown key 'worker.concurency' in wrong.yaml:2", "'worker.concurrency'"],
     "celerity config explain", TOLD),
    ("dev --queues acme/mail", 2, ["'acme/mail' can't name a queue"], "without control characters and /", TOLD),
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

    def test_a_store_in_use_is_left_to_its_owner_and_the_advice_fits_the_verb(self):
        owner = f"process {self.server.process.pid}"
        data = os.path.join(self.directory.name, "data")
        for words, advice in ((["dev", "--port", "0"], "it already runs"), (["backup", "copy.db"], "stop it first"),
                              (["restore", os.path.join(data, "celerity.db"), "--replace"], "stop it first")):
            result = run(*words, "--data", data, cwd=self.directory.name)
            self.assertEqual(result.returncode, 75, (words, result.stderr))
            self.assertIn(f"try:   {advice}", result.stderr)
            self.assertIn(owner, result.stderr)
            self.assertNotIn("redis", result.stderr)

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
