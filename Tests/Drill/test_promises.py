"""What a person sees of `celerity dev`: the banner, its curl line, signals, errors; and the product's first promise,
that the API answers while every slot computes. Runs the built binary named by CELERITY_TEST_BINARY.

    python3 -B -m unittest discover -s Tests/Drill
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from server import Server  # noqa: E402

BINARY = os.environ.get("CELERITY_TEST_BINARY", ".build/debug/celerity")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


class Running(unittest.TestCase):
    settings = ()

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="celerity-test-")
        self.server = Server(BINARY, self.directory.name, self.settings)
        self.startup = self.server.start()

    def tearDown(self):
        if self.server.process.poll() is None:
            self.server.kill()
        self.server.log.close()
        self.directory.cleanup()

    def log(self):
        with open(self.server.log.name, encoding="utf-8") as file:
            return file.read()

    def submit(self, task, **kwargs):
        status, answer = self.server.call("POST", "/v1/tasks", {"task": task, "kwargs": kwargs})
        self.assertEqual(status, 202, answer)
        return answer["id"]

    def wait_for(self, task_id, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status, answer = self.server.call("GET", f"/v1/tasks/{task_id}/result?wait=5", timeout=40)
            if status == 200:
                return answer
        self.fail(f"{task_id} did not end within {seconds} s")

    def wait_for_state(self, task_id, state, seconds=30):
        # What has begun may have told of its progress already.
        states = ("STARTED", "PROGRESS") if state == "STARTED" else (state,)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            record = self.server.call("GET", f"/v1/tasks/{task_id}")[1]
            if record["state"] in states:
                return record
            time.sleep(0.02)
        self.fail(f"{task_id} is {record['state']}, not {state}")


class Newcomer(Running):
    def test_it_is_ready_within_one_and_a_half_seconds(self):
        self.assertLessEqual(self.startup, 1.5)

    def test_the_line_it_prints_works_when_pasted_and_its_task_ends_in_success(self):
        line = re.search(r"^\s*Try\s+(curl .*)$", self.log(), re.MULTILINE).group(1)
        answer = json.loads(subprocess.check_output(["bash", "-c", line + " -s"], timeout=20))
        self.assertEqual(answer["status"], "PENDING")
        self.assertEqual(self.wait_for(answer["task_id"])["result"]["total"], 10511.62)
        status, record = self.server.call("GET", f"/tasks/{answer['task_id']}")
        self.assertEqual((status, record["status"], record["result"]["total"]), (200, "SUCCESS", 10511.62))

    def test_the_data_directory_is_private(self):
        data = os.path.join(self.directory.name, "data")
        self.assertEqual(os.stat(data).st_mode & 0o077, 0)
        self.assertEqual(os.stat(os.path.join(data, "celerity.db")).st_mode & 0o077, 0)

    def test_a_second_process_on_the_same_store_is_refused_and_told_who_has_it(self):
        data = os.path.join(self.directory.name, "data")
        second = subprocess.run(
            [BINARY, "dev", "--port", "0", "--data", data], capture_output=True, text=True, timeout=30)
        self.assertEqual(second.returncode, 75, second.stderr)
        self.assertIn(f"process {self.server.process.pid}", second.stderr)
        self.assertIn("use another --data", second.stderr)
        self.assertEqual(self.server.call("GET", "/livez")[0], 200)

    def test_a_port_that_is_taken_is_named(self):
        with tempfile.TemporaryDirectory() as other:
            second = subprocess.run(
                [BINARY, "dev", "--port", str(self.server.port), "--data", other],
                capture_output=True, text=True, timeout=30)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn(str(self.server.port), second.stderr)
        self.assertIn("--port", second.stderr)


class FirstPromise(Running):
    """All slots compute; the API answers as if nothing ran."""

    settings = ("worker.concurrency=4", "log.level=warning")

    def test_health_and_submissions_answer_while_every_slot_computes(self):
        blockers = [self.submit("finance.fixed_seconds", seconds=5) for _ in range(8)]
        for task_id in blockers[:4]:
            self.wait_for_state(task_id, "STARTED")
        health, odd, submissions, stop = [], [], [], time.monotonic() + 4

        def ask():
            while time.monotonic() < stop:
                began = time.monotonic()
                status, answer = self.server.call("GET", "/health")
                health.append(time.monotonic() - began)
                if (status, answer["status"]) != (200, "healthy"):
                    odd.append((status, answer))
                time.sleep(0.005)

        asker = threading.Thread(target=ask)
        asker.start()
        while time.monotonic() < stop:
            began = time.monotonic()
            self.submit("finance.compound_interest", amount=1, rate=0.5)
            submissions.append(time.monotonic() - began)
            time.sleep(0.01)
        asker.join()
        p99 = percentile(health, 0.99) * 1000
        print(f"\n/health p99 {p99:.1f} ms over {len(health)} calls; submission p99 "
              f"{percentile(submissions, 0.99) * 1000:.1f} ms over {len(submissions)}")
        self.assertEqual(odd, [])
        self.assertGreater(len(health), 100)
        self.assertLessEqual(p99, 50)


class Signals(Running):
    settings = ("worker.concurrency=1", "worker.grace=20s")

    def test_the_first_signal_lets_running_tasks_finish_and_keeps_the_rest(self):
        running = self.submit("finance.fixed_seconds", seconds=1)
        waiting = self.submit("finance.fixed_seconds", seconds=0)
        self.wait_for_state(running, "STARTED")
        self.assertEqual(self.server.stop(), 0)
        self.assertIn("waiting for 1 running task", self.log())
        self.server.start()
        self.assertEqual(self.wait_for(running)["state"], "SUCCESS")
        self.assertEqual(self.server.call("GET", f"/v1/tasks/{running}")[1]["attempts"], 1)
        self.assertEqual(self.wait_for(waiting)["state"], "SUCCESS")

    def test_the_second_signal_hands_running_tasks_back_without_burning_an_attempt(self):
        running = self.submit("finance.fixed_seconds", seconds=3)
        self.wait_for_state(running, "STARTED")
        self.server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        began = time.monotonic()
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(timeout=15), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.server.start()
        record = self.wait_for_state(running, "SUCCESS")
        self.assertEqual(record["attempts"], 1)
        self.assertEqual([end["cause"] for end in record["history"]], ["released"])

    def test_two_signals_at_once_end_in_order_too(self):
        # The worker has nothing to finish, so it is done while the gateway still holds this connection.
        for _ in range(5):
            for _ in range(2):
                self.server.process.send_signal(signal.SIGTERM)
                time.sleep(0.002)  # two that come together are one to the kernel
            self.assertEqual(self.server.process.wait(timeout=15), 0, self.log()[-2000:])
            self.server.start()
        self.assertNotIn("Error", self.log())


class CommandLine(unittest.TestCase):
    def run_cli(self, *arguments, **environment):
        variables = {k: v for k, v in os.environ.items() if not k.startswith("CELERITY_")}
        return subprocess.run(
            [BINARY, *arguments], capture_output=True, text=True, timeout=30, env={**variables, **environment})

    def test_all_wrong_settings_are_reported_at_once(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("worker:\n  concurency: 3\n  lease: soon\n")
            file.flush()
            result = self.run_cli(
                "config", "show", "--port", "eighty", "--config", file.name, CELERITY_WORKER_GRACE="-1",
                CELERITY_PROT="1")
        self.assertEqual(result.returncode, 2)
        for part in ("port", "worker.concurrency", "worker.lease", "CELERITY_WORKER_GRACE", "CELERITY_PORT"):
            self.assertIn(part, result.stderr)

    def test_precedence_is_flag_environment_file_default(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("port: 1001\nworker:\n  concurrency: 9\n  queues: [a, b]\n")
            file.flush()
            result = self.run_cli(
                "config", "show", "--json", "--config", file.name, "--port", "1003", CELERITY_PORT="1002",
                CELERITY_WORKER_CONCURRENCY="7")
        settings = json.loads(result.stdout)
        self.assertEqual(settings["port"], {"value": "1003", "origin": "flag", "default": "8000"})
        self.assertEqual(settings["worker.concurrency"]["value"], "7")
        self.assertEqual(settings["worker.queues"]["value"], "a,b")
        self.assertEqual(settings["host"]["origin"], "default")

    def test_the_reference_page_is_the_table(self):
        result = self.run_cli("config", "reference")
        with open("docs/reference/settings.md", encoding="utf-8") as page:
            self.assertEqual(result.stdout, page.read(), "run: celerity config reference > docs/reference/settings.md")

    def test_unknown_verbs_services_engines_and_keys_are_refused(self):
        for arguments in (["dve"], ["dev", "--service", "finanse"], ["dev", "--engine", "mysql://x"],
                          ["config", "explain", "worker.concurency"], ["dev", "--host", "0.0.0.0"]):
            with tempfile.TemporaryDirectory() as data:
                extra = ["--data", data] if arguments[0] == "dev" else []
                result = self.run_cli(*arguments, *extra)
            self.assertNotEqual(result.returncode, 0, arguments)
            self.assertTrue(result.stderr.strip(), arguments)

    def test_a_backup_can_be_restored(self):
        with tempfile.TemporaryDirectory() as directory:
            server = Server(BINARY, directory)
            server.start()
            status, answer = server.call("POST", "/v1/tasks", {"task": "finance.health_check"})
            self.assertEqual(status, 202)
            self.assertEqual(server.stop(), 0)
            data, copy = os.path.join(directory, "data"), os.path.join(directory, "copy.db")
            for command in (["backup", copy, "--data", data], ["restore", copy, "--data", data, "--replace"]):
                result = self.run_cli(*command)
                self.assertEqual(result.returncode, 0, result.stderr)
            refused = self.run_cli("restore", copy, "--data", data)
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn("--replace", refused.stderr)
            server.start()
            self.assertEqual(server.call("GET", f"/v1/tasks/{answer['id']}")[0], 200)
            self.assertEqual(server.stop(), 0)
            server.log.close()


if __name__ == "__main__":
    unittest.main()
