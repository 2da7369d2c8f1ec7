"""The items service in operation, on SQLite and on Redis: items, background work, archive, clean-up, health, restarts.

    python3 -B -m unittest discover -s Tests/Services -p test_items.py
"""

import concurrent.futures
import http.client
import json
import os
import socket
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page  # noqa: E402
from stand import Alone, AloneCase, Fleet, FleetCase, eventually  # noqa: E402

QUICK = ("log.level=warning", "items.iteration_step=20ms")
ENDED = ("SUCCESS", "FAILURE", "REVOKED")


def raw(port, method, path, body=None, headers=None):
    """One request: status, header fields, and the decoded body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, answer.headers, json.loads(text) if text else None
    finally:
        connection.close()


def create(stand, name, **fields):
    status, item = stand.call("POST", "/api/items", {"name": name, **fields})
    assert status == 201, item
    return item


def process(stand, **body):
    status, answer = stand.call("POST", "/api/async/process", {"data": "test", **body})
    assert status == 202, answer
    return answer["task_id"]


def status_of(stand, task_id, wait=0):
    query = f"?wait={wait}" if wait else ""
    return stand.call("GET", f"/api/async/status/{task_id}{query}", timeout=60)


def ended(stand, task_id):
    return eventually(
        lambda: [body for code, body in [status_of(stand, task_id, 30)] if code == 200 and body["status"] in ENDED],
        90, what=f"the end of {task_id}")[0]


class Items:
    settings = QUICK

    def test_s3_03_s3_04_s3_05_items_live_and_die(self):
        first = create(self.stand, "first é", description="line\nbreak", metadata={"a": [1, None]})
        self.assertRegex(first["id"], "^[0-9a-f]{24}$")
        second = create(self.stand, "second")
        for _ in range(2):  # from each gateway
            status, page = self.stand.call("GET", "/api/items?limit=2")
            self.assertEqual((status, [item["id"] for item in page]), (200, [second["id"], first["id"]]))
            self.assertEqual(self.stand.call("GET", f"/api/items/{first['id']}"), (200, first))
        self.assertEqual(self.stand.call("GET", "/api/items?limit=1&skip=1")[1], [first])
        self.assertEqual(self.stand.call("GET", f"/api/items?limit=1&after={second['id']}")[1], [first])
        status, changed = self.stand.call("PUT", f"/api/items/{first['id']}", {"name": "other"})
        self.assertEqual((status, changed["name"], changed["metadata"]), (200, "other", {}))
        self.assertEqual(changed["created_at"], first["created_at"])
        status, changed = self.stand.call("PATCH", f"/api/items/{first['id']}", {"description": "new"})
        self.assertEqual((status, changed["name"], changed["description"]), (200, "other", "new"))
        for item in (first, second):
            self.assertEqual(self.stand.call("DELETE", f"/api/items/{item['id']}")[0], 204)
            self.assertEqual(self.stand.call("DELETE", f"/api/items/{item['id']}")[0], 404)
        status, error = self.stand.call("GET", "/api/items/nonsense")
        self.assertEqual((status, sorted(error), error["status_code"]), (404, ["error", "status_code"], 404))

    def test_s3_03_pages_add_up(self):
        ids = [create(self.stand, str(number))["id"] for number in range(25)]
        found = []
        while True:
            items = self.stand.call("GET", f"/api/items?limit=7&skip={len(found)}")[1]
            found += [item["id"] for item in items if item["id"] in ids]
            if len(items) < 7 or len(found) == len(ids):
                break
        self.assertEqual(found, ids[::-1])

    def test_s3_09_what_is_wrong_has_one_shape(self):
        wrong = [
            ("POST", "/api/items", {}), ("POST", "/api/items", {"name": "x" * 101}), ("GET", "/api/items?limit=1001", None),
            ("GET", "/api/items?skip=-1", None), ("POST", "/api/async/process", {"data": "a", "iterations": 0}),
            ("POST", "/api/async/process", {"data": "a", "iterations": 1001}),
            ("POST", "/api/async/process", {"data": "a", "priority": "urgent"}),
        ]
        for method, path, body in wrong:
            status, answer = self.stand.call(method, path, body)
            self.assertEqual((status, answer["status_code"]), (422, 422), path)
            self.assertIsInstance(answer["error"], str)
            self.assertEqual(sorted(answer["detail"][0]), ["loc", "msg", "type"])

    def test_changes_at_the_same_time_are_made_one_after_the_other(self):
        item = create(self.stand, "shared")
        path = f"/api/items/{item['id']}"
        tags = set()

        def change(number):
            status, headers, _ = raw(self.stand.port(), "PATCH", path, {"description": str(number)})
            self.assertEqual(status, 200)
            return headers["ETag"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            tags = set(pool.map(change, range(40)))
        # Each change has a version of its own, so none was made from what another had overwritten.
        self.assertEqual(tags, {f'"{version}"' for version in range(2, 42)})
        self.assertEqual(raw(self.stand.port(), "DELETE", path, headers={"If-Match": '"1"'})[0], 412)
        self.assertEqual(raw(self.stand.port(), "DELETE", path, headers={"If-Match": '"41"'})[0], 204)

    def test_s3_06_s3_07_s3_20_s3_29_work_goes_on_in_the_background(self):
        times = []
        for _ in range(9):
            began = time.monotonic()
            process(self.stand, iterations=1)
            times.append(time.monotonic() - began)
        self.assertLess(sorted(times)[4], 0.1)
        task_id = process(self.stand, iterations=40)
        seen = []
        while True:
            status, body = status_of(self.stand, task_id)
            self.assertEqual(status, 200)
            if body["progress"]:
                seen.append(body["progress"]["current"])
            if body["status"] in ENDED:
                break
            self.assertIn(body["status"], ("PENDING", "STARTED", "PROGRESS"))
            time.sleep(0.02)
        self.assertEqual(seen, sorted(seen))
        self.assertGreater(len(set(seen)), 2, "progress is seen while the task runs")
        self.assertEqual(body["status"], "SUCCESS")
        result = body["result"]
        self.assertEqual(result["processed_items"], [f"TEST_ITERATION_{number}" for number in range(1, 41)])
        self.assertEqual((result["total_processed"], result["iterations"], result["task_id"]), (40, 40, task_id))
        self.assertEqual(body["progress"]["progress"], 100)

    def test_s3_07_c3_16_an_unknown_task_is_404(self):
        self.assertEqual(status_of(self.stand, "00000000-0000-0000-0000-000000000000")[0], 404)

    def test_s3_22_a_batch_counts_its_successes(self):
        status, answer = self.stand.call(
            "POST", "/v1/tasks", {"task": "items.process_batch", "kwargs": {"items": ["a", 1, "b"]}})
        self.assertEqual(status, 202, answer)
        result = ended(self.stand, answer["id"])["result"]
        self.assertEqual((result["total"], result["successful"], result["failed"]), (3, 2, 1))

    def test_s3_23_the_clean_up_is_scheduled_and_answers_what_it_deleted(self):
        def entry():
            status, answer = self.stand.call("GET", "/v1/schedules/items.cleanup")
            return status == 200 and answer
        schedule = eventually(entry, what="the schedule")
        self.assertEqual((schedule["schedule"], schedule["task"]), ("0 2 * * *", "items.cleanup"))
        status, answer = self.stand.call("POST", "/v1/tasks", {"task": "items.cleanup"})
        self.assertEqual(status, 202, answer)
        path = f"/v1/tasks/{answer['id']}/result?wait=30"
        status, answer = self.stand.call("GET", path, timeout=60)
        self.assertEqual(status, 200, answer)
        self.assertEqual(sorted(answer["result"]), ["cutoff_date", "deleted_count"])
        self.assertEqual(answer["result"]["deleted_count"], 0)

    def test_s3_02_health_is_quick_and_names_its_dependencies(self):
        status, body = self.stand.call("GET", "/items/health")
        self.assertEqual((status, body["status"]), (200, "healthy"), body)
        self.assertEqual(body["services"], dict.fromkeys(("mongodb", "redis", "rabbitmq"), "connected"))

    def test_s3_08_the_document_lists_the_routes(self):
        paths = self.stand.call("GET", "/openapi.json")[1]["paths"]
        for path in ("/api/items", "/api/items/{id}", "/api/async/process", "/api/async/status/{task_id}"):
            self.assertTrue(path in paths or "/items" + path in paths, path)


class ItemsAlone(Items, AloneCase):
    pass


class ItemsOnAFleet(Items, FleetCase):
    def test_s3_35_connections_are_shared_and_bounded(self):
        """However many clients there are, the gateways and workers keep as many connections to Redis as before."""
        port = int(self.stand.engine.rsplit(":", 1)[1].split("/")[0])

        def redis(*words):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall((" ".join(words) + "\r\n").encode())
                answer = b""
                while not answer.endswith(b"\r\n") or answer.count(b"\r\n") < 2:
                    answer += connection.recv(1 << 16)
                return answer.decode()

        def figure(section, name):
            line = next(each for each in redis("INFO", section).splitlines() if each.startswith(name + ":"))
            return int(line.split(":")[1])

        self.stand.call("GET", "/api/items")
        opened = figure("stats", "total_connections_received")
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda _: self.stand.call("GET", "/api/items?limit=1")[0], range(500)))
        self.assertEqual(set(answers), {200})
        # One of the new ones is this test's own.
        self.assertLess(figure("stats", "total_connections_received") - opened, 50)
        self.assertLessEqual(figure("clients", "connected_clients"), 100)


class HealthWithoutTheStore(unittest.TestCase):
    def test_s3_02_health_says_that_the_store_is_away_and_stays_quick(self):
        stand = Fleet(QUICK)
        try:
            self.assertEqual(stand.call("GET", "/items/health")[1]["status"], "healthy")
            stand.processes["redis"].kill()
            stand.processes["redis"].wait()

            times = []

            def degraded():
                began = time.monotonic()
                status, body = stand.call("GET", "/items/health", gateway=0)
                times.append(time.monotonic() - began)
                self.assertEqual(status, 200)
                return body["status"] == "degraded" and body
            body = eventually(degraded, what="a degraded health")
            for _ in range(9):
                self.assertTrue(degraded())
            self.assertLess(sorted(times[-9:])[4], 0.1)
            self.assertEqual(body["services"]["mongodb"], "disconnected")
            self.assertEqual(stand.call("POST", "/api/items", {"name": "a"}, gateway=0)[0], 503)
        finally:
            stand.close()


class Archive(unittest.TestCase):
    def test_s3_21_c3_10_the_archive_answers_when_the_result_store_has_forgotten(self):
        stand = Alone(QUICK + ("retention.success=2s", "retention.tombstone=1d"))
        try:
            task_id = process(stand, iterations=2)
            self.assertFalse(ended(stand, task_id)["archived"])

            def is_forgotten():
                return stand.call("GET", f"/v1/tasks/{task_id}")[0] == 410
            eventually(is_forgotten, 60, what="the end of the retention")
            status, body = status_of(stand, task_id)
            self.assertEqual((status, body["archived"], body["status"]), (200, True, "SUCCESS"))
            self.assertEqual(body["result"]["processed_items"], ["TEST_ITERATION_1", "TEST_ITERATION_2"])
        finally:
            stand.close()


class Limits(unittest.TestCase):
    def test_s3_27_work_that_takes_too_long_fails_cleanly(self):
        stand = Alone((
            "log.level=warning", "items.iteration_step=10s", "items.soft_time_limit=1s", "items.time_limit=20s"))
        try:
            body = ended(stand, process(stand, iterations=3))
            self.assertEqual(body["status"], "FAILURE")
            self.assertIn("SoftTimeLimitExceeded", body["error"])
        finally:
            stand.close()


class Priorities(unittest.TestCase):
    def test_s3_25_high_ones_start_before_low_ones(self):
        stand = Alone(QUICK + ("worker.concurrency=1",))
        try:
            first = process(stand, iterations=50)
            eventually(lambda: status_of(stand, first)[1]["status"] in ("STARTED", "PROGRESS"), what="the first task")
            low = [process(stand, iterations=1, priority="low") for _ in range(5)]
            high = [process(stand, iterations=1, priority="high") for _ in range(5)]
            ends = {each: ended(stand, each)["result"]["started_at"] for each in low + high}
            self.assertEqual(sorted(ends, key=ends.get), high + low)
        finally:
            stand.close()


class Restart(unittest.TestCase):
    def test_s3_28_s3_50_everything_survives_a_kill(self):
        """Ten items, one result, and five tasks that wait or run are there after kill -9, and the five finish once."""
        stand = Alone(QUICK)
        try:
            items = [create(stand, str(number)) for number in range(10)]
            done = ended(stand, process(stand, iterations=2))
            waiting = [process(stand, iterations=60) for _ in range(5)]
            stand.processes["dev"].kill()
            stand.processes.pop("dev").wait()
            stand.start()
            self.assertEqual(stand.call("GET", "/api/items")[1], items[::-1])
            self.assertEqual(status_of(stand, done["task_id"]), (200, done))
            for task_id in waiting:
                body = ended(stand, task_id)
                self.assertEqual((body["status"], body["result"]["total_processed"]), ("SUCCESS", 60))
            # The archive, too, which is asked when the result store has nothing.
            self.assertEqual(stand.stop("dev"), 0)
            stand.settings += ["items.result_lifetime=0s"]
            stand.start()
            self.assertEqual(
                status_of(stand, done["task_id"]), (200, {**done, "archived": True}))
        finally:
            stand.close()


class Single(unittest.TestCase):
    def test_s3_01_s3_02_the_service_alone_owns_the_root(self):
        stand = Alone(QUICK, arguments=("--service", "items"))
        try:
            status, root = stand.call("GET", "/")
            self.assertEqual((status, sorted(root)), (200, ["docs", "health", "message", "version"]))
            body = stand.call("GET", "/health")[1]
            self.assertEqual(sorted(body), ["services", "status", "timestamp"])
            self.assertEqual(sorted(body["services"]), ["mongodb", "rabbitmq", "redis"])
            self.assertEqual(stand.call("GET", "/docs")[0], 200)
        finally:
            stand.close()


class Page(AloneCase):
    settings = QUICK

    def test_every_command_of_the_page_works(self):
        outputs = page.typed(self, "Items", self.stand.port())
        self.assertIn('"mongodb":"connected"', outputs[0])
        self.assertIn('"status":"SUCCESS"', "".join(outputs))


if __name__ == "__main__":
    unittest.main()
