"""`celery status`, `inspect`, `control` and `events`: what operators ask a worker, of a worker of Python's and of ours."""

import os
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from billiard.exceptions import TimeLimitExceeded  # noqa: E402
from celery.exceptions import TaskRevokedError  # noqa: E402
from celery.result import AsyncResult  # noqa: E402

import shapes  # noqa: E402
from servers import HERE, PYTHON, FleetCase, Listener, Running, Shared, eventually  # noqa: E402
from wapp import add, fail, patient, retry_then, sleepy, whoami  # noqa: E402


def celery(fleet, *arguments, timeout=30):
    """The real command line: exit code and output."""
    done = subprocess.run(
        [PYTHON, "-B", "-m", "celery", "-A", "wapp", "-b", fleet.url, "--no-color", *arguments],
        capture_output=True, text=True, timeout=timeout, cwd=HERE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return done.returncode, done.stdout + done.stderr


class Remote(FleetCase):
    """A worker of the class's own, on a queue of its own, in the fleet's database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = f"remote-{cls.__name__.lower()}"
        cls.worker = cls.fleet.more(name=f"remote-{cls.__name__.lower()}", queues=cls.queue, concurrency=2)
        cls.worker.wait_until_ready()
        cls.node = cls.worker.node

    @classmethod
    def tearDownClass(cls):
        try:
            cls.worker.stop()
        finally:
            cls.worker.close()

    def send(self, task, *args, **options):
        return task.apply_async(args, queue=self.queue, **options)

    def ask(self, command, timeout=2, **arguments):
        """The one answer of our worker."""
        replies = self.app.control.broadcast(
            command, arguments=arguments, destination=[self.node], reply=True, timeout=timeout)
        self.assertEqual([list(each) for each in replies], [[self.node]], command)
        return replies[0][self.node]

    def assert_shape(self, value, shape):
        if wrong := shapes.mismatch(value, shape):
            self.fail(f"{wrong}\nin {value!r}")

    def running(self, seconds=30, **options):
        result = self.send(patient, seconds, **options)
        eventually(lambda: result.state == "PROGRESS", 5, what="that it runs")
        return result

    def end(self, *results):
        for result in results:
            self.ask("revoke", task_id=result.id, terminate=True)
        for result in results:
            self.assertRaises(TaskRevokedError, self.get, result)


class Inspect:
    def test_status_names_the_worker(self):
        code, text = celery(self.fleet, "status")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, rf"(?m)^->\s+{re.escape(self.node)}: OK$")

    def test_ping(self):
        self.assertEqual(self.ask("ping"), {"ok": "pong"})
        code, text = celery(self.fleet, "inspect", "ping", "-d", self.node)
        self.assertEqual(code, 0, text)
        self.assertIn("pong", text)

    def test_patterns_choose_who_answers(self):
        glob = self.app.control.ping(pattern="remote-*", matcher="glob", limit=1, timeout=2)
        self.assertIn(self.node, [name for each in glob for name in each])
        pcre = self.app.control.ping(pattern=f"{re.escape(self.node)}$", matcher="pcre", limit=1, timeout=2)
        self.assertEqual([list(each) for each in pcre], [[self.node]])
        self.assertFalse(self.app.control.ping(pattern="nobody*", matcher="glob", timeout=0.3))

    def test_stats(self):
        self.get(self.send(add, 1, 2))
        stats = eventually(lambda: (s := self.ask("stats"))["total"].get("wapp.add") and s, what="the count")
        self.assert_shape(stats, shapes.STATS)
        self.assertEqual(stats["pool"]["max-concurrency"], 2)
        self.assertEqual(stats["broker"]["transport"], "redis")
        self.assertEqual(stats["broker"]["port"], self.fleet.redis_server.port)

    def test_active_and_query_task(self):
        """S1.54: what runs, by worker, with id and start."""
        result = self.running()
        try:
            active = self.ask("active")
            self.assert_shape(active, [shapes.TASK])
            self.assertEqual([each["id"] for each in active], [result.id])
            found = active[0]
            self.assertEqual(
                (found["name"], found["type"], found["args"], found["kwargs"], found["hostname"]),
                ("wapp.patient", "wapp.patient", [30], {}, self.node))
            self.assertEqual(found["delivery_info"]["routing_key"], self.queue)
            self.assertLess(abs(found["time_start"] - time.time()), 10)
            self.assert_shape(self.ask("active", safe=True), [shapes.SAFE_TASK])
            self.assertEqual(self.ask("active", safe=True)[0]["args"], "(30,)")
            query = self.ask("query_task", ids=[result.id, "unknown"])
            self.assertEqual(list(query), [result.id])
            self.assertEqual(query[result.id][0], "active")
            self.assert_shape(query[result.id][1], shapes.TASK)
        finally:
            self.end(result)
        eventually(lambda: self.ask("active") == [], what="that nothing is active")

    def test_reserved(self):
        self.assert_shape(self.ask("reserved"), [shapes.TASK])

    def test_scheduled_and_revoked(self):
        result = self.send(add, 1, 2, countdown=60)
        scheduled = eventually(lambda: self.ask("scheduled"), what="that it is scheduled")
        self.assert_shape(scheduled, [shapes.SCHEDULED])
        self.assertIn(result.id, [each["request"]["id"] for each in scheduled])
        self.ask("revoke", task_id=result.id)
        self.assertIn(result.id, self.ask("revoked"))
        self.assertRaises(TaskRevokedError, self.get, result)

    def test_registered(self):
        names = self.ask("registered")
        self.assertEqual(names, sorted(names))
        self.assertLessEqual({"wapp.add", "wapp.xsum", "wapp.fail"}, set(names))
        self.assertFalse([name for name in names if name.startswith("celery.")])
        self.assertIn("celery.chord_unlock", self.ask("registered", builtins=True))

    def test_active_queues(self):
        """S1.54: the queues of a worker."""
        self.assertEqual(self.ask("active_queues"), [shapes.active_queue(self.queue)])

    def test_conf(self):
        conf = self.ask("conf", with_defaults=False)
        self.assertIsInstance(conf, dict)
        self.assertIn("broker_url", conf)
        self.assertIn("result_backend", conf)

    def test_report_clock_and_hello(self):
        report = self.ask("report")
        self.assertEqual(list(report), ["ok"])
        self.assertIn("software -> ", report["ok"])
        self.assert_shape(self.ask("clock"), {"clock": int})
        self.assert_shape(self.ask("hello", from_node="other@host", revoked={}), {"revoked": (list, dict), "clock": int})

    def test_words_of_inspect_on_the_command_line(self):
        # Those whose answers are printed in ways of their own.
        words = "active_queues registered report stats".split()
        for word in words:
            with self.subTest(word=word):
                code, text = celery(self.fleet, "inspect", word, "-d", self.node, "-t", "2")
                self.assertEqual(code, 0, text)
                self.assertIn(f"{self.node}: OK", text)

    def test_an_unknown_command_and_wrong_arguments_are_errors(self):
        self.assertEqual(self.ask("nosuch"), {"error": "KeyError('nosuch')"})
        self.assertIn("TypeError", self.ask("rate_limit", nothing=1)["error"])


class Control:
    def test_rate_limit(self):
        self.assertEqual(
            self.ask("rate_limit", task_name="wapp.whoami", rate_limit="2/s"),
            {"ok": "new rate limit set successfully"})
        results = [self.send(whoami) for _ in range(6)]
        times = sorted(self.get(each)["time"] for each in results)
        # The first fills the bucket; each further one waits for its half second.
        self.assertGreater(times[-1] - times[0], 1.5)
        self.assertEqual(
            self.ask("rate_limit", task_name="wapp.whoami", rate_limit=0), {"ok": "rate limit disabled successfully"})
        self.assertEqual(self.ask("rate_limit", task_name="wapp.nothing", rate_limit=1), {"error": "unknown task"})
        self.assertIn("Invalid rate limit string", self.ask(
            "rate_limit", task_name="wapp.add", rate_limit="often")["error"])

    def test_time_limit(self):
        self.assertEqual(
            self.ask("time_limit", task_name="wapp.sleepy", hard=1, soft=None),
            {"ok": "time limits set successfully"})
        self.assertRaises(TimeLimitExceeded, self.get, self.send(sleepy, 30))
        self.assertEqual(self.ask("time_limit", task_name="wapp.nothing", hard=1), {"error": "unknown task"})
        self.ask("time_limit", task_name="wapp.sleepy", hard=None, soft=None)

    def slots(self):
        return self.ask("stats")["pool"]["max-concurrency"]

    def test_the_pool_grows_and_shrinks(self):
        before = self.slots()
        self.assertEqual(self.ask("pool_grow", n=2), {"ok": "pool will grow"})
        blocked = [self.running() for _ in range(before)]
        self.assertEqual(self.get(self.send(add, 1, 2)), 3)
        self.end(*blocked)
        self.assertEqual(self.ask("pool_shrink", n=2), {"ok": "pool will shrink"})
        self.assertEqual(self.get(self.send(add, 1, 2)), 3)

    def test_a_queue_is_added_and_taken_away(self):
        other = f"{self.queue}-other"
        result = add.apply_async((1, 2), queue=other)
        self.assertEqual(self.ask("add_consumer", queue=other), {"ok": f"add consumer {other}"})
        self.assertEqual(self.get(result), 3)
        self.assertEqual([each["name"] for each in self.ask("active_queues")], [self.queue, other])
        self.assertEqual(self.ask("cancel_consumer", queue=other), {"ok": f"no longer consuming from {other}"})
        eventually(lambda: [each["name"] for each in self.ask("active_queues")] == [self.queue], what="one queue")
        left = add.apply_async((1, 2), queue=other)
        self.assertEqual(self.get(self.send(add, 2, 2)), 4)
        self.assertEqual(self.redis.llen(other), 1)
        self.assertFalse(left.ready())
        self.redis.delete(other)

    def test_revoke_and_terminate(self):
        waiting = self.send(add, 1, 2, countdown=60)
        answer = self.ask("revoke", task_id=waiting.id)
        self.assertEqual(answer, {"ok": f"tasks {{'{waiting.id}'}} flagged as revoked"})
        self.assertRaises(TaskRevokedError, self.get, waiting)
        running = self.running()
        self.assertEqual(
            self.ask("revoke", task_id=[running.id], terminate=True, signal="TERM"), {"ok": f"terminate: {running.id}"})
        self.assertRaises(TaskRevokedError, self.get, running)

    def test_a_list_is_revoked(self):
        results = [self.send(add, 1, 2, countdown=60) for _ in range(2)]
        answer = self.ask("revoke", task_id=[each.id for each in results])["ok"]
        for each in results:
            self.assertIn(each.id, answer)
            self.assertRaises(TaskRevokedError, self.get, each)

    def test_events_are_switched(self):
        # Both workers were started with events on, and stay so.
        self.assertEqual(self.ask("enable_events"), {"ok": "task events already enabled"})

    def test_the_command_line(self):
        for words in (
            ("rate_limit", "wapp.mul", "100/s"), ("time_limit", "wapp.mul", "10", "20"), ("enable_events",),
        ):
            with self.subTest(words=words):
                code, text = celery(self.fleet, "control", "-d", self.node, "-t", "2", *words)
                self.assertEqual(code, 0, text)
                self.assertIn(self.node, text)

    def test_shutdown_ends_it_after_what_runs(self):
        worker = self.fleet.more(name=f"leaving-{type(self).__name__.lower()}", queues=f"{self.queue}-leaving")
        self.addCleanup(worker.close)
        worker.wait_until_ready()
        result = patient.apply_async((1,), queue=f"{self.queue}-leaving")
        eventually(lambda: result.state == "PROGRESS", 5, what="that it runs")
        self.app.control.shutdown(destination=[worker.node])
        self.assertEqual(worker.process.wait(timeout=15), 0)
        self.assertEqual(self.get(result), "slept")
        self.assertFalse(self.app.control.ping(destination=[worker.node], timeout=0.3))


class Events:
    def assert_events(self, listener, task_id, types):
        eventually(lambda: listener.types(task_id)[-1:] == types[-1:], 5, what=f"{types} of {listener.events}")
        self.assertEqual(listener.types(task_id), types)
        clocks = [each["clock"] for each in listener.of(task_id)]
        self.assertEqual(clocks, sorted(clocks))
        for each in listener.of(task_id):
            self.assert_shape(each, shapes.EVENTS[each["type"]])
            self.assertEqual(each["hostname"], self.node)
            self.assertLess(abs(each["timestamp"] - each["local_received"]), 5)

    def test_the_events_of_tasks(self):
        with Listener(self.app) as listener:
            good = self.send(add, 1, 2)
            self.get(good)
            bad = self.send(fail, "oops")
            self.assertRaises(ValueError, self.get, bad)
            again = self.send(retry_then, 1, "x")
            self.get(again)
            waiting = self.send(add, 1, 2, countdown=60)
            eventually(lambda: "task-received" in listener.types(waiting.id), what="that it was received")
            self.ask("revoke", task_id=waiting.id)
            running = self.running()
            self.end(running)
            self.assert_events(listener, good.id, ["task-received", "task-started", "task-succeeded"])
            self.assert_events(listener, bad.id, ["task-received", "task-started", "task-failed"])
            # The second reception may overtake the word of the retry.
            eventually(lambda: "task-succeeded" in listener.types(again.id), what="its end")
            self.assertEqual(sorted(listener.types(again.id)), sorted(
                2 * ["task-received", "task-started"] + ["task-retried", "task-succeeded"]))
            eventually(lambda: "task-revoked" in listener.types(running.id), what="that it was terminated")
            received, _, succeeded = listener.of(good.id)
            self.assertEqual(
                [received[key] for key in ("name", "args", "kwargs", "retries", "eta", "expires", "root_id", "parent_id")],
                ["wapp.add", "(1, 2)", "{}", 0, None, None, good.id, None])
            self.assertEqual(succeeded["result"], "3")
            self.assertEqual(listener.of(bad.id)[-1]["exception"], "ValueError('oops')")
            revoked = listener.of(running.id)[-1]
            self.assert_shape(revoked, shapes.EVENTS["task-revoked"])
            self.assertTrue(revoked["terminated"])

    def test_the_events_of_workers(self):
        with Listener(self.app) as listener:
            def seen(kind):
                return [each for each in list(listener.events) if each["type"] == kind]
            self.assertIsNone(self.ask("heartbeat"))
            eventually(lambda: [e for e in seen("worker-heartbeat") if e["hostname"] == self.node], 6, what="a beat")
            # The answer to a command has only the software's fields; the beats of every two seconds have all.
            full = eventually(
                lambda: [e for e in seen("worker-heartbeat") if e["hostname"] == self.node and "active" in e], 6,
                what="a full beat")
            self.assert_shape(full[0], shapes.EVENTS["worker-heartbeat"])
            other = self.fleet.more(name=f"short-{type(self).__name__.lower()}", queues=f"{self.queue}-short")
            try:
                other.wait_until_ready()
                online = eventually(
                    lambda: [e for e in seen("worker-online") if e["hostname"] == other.node], what="worker-online")
                self.assert_shape(online[0], shapes.EVENTS["worker-online"])
                other.stop()
                offline = eventually(
                    lambda: [e for e in seen("worker-offline") if e["hostname"] == other.node], what="worker-offline")
                self.assert_shape(offline[0], shapes.EVENTS["worker-offline"])
            finally:
                other.close()

    def test_a_monitor_understands_all_of_it(self):
        """celery.events.State is what Flower and `celery events` stand on."""
        state = self.app.events.State()
        with Listener(self.app) as listener:
            result = self.send(add, 1, 2)
            self.get(result)
            self.ask("heartbeat")
            eventually(lambda: "task-succeeded" in listener.types(result.id), what="its end")
            eventually(lambda: any(e["hostname"] == self.node for e in listener.events
                                   if e["type"] == "worker-heartbeat"), what="a beat")
            for each in list(listener.events):
                state.event(dict(each))
        task = state.tasks[result.id]
        self.assertEqual((task.state, task.name, task.result, task.args), ("SUCCESS", "wapp.add", "3", "(1, 2)"))
        self.assertEqual(task.worker.hostname, self.node)
        self.assertTrue(state.workers[self.node].alive)

    def test_the_dump_of_the_command_line(self):
        dump = Running("celery events --dump", [
            PYTHON, "-B", "-m", "celery", "-A", "wapp", "-b", self.fleet.url, "events", "--dump"], cwd=HERE)
        self.addCleanup(dump.close)
        dump.start()
        dump.wait_for_log("evdump: starting capture", 15)
        # The capture begins a moment after that line.
        eventually(lambda: self.ask("heartbeat") is None and self.node in dump.log(), 10, 0.2, "a beat in the dump")
        result = self.send(add, 20, 22)
        self.get(result)
        dump.wait_for_log(rf"{re.escape(self.node)} .*task received: wapp\.add\({result.id}\) args=\(20, 22\)", 10)
        dump.wait_for_log(rf"task succeeded: wapp\.add\({result.id}\).*result=42", 10)


class PythonDoesNot:
    """Where a worker of Python's does worse."""

    def test_time_limit(self):
        """The limits are answered to be set, but those from its start stay in force."""
        self.assertEqual(
            self.ask("time_limit", task_name="wapp.sleepy", hard=1, soft=None),
            {"ok": "time limits set successfully"})


def load_tests(loader, standard_tests, pattern):
    suite = unittest.TestSuite()
    for start in (Shared.python, Shared.swift):
        for cases in (Inspect, Control, Events):
            name = f"{cases.__name__}On{start.__name__.capitalize()}"
            body = {"start_fleet": staticmethod(start), "__module__": __name__}
            if start.__name__ == "python":
                body |= {key: value for key, value in vars(PythonDoesNot).items() if hasattr(cases, key) and key[0] != "_"}
            suite.addTests(loader.loadTestsFromTestCase(type(name, (cases, Remote), body)))
    return suite


if __name__ == "__main__":
    unittest.main()
