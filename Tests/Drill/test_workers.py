"""Orders to a running worker, what it says of itself, and its log lines, on a real `celerity dev`. Runs the binary named
by CELERITY_TEST_BINARY.

    python3 -B -m unittest discover -s Tests/Drill
"""

import json
import os
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_promises  # noqa: E402


class Workers(test_promises.Running):
    settings = ("worker.concurrency=1", "worker.grace=20s", "log.level=debug", "log.format=json")

    def worker(self):
        return self.server.call("GET", "/v1/workers")[1]["workers"][0]

    def order(self, verb, body=None):
        name = urllib.parse.quote(self.worker()["name"])
        status, answer = self.server.call("POST", f"/v1/workers/{name}:{verb}", body)
        self.assertEqual(status, 202, answer)

    def worker_soon(self, seconds=2, **wanted):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            worker = self.worker()
            if all(worker[key] == value for key, value in wanted.items()):
                return worker
            time.sleep(0.01)
        self.fail(f"the worker is not {wanted} but {worker}")

    def lines(self):
        for line in self.log().splitlines():
            if line.startswith("{"):
                yield json.loads(line)


class Orders(Workers):
    def test_an_order_to_stop_ends_the_process_as_one_signal_would(self):
        running = self.submit("finance.fixed_seconds", seconds=1)
        waiting = self.submit("finance.fixed_seconds", seconds=0)
        self.wait_for_state(running, "STARTED")
        self.order("stop")
        self.assertEqual(self.server.process.wait(timeout=20), 0)
        self.assertIn("waiting for 1 running task", self.log())
        self.server.start()
        self.assertEqual(self.wait_for(running)["state"], "SUCCESS")
        self.assertEqual(self.server.call("GET", f"/v1/tasks/{running}")[1]["attempts"], 1)
        self.assertEqual(self.wait_for(waiting)["state"], "SUCCESS")

    def test_repeated_orders_to_stop_do_not_hand_back_what_runs(self):
        running = self.submit("finance.fixed_seconds", seconds=1)
        self.wait_for_state(running, "STARTED")
        name = urllib.parse.quote(self.worker()["name"])
        for _ in range(3):
            try:
                self.server.call("POST", f"/v1/workers/{name}:stop")
            except OSError:
                break  # it does not take requests any more
        self.assertEqual(self.server.process.wait(timeout=20), 0)
        self.assertNotIn("handing back", self.log())
        self.server.start()
        record = self.server.call("GET", f"/v1/tasks/{running}")[1]
        self.assertEqual((record["state"], record["attempts"]), ("SUCCESS", 1))

    def test_more_slots_run_what_waits_at_once_and_fewer_let_it_end(self):
        tasks = [self.submit("finance.fixed_seconds", seconds=3) for _ in range(3)]
        self.wait_for_state(tasks[0], "STARTED")
        self.order("scale", {"concurrency": 3})
        for task in tasks:
            self.wait_for_state(task, "STARTED", seconds=1)
        self.order("scale", {"concurrency": 1})
        self.worker_soon(concurrency=1, running=3)
        for task in tasks:
            self.assertEqual(self.wait_for(task)["state"], "SUCCESS")
        self.worker_soon(running=0)

    def test_a_quiet_worker_stays_and_takes_nothing(self):
        self.order("quiet")
        self.worker_soon(draining=True)
        task = self.submit("finance.fixed_seconds", seconds=0)
        time.sleep(0.3)
        self.assertEqual(self.server.call("GET", f"/v1/tasks/{task}")[1]["state"], "PENDING")
        self.order("resume")
        self.assertEqual(self.wait_for(task, seconds=2)["state"], "SUCCESS")


class Presence(Workers):
    def test_what_a_worker_says_of_itself_is_true_a_second_later(self):
        tasks = [self.submit("finance.fixed_seconds", seconds=0) for _ in range(100)]
        for task in tasks:
            self.wait_for(task)
        self.worker_soon(seconds=1.5, processed=100, running=0)
        long = self.submit("finance.fixed_seconds", seconds=2)
        self.wait_for_state(long, "STARTED")
        self.worker_soon(seconds=1.5, running=1)


class Lines(Workers):
    def test_one_request_is_found_in_the_lines_of_gateway_and_worker(self):
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        status, answer = self.server.call(
            "POST", "/v1/tasks", {"task": "finance.fixed_seconds", "kwargs": {"seconds": 0}},
            {"X-Request-ID": "order-4711", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        self.assertEqual(status, 202, answer)
        self.wait_for(answer["id"])
        deadline = time.monotonic() + 2
        while True:
            lines = [line for line in self.lines() if line.get("request_id") == "order-4711"]
            worker = [line for line in lines if line.get("task_id") == answer["id"] and "attempt" in line]
            gateway = [line for line in lines if "status" in line]
            if worker and gateway or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        self.assertEqual(len(gateway), 1, lines)
        self.assertTrue(worker, lines)
        self.assertTrue(all(line["trace_id"] == trace for line in lines), lines)


if __name__ == "__main__":
    unittest.main()
