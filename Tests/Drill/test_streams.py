"""Event streams as a client of the built binary sees them: resuming through kill -9, slow readers, many at once, stopping.

    python3 -B -m unittest discover -s Tests/Drill -k Streams
"""

import http.client
import json
import os
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from test_promises import Running  # noqa: E402


class Stream:
    """One open stream; a connection of its own."""

    def __init__(self, port, path, after=None, timeout=20):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.connection.request("GET", path, headers={"Last-Event-ID": after} if after else {})
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.last_id = after

    def __iter__(self):
        name, data = None, []
        while line := self.answer.readline():
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "id":
                self.last_id = value
            elif field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif not field and data:
                yield name, json.loads("\n".join(data))
                name, data = None, []

    def close(self):
        self.answer.close()
        self.connection.close()


class Streams(Running):
    settings = ("log.access=false", "gateway.external_tasks=demo.far")

    def follow(self, path, after=None):
        stream = Stream(self.server.port, path, after)
        self.addCleanup(stream.close)
        return stream

    def bulk(self, count, task="finance.compound_interest", **fields):
        item = {"task": task, "kwargs": {"amount": 1, "rate": 0.1}, **fields}
        status, answer = self.server.call("POST", "/v1/tasks:bulk", [item] * count, timeout=60)
        self.assertEqual(status, 202, answer)
        return {each["id"] for each in answer["items"]}

    def test_a_task_is_followed_to_its_end(self):
        task = self.submit("finance.fixed_seconds", seconds=0.3)
        stream = self.follow(f"/v1/tasks/{task}/events")
        events = list(stream)
        self.assertEqual(events[-2][1]["state"], "SUCCESS")
        self.assertEqual(events[-1], ("end", {"id": task, "state": "SUCCESS"}))
        again = self.follow(f"/v1/tasks/{task}/events", stream.last_id)
        self.assertEqual(again.status, 204)

    def test_nothing_is_lost_through_cuts_and_a_killed_server(self):
        tasks, ended, place, cuts = set(), set(), "0", 0
        deadline = time.monotonic() + 60
        for round_number in range(4):
            tasks |= self.bulk(300)
            if round_number == 2:
                self.server.kill()
                self.server.start()
            while not tasks <= ended and time.monotonic() < deadline:
                stream = Stream(self.server.port, "/v1/events", after=place)
                for number, (name, data) in enumerate(stream):
                    self.assertNotEqual(name, "gap")
                    if data.get("state") == "SUCCESS":
                        ended.add(data["id"])
                    if number > 150 or tasks <= ended:
                        break
                place = stream.last_id
                stream.close()
                cuts += 1
        self.assertEqual(tasks - ended, set())
        self.assertGreater(cuts, 4)

    def test_a_reader_that_does_not_read_costs_nobody_anything(self):
        connection = socket.create_connection(("127.0.0.1", self.server.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        for _ in range(5):
            self.bulk(2000, task="demo.far")
        status, text = self.server.call("GET", "/readyz")
        self.assertEqual(status, 200, text)
        began = time.monotonic()
        self.assertEqual(self.server.stop(), 0)
        self.assertLess(time.monotonic() - began, 15)
        connection.close()

    def test_five_hundred_streams_all_see_everything(self):
        streams = [self.follow("/v1/events?state=PENDING") for _ in range(500)]
        tasks = self.bulk(200, task="demo.far")
        for stream in streams:
            seen = set()
            for _, data in stream:
                # What schedules submit meanwhile is seen too.
                if data["id"] in tasks:
                    seen.add(data["id"])
                if seen == tasks:
                    break
            self.assertEqual(seen, tasks)
        for stream in streams:
            stream.close()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            text = self.server.call("GET", "/metrics", headers={"Accept": "text/plain"})[1]
            if "\ncelerity_http_streams 0\n" in text:
                return
            time.sleep(0.5)
        self.fail("streams whose clients have left are still open")

    def test_stopping_says_so_to_everybody(self):
        streams = [self.follow("/v1/events") for _ in range(20)]
        last = [None] * len(streams)

        def read(index):
            for name, _ in streams[index]:
                last[index] = name

        threads = [threading.Thread(target=read, args=(index,)) for index in range(len(streams))]
        for thread in threads:
            thread.start()
        self.assertEqual(self.server.stop(), 0)
        for thread in threads:
            thread.join(10)
        self.assertEqual(last, ["shutdown"] * len(streams))


if __name__ == "__main__":
    unittest.main()
