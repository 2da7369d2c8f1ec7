"""Flower's pages and REST interface over a worker of Python's and over ours."""

import os
import sys
import unittest
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(1, os.path.join(os.path.dirname(HERE), "Contract"))
from chromium import Browser, Page  # noqa: E402
from celery.exceptions import TaskRevokedError  # noqa: E402
from celery.result import AsyncResult  # noqa: E402

import shapes  # noqa: E402
from servers import Flower, FleetCase, Shared, eventually  # noqa: E402
from wapp import add, fail, patient  # noqa: E402


class Flowered(FleetCase):
    """A Flower and a worker of the class's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = f"flower-{cls.__name__.lower()}"
        # Flower first: it sees a worker's start, and all of its tasks.
        cls.flower = Flower(cls.fleet.url).wait_until_ready()
        cls.worker = cls.fleet.more(name=cls.queue, queues=cls.queue, concurrency=2)
        cls.worker.wait_until_ready()
        cls.node = cls.worker.node
        cls.at_node = urllib.parse.quote(cls.node)
        # It asks the workers anew and answers what it knows so far.
        cls.shown = eventually(
            lambda: (all := cls.flower.call("GET", "/api/workers?refresh=1")[1]) and all.get(cls.node), 15,
            what="the worker in Flower")

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.flower.close()

    def ask(self, method, path, body=None, status=200):
        got, answer = self.flower.call(method, path, body)
        self.assertEqual(got, status, answer)
        return answer

    def send(self, task, *args, **options):
        return task.apply_async(args, queue=self.queue, **options)

    def info(self, task_id, **wanted):
        """The task as Flower knows it, once it is as wanted."""
        def look():
            status, answer = self.flower.call("GET", f"/api/task/info/{task_id}")
            return status == 200 and all(answer[key] == value for key, value in wanted.items()) and answer
        return eventually(look, 10, what=f"{task_id} as {wanted}")


class Pages:
    def test_the_worker_is_shown(self):
        worker = self.shown
        if wrong := shapes.mismatch(worker["stats"], shapes.STATS):
            self.fail(wrong)
        self.assertEqual([each["name"] for each in worker["active_queues"]], [self.queue])
        self.assertIn("wapp.add", worker["registered"])
        self.assertIn("broker_url", worker["conf"])
        self.assertIn(self.node, self.ask("GET", "/workers"))
        self.assertIs(self.ask("GET", "/api/workers?status=1")[self.node], True)
        page = self.ask("GET", f"/worker/{self.at_node}")
        self.assertIn(self.queue, page)
        self.assertIn("wapp.xsum", page)

    def test_tasks_are_shown(self):
        good, bad = self.send(add, 2, 3), self.send(fail, "oops")
        running = self.send(patient, 30)
        shown = self.info(good.id, state="SUCCESS")
        self.assertEqual(
            [shown[key] for key in ("name", "args", "kwargs", "result", "retries", "worker", "root_id")],
            ["wapp.add", "(2, 3)", "{}", "5", 0, self.node, good.id])
        for key in ("received", "started", "succeeded", "runtime"):
            self.assertIsInstance(shown[key], float, key)
        shown = self.info(bad.id, state="FAILURE")
        self.assertEqual(shown["exception"], "ValueError('oops')")
        self.info(running.id, state="STARTED")
        tasks = self.ask("GET", f"/api/tasks?workername={self.at_node}")
        self.assertLessEqual({good.id, bad.id, running.id}, set(tasks))
        failed = self.ask("GET", f"/api/tasks?workername={self.at_node}&state=FAILURE")
        self.assertIn(bad.id, failed)
        self.assertNotIn(good.id, failed)
        self.assertIn("wapp.add", self.ask("GET", "/api/task/types")["task-types"])
        self.assertIn("wapp.add", self.ask("GET", f"/task/{good.id}"))
        self.assertEqual(self.ask("GET", f"/api/task/result/{good.id}"),
                         {"task-id": good.id, "state": "SUCCESS", "result": 5})
        self.assertEqual(self.ask("GET", f"/api/task/result/{bad.id}")["state"], "FAILURE")
        self.ask("POST", f"/api/task/revoke/{running.id}?terminate=true")
        self.assertRaises(TaskRevokedError, self.get, running)
        self.info(running.id, state="REVOKED")

    def test_tasks_are_sent(self):
        sent = self.ask("POST", "/api/task/send-task/wapp.add", {"args": [1, 2], "queue": self.queue})
        self.assertEqual(self.get(AsyncResult(sent["task-id"])), 3)
        sent = self.ask("POST", "/api/task/async-apply/wapp.add", {"args": [3, 4], "queue": self.queue})
        self.assertEqual(self.get(AsyncResult(sent["task-id"])), 7)
        answer = self.ask("POST", "/api/task/apply/wapp.add", {"args": [5, 6], "queue": self.queue})
        self.assertEqual((answer["state"], answer["result"]), ("SUCCESS", 11))

    def test_a_waiting_task_is_revoked(self):
        result = self.send(add, 1, 2, countdown=60)
        self.info(result.id, state="RECEIVED")
        self.ask("POST", f"/api/task/revoke/{result.id}")
        self.assertRaises(TaskRevokedError, self.get, result)

    def test_the_worker_is_ordered_about(self):
        answer = self.ask("POST", f"/api/worker/pool/grow/{self.at_node}?n=2")
        self.assertIn("Growing", answer["message"])
        # Python's processes count as busy while they start.
        eventually(
            lambda: "Shrinking" in self.ask("POST", f"/api/worker/pool/shrink/{self.at_node}?n=2")["message"],
            what="a smaller pool")
        other = f"{self.queue}-other"
        answer = self.ask("POST", f"/api/worker/queue/add-consumer/{self.at_node}?queue={other}")
        self.assertEqual(answer["message"], f"add consumer {other}")
        self.assertEqual(self.get(add.apply_async((1, 2), queue=other)), 3)
        answer = self.ask("POST", f"/api/worker/queue/cancel-consumer/{self.at_node}?queue={other}")
        self.assertEqual(answer["message"], f"no longer consuming from {other}")
        answer = self.ask("POST", f"/api/task/rate-limit/wapp.mul?workername={self.at_node}&ratelimit=100")
        self.assertEqual(answer["message"], "new rate limit set successfully")
        answer = self.ask("POST", f"/api/task/timeout/wapp.mul?workername={self.at_node}&hard=100&soft=50")
        self.assertEqual(answer["message"], "time limits set successfully")

    def test_queues_and_metrics(self):
        queues = eventually(
            lambda: {q["name"]: q["messages"] for q in self.ask("GET", "/api/queues/length")["active_queues"]}, 5,
            what="queues")
        self.assertEqual(queues.get(self.queue), 0)
        result = self.send(add, 1, 2)
        self.info(result.id, state="SUCCESS")
        metrics = self.ask("GET", "/metrics")
        self.assertIn(f'flower_events_total{{task="wapp.add",type="task-succeeded",worker="{self.node}"}}', metrics)
        self.assertIn(f'flower_worker_online{{worker="{self.node}"}} 1.0', metrics)

    def page(self, path):
        page = Page(self.browser, f"http://127.0.0.1:{self.flower.port}{path}")
        self.addCleanup(page.close)
        return page

    def assert_shown(self, page, words):
        self.assertTrue(
            page.wait_for(f"document.body.textContent.includes({words!r})"),
            f"no {words!r} in {page.value('document.body.textContent')}")

    def test_people_see_it_in_a_browser(self):
        self.browser = Browser()
        self.addCleanup(self.browser.close)
        good, bad = self.send(add, 20, 22), self.send(fail, "oops")
        self.info(good.id, state="SUCCESS")
        self.info(bad.id, state="FAILURE")
        workers = self.page("/workers")
        self.assert_shown(workers, self.node)
        row = f"[...document.querySelectorAll('tr')].find(r => r.textContent.includes('{self.node}')).textContent"
        self.assertTrue(workers.wait_for(f"{row}.includes('Online')"), workers.value(row))
        worker = self.page(f"/worker/{self.at_node}")
        self.assert_shown(worker, self.node)
        self.assert_shown(worker, "Max concurrency")
        tasks = self.page("/tasks")
        for each in (good, bad):
            self.assert_shown(tasks, each.id)
        row = f"[...document.querySelectorAll('tr')].find(r => r.textContent.includes('{good.id}')).textContent"
        shown = tasks.value(row)
        for words in ("wapp.add", "SUCCESS", self.node):
            self.assertIn(words, shown)
        task = self.page(f"/task/{good.id}")
        for words in ("wapp.add", "SUCCESS", "(20, 22)", "42"):
            self.assert_shown(task, words)
        task = self.page(f"/task/{bad.id}")
        for words in ("wapp.fail", "FAILURE", "ValueError('oops')", self.node):
            self.assert_shown(task, words)

    def test_z_shutdown(self):
        """The last one, as its name makes it."""
        self.assertEqual(self.ask("POST", f"/api/worker/shutdown/{self.at_node}"), {"message": "Shutting down!"})
        self.assertEqual(self.worker.process.wait(timeout=15), 0)
        eventually(lambda: self.flower.call("GET", "/api/workers?status=1")[1].get(self.node) is False, 10,
                   what="that it is shown as gone")


def load_tests(loader, standard_tests, pattern):
    suite = unittest.TestSuite()
    for start in (Shared.python, Shared.swift):
        name = f"PagesOn{start.__name__.capitalize()}"
        suite.addTests(loader.loadTestsFromTestCase(
            type(name, (Pages, Flowered), {"start_fleet": staticmethod(start), "__module__": __name__})))
    return suite


if __name__ == "__main__":
    unittest.main()
