"""What the tests of the finance service share: one server for all tests of a class, and how to ask it."""

import http.client
import json
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from server import Server  # noqa: E402

BINARY = os.environ.get("CELERITY_TEST_BINARY", ".build/debug/celerity")


class Finance(unittest.TestCase):
    """One server for all tests of a class."""

    settings = ("log.level=warning",)

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="celerity-test-")
        cls.server = Server(BINARY, cls.directory.name, cls.settings)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        if cls.server.process.poll() is None:
            cls.server.kill()
        cls.server.log.close()
        cls.directory.cleanup()

    def submit(self, body, path="/tasks"):
        status, answer = self.server.call("POST", path, body)
        self.assertEqual(status, 202, answer)
        return answer["task_id"]

    def wait_for(self, task_id, path="/tasks", seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status, task = self.server.call("GET", f"{path}/{task_id}")
            self.assertEqual(status, 200, task)
            if task["status"] in ("SUCCESS", "FAILURE", "REVOKED"):
                return task
            time.sleep(0.02)
        self.fail(f"{task_id} is {task['status']} after {seconds} s")

    def answer_to(self, body, path="/tasks"):
        task = self.wait_for(self.submit(body, path), path)
        self.assertEqual(task["status"], "SUCCESS", task)
        return task["result"]

    def raw(self, method, path, data=b"", headers=()):
        """One request as it stands: status, header fields, decoded body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request(method, path, data, {"Content-Type": "application/json", **dict(headers)})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, answer.headers, json.loads(text) if text else None

    def assert_envelope(self, answer, status, code):
        got, _, body = answer
        self.assertEqual(got, status, body)
        self.assertEqual(list(body), ["error"])
        self.assertEqual(list(body["error"]), ["code", "message", "details", "request_id"])
        self.assertEqual(body["error"]["code"], code)
        self.assertTrue(body["error"]["message"])
        self.assertIsInstance(body["error"]["details"], dict)
        return body["error"]
