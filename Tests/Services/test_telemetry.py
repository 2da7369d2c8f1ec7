"""What is recorded goes to a real InfluxDB, and neither a slow nor a dead one is felt by tasks.

    python3 -B -m unittest discover -s Tests/Services -p test_telemetry.py
"""

import json
import os
import re
import socket
import subprocess
import sys
import time
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand import Alone, Fleet, eventually, free_port  # noqa: E402
from test_messages import done, post  # noqa: E402

CONFIGURATION = """reporting-disabled = true
bind-address = "127.0.0.1:{other}"
[meta]
dir = "{directory}/meta"
[data]
dir = "{directory}/data"
wal-dir = "{directory}/wal"
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
"""


def start_influx(stand, port):
    """An InfluxDB of version 1 in the stand's directory."""
    directory = os.path.join(stand.directory, "influx")
    os.makedirs(directory)
    configuration = os.path.join(directory, "influxdb.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(directory=directory, port=port, other=free_port()))
    stand.spawn("influx", ["influxd", "run", "-config", configuration])


def query(port, text):
    """The rows of an answer as dictionaries; none while the server or the database is not there."""
    address = f"http://127.0.0.1:{port}/query?" + urllib.parse.urlencode({"db": "points", "q": text})
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            results = json.load(answer)["results"][0]
    except OSError:
        return []
    return [dict(zip(each["columns"], row)) for each in results.get("series", []) for row in each["values"]]


def steps_of(port, posted):
    """S0.09: those that the service wrote; the platform's own have no `iteration`."""
    return query(port, f"SELECT iteration, event FROM task_iteration WHERE task_id = '{posted['task_id']}'")


def lost(stand):
    """How many points were given up, by the counters of all gateways."""
    total = 0
    for port in stand.ports:
        request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Accept": "text/plain"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = re.findall(r"^celerity_telemetry_lost_total\{[^}]*\} (\d+)", answer.read().decode(), re.M)
        total += sum(map(int, found))
    return total


def settings(port, *more):
    return (
        "log.level=error", "telemetry.sinks=influx", f"telemetry.url=http://127.0.0.1:{port}", "telemetry.database=points",
        *more)


class Deaf:
    """A server that takes connections and never answers."""

    def __init__(self, port):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(64)

    def close(self):
        self.socket.close()


def seconds_for(stand, count):
    """How long it takes to process so many messages, and their answers."""
    began = time.monotonic()
    posted = [post(stand, f"message {number}") for number in range(count)]
    for each in posted:
        done(stand, each)
    return time.monotonic() - began, posted


class StoreAway:
    make = None

    def test_s0_15_a_slow_or_dead_store_is_not_felt_and_gets_what_it_missed(self):
        port = free_port()
        deaf = Deaf(port)
        self.addCleanup(deaf.close)
        stand, quiet = self.make(settings(port)), self.make(("log.level=error",))
        self.addCleanup(stand.close)
        self.addCleanup(quiet.close)
        seconds_for(quiet, 10)
        usual, _ = seconds_for(quiet, 100)
        slow, first = seconds_for(stand, 100)
        deaf.close()
        dead, second = seconds_for(stand, 100)
        # Five parts in a hundred can't be told on a machine that does other things, too; one task that waited could.
        self.assertLess(max(slow, dead), 1.5 * usual + 2, f"{usual=} {slow=} {dead=}")
        self.assertEqual(lost(stand), 0)
        start_influx(stand, port)
        for posted in (first[0], second[-1]):
            steps = eventually(
                lambda: [found for found in [steps_of(port, posted)] if len(found) == 6], 40, what="six points")[0]
            self.assertEqual(
                [step["event"] for step in steps], ["received", "started", "step", "step", "step", "finished"])
            self.assertEqual([step["iteration"] for step in steps], [1, 2, 3, 4, 5, 6])
            named = query(port, f"SELECT attempt, step FROM task_iteration WHERE task_id = '{posted['task_id']}'")
            self.assertEqual(len(named), 9, named)
        count = eventually(
            lambda: [found for found in query(port, "SELECT COUNT(iteration) FROM task_iteration")
                     if found["count"] >= 1200], 40, what="the points of 200 messages")[0]
        self.assertEqual((count["count"], lost(stand)), (1200, 0))


class StoreAwayAlone(StoreAway, unittest.TestCase):
    make = Alone


class StoreAwayOnAFleet(StoreAway, unittest.TestCase):
    make = Fleet


class Bound(unittest.TestCase):
    def test_s0_15_beyond_the_bound_the_oldest_are_dropped_and_counted(self):
        port = free_port()
        stand = Alone(settings(port, "telemetry.buffer=100", "telemetry.batch=50"))
        self.addCleanup(stand.close)
        _, posted = seconds_for(stand, 60)
        eventually(lambda: lost(stand) > 100, what="that points are given up")
        start_influx(stand, port)
        eventually(
            lambda: [step for step in steps_of(port, posted[-1]) if step["event"] == "finished"], 40, what="the last point")
        kept = query(port, "SELECT COUNT(iteration) FROM task_iteration")[0]["count"]
        self.assertLessEqual(kept, 150)


if __name__ == "__main__":
    unittest.main()
