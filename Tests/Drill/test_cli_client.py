"""The client verbs against the platform: shapes of their JSON, headings of their values, exit codes, bulk, following,
and what they do on a terminal.

    python3 -B -m unittest discover -s Tests/Drill
"""

import json
import os
import re
import shlex
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, Terminal, clean_environment, run  # noqa: E402
from server import Server  # noqa: E402

INTEREST = "finance.compound_interest"
GOOD = '{"amount": 10000, "rate": 0.05}'
# It is accepted, and ended by its time limit.
FAILING = ("finance.fixed_seconds", "--kwargs", '{"seconds": 5}', "--time-limit", "0.2", "--retries", "0")
OPTION = {"spot_price": 100, "strike_price": 100, "volatility": 0.2, "risk_free_rate": 0.05, "time_to_maturity": 1}

TASK = {
    "id", "task", "state", "queue", "priority", "args", "kwargs", "result", "error", "progress", "attempts", "retries",
    "cancel_requested", "worker", "created_at", "eta", "due_at", "expires_at", "started_at", "finished_at",
    "time_limit_seconds", "soft_time_limit_seconds", "parent_id", "root_id", "group_id", "group_index", "children", "tags",
    "request_id",
    "traceparent", "history", "links"}
ERROR = {"type", "module", "message", "reason", "traceback", "causes"}


class Running(unittest.TestCase):
    settings = ("worker.concurrency=2", "worker.name=celery@test")

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="celerity-client-")
        cls.server = Server(BINARY, cls.directory.name, cls.settings)
        cls.server.start()
        cls.environment = {"CELERITY_URL": f"http://127.0.0.1:{cls.server.port}"}

    @classmethod
    def tearDownClass(cls):
        if cls.server.process.poll() is None:
            cls.server.kill()
        cls.server.log.close()
        cls.directory.cleanup()

    def cli(self, *words, status=0, stdin="", **more):
        result = run(*words, stdin=stdin, **self.environment, **more)
        self.assertEqual(result.returncode, status, (words, result.stdout[-500:], result.stderr))
        return result

    def json(self, *words, **more):
        return json.loads(self.cli(*words, "--json", **more).stdout)

    def terminal(self, *words, **more):
        terminal = Terminal(BINARY, *words, **self.environment, **more)
        self.addCleanup(terminal.close)
        return terminal

    def process(self, *words):
        process = subprocess.Popen([BINARY, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=clean_environment(**self.environment))

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def submit(self, *more, name=INTEREST, kwargs=GOOD):
        return self.cli("submit", name, "--kwargs", kwargs, *more).stdout.strip()

    def file(self, text):
        path = os.path.join(self.directory.name, f"file-{time.monotonic_ns()}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


class Submit(Running):
    def test_waiting_prints_the_result_as_json_on_one_line(self):
        result = self.cli("submit", INTEREST, "--kwargs", GOOD, "--wait")
        self.assertEqual(json.loads(result.stdout)["total"], 10511.62)
        self.assertEqual((result.stdout.count("\n"), result.stderr), (1, ""))

    def test_the_name_may_stand_behind_wait(self):
        self.assertIn("10511.62", self.cli("submit", "--wait", INTEREST, "--kwargs", GOOD).stdout)

    def test_without_waiting_it_prints_the_id_alone(self):
        result = self.cli("submit", INTEREST, "--kwargs", GOOD)
        self.assertRegex(result.stdout, r"^[0-9a-f-]{36}\n$")
        self.assertEqual(result.stderr, "")

    def test_json_is_the_gateways_answer_or_the_whole_task(self):
        accepted = self.json("submit", INTEREST, "--kwargs", GOOD)
        self.assertLessEqual({"id", "state", "queue", "links"}, set(accepted))
        self.assertEqual(set(self.json("submit", INTEREST, "--kwargs", GOOD, "--wait")), TASK)

    def test_a_task_that_fails_is_1_with_the_failure_as_error(self):
        words = ("submit", *FAILING, "--wait")
        result = self.cli(*words, status=1)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, r"^error: finance\.fixed_seconds failed: \w+: .+\ntry:   celerity task why ")
        task = self.json(*words, status=1)
        self.assertEqual((set(task), set(task["error"]) >= ERROR), (TASK, True))

    def test_a_wait_that_is_too_short_is_124_and_the_task_goes_on(self):
        began = time.monotonic()
        result = self.cli("submit", "finance.fixed_seconds", "--kwargs", '{"seconds": 3}', "--wait=0.3", status=124)
        self.assertLess(time.monotonic() - began, 2)
        self.assertEqual(result.stdout, "")
        task_id = re.search(r"task ([0-9a-f-]{36}) has not ended", result.stderr).group(1)
        self.cli("task", "result", task_id, status=75)
        self.cli("task", "result", task_id, "--wait", "0.1s", status=124)
        self.cli("task", "cancel", task_id)

    def test_that_nobody_takes_from_the_queue_is_said_at_once_and_while_waiting(self):
        words = ("submit", INTEREST, "--kwargs", GOOD, "--queue", "nobody-takes")
        result = self.cli(*words)
        task_id = result.stdout.strip()
        self.assertEqual(result.stderr, "warning: no worker takes from the queue 'nobody-takes' now: the task waits until one "
                         f"does\ntry:   celerity task why {task_id}\n")
        self.assertIn("warning", self.json(*words))
        late = self.cli(*words, "--wait=0.2", status=124)
        self.assertIn("cause: PENDING: no worker takes from queue 'nobody-takes'.\n", late.stderr)
        for more in [(), ("--progress",)]:
            terminal = self.terminal(*words, "--wait=20", *more)
            terminal.wait_for(": PENDING: no worker takes from queue")
            terminal.send("\x03")
            self.assertEqual(terminal.finish(), 130)
            self.assertNotIn("error:", terminal.text)
        self.assertIn("celerity queue move nobody-takes QUEUE", self.cli("task", "why", task_id).stdout)
        self.cli("queue", "purge", "nobody-takes", "--yes")
        self.assertIn("default\t0", self.cli("queue", "purge", "default").stdout)

    def test_a_wait_that_is_no_length_of_time_sends_nothing(self):
        before = self.json("task", "list", "--limit", "1")["tasks"]
        for wrong in ["2sek", "abc", "-3"]:
            result = self.cli("submit", INTEREST, "--kwargs", GOOD, "--wait=" + wrong, status=2)
            self.assertIn(f"error: --wait can't be '{wrong}'", result.stderr)
        self.cli("task", "result", "some-id", "--wait=oops", status=2)
        self.assertEqual(self.json("task", "list", "--limit", "1")["tasks"], before)

    def test_arguments_come_from_files_and_from_standard_input(self):
        path = self.file(GOOD)
        self.assertIn("10511.62", self.cli("submit", INTEREST, "--kwargs", "@" + path, "--wait").stdout)
        self.assertIn("10511.62", self.cli("submit", INTEREST, "--kwargs", "-", "--wait", stdin=GOOD).stdout)
        self.cli("submit", INTEREST, "--args", "-", "--kwargs", "-", status=2)
        self.assertIn("/nowhere", self.cli("submit", INTEREST, "--kwargs", "@/nowhere", status=2).stderr)
        broken = self.cli("submit", INTEREST, "--kwargs", "@" + self.file('{\n "amount": 1,\n "rate" 2}'), status=2)
        self.assertIn('line 3:  "rate" 2}', broken.stderr)

    def test_json_that_a_shell_took_apart_is_answered_with_the_whole_line_which_works(self):
        for typed in ["{amount:10000,rate:0.05}", '{"amount": 10000, "rate": 0.05}', "{'amount':10000,'rate':.05}"]:
            with self.subTest(typed=typed):
                line = f'{shlex.quote(BINARY)} submit {INTEREST} --kwargs {typed} --wait'
                result = subprocess.run(["bash", "-c", line], capture_output=True, text=True,
                                        env=clean_environment(**self.environment), timeout=30)
                if typed.startswith("{'"):
                    self.assertEqual(result.returncode, 2)
                    continue
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn("shell", result.stderr)
                hint = re.search(r"^try:   (celerity .*)$", result.stderr, re.MULTILINE).group(1)
                again = subprocess.run(["bash", "-c", hint.replace("celerity", shlex.quote(BINARY), 1)], text=True,
                                       capture_output=True, env=clean_environment(**self.environment), timeout=30)
                self.assertIn("10511.62", again.stdout, again.stderr)

    def test_a_mistyped_task_is_answered_with_the_line_that_works(self):
        result = self.cli("submit", "finance.compound_intrest", "--kwargs", GOOD, status=3)
        hint = shlex.split(re.search(r"^try:   (celerity .*)$", result.stderr, re.MULTILINE).group(1))
        self.assertEqual(hint[1:], ["submit", INTEREST, "--kwargs", GOOD])

    def test_wrong_arguments_are_pointed_at(self):
        result = self.cli("submit", INTEREST, "--kwargs", '{"amount": 1}', status=2)
        self.assertIn("--kwargs rate is missing", result.stderr)
        self.assertIn(f"try:   celerity kinds show {INTEREST}", result.stderr)

    def test_every_option_arrives(self):
        task_id = self.submit(
            "--queue", "later", "--priority", "7", "--countdown", "1h", "--expires", "2d", "--tag", "a", "--tag", "b c",
            "--retries", "4", "--time-limit", "1m30s")
        task = self.json("task", "show", task_id)
        self.assertEqual((task["queue"], task["priority"], task["tags"], task["time_limit_seconds"], task["state"]),
                         ("later", 7, ["a", "b c"], 90, "PENDING"))
        self.assertTrue(task["eta"] and task["expires_at"])
        self.cli("task", "cancel", task_id)
        eta = self.json("task", "show", self.submit("--eta", "2099-01-31T12:00:00+01:00"))["eta"]
        self.assertEqual(eta, "2099-01-31T11:00:00.000000Z")
        self.cli("submit", INTEREST, "--eta", "2099-01-31", "--countdown", "1", status=2)

    def test_keys_make_repeated_submissions_one(self):
        key = f"key-{time.monotonic_ns()}"
        ids = {self.submit("--idempotency-key", key) for _ in range(3)}
        self.assertEqual(len(ids), 1)
        self.cli("submit", INTEREST, "--kwargs", '{"amount": 2, "rate": 0}', "--idempotency-key", key, status=2)
        unique = {self.submit("--key", key, "--countdown", "1h") for _ in range(3)}
        self.assertEqual(len(unique), 1)


class Bulk(Running):
    def line(self, **kwargs):
        return json.dumps({"task": INTEREST, "kwargs": kwargs})

    def test_each_line_is_a_task_and_wrong_ones_stop_no_other(self):
        good = self.line(amount=1, rate=0)
        path = self.file(f"\ufeff{good}\n\n{{broken\n{good}\r\n" + '{"task": "no.such"}\n   \n' + good)
        key = f"bulk-{time.monotonic_ns()}"
        result = self.cli("submit", "--bulk", path, "--idempotency-key", key, status=1)
        rows = [line.split("\t") for line in result.stdout.splitlines()]
        self.assertEqual(rows[0], ["line", "id", "state", "queue", "error"])
        self.assertEqual([(row[0], row[4]) for row in rows[1:]],
                         [("1", ""), ("3", "malformed-json"), ("4", ""), ("5", "unknown-task"), ("7", "")])
        self.assertIn("error: line 3: ", result.stderr)
        self.assertIn("2 of 5 tasks refused", result.stderr)
        with open(path, encoding="utf-8") as file:
            answer = self.json("submit", "--bulk", "-", "--idempotency-key", key, stdin=file.read(), status=1)
        self.assertEqual((answer["accepted"], answer["refused"]), (3, 2))
        self.assertEqual([item["index"] for item in answer["items"]], [0, 1, 2, 3, 4])
        self.assertEqual([item.get("id", "") for item in answer["items"]], [row[1] for row in rows[1:]])

    def test_files_of_any_length_go_in_chunks(self):
        count = 12_000
        path = self.file("\n".join(self.line(amount=n + 1, rate=0) for n in range(count)))
        began = time.monotonic()
        result = self.cli("submit", "--bulk", path)
        seconds = time.monotonic() - began
        self.assertEqual(len({line.split("\t")[1] for line in result.stdout.splitlines()[1:]}), count)
        print(f"\n  submit --bulk: {count} tasks in {seconds:.2f} s, {count / seconds:.0f}/s", file=sys.stderr)
        began = time.monotonic()
        answer = self.json("task", "list", "--task", INTEREST, "--all", timeout=120)
        self.assertGreaterEqual(len(answer["tasks"]), count)
        self.assertEqual((answer["has_more"], answer["next_cursor"]), (False, None))
        print(f"  task list --all --json: {len(answer['tasks'])} tasks in {time.monotonic() - began:.2f} s",
              file=sys.stderr)
        ids = self.cli("task", "list", "--all", "--ids").stdout.split()
        self.assertEqual(len(ids), len(set(ids)))

    def test_what_is_no_file_of_lines_is_refused_with_a_way_out(self):
        self.assertIn("jq -c '.[]'", self.cli("submit", "--bulk", self.file("[\n{}]"), status=2).stderr)
        self.assertIn("holds no lines", self.cli("submit", "--bulk", self.file("\n \n"), status=2).stderr)
        self.cli("submit", "--bulk", "/nowhere", status=2)
        self.cli("submit", "--bulk", self.file("{}"), "--wait", status=2)
        self.assertIn("which task?", self.cli("submit", status=2).stderr)


class Read(Running):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = run("submit", INTEREST, "--kwargs", GOOD, "--wait", "--json", **cls.environment)
        cls.task_id = json.loads(cls.done.stdout)["id"]
        cls.failed_id = json.loads(run(
            "submit", *FAILING, "--wait", "--json", **cls.environment).stdout)["id"]

    def test_names_that_nobody_knows_are_said_and_the_beginning_of_an_id_is_enough(self):
        result = self.cli("task", "list", "--task", "finance.compound_intrest", "--queue", "finanec")
        self.assertEqual(
            result.stderr, "no task is called 'finance.compound_intrest'; did you mean 'finance.compound_interest'?\n"
            "no queue is called 'finanec'; did you mean 'finance'?\n")
        whole = self.cli("task", "result", self.task_id).stdout
        self.assertEqual(self.cli("task", "result", self.task_id[:30]).stdout, whole)
        self.assertEqual(self.cli("task", "result", self.task_id[:24] + "…" + self.task_id[-4:]).stdout, whole)
        self.assertIn("several tasks", self.cli("task", "result", self.task_id[:6], status=2).stderr)
        self.assertIn("celerity task list", self.cli("task", "show", "abc", status=3).stderr)

    def test_shapes_of_json(self):
        listed = self.json("task", "list")
        self.assertLessEqual({"tasks", "next_cursor", "has_more"}, set(listed))
        self.assertEqual(set(listed["tasks"][0]), TASK)
        self.assertEqual(set(self.json("task", "show", self.task_id)), TASK)
        self.assertEqual(set(self.json("task", "result", self.task_id)), TASK)
        self.assertEqual(set(self.json("task", "logs", self.task_id)), {"lines", "next_after"})
        why = self.json("task", "why", self.failed_id)
        self.assertEqual(set(why), {"id", "state", "summary", "reasons"})
        self.assertLessEqual({"code", "detail"}, set(why["reasons"][0]))
        events = self.cli("task", "watch", self.task_id, "--json").stdout.splitlines()
        self.assertEqual([set(json.loads(line)) for line in events], [TASK])
        merged = self.json("task", "list", "--limit", "201")
        self.assertEqual(set(merged), {"tasks", "next_cursor", "has_more"})

    def test_headings_of_values(self):
        for words, heading in [
                (("list",), "id\ttask\tstate\tqueue\tcreated_at\trun_seconds\tattempts\tworker"),
                (("why", self.task_id), "code\tdetail\thint"),
                (("logs", self.task_id), "number\tattempt\ttime\tlevel\ttext"),
                (("watch", self.task_id), "at\tevent\tstate\tattempt\tworker\ttext"),
                (("cancel", self.task_id, self.failed_id), "id\tstate\toutcome")]:
            with self.subTest(words=words):
                output = run("task", *words, **self.environment).stdout
                self.assertEqual(output.split("\n")[0], heading)
        shown = dict(line.split("\t") for line in self.cli("task", "show", self.task_id).stdout.splitlines())
        self.assertEqual((shown["id"], shown["state"], json.loads(shown["kwargs"])),
                         (self.task_id, "SUCCESS", json.loads(GOOD)))

    def test_exit_codes(self):
        for words, status in [
                (("task", "show", "nope"), 3), (("task", "why", "nope"), 3), (("task", "logs", "nope"), 3),
                (("task", "watch", "nope"), 3), (("task", "result", "nope", "--wait"), 3),
                (("task", "result", self.failed_id), 1), (("task", "watch", self.failed_id), 1),
                (("task", "watch", self.task_id), 0), (("task", "list", "--state", "SUCESS"), 2),
                (("task", "list", "--limit", "0"), 2), (("task", "list", "--limit", "5", "--all"), 2),
                (("task", "list", "--query", "state:("), 2), (("task", "list", "--timeout", "-1"), 2),
                (("task", "list", "--url", "ftp://x"), 2), (("task", "cancel", self.task_id), 5),
                (("task", "retry", self.task_id), 5), (("task", "cancel"), 2), (("events", "--count", "0"), 2)]:
            with self.subTest(words=words):
                result = self.cli(*words, status=status)
                if status:
                    self.assertRegex(result.stderr, r"(?m)^error: ")

    def test_filters(self):
        failed = self.cli("task", "list", "--state", "failure, revoked", "--ids").stdout.split()
        self.assertEqual(failed, [self.failed_id])
        self.assertEqual(self.cli("task", "list", "--task", "no.such", "--ids").stdout, "")
        found = self.cli("task", "list", "--query", f"id:{self.task_id}", "--ids").stdout.split()
        self.assertEqual(found, [self.task_id])

    def test_a_query_that_can_not_be_read_is_shown_with_a_mark(self):
        result = self.cli("task", "list", "--query", "task:x stat:FAILURE", status=2)
        self.assertIn("cause: task:x stat:FAILURE\n              ^\ntry:   ", result.stderr)

    def test_ids_that_look_like_paths_are_ids(self):
        for task_id in ["../queues", "a/b", "%2e%2e", "ü", "a b?x=1#y"]:
            self.cli("task", "show", task_id, status=3)


class Act(Running):
    def later(self, count, **more):
        return [self.submit("--countdown", "1h", "--queue", more.get("queue", "later")) for _ in range(count)]

    def state(self, task_id):
        return self.json("task", "show", task_id)["state"]

    def test_one_and_several(self):
        one, two, three = self.later(3)
        self.assertEqual(self.cli("task", "cancel", one).stdout.splitlines()[1], f"{one}\tREVOKED\trevoked")
        result = self.cli("task", "cancel", one, two, "nope", three, status=1)
        self.assertEqual([line.split("\t") for line in result.stdout.splitlines()[1:]],
                         [[one, "", "already-finished"], [two, "REVOKED", "revoked"], ["nope", "", "unknown-task-id"],
                          [three, "REVOKED", "revoked"]])
        self.assertIn("2 of 4 tasks refused", result.stderr)
        answer = self.json("task", "retry", one, status=0)
        self.assertLessEqual({"id", "state", "generation"}, set(answer))
        self.cli("task", "cancel", one)

    def test_a_list_can_be_piped_in(self):
        ids = self.later(5, queue="piped")
        listed = self.cli("task", "list", "--queue", "piped", "--all").stdout
        result = self.cli("task", "cancel", "-", stdin=listed)
        self.assertEqual(sorted(line.split("\t")[0] for line in result.stdout.splitlines()[1:]), sorted(ids))
        self.cli("task", "cancel", "-", stdin="", status=3)

    def test_a_filter_needs_agreement(self):
        ids = self.later(3, queue="agreed")
        refused = self.cli("task", "cancel", "--queue", "agreed", status=2)
        self.assertIn("cancel 3 tasks?", refused.stderr)
        self.assertIn("add --yes", refused.stderr)
        terminal = self.terminal("task", "cancel", "--queue", "agreed")
        terminal.wait_for("cancel 3 tasks? [y/N]")
        terminal.send("n\n")
        self.assertEqual(terminal.finish(), 1)
        self.assertEqual({self.state(task_id) for task_id in ids}, {"PENDING"})
        terminal = self.terminal("task", "cancel", "--queue", "agreed", "--limit", "2")
        terminal.wait_for("cancel 2 tasks? [y/N]")
        terminal.send("y\n")
        self.assertEqual(terminal.finish(), 0)
        self.assertEqual([self.state(task_id) for task_id in ids], ["PENDING", "REVOKED", "REVOKED"])
        self.cli("task", "cancel", "--queue", "agreed", "--yes")
        self.assertEqual({self.state(task_id) for task_id in ids}, {"REVOKED"})
        self.cli("task", "cancel", "--queue", "agreed", "--yes", status=3)
        self.cli("task", "cancel", ids[0], "--queue", "agreed", status=2)

    def test_interrupting_works_while_it_waits_for_a_person(self):
        self.later(1, queue="asked")
        terminal = self.terminal("task", "cancel", "--queue", "asked")
        terminal.wait_for("[y/N]")
        terminal.send("\x03")
        self.assertEqual(terminal.finish(5), 130)
        for words in [("task", "cancel", "-"), ("submit", INTEREST, "--kwargs", "-"), ("submit", "--bulk", "-")]:
            terminal = self.terminal(*words)
            time.sleep(0.4)
            terminal.send("\x03")
            self.assertEqual(terminal.finish(5), 130)


class Follow(Running):
    def test_events_come_while_they_happen_and_the_filter_holds(self):
        process = self.process("events", "--follow", "--json", "--state", "SUCCESS", "--count", "2")
        stop = threading.Event()
        ids = []

        def submit():
            while not stop.is_set():
                ids.append(self.submit())

        thread = threading.Thread(target=submit)
        thread.start()
        try:
            output, _ = process.communicate(timeout=20)
        finally:
            stop.set()
            thread.join()
        events = [json.loads(line) for line in output.splitlines()]
        self.assertEqual(process.returncode, 0)
        self.assertEqual([set(line) for line in events], [{"id", "task", "state", "queue", "worker", "seq", "at"}] * 2)
        self.assertEqual({line["state"] for line in events}, {"SUCCESS"})
        self.assertLessEqual({line["id"] for line in events}, set(ids))

    def test_following_and_waiting_outlive_a_killed_platform(self):
        kwargs = '{"seconds": 2}'
        task_id = self.submit(name="finance.fixed_seconds", kwargs=kwargs)
        processes = [
            self.process(*words) for words in [("task", "watch", task_id), ("task", "result", task_id, "--wait"),
                          ("submit", "finance.fixed_seconds", "--kwargs", kwargs, "--wait", "--progress")]]
        time.sleep(0.7)
        self.server.kill()
        time.sleep(0.5)
        self.server.start()
        for process in processes:
            output, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, errors)
            self.assertIn("seconds", output)
            self.assertIn("again", errors)

    def test_the_first_interrupt_leaves_the_task_running_and_says_how_to_go_on(self):
        task_id = self.submit(name="finance.fixed_seconds", kwargs='{"seconds": 4}')
        for words in [("task", "watch", task_id), ("task", "result", task_id, "--wait"), ("events", "--follow")]:
            with self.subTest(words=words):
                process = self.process(*words)
                time.sleep(0.4)
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=5)
                self.assertEqual(process.returncode, 130, errors)
                if words[0] == "task":
                    self.assertIn(f"try:   celerity task watch {task_id}", errors)
        self.assertIn(self.json("task", "show", task_id)["state"], ("STARTED", "PROGRESS"))
        self.cli("task", "cancel", task_id)


class OnATerminal(Running):
    def test_progress_is_a_bar_with_the_time_left_and_the_result_follows(self):
        kwargs = json.dumps({**OPTION, "simulations": 5_000_000})
        terminal = self.terminal("submit", "finance.monte_carlo", "--kwargs", kwargs, "--wait", "--progress", columns=120)
        self.assertEqual(terminal.finish(60), 0, terminal.text)
        self.assertRegex(terminal.text, r"\rfinance\.monte_carlo  \x1b\[36mPROGRESS\x1b\[0m  █+░*  \d+ %  .*about .* left")
        self.assertRegex(terminal.text, r"SUCCESS\x1b\[0m  █{30}  100 %")
        self.assertIn('"option_price"', terminal.text)

    def test_interrupting_detaches_and_says_how_to_reattach_or_cancel(self):
        terminal = self.terminal("submit", "finance.fixed_seconds", "--kwargs", '{"seconds": 30}', "--wait", "--progress")
        terminal.wait_for("PROGRESS")
        terminal.send("\x03")
        self.assertEqual(terminal.finish(), 130)
        task_id = re.search(r"detached: task ([0-9a-f-]{36}) goes on", terminal.text).group(1)
        self.assertIn(f"celerity task watch {task_id}   or   celerity task cancel {task_id}", terminal.text)
        self.assertTrue(terminal.settings_are_restored())
        self.assertIn(self.json("task", "show", task_id)["state"], ("STARTED", "PROGRESS"))
        self.cli("task", "cancel", task_id)

    def test_watching_shows_states_line_by_line(self):
        # Progress comes soon, and a stream tells of a start only when it was there in time.
        task_id = self.submit("--countdown", "1.5", name="finance.fixed_seconds", kwargs='{"seconds": 1}')
        terminal = self.terminal("task", "watch", task_id)
        self.assertEqual(terminal.finish(), 0)
        self.assertRegex(terminal.text, r"\d\d:\d\d:\d\d\x1b\[0m  \x1b\[36mSTARTED")
        self.assertRegex(terminal.text, r'\x1b\[32mSUCCESS \x1b\[0m  \{"seconds":')

    def test_no_colour_means_none(self):
        for more in [{"NO_COLOR": "1"}, {"TERM": "dumb"}]:
            for words in [("task", "list"), ("submit", INTEREST, "--kwargs", GOOD, "--wait", "--progress")]:
                terminal = self.terminal(*words, **more)
                self.assertEqual(terminal.finish(), 0)
                self.assertNotRegex(terminal.text, r"\x1b\[[0-9;]*m")
        self.submit()
        plain = self.terminal("task", "list", "--no-color")
        plain.finish()
        self.assertNotIn("\x1b", plain.text)
        self.assertNotIn("\x1b", self.terminal_text("task", "list", "--color", "never"))
        self.assertIn("\x1b[", self.terminal_text("task", "list", "--color", "always", NO_COLOR="1"))
        dumb = self.terminal_text("submit", INTEREST, "--kwargs", GOOD, "--wait", "--progress", TERM="dumb")
        self.assertNotIn("\x1b", dumb)

    def terminal_text(self, *words, **more):
        terminal = self.terminal(*words, **more)
        terminal.finish()
        return terminal.text

    def test_nothing_is_wider_than_a_narrow_terminal(self):
        self.submit("--wait")
        for columns in (20, 40, 60):
            for words in [("task", "list"), ("events", "--count", "1")]:
                if words[0] == "events":
                    terminal = self.terminal(*words, columns=columns, NO_COLOR="1")
                    terminal.wait_for("AT")
                    time.sleep(0.3)
                    self.submit()
                    terminal.finish()
                    text = "AT" + terminal.text
                else:
                    text = self.terminal_text(*words, columns=columns, NO_COLOR="1")
                for line in text.replace("\r", "").split("\n"):
                    self.assertLessEqual(len(line), columns, line)
            kwargs = json.dumps({**OPTION, "simulations": 2_000_000})
            bar = self.terminal_text("submit", "finance.monte_carlo", "--kwargs", kwargs, "--wait", "--progress",
                                     columns=columns, NO_COLOR="1").split("{")[0]
            for line in re.split(r"[\r\n]+", bar.replace("\x1b[K", "")):
                self.assertLess(len(line), columns, line)

    def test_json_is_laid_out_and_errors_are_on_the_same_screen(self):
        self.assertIn('{\r\n  "tasks": [', self.terminal_text("task", "list", "--json"))


class Latency(Running):
    def test_waiting_costs_little_more_than_the_requests(self):
        def command(*words):
            began = time.perf_counter()
            self.cli(*words)
            return time.perf_counter() - began

        def requests():
            began = time.perf_counter()
            body = {"task": INTEREST, "kwargs": json.loads(GOOD)}
            answer = self.server.call("POST", "/v1/tasks", body)[1]
            self.server.call("GET", f"/v1/tasks/{answer['id']}/result?wait=10")
            self.server.call("GET", f"/v1/tasks/{answer['id']}")
            return time.perf_counter() - began

        whole = statistics.median(command("submit", INTEREST, "--kwargs", GOOD, "--wait") for _ in range(15))
        start = statistics.median(command("version") for _ in range(15))
        bare = statistics.median(requests() for _ in range(15))
        print(f"\n  submit --wait: {whole * 1000:.0f} ms; start of the program {start * 1000:.0f} ms, the three requests "
              f"alone {bare * 1000:.0f} ms", file=sys.stderr)
        self.assertLess(whole - start - bare, 0.25)


if __name__ == "__main__":
    unittest.main()
