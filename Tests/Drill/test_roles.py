"""The roles as processes of their own on one Redis: they start, work, stop in order, and outlive Redis.

    python3 -B -m unittest discover -s Tests/Drill -p test_roles.py
"""

import concurrent.futures
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, clean_environment, run  # noqa: E402
from redis_server import Redis  # noqa: E402
from server import call, free_port  # noqa: E402

KWARGS = {"amount": 10000, "rate": 0.05}


def eventually(check, seconds=20, what="it"):
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            last = check()
            if last:
                return last
        except OSError as error:
            last = error
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {seconds} s; last: {last!r}")


class Role:
    """One role with its output in a file."""

    def __init__(self, *words, **environment):
        self.words = words
        self.log = tempfile.NamedTemporaryFile("w+", prefix="celerity-role-")
        self.port = int(words[words.index("--port") + 1]) if "--port" in words else None
        self.process = subprocess.Popen(
            [BINARY, *words], stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
            env=clean_environment(**environment))

    def text(self):
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def wait_for(self, pattern, seconds=20):
        def look():
            found = re.search(pattern, self.text())
            if not found and self.process.poll() is not None:
                raise AssertionError(f"{self.words} ended with {self.process.returncode}:\n{self.text()}")
            return found
        try:
            return eventually(look, seconds, pattern)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text()}") from None

    def call(self, method, path, body=None, timeout=20):
        return call(self.port, method, path, body, timeout=timeout)

    def submit(self, **fields):
        status, answer = self.call("POST", "/v1/tasks", {"task": "finance.compound_interest", "kwargs": KWARGS, **fields})
        if status != 202:
            raise AssertionError(f"{status} {answer}")
        return answer["id"]

    def result(self, task_id, wait=20):
        return self.call("GET", f"/v1/tasks/{task_id}/result?wait={wait}", timeout=wait + 10)

    def stop(self, which=signal.SIGTERM, seconds=60):
        if self.process.poll() is None:
            self.process.send_signal(which)
        return self.process.wait(timeout=seconds)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Case(unittest.TestCase):
    def role(self, *words, **environment):
        role = Role(*words, **environment)
        self.addCleanup(role.close)
        return role

    def redis(self, *options):
        server = Redis(*options)
        self.addCleanup(server.close)
        return server.start()


class OnOneRedis(Case):
    """All of these share a server; each test uses a database of its own."""

    databases = iter(range(16))

    @classmethod
    def setUpClass(cls):
        cls.server = Redis().start()

    @classmethod
    def tearDownClass(cls):
        cls.server.close()

    def setUp(self):
        self.url = f"redis://127.0.0.1:{self.server.port}/{next(self.databases)}"

    def gateway(self, *words):
        gateway = self.role("serve", "--engine", self.url, "--port", str(free_port()), *words)
        eventually(lambda: gateway.call("GET", "/readyz")[0] == 200, what="readiness")
        return gateway

    def worker(self, *words, **environment):
        worker = self.role("worker", "--engine", self.url, *words, **environment)
        worker.wait_for("is ready")
        return worker

    def test_each_role_says_what_it_is_and_a_task_goes_through_them(self):
        gateway = self.gateway()
        scheduler = self.role("beat", "--engine", self.url)
        worker = self.worker("-c", "2", "-n", "w1@%h")
        self.assertIn("is ready", gateway.wait_for(r".*is ready.*: gateway\n").group())
        scheduler.wait_for(r"is ready.*: scheduler\n")
        self.assertIn(f"Engine   {self.url}", worker.text())
        self.assertRegex(worker.text(), r"Worker   w1@\S+, 2 at once: documents\.")
        self.assertRegex(worker.text(), r"Queues   celery, default, finance, items, ")
        status, answer = gateway.result(gateway.submit())
        self.assertEqual((status, answer["result"]["total"]), (200, 10511.62))
        # The scheduler makes a delayed task ready.
        status, answer = gateway.result(gateway.submit(countdown=1))
        self.assertEqual((status, answer["result"]["total"]), (200, 10511.62))
        for each in (worker, scheduler, gateway):
            self.assertEqual(each.stop(), 0, each.text())
            self.assertIn("stopped; everything accepted is in " + self.url, each.text())

    def test_everything_in_one_process_on_redis(self):
        dev = self.role("dev", "--engine", self.url, "--port", str(free_port()))
        eventually(lambda: dev.call("GET", "/health")[1].get("status") == "healthy", what="health")
        self.assertEqual(dev.result(dev.submit())[1]["result"]["total"], 10511.62)
        self.assertEqual(dev.stop(signal.SIGINT), 0)

    def test_celerys_line_works_and_says_what_has_no_effect(self):
        worker = self.role(
            "-A", "shop", "worker", "-Q", "celery", "-c", "4", "-n", "shop@%h", "--loglevel", "INFO", "-P", "prefork",
            "--max-tasks-per-child", "100", "-O", "fair", "-E", CELERY_BROKER_URL=self.url, CELERY_RESULT_BACKEND=self.url)
        worker.wait_for("is ready")
        for words in ("-A shop has no effect", "--pool prefork is not there yet", "--max-tasks-per-child 100 has no effect"):
            self.assertIn(words, worker.text())
        self.assertRegex(worker.text(), r"Queues   celery\n")
        gateway = self.gateway()
        names = eventually(lambda: [each["name"] for each in gateway.call("GET", "/v1/workers")[1]["workers"]])
        self.assertRegex(names[0], r"^shop@\S+$")

    def test_a_worker_and_a_scheduler_have_a_page_when_they_are_given_a_port(self):
        gateway = self.gateway()
        for verb in ("worker", "scheduler"):
            port = free_port()
            role = self.role(verb, "--engine", self.url, "--health-port", str(port))
            role.wait_for("is ready")
            role.port = port
            eventually(lambda: role.call("GET", "/readyz")[0] == 200, what="readiness")
            self.assertEqual(role.call("GET", "/livez")[0], 200)
            self.assertEqual(role.call("GET", "/v1/tasks")[0], 404)
            if verb == "worker":
                self.assertEqual(gateway.result(gateway.submit())[0], 200)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/metrics", headers={"Accept": "text/plain"})
            text = connection.getresponse().read().decode()
            connection.close()
            self.assertIn("celerity_build_info", text)
            if verb == "worker":
                self.assertRegex(text, r'celery_task_succeeded_total{name="finance.compound_interest".*} 1')
            self.assertEqual(role.stop(), 0)

    def test_an_order_to_stop_ends_the_workers_process(self):
        gateway, worker = self.gateway(), self.worker("-n", "w1@here")
        eventually(lambda: gateway.call("GET", "/v1/workers")[1]["workers"], what="the worker")
        self.assertIn(gateway.call("POST", "/v1/workers/w1@here:stop")[0], (200, 202))
        self.assertEqual(worker.process.wait(timeout=20), 0)

    def test_a_password_is_shown_nowhere(self):
        server = self.redis("--requirepass", "geheim")
        url = f"redis://:geheim@127.0.0.1:{server.port}/0"
        worker = self.role("worker", "-l", "debug", CELERITY_ENGINE=url)
        worker.wait_for("is ready")
        self.assertEqual(worker.stop(), 0)
        self.assertNotIn("geheim", worker.text())
        for words in (["config", "show"], ["config", "explain", "engine"], ["doctor"]):
            self.assertNotIn("geheim", (done := run(*words, CELERITY_ENGINE=url)).stdout + done.stderr)
        refused = run("worker", CELERITY_ENGINE=f"redis://:falsch@127.0.0.1:{server.port}/0")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("error: Redis refuses", refused.stderr)
        self.assertNotIn("falsch", refused.stderr)


class Refusals(Case):
    def test_roles_of_their_own_leave_a_file_to_its_owner(self):
        with tempfile.TemporaryDirectory() as directory:
            for verb in ("serve", "worker", "scheduler"):
                done = run(verb, "--data", directory)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("has one owner, the process 'celerity dev'", done.stderr)
                self.assertIn("--engine redis://", done.stderr)
            self.assertEqual(os.listdir(directory), [])


class Start(Case):
    def ready(self, *settings):
        """What a platform has said when it is ready."""
        with tempfile.TemporaryDirectory() as directory:
            words = [word for setting in settings for word in ("--set", setting)]
            dev = self.role("dev", "--data", directory, "--port", str(free_port()), *words)
            dev.wait_for("is ready")
            self.assertEqual(dev.stop(), 0, dev.text())
            return dev.text()

    def test_far_more_slots_than_cores_are_warned_of(self):
        """S1.63"""
        self.assertRegex(self.ready(f"worker.concurrency={4 * os.cpu_count() + 1}"), r"warning.*four a core")
        self.assertNotIn("four a core", self.ready())


    def test_other_names_of_the_machine_are_served_when_they_are_allowed(self):
        with tempfile.TemporaryDirectory() as directory:
            port = free_port()
            dev = self.role("dev", "--data", directory, "--port", str(port),
                            "--set", "gateway.allowed_hosts=Tasks.example,tasks")
            dev.wait_for("is ready")
            for host, status in (("tasks.example", 200), ("TASKS:8000", 200), ("localhost", 200), ("other.example", 403)):
                with self.subTest(host):
                    answered, answer = call(port, "GET", "/v1/queues", headers={"Host": host})
                    self.assertEqual(answered, status)
            self.assertIn("gateway.allowed_hosts", answer["hint"])
            self.assertEqual(dev.stop(), 0, dev.text())

    def test_with_json_every_line_is_json_from_the_start_to_the_end(self):
        with tempfile.TemporaryDirectory() as directory:
            port = free_port()
            dev = self.role("dev", "--data", directory, "--port", str(port), "--set", "log.format=json", "-c", "2")
            dev.wait_for('"ready"')
            self.assertEqual(dev.stop(), 0, dev.text())
        lines = [json.loads(line) for line in dev.text().splitlines()]
        ready = [line for line in lines if line["message"] == "ready"]
        self.assertEqual(len(ready), 1, lines)
        self.assertEqual(ready[0]["address"], f"http://127.0.0.1:{port}")
        self.assertEqual(ready[0]["roles"], "gateway, worker and scheduler")
        self.assertEqual((ready[0]["durability"], ready[0]["concurrency"]), ("durable", 2))
        self.assertIn("pdf_generation", ready[0]["queues"].split(","))
        self.assertTrue(ready[0]["engine"].endswith("celerity.db"), ready)
        self.assertIn("stopping", [line["message"] for line in lines])
        self.assertTrue(lines[-1]["message"].startswith("stopped;"), lines[-1])


class RedisAway(Case):
    def test_a_role_waits_for_redis_to_come_up(self):
        server = Redis()
        self.addCleanup(server.close)
        worker = self.role("worker", "--engine", server.url)
        worker.wait_for("waiting for redis://127.0.0.1")
        server.start()
        worker.wait_for("is ready")
        self.assertEqual(worker.stop(), 0)

    def test_a_gateway_says_that_redis_is_away_and_recovers_by_itself(self):
        server = self.redis()
        gateway = self.role("serve", "--engine", server.url, "--port", str(free_port()))
        eventually(lambda: gateway.call("GET", "/readyz")[0] == 200, what="readiness")
        worker = self.role("worker", "--engine", server.url)
        worker.wait_for("is ready")
        kept = gateway.submit()
        self.assertEqual(gateway.result(kept)[0], 200)
        server.kill()
        eventually(lambda: gateway.call("GET", "/readyz")[0] == 503, what="unreadiness")
        health = eventually(
            lambda: (h := gateway.call("GET", "/health")[1])["services"]["engine"] == "disconnected" and h)
        self.assertEqual(health["status"], "degraded")
        requests = [
            ("POST", "/v1/tasks", {"task": "finance.compound_interest", "kwargs": KWARGS}),
            ("GET", f"/v1/tasks/{kept}", None), ("GET", "/v1/queues", None)]
        with concurrent.futures.ThreadPoolExecutor() as clients:
            for status, problem in clients.map(lambda each: gateway.call(*each, timeout=30), requests):
                self.assertEqual((status, problem["code"]), (503, "engine-unavailable"))
        self.assertEqual(gateway.call("GET", "/livez")[0], 200)
        server.start()
        eventually(lambda: gateway.call("GET", "/readyz")[0] == 200, what="readiness again")
        began = time.monotonic()
        self.assertEqual(gateway.result(gateway.submit())[0], 200)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(gateway.result(kept)[0], 200)
        for each in (worker, gateway):
            self.assertEqual(each.stop(), 0)

    def test_a_worker_ends_although_redis_is_away(self):
        server = self.redis()
        worker = self.role("worker", "--engine", server.url, "--set", "worker.grace=1s", "--set", "worker.lease=3s")
        worker.wait_for("is ready")
        server.kill()
        worker.wait_for("could not fetch tasks|could not ask for orders|could not announce", 30)
        self.assertEqual(worker.stop(seconds=60), 0)


class Doctor(Case):
    def findings(self, url):
        done = run("doctor", "--engine", url, "--json")
        return {each["check"]: each for each in json.loads(done.stdout)["findings"]}

    def test_a_right_redis_and_a_dangerous_one_are_told_apart(self):
        server = self.redis()
        found = self.findings(server.url)
        for check in ("redis", "redis durability", "redis memory", "redis clock"):
            self.assertEqual(found[check]["level"], "ok", found[check])
        self.assertNotIn("data directory", found)
        server.command("CONFIG", "SET", "appendfsync", "everysec")
        server.command("CONFIG", "SET", "maxmemory", "100mb")
        server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        found = self.findings(server.url)
        self.assertEqual(found["redis durability"]["level"], "warning")
        self.assertEqual(found["redis memory"]["level"], "error")
        self.assertIn("noeviction", found["redis memory"]["fix"])
        server.kill()
        self.assertEqual(self.findings(server.url)["redis"]["level"], "error")


if __name__ == "__main__":
    unittest.main()
