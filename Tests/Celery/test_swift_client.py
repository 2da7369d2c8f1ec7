"""Our client and a worker of Python's: tasks submitted to `celerity serve` are run by `celery worker`. The same with our
worker shows that the client sees no difference."""

import os
import sys
import time
import unittest
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from celery.result import AsyncResult  # noqa: E402

from servers import FleetCase, Gateway, OurRole, Shared, eventually  # noqa: E402


class Gatewayed(FleetCase):
    """A shared worker, with a gateway of ours on its database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = Gateway(cls.fleet.url).wait_until_ready()
        # Without a worker of ours somebody must bring delayed tasks when they are due.
        cls.scheduler = OurRole("scheduler", cls.fleet.url, "of the gateway")

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()
        cls.scheduler.close()

    def assert_result(self, task_id, value, seconds=10):
        record = self.gateway.ended(task_id, seconds)
        self.assertEqual((record["state"], record.get("result")), ("SUCCESS", value), record)

    def workflow(self, **body):
        status, answer = self.gateway.call("POST", "/v1/tasks", body)
        self.assertEqual(status, 202, answer)
        return answer["id"]


class Tasks:
    def test_a_plain_call(self):
        self.assert_result(self.gateway.submit("wapp.add", 2, 3), 5)
        self.assert_result(self.gateway.submit("wapp.add", kwargs={"x": 2, "y": 3.5}), 5.5)

    def test_texts_and_values_of_all_kinds(self):
        value = ["żółć 🦀 \u2028 \"q\" \\", None, True, 2 ** 70, 1e-7, {"ä": [[]]}]
        self.assert_result(self.gateway.submit("wapp.ident", value), value)

    def test_big_arguments(self):
        text = "0123456789" * 50_000
        self.assert_result(self.gateway.submit("wapp.ident", text), text)

    def test_the_result_is_waited_for(self):
        task_id = self.gateway.submit("wapp.sleepy", 0.5, "late")
        status, answer = self.gateway.call("GET", f"/v1/tasks/{task_id}/result?wait=10", timeout=15)
        self.assertEqual((status, answer["result"]), (200, "late"))

    def test_a_failure(self):
        record = self.gateway.ended(self.gateway.submit("wapp.fail", "nope"))
        self.assertEqual(record["state"], "FAILURE")
        self.assertEqual((record["error"]["type"], record["error"]["message"]), ("ValueError", "nope"))
        record = self.gateway.ended(self.gateway.submit("wapp.fail_custom", 7, "seven"))
        self.assertEqual(record["error"]["type"], "CustomError")

    def test_a_waiting_task_is_cancelled(self):
        task_id = self.gateway.submit("wapp.add", 1, 2, countdown=60)
        self.assertIn(self.gateway.call("POST", f"/v1/tasks/{task_id}:cancel")[0], (200, 202))
        self.assertEqual(self.gateway.ended(task_id)["state"], "REVOKED")

    def test_a_running_task_is_cancelled(self):
        task_id = self.gateway.submit("wapp.patient", 30)
        eventually(lambda: self.gateway.record(task_id)["state"] in ("STARTED", "PROGRESS"), what="that it runs")
        self.assertIn(self.gateway.call("POST", f"/v1/tasks/{task_id}:cancel")[0], (200, 202))
        self.assertEqual(self.gateway.ended(task_id)["state"], "REVOKED")

    def test_countdown_and_expiry(self):
        began = time.time()
        task_id = self.gateway.submit("wapp.whoami", countdown=1)
        record = self.gateway.ended(task_id)
        self.assertGreaterEqual(record["result"]["time"], began + 0.95)
        self.assertEqual(record["result"]["id"], task_id)
        expired = self.gateway.submit("wapp.add", 1, 2, countdown=1, expires=0.5)
        self.assertEqual(self.gateway.ended(expired)["state"], "REVOKED")

    def test_limits(self):
        record = self.gateway.ended(self.gateway.submit("wapp.sleepy", 30, time_limit=1))
        self.assertEqual((record["state"], record["error"]["type"]), ("FAILURE", "TimeLimitExceeded"))

    def test_retries_of_the_task_itself(self):
        self.assert_result(self.gateway.submit("wapp.retry_then", 2, "done"), ["done", 2])

    def test_priorities(self):
        queue = "swift-client-priorities"
        ids = [
            self.gateway.submit("wapp.whoami", queue=queue, priority=priority) for priority in (0, 3, 6, 9, 0, 3, 6, 9)]
        worker = self.fleet.more(name="priorities", queues=queue, concurrency=1)
        self.addCleanup(worker.close)
        ran = sorted(range(8), key=[self.gateway.ended(each, 20)["result"]["time"] for each in ids].__getitem__)
        # 9 is the most urgent here; on the wire it is Celery's 0.
        self.assertEqual(ran, [3, 7, 2, 6, 1, 5, 0, 4])

    def test_progress_is_seen(self):
        task_id = self.gateway.submit("wapp.patient", 1)
        record = eventually(
            lambda: (r := self.gateway.record(task_id))["state"] == "PROGRESS" and r, what="the state PROGRESS")
        self.assertEqual(record["progress"], {"current": 1, "total": 2})
        self.assert_result(task_id, "slept")


def sig(task, *args, **options):
    return {"task": task, "args": list(args), "options": {"queue": "celery", **options}}


class Workflows:
    def test_links(self):
        after, last = str(uuid.uuid4()), str(uuid.uuid4())
        self.gateway.submit("wapp.add", 1, 2, link=[sig("wapp.add", 10, task_id=after)])
        failed = self.gateway.submit("wapp.fail", "x", link_error=[sig("wapp.errback", task_id=last)])
        self.assertEqual(self.gateway.ended(failed)["state"], "FAILURE")
        self.assertEqual(self.get(AsyncResult(after)), 13)
        self.assertEqual(self.get(AsyncResult(last)), failed)

    def test_a_chain(self):
        self.assert_result(
            self.workflow(chain=[sig("wapp.add", 1, 2), sig("wapp.add", 3), sig("wapp.mul", 4)]), 24)

    def test_a_chain_that_fails(self):
        last = self.workflow(chain=[sig("wapp.add", 1, 2), sig("wapp.fail_after", "middle"), sig("wapp.add", 3)])
        record = self.gateway.ended(last)
        self.assertEqual((record["state"], record["error"]["message"]), ("FAILURE", "middle"))

    def test_a_chord(self):
        last = self.workflow(chord={"header": [sig("wapp.add", i, i) for i in range(10)], "body": sig("wapp.xsum")})
        self.assert_result(last, 90)

    def test_a_chord_with_a_failing_member(self):
        last = self.workflow(
            chord={"header": [sig("wapp.add", 1, 1), sig("wapp.fail", "member")], "body": sig("wapp.xsum")})
        record = self.gateway.ended(last)
        self.assertEqual((record["state"], record["error"]["type"]), ("FAILURE", "ChordError"))

    def test_a_chain_through_a_chord(self):
        group = {"task": "celery.group", "subtask_type": "group", "kwargs": {
            "tasks": [sig("wapp.add", i) for i in range(3)]}}
        last = self.workflow(chain=[sig("wapp.add", 1, 1), group, sig("wapp.xsum"), sig("wapp.add", 100)])
        self.assert_result(last, 109)


def load_tests(loader, standard_tests, pattern):
    suite = unittest.TestSuite()
    for start in (Shared.python, Shared.swift):
        for cases in (Tasks, Workflows):
            name = f"{cases.__name__}On{start.__name__.capitalize()}"
            suite.addTests(loader.loadTestsFromTestCase(
                type(name, (cases, Gatewayed), {"start_fleet": staticmethod(start), "__module__": __name__})))
    return suite


if __name__ == "__main__":
    unittest.main()
