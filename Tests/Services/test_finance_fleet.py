"""What the finance service promises of several gateways and workers on one Redis: any instance answers, throughput follows
the slots, crashes and a broker that is down lose nothing, and each part starts by a command of its own.

    python3 -B -m unittest discover -s Tests/Services -p test_finance_fleet.py
"""

import concurrent.futures
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand import Alone, Fleet, FleetCase, Stand, eventually, free_port  # noqa: E402

BODY = {"data": {"amount": 10000, "rate": 0.05}}
QUIET = ("log.level=warning",)
ENDED = ("SUCCESS", "FAILURE", "REVOKED")


def submit(stand, body, **how):
    status, answer = stand.call("POST", "/tasks", body, **how)
    assert status == 202, answer
    return answer["task_id"]


def ended(stand, task_id, seconds=120, **how):
    def look():
        status, task = stand.call("GET", f"/tasks/{task_id}", **how)
        assert status == 200, task
        return task if task["status"] in ENDED else None
    return eventually(look, seconds, what=f"the end of {task_id}")


def seconds_of(text):
    """Seconds of an RFC 3339 time since its midnight; tests don't run over one, or take it for a day later."""
    hours, minutes, rest = text.split("T")[1].rstrip("Z").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


class AnyInstance(FleetCase):
    settings = QUIET

    def test_s4_04_every_instance_answers_for_its_health(self):
        for gateway in range(len(self.stand.ports)):
            # A worker is there when it has said so for the first time.
            eventually(
                lambda: self.stand.call("GET", "/health", gateway=gateway)[1]["status"] == "healthy", what="a healthy state")
            self.assertEqual(self.stand.call("GET", "/api/v1/health", gateway=gateway)[0], 200)

    def test_a_task_is_the_same_on_every_instance(self):
        """S4.30: as far as instances are asked directly."""
        task_id = submit(self.stand, BODY, gateway=0)
        tasks = [ended(self.stand, task_id, gateway=gateway) for gateway in range(len(self.stand.ports))]
        self.assertEqual(tasks[0], tasks[1])
        self.assertEqual(tasks[0]["result"]["total"], 10511.62)


class Throughput(unittest.TestCase):
    def test_s4_34_c4_1_throughput_is_slots_divided_by_the_time_of_a_task(self):
        stand = Alone(QUIET + ("worker.concurrency=4",))
        try:
            ended(stand, submit(stand, BODY))
            began = time.monotonic()
            # Long ones: what comes between two tasks must not count.
            ids = [submit(stand, {"task_type": "fixed_seconds", "seconds": 3}) for _ in range(8)]
            tasks = [ended(stand, each) for each in ids]
            starts = [seconds_of(task["started_at"]) for task in tasks]
            ends = [seconds_of(task["completed_at"]) for task in tasks]
            rate = len(tasks) / (max(ends) - min(starts))
            self.assertLess(abs(rate - 4 / 3) / (4 / 3), 0.1, f"{rate}/s in {time.monotonic() - began} s")
            # Never more at once than there are slots. A slot is free when the second is over; the end is written then.
            for moment in starts:
                running = sum(1 for start in starts if start <= moment < start + 3)
                self.assertLessEqual(running, 4)
        finally:
            stand.close()


class Crash(unittest.TestCase):
    def test_s4_40_a_worker_that_is_killed_loses_nothing(self):
        stand = Fleet(QUIET + ("worker.lease=3s",))
        try:
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                ids = list(pool.map(
                    lambda _: submit(stand, {"task_type": "fixed_seconds", "seconds": 0.2}), range(60)))
            eventually(
                lambda: any(stand.call("GET", f"/tasks/{each}")[1]["status"] in ("STARTED", "PROGRESS") for each in ids),
                what="a running task")
            stand.processes["worker0"].kill()
            stand.processes.pop("worker0").wait()
            self.assertEqual({ended(stand, each)["status"] for each in ids}, {"SUCCESS"})
        finally:
            stand.close()


class BrokerDown(unittest.TestCase):
    def test_s4_41_a_broker_that_is_down_is_503_and_queued_tasks_survive(self):
        stand = Fleet(QUIET)
        try:
            for name in ("worker0", "worker1"):
                stand.stop(name)
            ids = [submit(stand, BODY) for _ in range(20)]
            stand.processes["redis"].kill()
            stand.processes.pop("redis").wait()

            def is_refused():
                status, body = stand.call("POST", "/tasks", BODY, gateway=0)
                return status == 503 and body["error"]["code"] == "BROKER_CONNECTION_ERROR"
            eventually(is_refused, what="a refusal")
            health = stand.call("GET", "/api/v1/health", gateway=0)[1]
            self.assertEqual((health["status"], health["dependencies"]["celery_broker"]), ("degraded", "disconnected"))
            port = stand.engine.rsplit(":", 1)[1].split("/")[0]
            stand.spawn("redis", [
                "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", stand.directory, "--appendonly", "yes",
                "--save", ""])
            eventually(lambda: stand.call("POST", "/tasks", BODY, gateway=0)[0] == 202, 10, what="recovery")
            stand.start_worker("worker0")
            self.assertEqual({ended(stand, each)["status"] for each in ids}, {"SUCCESS"})
        finally:
            stand.close()


class Commands(unittest.TestCase):
    def test_s4_45_broker_api_and_worker_start_as_three_commands(self):
        stand = Stand(QUIET)
        try:
            redis, port = free_port(), free_port()
            stand.spawn("redis", ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", ""])
            stand.environment["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{redis}/0"
            stand.ports = [port]
            stand.role("api", "api", "--port", str(port))
            stand.role("worker", "worker", "--loglevel=info", "--concurrency=4")
            stand.wait_until_ready()
            self.assertEqual(ended(stand, submit(stand, BODY))["status"], "SUCCESS")
            workers = eventually(lambda: stand.call("GET", "/v1/workers")[1]["workers"], what="a worker")
            self.assertEqual([worker["concurrency"] for worker in workers], [4])
        finally:
            stand.close()


if __name__ == "__main__":
    unittest.main()
