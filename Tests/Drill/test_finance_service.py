"""The finance service in operation: its lists, health, queue limit, ageing, request ids, and its page's commands.

    python3 -B -m unittest discover -s Tests/Drill -p test_finance_service.py
"""

import concurrent.futures
import datetime
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from finance_case import BINARY, Finance  # noqa: E402

PAGE = "Sources/Services/Finance/README.md"
BODY = {"data": {"amount": 10000, "rate": 0.05}}
# The worker of such a server takes nothing of the service: what is submitted stays.
IDLE = ("log.level=warning", "worker.queues=other")


class Page(Finance):
    """The commands of the service's page, as a shell runs them."""

    def blocks(self):
        with open(PAGE, encoding="utf-8") as page:
            return re.findall(r"^```sh\n(.*?)^```$", page.read(), re.S | re.M)

    def run_block(self, block):
        """A block word for word, but for the port and curl's progress meter."""
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(os.path.abspath(BINARY), os.path.join(folder, "celerity"))
            environment = {**os.environ, "PATH": folder + os.pathsep + os.environ["PATH"]}
            script = "set -euo pipefail\ncurl() { command curl -s \"$@\"; echo; }\n" + block
            return subprocess.check_output(
                ["bash", "-c", script.replace("localhost:8000", f"127.0.0.1:{self.server.port}")], text=True, timeout=60,
                env=environment)

    def test_every_command_works(self):
        outputs = [self.run_block(block) for block in self.blocks()]
        submitted, waited, listed, setting, health, unknown = outputs
        self.assertEqual(
            list(json.loads(submitted)), ["task_id", "status", "queue", "message", "estimated_wait_time_seconds"])
        priced = json.loads(waited.strip().splitlines()[-1])
        self.assertEqual((priced["status"], priced["priority"]), ("SUCCESS", "high"))
        self.assertAlmostEqual(priced["result"]["option_price"], 10.0, delta=0.3)
        first, second = [json.loads(line) for line in listed.splitlines() if line]
        self.assertEqual((first["limit"], first["offset"], len(first["tasks"])), (10, 0, first["total"]))
        self.assertIn(priced["task_id"], [task["task_id"] for task in second["tasks"]])
        self.assertIn("CELERITY_FINANCE_QUEUE_LIMIT, MAX_QUEUE_SIZE", setting)
        self.assertEqual(json.loads(health)["status"], "healthy")
        self.assertRegex(unknown, r"(?i)HTTP/1.1 404 .*\r?\n(.*\n)*x-request-id: my-request-1\r?\n")


class Lists(Finance):
    def test_pages_add_up_and_hold_only_this_services_tasks(self):
        """S4.03"""
        words = ["high", "medium", "low"]
        ids = [self.submit({**BODY, "priority": words[number % 3]}) for number in range(25)]
        for task_id in ids:
            self.wait_for(task_id)
        for filters, wanted in (("", ids), ("&status=SUCCESS", ids), ("&priority=low", ids[2::3]), ("&status=FAILURE", [])):
            found = []
            while True:
                status, page = self.server.call("GET", f"/tasks?limit=7&offset={len(found)}{filters}")
                self.assertEqual((status, page["total"], page["limit"], page["offset"]), (200, len(wanted), 7, len(found)))
                found += [task["task_id"] for task in page["tasks"]]
                self.assertEqual(page["has_more"], len(found) < len(wanted))
                if not page["has_more"]:
                    break
            self.assertEqual(found, wanted[::-1], filters)
        for path in ("/api/v1/tasks", "/finance/tasks"):
            self.assertEqual(self.server.call("GET", path)[1]["total"], 25)

    def test_wrong_parameters_are_422_and_head_works(self):
        for query in ("limit=0", "limit=1001", "offset=-1", "status=DONE", "priority=urgent", "limit=1&limit=2"):
            self.assert_envelope(self.raw("GET", "/tasks?" + query), 422, "VALIDATION_ERROR")
        status, headers, body = self.raw("HEAD", "/tasks")
        self.assertEqual((status, body), (200, None))
        self.assertGreater(int(headers["Content-Length"]), 0)


class Waiting(Finance):
    def test_the_answer_comes_with_the_end_or_as_a_timeout(self):
        task_id = self.submit({"task_type": "fixed_seconds", "seconds": 1})
        error = self.assert_envelope(self.raw("GET", f"/tasks/{task_id}?wait=0.2"), 504, "TASK_TIMEOUT")
        self.assertEqual((error["details"]["task_id"], error["details"]["wait_seconds"]), (task_id, 0.2))
        began = time.monotonic()
        status, task = self.server.call("GET", f"/tasks/{task_id}?wait=20")
        self.assertEqual((status, task["status"]), (200, "SUCCESS"))
        self.assertLess(time.monotonic() - began, 5)


class Shutdown(Finance):
    def test_whoever_waits_does_not_hold_up_the_end(self):
        task_id = self.submit({"task_type": "fixed_seconds", "seconds": 0.5, "queue": "nobody"})
        with concurrent.futures.ThreadPoolExecutor() as pool:
            waiting = pool.submit(self.raw, "GET", f"/tasks/{task_id}?wait=30")
            # Without this the request might not be there when the signal comes.
            time.sleep(0.5)
            began = time.monotonic()
            self.assertEqual(self.server.stop(), 0)
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(waiting.result(timeout=10)[0], 504)


class Health(Finance):
    settings = ("log.level=warning", "worker.concurrency=1", "gateway.server_id=server-2")

    def health(self):
        status, body = self.server.call("GET", "/api/v1/health")
        self.assertEqual(status, 200)
        return body

    def test_the_numbers_are_live(self):
        """S4.05"""
        before = datetime.datetime.now(datetime.timezone.utc)
        health = self.health()
        self.assertEqual(
            list(health), ["status", "version", "server_id", "timestamp", "dependencies", "queue_stats"])
        self.assertEqual((health["status"], health["server_id"]), ("healthy", "server-2"))
        version = subprocess.check_output([BINARY, "version"], text=True).strip()
        self.assertEqual(health["version"], version)
        self.assertLess(abs((datetime.datetime.fromisoformat(health["timestamp"]) - before).total_seconds()), 30)
        self.assertEqual(
            health["dependencies"],
            {"redis": "connected", "celery_broker": "connected", "celery_workers": "connected"})
        blocker = self.submit({"task_type": "fixed_seconds", "seconds": 3})
        while self.server.call("GET", f"/tasks/{blocker}")[1]["status"] not in ("STARTED", "PROGRESS"):
            time.sleep(0.01)
        ids = [self.submit({**BODY, "priority": word}) for word in ["high"] * 4 + ["medium"] * 2 + ["low"] * 3]
        time.sleep(0.6)  # what waits is counted twice a second
        self.assertEqual(self.health()["queue_stats"], {"high": 4, "medium": 2, "low": 3})
        for task_id in [blocker, *ids]:
            self.wait_for(task_id)
        time.sleep(0.6)
        self.assertEqual(self.health()["queue_stats"], {"high": 0, "medium": 0, "low": 0})


class HealthWithoutWorkers(Finance):
    settings = IDLE

    def test_it_is_degraded_and_says_what_is_missing(self):
        status, health = self.server.call("GET", "/api/v1/health")
        self.assertEqual((status, health["status"]), (200, "degraded"))
        self.assertEqual(
            health["dependencies"],
            {"redis": "connected", "celery_broker": "connected", "celery_workers": "disconnected"})


class Full(Finance):
    settings = IDLE

    def depth(self):
        queues = self.server.call("GET", "/v1/queues")[1]["queues"]
        return sum(queue["ready"] + queue["delayed"] for queue in queues if queue["name"] == "finance")

    def submit_many(self, count):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            bodies = [{**BODY, "priority": ("high", "medium", "low")[number % 3]} for number in range(count)]
            return list(pool.map(lambda body: self.server.call("POST", "/tasks", body)[0], bodies))

    def test_five_hundred_are_taken_and_the_next_is_refused_at_once(self):
        """S4.36, S4.42"""
        # A spike of 600 from 16 clients: nothing but 202 and 503, and the limit is never exceeded.
        statuses = self.submit_many(600)
        self.assertEqual((statuses.count(202), statuses.count(503), self.depth()), (500, 100, 500))
        before = self.server.call("GET", "/tasks?limit=1000")[1]
        times = []
        for _ in range(20):
            began = time.monotonic()
            answer = self.raw("POST", "/tasks", json.dumps(BODY).encode())
            times.append(time.monotonic() - began)
            error = self.assert_envelope(answer, 503, "QUEUE_FULL")
            self.assertEqual(answer[1]["Retry-After"], "30")
            self.assertEqual(error["details"], {"queue": "finance", "current_size": 500, "max_size": 500})
        self.assertLess(sorted(times)[len(times) // 2], 0.05)
        self.assertEqual(self.server.call("GET", "/tasks?limit=1000")[1], before)
        # The platform's own API and other queues have no such limit.
        task = {"task": "finance.compound_interest", "kwargs": {"amount": 1, "rate": 0.1}}
        self.assertEqual(self.server.call("POST", "/v1/tasks", task)[0], 202)
        self.assertEqual(self.server.call("POST", "/tasks", {**BODY, "queue": "reports"})[0], 202)
        # It recovers: what makes room is taken.
        self.assertEqual(self.server.call("POST", "/v1/queues/finance:purge")[0], 200)
        self.assertEqual(self.submit_many(10), [202] * 10)


class Ageing(Finance):
    """One slot, and one step of priority worth a tenth of a second."""

    settings = ("log.level=warning", "worker.concurrency=1", "task.priority_step=100ms")

    def test_a_low_task_is_overtaken_only_for_so_long(self):
        blocker = self.submit({"task_type": "fixed_seconds", "seconds": 2})
        while self.server.call("GET", f"/tasks/{blocker}")[1]["status"] not in ("STARTED", "PROGRESS"):
            time.sleep(0.01)
        low = self.submit({**BODY, "priority": "low"})
        soon = self.submit({**BODY, "priority": "high"})
        time.sleep(0.7)  # more than the six steps from low to high
        late = self.submit({**BODY, "priority": "high"})
        started = {name: self.wait_for(task)["started_at"] for name, task in
                   (("low", low), ("soon", soon), ("late", late))}
        self.assertEqual(sorted(started, key=started.get), ["soon", "low", "late"])


class Requests(Finance):
    settings = ("log.level=debug", "log.format=json")

    def lines(self, text):
        with open(self.server.log.name, encoding="utf-8") as log:
            return [json.loads(line) for line in log if text in line and line.startswith("{")]

    def test_one_id_is_in_the_answer_and_in_both_logs(self):
        """S4.38"""
        answer = self.raw("POST", "/tasks", json.dumps(BODY).encode(), [("X-Request-ID", "order-66.a_b")])
        self.assertEqual((answer[0], answer[1]["X-Request-ID"]), (202, "order-66.a_b"))
        self.assertRegex(answer[1]["X-Response-Time"], r"^\d+\.\d{3}ms$")
        task_id = answer[2]["task_id"]
        self.wait_for(task_id)
        deadline = time.monotonic() + 10
        while True:
            lines = self.lines("order-66.a_b")
            of_gateway = [line for line in lines if line.get("path") == "/tasks" or line.get("method") == "POST"]
            of_worker = [line for line in lines if line.get("task_id") == task_id]
            if of_gateway and of_worker:
                break
            self.assertLess(time.monotonic(), deadline, lines)
            time.sleep(0.05)
        self.assertTrue(all(line["request_id"] == "order-66.a_b" for line in of_gateway + of_worker))

    def test_an_id_that_could_break_a_log_is_replaced(self):
        made = set()
        for value in ("a b", "x" * 129, "a\"b", "ä", "a,b", ""):
            data = (f"GET /tasks/none HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: {value}\r\nConnection: close\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as connection:
                connection.sendall(data.encode())
                text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
            request_id = re.search(r"(?im)^x-request-id: (\S+)\r$", text).group(1)
            self.assertNotEqual(request_id, value)
            self.assertEqual(json.loads(text.split("\r\n\r\n")[1])["error"]["request_id"], request_id)
            made.add(request_id)
        self.assertEqual(len(made), 6)


class Alone(Finance):
    """With the service alone its paths are the root's, and the platform's own stay."""

    settings = ("log.level=warning", "service=finance")

    def test_its_paths_and_the_platforms_answer(self):
        """S4.04, S4.06"""
        self.wait_for(self.submit(BODY))
        paths = ("/", "/health", "/api/v1/health", "/tasks", "/docs", "/redoc", "/openapi.json", "/v1/tasks")
        for path in paths:
            for method in ("GET", "HEAD"):
                self.assertEqual(self.server.call(method, path)[0], 200, f"{method} {path}")
        root = self.server.call("GET", "/")[1]
        self.assertTrue(root["name"] and root["version"] and root["server_id"])
        self.assertEqual(self.server.call("GET", "/api/v1/health")[1]["server_id"], root["server_id"])


if __name__ == "__main__":
    unittest.main()
