"""What whoever runs the services relies on: slots, long queues, logs of JSON, settings of an environment file.

    python3 -B -m unittest discover -s Tests/Services -p test_operation.py
"""

import datetime
import json
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand import BINARY, Alone, Fleet, eventually  # noqa: E402
from test_documents import order  # noqa: E402
from test_messages import done, post  # noqa: E402

QUIET = ("log.level=warning",)


class Slots(unittest.TestCase):
    def test_s1_41_never_more_than_its_slots_run_and_what_waits_stays_in_the_queue(self):
        stand = Alone(QUIET + ("worker.concurrency=2",))
        self.addCleanup(stand.close)
        for _ in range(8):
            status, answer = stand.call("POST", "/tasks", {"task_type": "fixed_seconds", "seconds": 0.5})
            self.assertEqual(status, 202, answer)
        seen = set()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            queue = stand.call("GET", "/v1/queues/finance")[1]
            seen.add(queue["running"])
            if queue["running"] == queue["ready"] == 0:
                break
            reserved = subprocess.run(
                [BINARY, "inspect", "reserved", "--json", "--url", f"http://127.0.0.1:{stand.ports[0]}"],
                capture_output=True, text=True, check=True, timeout=30)
            self.assertEqual(json.loads(reserved.stdout)["tasks"], [])
        self.assertEqual(max(seen), 2)
        self.assertIn(0, seen)


def resident(process):
    """MiB of memory that a process has."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return int(next(line for line in file if line.startswith("VmRSS")).split()[1]) / 1024


class Backlog(unittest.TestCase):
    count = 100_000

    def test_s1_42_a_hundred_thousand_jobs_wait_and_survive_a_kill_in_bounded_memory(self):
        stand = Alone(QUIET + ("worker.queues=other",))
        self.addCleanup(stand.close)
        before = resident(stand.processes["dev"])
        item = {"task": "documents.generate_pdf", "queue": "pdf_generation", "kwargs": order("pdf")}
        ids = []
        while len(ids) < self.count:
            status, answer = stand.call("POST", "/v1/tasks:bulk", [item] * 10_000, timeout=120)
            self.assertEqual((status, answer["accepted"]), (202, 10_000), str(answer)[:300])
            ids += [each["id"] for each in answer["items"]]
        self.assertEqual(len(set(ids)), self.count)
        # The queue is on disk. A request of ten thousand is in memory while it is answered, whatever waits already.
        self.assertLess(resident(stand.processes["dev"]) - before, 200)
        process = stand.processes.pop("dev")
        process.kill()
        process.wait()
        stand.start()
        queue = stand.call("GET", "/v1/queues/pdf_generation")[1]
        self.assertEqual((queue["ready"], queue["running"]), (self.count, 0))
        for each in ids[::500] + ids[-1:]:
            status, job = stand.call("GET", f"/jobs/{each}")
            self.assertEqual((status, job["status"]), (200, "PENDING"))
        self.assertLess(resident(stand.processes["dev"]) - before, 100)
        # One more is taken at once.
        began = time.monotonic()
        self.assertEqual(stand.call("POST", "/generate/async", order("pdf"))[0], 202)
        self.assertLess(time.monotonic() - began, 2)


def apart(make):
    """A stand whose processes write logs and everything else into files of their own."""
    class Apart(make):
        def spawn(self, name, command):
            paths = [os.path.join(self.directory, f"{name}.{kind}") for kind in ("log", "errors")]
            with open(paths[0], "ab") as output, open(paths[1], "ab") as errors:
                self.processes[name] = subprocess.Popen(
                    command, stdout=output, stderr=errors, stdin=subprocess.DEVNULL, env=self.environment,
                    cwd=self.directory)
    return Apart


class JSONLines:
    make = None
    settings = ("log.format=json", "log.level=trace")
    environment = {}

    def test_s3_38_every_line_of_every_part_is_json(self):
        stand = apart(self.make)(self.settings, self.environment)
        self.addCleanup(stand.close)
        posted = post(stand, "a line\nand another \"one\" \u2028 \x7f")
        done(stand, posted)
        stand.call("POST", "/messages", "{no json")
        stand.call("GET", "/nowhere%0Aforged")
        failing = stand.call("POST", "/tasks", {"task_type": "optimize", "data": {}})[1]
        self.assertTrue(failing)
        parts = [name for name in stand.processes if name != "redis"]
        # Also what is said at the end, and of a store that is not there.
        if "redis" in stand.processes:
            stand.stop("redis")
            stand.call("POST", "/messages", {"message": "meanwhile"})
        processes = [stand.processes.pop(name) for name in parts]
        for process in processes:
            process.terminate()
        self.assertEqual([process.wait(timeout=60) for process in processes], [0] * len(parts))
        seen = []
        for name in parts:
            with open(os.path.join(stand.directory, f"{name}.errors"), encoding="utf-8") as file:
                lines = file.read().split("\n")
            self.assertEqual(lines.pop(), "", name)
            for line in lines:
                self.assertRegex(line, r"^\{.*\}$", name)
                entry = json.loads(line)
                self.assertEqual(list(entry)[:4], ["time", "level", "logger", "message"], line)
                self.assertIn(entry["level"], ("trace", "debug", "info", "notice", "warning", "error", "critical"))
                datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00"))
                seen.append(entry)
        ended = [entry for entry in seen if entry.get("task_id") == posted["task_id"] and entry["message"] == "task succeeded"]
        self.assertEqual(len(ended), 1, ended)
        request = [entry for entry in seen if entry["message"] == "request" and entry.get("path") == "/messages"]
        self.assertIn(ended[0]["request_id"], [entry["request_id"] for entry in request])


class JSONLinesAlone(JSONLines, unittest.TestCase):
    make = Alone


class JSONLinesOnAFleet(JSONLines, unittest.TestCase):
    make = Fleet


class JSONByDefault(unittest.TestCase):
    def test_s3_38_logs_that_no_terminal_shows_are_json_unless_said_otherwise(self):
        stand = apart(Alone)()
        self.addCleanup(stand.close)
        post(stand, "hello")
        stand.stop("dev")
        with open(os.path.join(stand.directory, "dev.errors"), encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertTrue(lines)
        for line in lines:
            json.loads(line)


class EnvironmentFile(unittest.TestCase):
    names = {
        "CACHE_ENABLED": ("cache.enabled", "false", "maybe"),
        "PDF_CACHE_TTL": ("documents.pdf_cache_ttl", "3600", "soon"),
        "LATEX_CACHE_TTL": ("documents.latex_cache_ttl", "1800", "-1"),
        "JOB_RESULTS_TTL": ("documents.result_ttl", "60", "x"),
        "MAX_QUEUE_SIZE": ("documents.queue_limit", "7", "many"),
        "CELERY_BROKER_URL": ("engine", "redis://localhost:6379/0", None),
        "CELERY_RESULT_BACKEND": ("results", "redis://localhost:6379/0", None),
        "CELERY_CONCURRENCY": ("worker.concurrency", "8", "eight"),
        "REDIS_MAX_CONNECTIONS": ("redis.max_connections", "200", "0"),
        "JOB_RESULTS_ENABLED": ("documents.job_results", "false", "perhaps"),
        "LOG_LEVEL": ("log.level", "warning", "loud"),
        "ENVIRONMENT": ("environment", "production", None),
    }

    def config(self, **environment):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CELERITY_", "CELERY_", "REDIS_"))}
        return subprocess.run(
            [BINARY, "config", "show"], env={**kept, **environment}, capture_output=True, text=True, timeout=30)

    def test_s1_51_names_are_read(self):
        shown = self.config(**{name: value for name, (_, value, _) in self.names.items()})
        self.assertEqual(shown.returncode, 0, shown.stderr)
        lines = {line.split("\t")[0]: line.split("\t")[1:3] for line in shown.stdout.splitlines()}
        for name, (setting, value, _) in self.names.items():
            self.assertEqual(lines[setting], [value, name])

    def test_s1_51_a_bad_value_is_reported_by_its_name_at_the_start(self):
        for name, (setting, _, bad) in self.names.items():
            if bad is not None:
                refused = self.config(**{name: bad})
                self.assertEqual(refused.returncode, 2, name)
                self.assertIn(f"{name} is '{bad}', but must be", refused.stderr)
        self.assertIn("did you mean", self.config(CELERITY_PROT="1").stderr)
        for name in ("REDIS_PORT", "REDIS_DB", "REDIS_SSL"):
            refused = self.config(REDIS_HOST="localhost", **{name: "x"})
            self.assertEqual(refused.returncode, 2, name)
            self.assertIn(f"{name} is 'x', but must be", refused.stderr)

    def test_s1_51_the_parts_of_the_address_of_redis_are_read(self):
        shown = self.config(
            REDIS_HOST="cache.example", REDIS_PORT="6380", REDIS_DB="1", REDIS_PASSWORD="geheim", REDIS_SSL="true")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn("geheim", shown.stdout)
        engine = next(line.split("\t") for line in shown.stdout.splitlines() if line.startswith("engine\t"))
        self.assertEqual(engine[1:3], ["rediss://:***@cache.example:6380/1", "REDIS_HOST"])


if __name__ == "__main__":
    unittest.main()
