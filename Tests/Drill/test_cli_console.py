"""The verbs of an operator: shapes of their JSON, tables and tab-separated values, questions before destructive acts,
the full screen of `top`, and `doctor` on installations that were broken on purpose.

    python3 -B -m unittest discover -s Tests/Drill
"""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, Terminal, clean_environment, run  # noqa: E402
from server import Server  # noqa: E402

TEXT, NUMBER, FLAG, MAYBE = "text", "number", "flag", "maybe"


def shape(value):
    """What a value looks like, without what changes from run to run."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, (int, float)):
        return NUMBER
    return MAYBE if value is None else TEXT


class Running(unittest.TestCase):
    settings = ("worker.concurrency=2", "worker.name=celery@test")

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="celerity-console-")
        cls.server = Server(BINARY, cls.directory.name, cls.settings)
        cls.server.start()
        cls.environment = {"CELERITY_URL": f"http://127.0.0.1:{cls.server.port}"}

    @classmethod
    def tearDownClass(cls):
        if cls.server.process.poll() is None:
            cls.server.kill()
        cls.server.log.close()
        cls.directory.cleanup()

    def cli(self, *words, status=0, stdin=""):
        result = run(*words, stdin=stdin, **self.environment)
        self.assertEqual(result.returncode, status, (words, result.stderr))
        return result

    def json(self, *words):
        return json.loads(self.cli(*words, "--json").stdout)

    def submit(self, task="finance.fixed_seconds", **more):
        status, answer = self.server.call("POST", "/v1/tasks", {"task": task, **more})
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def wait_for_state(self, task, *states, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            record = self.server.call("GET", f"/v1/tasks/{task}")[1]
            if record["state"] in states:
                return record
            time.sleep(0.02)
        self.fail(f"{task} is {record['state']}, not one of {states}")


class Queues(Running):
    def setUp(self):
        # No worker takes from this queue.
        self.ids = [self.submit(queue="held", kwargs={"seconds": 0}) for _ in range(3)]
        self.cli("queue", "pause", "held")

    def tearDown(self):
        run("queue", "purge", "held", "--yes", **self.environment)

    def test_list_and_show_have_the_shape_that_programs_rely_on(self):
        queue = {"delayed": NUMBER, "depth": NUMBER, "name": TEXT, "oldest_ready_at": TEXT, "paused": FLAG,
                 "ready": NUMBER, "running": NUMBER}
        found = self.json("queue", "list")
        self.assertEqual(list(found), ["queues"])
        self.assertEqual(shape([q for q in found["queues"] if q["name"] == "held"][0]), queue)
        shown = self.json("queue", "show", "held")
        self.assertEqual(shape(shown), queue)
        self.assertEqual((shown["ready"], shown["paused"]), (3, True))

    def test_a_pipe_gets_tab_separated_values_with_exact_numbers(self):
        lines = self.cli("queue", "list").stdout.splitlines()
        self.assertEqual(lines[0].split("\t"), ["name", "ready", "delayed", "running", "paused", "oldest_ready_at"])
        row = [line.split("\t") for line in lines if line.startswith("held\t")][0]
        self.assertEqual(row[1:5], ["3", "0", "0", "true"])
        self.assertRegex(row[5], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")

    def test_a_terminal_gets_a_table_with_and_without_colours(self):
        for extra, coloured in (([], True), (["--no-color"], False), (["--color", "never"], False)):
            terminal = Terminal(BINARY, "queue", "list", *extra, **self.environment)
            try:
                self.assertEqual(terminal.finish(), 0)
                self.assertEqual("\x1b[" in terminal.text, coloured, extra)
                plain = re.sub(r"\x1b\[[\d;]*m", "", terminal.text)
                self.assertRegex(plain, r"NAME +READY +DELAYED +RUNNING +PAUSED")
                self.assertRegex(plain, r"held +3 +0 +0 +yes")
            finally:
                terminal.close()

    def test_pausing_and_resuming_says_what_it_did(self):
        self.assertEqual(self.json("queue", "resume", "held"), {"queue": "held", "paused": False})
        self.assertEqual(self.json("queue", "pause", "held"), {"queue": "held", "paused": True})
        self.assertEqual(self.cli("queue", "resume", "held").stdout, "queue\tpaused\nheld\tfalse\n")
        self.assertIn("nosuch", self.cli("queue", "pause", "nosuch", status=3).stderr)

    def test_purging_needs_agreement_and_says_how_many(self):
        refused = self.cli("queue", "purge", "held", status=2)
        self.assertIn("3 tasks", refused.stderr)
        self.assertIn("'held'", refused.stderr)
        self.assertEqual(self.json("queue", "show", "held")["ready"], 3)
        self.assertEqual(self.json("queue", "purge", "held", "--yes"), {"queue": "held", "purged": 3})
        self.assertEqual(self.wait_for_state(self.ids[0], "REVOKED")["state"], "REVOKED")

    def test_on_a_terminal_a_question_is_asked_and_only_yes_is_yes(self):
        for answer, status, left in (("n\n", 1, 3), ("\n", 1, 3), ("yes\n", 0, 0)):
            terminal = Terminal(BINARY, "queue", "purge", "held", **self.environment)
            try:
                asked = terminal.wait_for("[y/N] ")
                self.assertIn("3 tasks", asked)
                self.assertIn("'held'", asked)
                terminal.send(answer)
                self.assertEqual(terminal.finish(), status)
            finally:
                terminal.close()
            self.assertEqual(self.json("queue", "show", "held")["ready"], left)

    def test_moving_takes_all_that_wait_in_their_order(self):
        self.cli("queue", "move", "held", "elsewhere", status=2)
        self.assertEqual(
            self.json("queue", "move", "held", "elsewhere", "--yes"), {"queue": "held", "to": "elsewhere", "moved": 3})
        self.assertEqual(self.json("queue", "show", "elsewhere")["ready"], 3)
        self.cli("queue", "purge", "elsewhere", "--yes")


class Dead(Running):
    def die(self):
        """A task that is dead: it fails and has no retries."""
        task = self.submit("finance.fixed_seconds", kwargs={"seconds": 30}, time_limit=0.2, retries=0)
        self.wait_for_state(task, "FAILURE")
        return task

    def setUp(self):
        self.task = self.die()

    def tearDown(self):
        run("dead", "discard", "--all", "--yes", **self.environment)

    def test_list_and_show(self):
        found = self.json("dead", "list")
        self.assertEqual(sorted(found), ["dead", "has_more", "next_cursor"])
        mine = [task for task in found["dead"] if task["id"] == self.task][0]
        for name in ("id", "task", "state", "queue", "error", "attempts", "finished_at"):
            self.assertIn(name, mine)
        self.assertEqual(self.json("dead", "show", self.task)["id"], self.task)
        lines = self.cli("dead", "list", "--task", "finance.fixed_seconds").stdout.splitlines()
        self.assertEqual(
            lines[0].split("\t"), ["id", "task", "queue", "reason", "error", "attempts", "finished_at"])
        self.assertIn(self.task, "\n".join(lines))

    def test_redriving_one_and_many(self):
        self.assertEqual(self.json("dead", "redrive", self.task)["id"], self.task)
        self.wait_for_state(self.task, "FAILURE")
        tasks = [self.die() for _ in range(3)]
        self.cli("dead", "redrive", "--task", "finance.fixed_seconds", status=2)
        answer = self.json("dead", "redrive", *tasks)
        self.assertEqual((answer["affected"], answer["refused"]), (3, []))

    def test_discarding_asks_with_kind_and_number(self):
        tasks = [self.task] + [self.die() for _ in range(2)]
        refused = self.cli("dead", "discard", "--task", "finance.fixed_seconds", status=2)
        self.assertIn("3 dead tasks", refused.stderr)
        self.assertIn("finance.fixed_seconds", refused.stderr)
        answer = self.json("dead", "discard", "--task", "finance.fixed_seconds", "--yes")
        self.assertEqual(answer["affected"], 3)
        self.assertEqual(self.json("dead", "list")["dead"], [])
        self.cli("dead", "show", tasks[0], status=3)

    def test_ids_that_are_not_dead_are_named_and_end_with_five(self):
        alive = self.submit("finance.health_check")
        self.wait_for_state(alive, "SUCCESS")
        result = self.cli("dead", "redrive", alive, self.task, status=5)
        self.assertIn(alive, result.stderr)


class Workers(Running):
    def test_list_and_show(self):
        found = self.json("workers", "list")
        worker = {"concurrency": NUMBER, "draining": FLAG, "hostname": TEXT, "incarnation": TEXT, "name": TEXT,
                  "pid": NUMBER, "processed": NUMBER, "queues": [TEXT], "running": NUMBER, "started_at": TEXT,
                  "tasks": [TEXT], "version": TEXT}
        self.assertEqual({k: v for k, v in shape(found["workers"][0]).items() if k in worker}, worker)
        self.assertEqual(self.json("workers", "show", "celery@test")["name"], "celery@test")
        heading = self.cli("workers", "list").stdout.splitlines()[0].split("\t")
        self.assertEqual(heading, ["name", "running", "concurrency", "processed", "draining", "queues", "pid",
                                   "started_at"])

    def test_orders_are_obeyed(self):
        self.assertEqual(shape(self.json("workers", "scale", "celery@test", "5")), {"order": TEXT, "worker": TEXT})
        self.until(lambda worker: worker["concurrency"] == 5)
        self.cli("workers", "quiet", "celery@test")
        self.until(lambda worker: worker["draining"])
        task = self.submit("finance.health_check")
        self.cli("workers", "resume", "celery@test")
        self.wait_for_state(task, "SUCCESS")
        self.until(lambda worker: not worker["draining"])

    def test_stopping_asks_first(self):
        result = self.cli("workers", "stop", "celery@test", status=2)
        self.assertIn("'celery@test'", result.stderr)

    def test_an_unknown_worker_is_answered_with_the_closest(self):
        result = self.cli("workers", "show", "celery@tset", status=3)
        self.assertIn("celery@test", result.stderr)

    def until(self, holds, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            worker = self.json("workers", "show", "celery@test")
            if holds(worker):
                return
            time.sleep(0.05)
        self.fail(worker)


class Schedules(Running):
    def test_the_life_of_a_schedule(self):
        added = self.json("schedule", "add", "nightly", "--schedule", "0 3 * * *", "--task", "finance.health_check")
        for name in ("name", "schedule", "description", "task", "paused", "next_fire_at"):
            self.assertIn(name, added)
        self.cli("schedule", "add", "nightly", "--schedule", "0 3 * * *", "--task", "finance.health_check", status=5)
        self.assertIn("nightly", [entry["name"] for entry in self.json("schedule", "list")["schedules"]])
        edited = self.json("schedule", "edit", "nightly", "--schedule", "0 4 * * *", "--priority", "8")
        self.assertEqual((edited["schedule"], edited["priority"], edited["task"]),
                         ("0 4 * * *", 8, "finance.health_check"))
        self.assertTrue(self.json("schedule", "pause", "nightly")["paused"])
        self.assertTrue(self.json("schedule", "edit", "nightly", "--priority", "7")["paused"])
        self.assertFalse(self.json("schedule", "resume", "nightly")["paused"])
        self.wait_for_state(self.json("schedule", "run", "nightly")["id"], "SUCCESS")
        refused = self.cli("schedule", "delete", "nightly", status=2)
        self.assertIn("'nightly'", refused.stderr)
        self.assertEqual(self.json("schedule", "delete", "nightly", "--yes"), {"name": "nightly", "deleted": True})
        self.cli("schedule", "show", "nightly", status=3)

    def test_next_says_in_words_when_it_fires(self):
        answer = self.json("schedule", "next", "0 3 * * mon-fri", "--count", "3", "--after", "2030-01-04T12:00:00Z")
        self.assertEqual(
            [time[:19] for time in answer["next"]],
            ["2030-01-07T03:00:00", "2030-01-08T03:00:00", "2030-01-09T03:00:00"])
        self.assertTrue(answer["description"])
        lines = self.cli("schedule", "next", "0 3 * * *", "--count", "2").stdout.splitlines()
        self.assertEqual((lines[0], len(lines)), ("time\tfrom_now", 3))
        self.assertGreater(float(lines[1].split("\t")[1]), 0)
        self.assertIn("3", self.cli("schedule", "next", "* * 3", status=2).stderr)


class Inspect(Running):
    def test_celerys_words_answer_in_celerys_shapes(self):
        """S1.54: the queues of a worker."""
        self.assertEqual(self.json("inspect", "ping"), {"celery@test": {"ok": "pong"}})
        self.assertIn("finance.compound_interest", self.json("inspect", "registered")["celery@test"])
        self.assertIn("default", self.json("inspect", "active_queues")["celery@test"])
        stats = self.json("inspect", "stats")["celery@test"]
        self.assertEqual(stats["pool"], {"max-concurrency": 2})
        self.assertEqual(shape(stats), {"pid": NUMBER, "pool": {"max-concurrency": NUMBER}, "running": NUMBER,
                                        "total": NUMBER, "uptime": NUMBER})
        report = self.json("inspect", "report")
        self.assertEqual(sorted(report), ["client", "gateway", "health", "queues", "workers"])
        self.cli("inspect", "conf", status=1)

    def test_tasks_are_found_by_what_they_wait_for(self):
        """S1.54: what runs, by worker, with id and start."""
        running = self.submit(kwargs={"seconds": 20})
        delayed = self.submit(kwargs={"seconds": 0}, countdown=3600)
        self.wait_for_state(running, "STARTED", "PROGRESS")
        self.assertEqual([t["id"] for t in self.json("inspect", "active", "-d", "celery@test")["tasks"]], [running])
        self.assertEqual([t["id"] for t in self.json("inspect", "scheduled")["tasks"]], [delayed])
        self.assertEqual(self.json("inspect", "reserved"), {"tasks": [], "complete": True})
        self.server.call("POST", f"/v1/tasks/{delayed}:cancel")
        self.assertIn(delayed, [t["id"] for t in self.json("inspect", "revoked")["tasks"]])
        heading = self.cli("inspect", "active").stdout.splitlines()[0].split("\t")
        self.assertEqual(heading, ["worker", "id", "task", "state", "queue", "started_at"])
        self.server.call("POST", f"/v1/tasks/{running}:cancel")


class KindsAndDocuments(Running):
    def test_kinds(self):
        kinds = self.json("kinds", "list")["kinds"]
        self.assertIn("finance.compound_interest", [kind["task"] for kind in kinds])
        shown = self.json("kinds", "show", "finance.compound_interest")
        self.assertIn("amount", shown["input"]["properties"])
        self.assertEqual(self.cli("kinds", "list").stdout.splitlines()[0].split("\t"),
                         ["task", "queue", "source", "summary"])
        self.assertIn("finance.compound_interest", self.cli("kinds", "show", "finance.compound_intrest", status=3).stderr)

    def test_kinds_show_what_is_allowed(self):
        terminal = Terminal(BINARY, "kinds", "show", "finance.monte_carlo", columns=160, **self.environment)
        try:
            self.assertEqual(terminal.finish(), 0)
            self.assertIn('"call" | "put"', terminal.text)
            self.assertRegex(terminal.text, r"spot_price.* number > 0, ≤ 1000000000000 ")
        finally:
            terminal.close()

    def test_the_line_that_kinds_show_ends_with_works_when_it_is_pasted(self):
        terminal = Terminal(BINARY, "kinds", "show", "finance.compound_interest", columns=160, **self.environment)
        try:
            self.assertEqual(terminal.finish(), 0)
            line = [line for line in terminal.text.splitlines() if line.startswith("celerity submit")][0]
        finally:
            terminal.close()
        result = subprocess.run(
            ["bash", "-c", line + " --wait"], capture_output=True, text=True, timeout=60,
            env=clean_environment(PATH=os.path.dirname(BINARY) + ":" + os.environ["PATH"], **self.environment))
        self.assertEqual(result.returncode, 0, (line, result.stderr))

    def test_openapi_is_the_gateways_document(self):
        document = json.loads(self.cli("openapi").stdout)
        self.assertTrue(document["openapi"].startswith("3.1"))
        self.assertEqual(document, self.server.call("GET", "/openapi.json")[1])

    def test_completion_asks_the_gateway_for_names(self):
        self.submit("finance.health_check", queue="finance-held")
        offered = run("__complete", "zsh", "kinds", "show", "finance.comp", **self.environment).stdout
        self.assertIn("finance.compound_interest", offered)
        self.assertIn("celery@test", run("__complete", "zsh", "workers", "show", "", **self.environment).stdout)
        self.assertEqual(
            run("__complete", "zsh", "queue", "show", "finance-", **self.environment).stdout.strip(), "finance-held")
        began = time.monotonic()
        self.assertEqual(run("__complete", "zsh", "queue", "show", "", CELERITY_URL="http://127.0.0.1:1").stdout.strip(), "")
        self.assertLess(time.monotonic() - began, 2)


class Top(Running):
    ALTERNATE, BACK = "\x1b[?1049h", "\x1b[?1049l"

    def start(self, *words, **more):
        terminal = Terminal(BINARY, "top", "--interval", "0.3", *words, **{**self.environment, **more})
        self.addCleanup(terminal.close)
        return terminal

    def assert_restored(self, terminal):
        self.assertIn(self.BACK, terminal.text)
        self.assertIn("\x1b[?25h", terminal.text)
        self.assertTrue(terminal.settings_are_restored())

    def test_it_shows_queues_workers_and_tasks_and_q_puts_the_terminal_back(self):
        self.submit("finance.health_check")
        terminal = self.start()
        terminal.wait_for(self.ALTERNATE)
        terminal.wait_for("celery@test")
        terminal.wait_for("finance.health_check")
        self.assertFalse(terminal.settings_are_restored())
        terminal.send("q")
        self.assertEqual(terminal.finish(), 0)
        self.assert_restored(terminal)

    def test_every_way_to_end_it_restores_the_terminal(self):
        for number, status in ((signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP),
                               (signal.SIGQUIT, -signal.SIGQUIT), (signal.SIGINT, 130)):
            with self.subTest(number):
                terminal = self.start()
                terminal.wait_for("celery@test")
                terminal.process.send_signal(number)
                self.assertEqual(terminal.finish(), status)
                self.assert_restored(terminal)
        terminal = self.start()
        terminal.wait_for("celery@test")
        terminal.send("\x03")
        self.assertEqual(terminal.finish(), 0)
        self.assert_restored(terminal)

    def test_keys_move_search_open_and_act(self):
        first = self.submit(queue="toptest", kwargs={"seconds": 0})
        second = self.submit(queue="toptest", kwargs={"seconds": 0})
        terminal = self.start("--search", "queue:toptest")
        terminal.wait_for(second[-12:])
        terminal.send("j\r")
        terminal.wait_for("Any key leads back")
        self.assertIn(first, terminal.wait_for("\x1b[?2026l") + terminal.text + first)
        terminal.send(" c")
        terminal.wait_for("cancel finance.fixed_seconds")
        terminal.send("y")
        terminal.wait_for("cancelled")
        self.wait_for_state(first, "REVOKED")
        self.assertEqual(self.server.call("GET", f"/v1/tasks/{second}")[1]["state"], "PENDING")
        terminal.send("/\x7f\x7fnosuch\r")
        terminal.wait_for("none")
        terminal.send("q")
        self.assertEqual(terminal.finish(), 0)
        self.assert_restored(terminal)
        self.cli("queue", "purge", "toptest", "--yes")

    def test_it_follows_the_size_of_the_terminal(self):
        terminal = self.start()
        terminal.wait_for("celery@test")
        terminal.resize(40, 8)
        terminal.process.send_signal(signal.SIGWINCH)
        terminal.text = ""
        terminal.wait_for("\x1b[?2026l")
        terminal.wait_for("\x1b[?2026l")
        frame = terminal.text.split("\x1b[H")[-1] if "\x1b[H" in terminal.text else terminal.wait_for("\x1b[?2026l")
        for line in re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", frame).split("\r\n"):
            self.assertLessEqual(len(line.strip("\r")), 40)
        terminal.send("q")
        self.assertEqual(terminal.finish(), 0)

    def test_it_survives_the_gateways_absence_and_says_so(self):
        terminal = self.start("--url", "http://127.0.0.1:1")
        terminal.wait_for("127.0.0.1:1")
        terminal.wait_for("nothing answers")
        terminal.send("q")
        self.assertEqual(terminal.finish(), 0)
        self.assert_restored(terminal)

    def test_a_gateway_that_takes_the_connection_and_says_nothing_does_not_keep_it(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            for end in ("q", "\x03", signal.SIGTERM):
                terminal = self.start("--url", f"http://127.0.0.1:{silent.getsockname()[1]}")
                terminal.wait_for("asking")
                began = time.monotonic()
                terminal.send(end) if isinstance(end, str) else terminal.process.send_signal(end)
                self.assertEqual(terminal.finish(), 0 if isinstance(end, str) else -end)
                self.assertLess(time.monotonic() - began, 3)
                self.assert_restored(terminal)

    def test_json_is_one_look(self):
        self.assertEqual(sorted(self.json("top")), ["queues", "tasks", "time", "workers"])


class Config(unittest.TestCase):
    def test_show_is_a_table_for_people_values_for_pipes_and_json_for_programs(self):
        text = run("config", "show", "--set", "port=8100").stdout.splitlines()
        self.assertEqual(text[0], "setting\tvalue\torigin\tdefault")
        self.assertIn("port\t8100\tflag\t8000", text)
        self.assertEqual(json.loads(run("config", "show", "--json").stdout)["port"],
                         {"value": "8000", "origin": "default", "default": "8000"})
        terminal = Terminal(BINARY, "config", "show", NO_COLOR="1")
        try:
            self.assertEqual(terminal.finish(), 0)
            self.assertRegex(terminal.text, r"SETTING +VALUE +ORIGIN +DEFAULT")
            self.assertNotIn("\x1b", terminal.text)
        finally:
            terminal.close()

    def test_explain_knows_all_about_a_setting(self):
        answer = json.loads(run("config", "explain", "CELERITY_WORKER_CONCURRENCY", "--json").stdout)
        self.assertEqual(sorted(answer), ["default", "environment", "expects", "meaning", "origin", "setting", "value"])
        self.assertEqual(answer["setting"], "worker.concurrency")

    def test_check_finds_everything_that_is_wrong_with_a_file(self):
        with tempfile.TemporaryDirectory() as directory:
            good, bad = os.path.join(directory, "good.yaml"), os.path.join(directory, "bad.yaml")
            with open(good, "w", encoding="utf-8") as file:
                file.write("port: 8001\nworker:\n  queues: [a, b]\n")
            with open(bad, "w", encoding="utf-8") as file:
                file.write("prot: 8001\nport: eighty\nworker:\n  lease: soon\n")
            self.assertEqual(run("config", "check", good, CELERITY_PORT="nonsense").returncode, 0)
            self.assertEqual(json.loads(run("config", "check", good, "--json").stdout),
                             {"file": good, "valid": True, "settings": 2, "problems": []})
            result = run("config", "check", bad)
            self.assertEqual(result.returncode, 2)
            self.assertEqual(len(result.stderr.splitlines()), 4)
            answer = run("config", "check", bad, "--json")
            self.assertEqual((answer.returncode, len(json.loads(answer.stdout)["problems"])), (2, 3))

    def test_passwords_are_never_shown(self):
        for words in (["config", "show"], ["config", "show", "--json"], ["config", "explain", "engine"],
                      ["config", "explain", "engine", "--json"], ["doctor"], ["dev"]):
            result = run(*words, CELERY_BROKER_URL="redis://user:geheim@127.0.0.1:1/0?password=geheim")
            self.assertNotIn("geheim", result.stdout + result.stderr, words)

    def test_version_is_one_line_or_an_object(self):
        text = run("version").stdout
        self.assertRegex(text, r"^\d+\.\d+\.\d+\S*\n$")
        self.assertEqual(shape(json.loads(run("version", "--json").stdout)),
                         {"sqlite": TEXT, "system": TEXT, "version": TEXT})
        self.assertEqual(run("--version").stdout, text)


class Dev(unittest.TestCase):
    def test_on_a_terminal_the_banner_comes_first_and_then_a_short_line_for_each_request_and_task(self):
        with tempfile.TemporaryDirectory(prefix="celerity-dev-") as directory:
            terminal = Terminal(BINARY, "dev", "--port", "0", "--data", directory, columns=120)
            try:
                first = terminal.wait_for("Ctrl-C stops")
                self.assertEqual(first.split()[0], "Celerity")
                address = re.search(r"http://127\.0\.0\.1:\d+", first).group(0)
                result = run("submit", "finance.health_check", "--wait", "--url", address)
                self.assertEqual(result.returncode, 0, result.stderr)
                seen = terminal.wait_for("task succeeded finance.health_check", 10)
                terminal.send("\x03")
                self.assertEqual(terminal.finish(), 0)
                seen += terminal.text
            finally:
                terminal.close()
            self.assertRegex(seen, r"\d\d:\d\d:\d\d\.\d{3} POST /v1/tasks 202 [\d.]+ ms\r?\n")
            self.assertNotIn("request_id", seen)

    def test_in_a_pipe_each_line_has_its_ids(self):
        with tempfile.TemporaryDirectory(prefix="celerity-dev-") as directory:
            server = Server(BINARY, directory)
            server.start()
            try:
                run("submit", "finance.health_check", "--wait", "--url", f"http://127.0.0.1:{server.port}")
            finally:
                server.stop()
                server.log.close()
            with open(os.path.join(directory, "server.log"), encoding="utf-8") as file:
                lines = [json.loads(line) for line in file if line.startswith("{")]
        ended = [line for line in lines if line["message"] == "task succeeded"]
        self.assertEqual(len(ended), 1)
        self.assertEqual((ended[0]["level"], ended[0]["task"]), ("info", "finance.health_check"))
        self.assertGreaterEqual(ended[0]["ms"], 0)
        requests = [line for line in lines if line["message"] == "request" and line["method"] == "POST"]
        self.assertEqual([line["request_id"] for line in requests], [ended[0]["request_id"]])


class Doctor(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="celerity-doctor-")
        self.data = os.path.join(self.directory.name, "data")

    def tearDown(self):
        self.directory.cleanup()

    def examine(self, *words, status=0, **more):
        """Findings by what was looked at."""
        result = run("doctor", "--data", self.data, "--port", "0", *words, "--json", **more)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual(sorted(report), ["errors", "findings", "version", "warnings"])
        found = {}
        for finding in report["findings"]:
            self.assertEqual(sorted(finding), ["check", "detail", "fix", "level"])
            self.assertIn(finding["level"], ("ok", "warning", "error"))
            self.assertEqual(finding["level"] == "ok", finding["fix"] is None, finding)
            found.setdefault(finding["check"], []).append(finding)
        return found

    def store(self):
        """A store that a process made and left."""
        server = Server(BINARY, self.directory.name)
        server.start()
        server.call("POST", "/v1/tasks", {"task": "finance.health_check"})
        self.assertEqual(server.stop(), 0)
        server.log.close()
        return os.path.join(self.data, "celerity.db")

    def test_a_sound_installation_is_sound(self):
        self.store()
        found = self.examine()
        self.assertEqual([f for fs in found.values() for f in fs if f["level"] == "error"], [])
        for name in ("version", "settings", "data directory", "disk space", "store", "durability", "clock",
                     "time zones", "open files", "cores", "port", "temporary files"):
            self.assertIn(name, found)
        self.assertIn("every row checked", found["store"][0]["detail"])
        self.assertEqual([n for n in os.listdir(self.data) if "doctor" in n], [])

    def test_far_more_slots_than_cores_are_warned_of(self):
        """S1.63"""
        cores = os.cpu_count()
        for slots, level in ((4 * cores, "ok"), (4 * cores + 1, "warning")):
            with self.subTest(slots):
                found = self.examine("--set", f"worker.concurrency={slots}")["cores"][0]
                if "control group" not in found["detail"]:
                    self.assertEqual(found["level"], level, found)
        self.assertIn("worker.concurrency", found["fix"])

    def test_it_has_a_table_for_pipes_and_sentences_for_people(self):
        os.mkdir(self.data, 0o755)
        lines = run("doctor", "--data", self.data, "--port", "0").stdout.splitlines()
        self.assertEqual(lines[0], "check\tlevel\tdetail\tfix")
        terminal = Terminal(BINARY, "doctor", "--data", self.data, "--port", "0", columns=70)
        try:
            self.assertEqual(terminal.finish(), 0)
            plain = re.sub(r"\x1b\[[\d;]*m", "", terminal.text)
            self.assertRegex(plain, r"warning +data directory +others on this machine")
            self.assertIn("try: chmod 700", plain)
            self.assertRegex(plain, r"\d+ warnings?\.")
            for line in plain.splitlines():
                if self.data not in line:
                    self.assertLessEqual(len(line), 70, line)
        finally:
            terminal.close()

    def test_a_directory_that_is_not_there_or_none(self):
        self.assertIn("first start", self.examine()["data directory"][0]["detail"])
        self.data = os.path.join(self.data, "deep", "down")
        self.assertEqual(self.examine(status=1)["data directory"][0]["level"], "error")
        self.data = os.path.join(self.directory.name, "file")
        open(self.data, "w", encoding="utf-8").close()
        self.assertIn("no directory", self.examine(status=1)["data directory"][0]["detail"])

    def test_a_directory_that_nobody_can_write_to(self):
        # Even root can't make anything here.
        self.data = "/proc/sys/celerity"
        self.assertIn("can't be made", self.examine(status=1)["data directory"][0]["detail"])
        if os.geteuid() != 0:
            self.data = os.path.join(self.directory.name, "closed")
            os.mkdir(self.data, 0o500)
            self.assertIn("can't be written", self.examine(status=1)["data directory"][0]["detail"])

    def test_permissions_that_let_others_in(self):
        path = self.store()
        os.chmod(self.data, 0o755)
        os.chmod(path, 0o644)
        found = self.examine()
        self.assertIn("chmod 700", found["data directory"][0]["fix"])
        self.assertTrue(any("chmod 600" in (f["fix"] or "") for f in found["store"]))

    def test_a_damaged_store_is_recognised_and_left_as_it_is(self):
        path = self.store()
        with open(path, "rb") as file:
            sound = file.read()
        self.assertIn(b"finance.health_check", sound)
        for name, damaged in (
                ("cut", sound[: len(sound) // 2]), ("no database", b"x" * 8192), ("empty", b""),
                ("a letter in a row", sound.replace(b"finance.health_check", b"finance.health_cheek"))):
            with self.subTest(name):
                with open(path, "wb") as file:
                    file.write(damaged)
                found = self.examine(status=1)["store"][0]
                self.assertEqual(found["level"], "error", found)
                self.assertIn("restore", found["fix"])
                with open(path, "rb") as file:
                    self.assertEqual(file.read(), damaged)

    def test_a_store_of_another_program_is_not_called_damaged(self):
        import sqlite3
        os.mkdir(self.data, 0o700)
        connection = sqlite3.connect(os.path.join(self.data, "celerity.db"))
        connection.execute("CREATE TABLE other (x)")
        connection.commit()
        connection.close()
        self.assertIn("another program", self.examine(status=1)["store"][0]["detail"])

    def test_a_store_that_is_owned_is_left_to_its_owner_and_the_gateway_is_found(self):
        server = Server(BINARY, self.directory.name)
        server.start()
        try:
            result = run("doctor", "--data", self.data, "--port", str(server.port), "--json")
            self.assertEqual(result.returncode, 0, result.stdout)
            details = [f["detail"] for f in json.loads(result.stdout)["findings"]]
            self.assertTrue(any(f"owned by process {server.process.pid}" in detail for detail in details), details)
            self.assertTrue(any(f"held by process {server.process.pid} (celerity)" in d for d in details), details)
            self.assertTrue(any("answers on http://127.0.0.1" in detail for detail in details), details)
        finally:
            server.kill()
            server.log.close()
        # Killed without a chance to tidy up: what is in the log is looked at, too.
        self.assertEqual(self.examine()["store"][0]["level"], "ok")

    def test_a_port_that_somebody_else_holds(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            found = self.examine("--port", str(port))["port"][0]
            self.assertEqual(found["level"], "warning")
            self.assertIn(f"process {os.getpid()}", found["detail"])
            self.assertRegex(found["fix"], r"^celerity dev --port \d+$")
            self.assertGreater(int(found["fix"].split()[-1]), port)

    def test_the_gateway_that_is_named_must_answer(self):
        self.assertNotIn("gateway", self.examine())
        for found in (self.examine("--url", "http://127.0.0.1:1"), self.examine(CELERITY_URL="http://127.0.0.1:1")):
            self.assertEqual(found["gateway"][0]["level"], "warning")
            self.assertIn("http://127.0.0.1:1", found["gateway"][0]["detail"])
        self.assertEqual(self.examine("--url", "ftp://x", status=1)["gateway"][0]["level"], "error")
        server = Server(BINARY, self.directory.name)
        server.start()
        try:
            found = self.examine("--url", f"http://127.0.0.1:{server.port}")
            self.assertEqual([f["level"] for f in found["gateway"]], ["ok"])
        finally:
            server.kill()
            server.log.close()

    def test_few_open_files(self):
        def limited():
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.limit, self.limit))

        for self.limit, level, status in ((100, "error", 1), (512, "warning", 0)):
            result = subprocess.run(
                [BINARY, "doctor", "--data", self.data, "--port", "0", "--json"], capture_output=True, text=True,
                timeout=60, env=clean_environment(), preexec_fn=limited)
            self.assertEqual(result.returncode, status, result.stderr)
            found = [f for f in json.loads(result.stdout)["findings"] if f["check"] == "open files"][0]
            self.assertEqual(found["level"], level)
            self.assertIn("ulimit -n", found["fix"])

    def test_risky_and_wrong_settings(self):
        found = self.examine("--set", "sqlite.durability=relaxed", "--set", "log.level=trace")["settings"]
        self.assertEqual([f["level"] for f in found], ["warning", "warning"])
        self.assertIn("power cut", found[0]["detail"])
        found = self.examine("--set", "worker.lease=soon", status=1)["settings"]
        self.assertEqual(found[0]["level"], "error")
        self.assertIn("worker.lease", found[0]["fix"])

    def test_a_host_that_everybody_could_reach_or_that_is_none(self):
        found = self.examine("--host", "0.0.0.0", status=1)["port"][0]
        self.assertIn("this machine only", found["detail"])
        self.assertEqual(self.examine("--host", "::1", "--port", "0")["port"][0]["level"], "ok")

    def test_a_store_elsewhere_is_looked_at_where_it_is(self):
        path = self.store()
        found = self.examine("--engine", f"sqlite:{path}")
        self.assertIn("every row checked", found["store"][0]["detail"])
        self.data = "/nonexistent/data"
        self.assertIn("writable", self.examine("--engine", f"sqlite:{path}")["data directory"][0]["detail"])

    def test_a_fix_can_be_pasted_whatever_the_directory_is_called(self):
        self.data = os.path.join(self.directory.name, "with a blank; and more")
        os.mkdir(self.data, 0o755)
        fix = self.examine()["data directory"][0]["fix"]
        subprocess.run(["bash", "-c", fix], check=True)
        self.assertEqual(os.stat(self.data).st_mode & 0o777, 0o700)

    def test_a_temporary_directory_that_is_none(self):
        found = self.examine(status=1, TMPDIR="/nonexistent")["temporary files"][0]
        self.assertIn("TMPDIR", found["fix"])

    def test_data_in_memory_are_warned_of(self):
        if not os.path.isdir("/dev/shm"):
            self.skipTest("there is no file system in memory here")
        self.data = tempfile.mkdtemp(dir="/dev/shm", prefix="celerity-doctor-")
        try:
            found = self.examine()
            self.assertIn("in memory", found["file system"][0]["detail"])
        finally:
            shutil.rmtree(self.data)


if __name__ == "__main__":
    unittest.main()
