"""Many processes on one Redis: two gateways, three workers, two schedulers. Any gateway answers for any task."""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wapp  # noqa: E402
from servers import Case, Gateway, OurRole, Redis, SwiftWorker, eventually  # noqa: E402


class Topology(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Redis()
        url = cls.server.url()
        cls.gateways = [Gateway(url, name=f"gateway{i}") for i in range(2)]
        cls.workers = [SwiftWorker(url, name=f"swift{i}", concurrency=2) for i in range(3)]
        cls.schedulers = [OurRole("scheduler", url, f"scheduler{i}") for i in range(2)]
        for each in (*cls.gateways, *cls.workers):
            each.wait_until_ready()
        cls.app = wapp.make_app(url)
        cls.app.set_current()

    @classmethod
    def tearDownClass(cls):
        for each in (*cls.gateways, *cls.workers, *cls.schedulers, cls.server):
            each.close()
        cls.app.close()

    def test_any_gateway_answers_for_any_task(self):
        first, second = self.gateways
        mine = [first.submit("wapp.add", i, i) for i in range(30)]
        yours = [second.submit("wapp.add", i, 1) for i in range(30)]
        for i in range(30):
            self.assertEqual(second.ended(mine[i])["result"], 2 * i)
            self.assertEqual(first.ended(yours[i])["result"], i + 1)
        self.assertEqual(second.call("GET", f"/v1/tasks/{mine[0]}/result?wait=5")[1]["result"], 0)

    def test_python_and_gateways_see_the_same_tasks(self):
        result = wapp.add.delay(20, 22)
        self.assertEqual(result.get(timeout=10), 42)
        for gateway in self.gateways:
            self.assertEqual(gateway.ended(result.id)["result"], 42)

    def test_every_worker_is_listed_by_every_gateway_and_works(self):
        names = {each.node for each in self.workers}
        for gateway in self.gateways:
            eventually(
                lambda: names <= {each["name"] for each in gateway.call("GET", "/v1/workers")[1]["workers"]},
                what="all workers in a gateway's list")
        ids = [self.gateways[0].submit("wapp.sleepy", 0.3) for _ in range(6)]
        ran = {self.gateways[1].ended(each)["worker"] for each in ids}
        self.assertEqual(ran, names)

    def test_a_wait_on_one_gateway_ends_with_a_result_of_another(self):
        task_id = self.gateways[0].submit("wapp.sleepy", 1, "late")
        began = time.monotonic()
        status, answer = self.gateways[1].call("GET", f"/v1/tasks/{task_id}/result?wait=20", timeout=30)
        self.assertEqual((status, answer["result"]), (200, "late"))
        self.assertLess(time.monotonic() - began, 5)

    def test_a_task_is_cancelled_through_the_other_gateway(self):
        task_id = self.gateways[0].submit("wapp.patient", 30)
        eventually(lambda: self.gateways[1].record(task_id)["state"] in ("STARTED", "PROGRESS"), what="that it runs")
        self.assertIn(self.gateways[1].call("POST", f"/v1/tasks/{task_id}:cancel")[0], (200, 202))
        self.assertEqual(self.gateways[0].ended(task_id)["state"], "REVOKED")

    def test_a_schedule_fires_each_slot_once_and_outlives_a_scheduler(self):
        first, second = self.gateways
        body = {"schedule": "every 1s", "task": "wapp.ident", "kwargs": {"value": 1}, "queue": "celery"}
        status, answer = first.call("PUT", "/v1/schedules/tick", body)
        self.assertIn(status, (200, 201), answer)

        def fired():
            return {each["id"] for each in second.call("GET", "/v1/tasks?q=id:schedule:tick:*&limit=100")[1]["tasks"]}
        eventually(lambda: len(fired()) >= 2, 20, what="two firings")
        # Both schedulers die, one after the other, and come again: whoever leads, the schedule goes on.
        for each in self.schedulers:
            each.kill()
            each.start()
            before = len(fired())
            eventually(lambda: len(fired()) >= before + 2, 30, what="two more firings")
        times = sorted(each.rsplit(":", 1)[1] for each in fired())
        self.assertEqual(len(times), len(set(times)))
        self.assertEqual(second.call("DELETE", "/v1/schedules/tick")[0], 204)

    def test_a_gateway_may_die(self):
        extra = Gateway(self.server.url(), name="mortal").wait_until_ready()
        self.addCleanup(extra.close)
        task_id = extra.submit("wapp.sleepy", 0.5, "kept")
        extra.kill()
        self.assertEqual(self.gateways[0].ended(task_id)["result"], "kept")


if __name__ == "__main__":
    unittest.main()
