"""Where the services are tried: one process on SQLite, and on Redis two gateways, two workers and a scheduler. Both are
started once for all tests of a run and answer to the same words, so that a test says nothing of where it runs:

    class Shop:
        def test_it_sells(self):
            status, answer = self.stand.call("POST", "/shop/orders", {"item": 1})

    class ShopAlone(Shop, AloneCase): pass
    class ShopOnAFleet(Shop, FleetCase): pass
"""

import atexit
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Drill"))
from server import call, free_port  # noqa: E402

BINARY = os.path.abspath(os.environ.get("CELERITY_TEST_BINARY", os.path.join(ROOT, ".build/debug/celerity")))


def eventually(check, seconds=20, every=0.05, what="it"):
    """Asks until the answer is true, and answers it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s; last: {answer!r}")
        time.sleep(every)


class Stand:
    """Processes on one store, with one data directory."""

    def __init__(self, settings=(), environment=None):
        self.directory = tempfile.mkdtemp(prefix="celerity-services-")
        self.data = os.path.join(self.directory, "data")
        self.settings = list(settings)
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("CELERITY_", "CELERY_"))},
            "NO_COLOR": "1", **(environment or {})}
        self.processes = {}
        self.ports = []
        self.turn = itertools.count()
        atexit.register(self.close)

    def spawn(self, name, command):
        with open(os.path.join(self.directory, f"{name}.log"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment, cwd=self.directory)

    def role(self, name, verb, *arguments):
        command = [BINARY, verb, "--data", self.data, *arguments]
        for setting in self.settings:
            command += ["--set", setting]
        self.spawn(name, command)

    def log(self, name):
        with open(os.path.join(self.directory, f"{name}.log"), encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_until_ready(self):
        for port in self.ports:
            def ready():
                for name, process in self.processes.items():
                    if process.poll() is not None:
                        raise RuntimeError(f"{name} ended with {process.returncode}:\n{self.log(name)[-2000:]}")
                try:
                    return call(port, "GET", "/readyz")[0] == 200
                except OSError:
                    return False
            eventually(ready, 60, what=f"readiness on port {port}")
        return self

    def call(self, method, path, body=None, headers=None, timeout=30, gateway=None):
        """One request to a gateway: the next one in turn, or one by its number."""
        return call(self.port(gateway), method, path, body, headers, timeout)

    def port(self, gateway=None):
        return self.ports[(next(self.turn) if gateway is None else gateway) % len(self.ports)]

    def stop(self, name):
        """SIGTERM; waits for the end."""
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(timeout=60)

    def close(self):
        for process in reversed(list(self.processes.values())):
            process.kill()
            process.wait()
        self.processes.clear()
        shutil.rmtree(self.directory, ignore_errors=True)


class Alone(Stand):
    """`celerity dev` on SQLite."""

    def __init__(self, settings=(), environment=None, arguments=()):
        super().__init__(settings, environment)
        self.arguments = arguments
        self.ports = [free_port()]
        self.start()

    def start(self):
        self.role("dev", "dev", "--port", str(self.ports[0]), *self.arguments)
        self.wait_until_ready()


class Fleet(Stand):
    """Two gateways, two workers and a scheduler on a Redis of their own."""

    def __init__(self, settings=(), environment=None):
        super().__init__(settings, environment)
        redis = free_port()
        self.spawn("redis", [
            "redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--dir", self.directory, "--appendonly", "yes",
            "--save", ""])
        self.engine = f"redis://127.0.0.1:{redis}/0"
        self.ports = [free_port(), free_port()]
        for index, port in enumerate(self.ports):
            self.role(f"gateway{index}", "serve", "--engine", self.engine, "--port", str(port))
        for index in range(2):
            self.start_worker(f"worker{index}")
        self.role("scheduler", "scheduler", "--engine", self.engine)
        self.wait_until_ready()

    def start_worker(self, name, *arguments):
        self.role(name, "worker", "--engine", self.engine, "-n", f"{name}@%h", *arguments)


class StandCase(unittest.TestCase):
    """Tests on a stand that is started when the first of them needs it."""

    make = None
    settings = ()
    shared = {}

    @classmethod
    def setUpClass(cls):
        key = (cls.make, tuple(cls.settings))
        if key not in StandCase.shared:
            StandCase.shared[key] = cls.make(cls.settings)
        cls.stand = StandCase.shared[key]


class AloneCase(StandCase):
    make = Alone


class FleetCase(StandCase):
    make = Fleet


def pretty(value):
    """For messages of failed assertions."""
    return json.dumps(value, indent=2, ensure_ascii=False)
