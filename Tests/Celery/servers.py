"""Starts what the tests against real Celery need: Redis, Python workers, our roles, Flower. Everything listens on free
loopback ports, has a directory of its own, and is gone when the process ends."""

import atexit
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import redis
from celery.result import AsyncResult

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(ROOT, "Tests", "Drill")]
import wapp  # noqa: E402
from server import call, free_port  # noqa: E402

TESTBED = os.path.abspath(
    os.environ.get("CELERITY_TESTBED_BINARY", os.path.join(ROOT, ".build/debug/celerity-testbed")))
CELERITY = os.path.abspath(os.environ.get("CELERITY_TEST_BINARY", os.path.join(ROOT, ".build/debug/celerity")))
PYTHON = sys.executable


def eventually(check, seconds=10, every=0.02, what="it"):
    """Asks until the answer is true, and answers it; an exception of `check` counts as not yet."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = check()
            if last:
                return last
        except (OSError, redis.RedisError, AssertionError) as error:
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s; last: {last!r}")
        time.sleep(every)


class Running:
    """One process with its output in a file."""

    everything = []

    def __init__(self, name, command, environment=None, cwd=None):
        self.name = name
        self.command = command
        self.cwd = cwd
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CELERITY_", "CELERY_", "WAPP_", "FLOWER_"))}
        self.environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", **(environment or {})}
        self.process = None
        self.directory = tempfile.mkdtemp(prefix="celerity-celery-")
        self.log_path = os.path.join(self.directory, "log")
        Running.everything.append(self)

    def start(self):
        with open(self.log_path, "ab") as log:
            # A session of its own, so that kill -9 reaches the pool's processes too.
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.environment, cwd=self.cwd,
                start_new_session=True)
        return self

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def log(self):
        try:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                return log.read()
        except FileNotFoundError:
            return ""

    def tail(self, lines=40):
        return "\n".join(self.log().splitlines()[-lines:])

    def wait_for_log(self, pattern, seconds=30, since=0):
        def look():
            if not self.is_running:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            return re.search(pattern, self.log()[since:])
        try:
            return eventually(look, seconds, what=f"{pattern!r} in the log of {self.name}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None

    def kill(self):
        """kill -9 of the whole session: no clean-up of any kind."""
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self, seconds=20):
        """SIGTERM, and the exit code; what does not end is killed."""
        if not self.is_running:
            return None
        self.process.terminate()
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"{self.name} did not end within {seconds} s of SIGTERM:\n{self.tail()}") from None

    def close(self):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
        if self in Running.everything:
            Running.everything.remove(self)


@atexit.register
def close_everything():
    # Results that are still alive would ask a server that is gone.
    AsyncResult.__del__ = lambda self: None
    for each in list(reversed(Running.everything)):
        each.close()


class Redis(Running):
    """A server with an append-only file; it may be killed and started again, on the same port and data."""

    def __init__(self, fsync="everysec"):
        self.port = free_port()
        super().__init__("redis-server", None)
        self.command = [
            "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.directory,
            "--appendonly", "yes", "--appendfsync", fsync, "--save", "", "--databases", "16"]
        self.start()

    def start(self):
        super().start()
        eventually(lambda: self.client().ping(), 10, 0.005, "Redis")
        return self

    def url(self, database=0):
        return f"redis://127.0.0.1:{self.port}/{database}"

    def client(self, database=0):
        return redis.Redis(port=self.port, db=database, socket_timeout=10)


class PythonWorker(Running):
    """`celery -A wapp worker`, the oracle."""

    def __init__(self, url, name="py", queues="celery", concurrency=4, late=False, visibility=None, options=()):
        self.node = f"{name}@{socket.gethostname()}"
        environment = {"WAPP_REDIS": url, "WAPP_LATE": "1" if late else "0"}
        if visibility is not None:
            environment["WAPP_VISIBILITY"] = str(visibility)
        super().__init__(f"Python worker {name}", [
            PYTHON, "-B", "-m", "celery", "-A", "wapp", "worker", "-Q", queues, "-c", str(concurrency),
            "-n", f"{name}@%h", "-l", "INFO", "--without-mingle", "--without-gossip", *options], environment, HERE)
        self.start()

    def start(self):
        self.since = len(self.log())
        return super().start()

    def wait_until_ready(self):
        # "ready." is written before the first BRPOP, which is what a test needs: messages wait.
        self.wait_for_log(r"@\S+ ready\.", since=self.since)
        return self


class OurRole(Running):
    """One role of the testbed binary on a Redis."""

    def __init__(self, role, url, name, arguments=(), settings=(), binary=TESTBED):
        command = [binary, role, "--engine", url, *arguments]
        for setting in settings:
            command += ["--set", setting]
        super().__init__(f"celerity {role} {name}", command)
        self.start()


class Gateway(OurRole):
    """`celerity serve`, with the testbed's tasks."""

    def __init__(self, url, name="gateway", settings=()):
        self.port = free_port()
        super().__init__("serve", url, name, ["--port", str(self.port)], settings)

    def wait_until_ready(self):
        def ready():
            if not self.is_running:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            return self.call("GET", "/readyz")[0] == 200
        eventually(ready, 30, what=f"readiness of {self.name}")
        return self

    def call(self, method, path, body=None, headers=None, timeout=10):
        return call(self.port, method, path, body, headers, timeout)

    def submit(self, task, *args, **fields):
        """Submits a task to Celery's queue and answers its id."""
        body = {"task": task, "args": list(args), "queue": "celery", **fields}
        status, answer = self.call("POST", "/v1/tasks", body)
        if status != 202:
            raise AssertionError(f"{status} {answer}")
        return answer["id"]

    def record(self, task_id):
        status, answer = self.call("GET", f"/v1/tasks/{task_id}")
        if status != 200:
            raise AssertionError(f"{status} {answer}")
        return answer

    def ended(self, task_id, seconds=10):
        """The record of a task once it has ended."""
        return eventually(
            lambda: (r := self.record(task_id))["state"] in ("SUCCESS", "FAILURE", "REVOKED") and r, seconds,
            what=f"the end of {task_id}")


class SwiftWorker(OurRole):
    """`celerity worker`, with the testbed's tasks."""

    def __init__(self, url, name="swift", queues="celery", concurrency=4, options=(), settings=()):
        self.node = f"{name}@{socket.gethostname()}"
        self.url = url
        super().__init__(
            "worker", url, name, ["-Q", queues, "-c", str(concurrency), "-n", f"{name}@%h", *options], settings)

    def wait_until_ready(self):
        """It is ready when it answers a ping, as an operator would ask."""
        app = wapp.make_app(self.url)
        try:
            def pinged():
                if not self.is_running:
                    raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
                return app.control.ping(destination=[self.node], timeout=0.3)
            eventually(pinged, 30, what=f"a ping of {self.node}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tail()}") from None
        finally:
            app.close()
        return self


class Flower(Running):
    """Flower on a database, with its REST interface open."""

    def __init__(self, url):
        self.port = free_port()
        super().__init__("Flower", [
            PYTHON, "-B", "-m", "celery", "-A", "wapp", "-b", url, "flower", "--address=127.0.0.1",
            f"--port={self.port}", "--inspect_timeout=1000"],
            {"WAPP_REDIS": url, "FLOWER_UNAUTHENTICATED_API": "true"}, HERE)
        self.start()

    def wait_until_ready(self):
        eventually(lambda: self.call("GET", "/healthcheck")[0] == 200, 30, what="Flower")
        return self

    def call(self, method, path, body=None, timeout=20):
        return call(self.port, method, path, body, timeout=timeout)


class Fleet:
    """A database of a Redis with workers on it, and a Python client."""

    def __init__(self, redis_server, database, worker):
        self.redis_server = redis_server
        self.url = redis_server.url(database)
        self.redis = redis_server.client(database)
        self.app = wapp.make_app(self.url)
        self.make_worker = worker
        self.worker = worker(self.url)
        self.worker.wait_until_ready()

    def use(self):
        """Makes its client the one that bare signatures belong to."""
        self.app.set_current()
        return self

    def more(self, **options):
        """One more worker of the same kind; whoever asks closes it."""
        return self.make_worker(self.url, **options)


class Listener:
    """Takes all events of a database while it is open."""

    def __init__(self, app):
        self.app = app
        self.events = []
        self.closing = False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        # It hears something when it hears an event of its own: what is published before nobody ever gets.
        with self.app.connection() as connection, self.app.events.Dispatcher(connection) as dispatcher:
            def heard():
                dispatcher.send("listener-probe")
                return any(each["type"] == "listener-probe" for each in list(self.events))
            eventually(heard, 10, 0.05, "an event")
        return self

    def __exit__(self, *_):
        self.closing = True
        self.thread.join(10)

    def run(self):
        with self.app.connection() as connection:
            receiver = self.app.events.Receiver(connection, handlers={"*": self.events.append})
            with receiver.consumer_context(wakeup=False) as (own, _, _):
                while not self.closing:
                    try:
                        own.drain_events(timeout=0.2)
                    except TimeoutError:
                        pass

    def of(self, task_id):
        return [each for each in list(self.events) if each.get("uuid") == task_id]

    def types(self, task_id):
        return [each["type"] for each in self.of(task_id)]


class Shared:
    """What all test classes of a process share; each is started when first asked for."""

    _redis = None
    _fleets = {}

    @classmethod
    def redis(cls):
        if cls._redis is None:
            cls._redis = Redis()
        return cls._redis

    @classmethod
    def python(cls):
        return cls._fleet("python", 0, PythonWorker)

    @classmethod
    def swift(cls):
        return cls._fleet("swift", 1, SwiftWorker)

    @classmethod
    def _fleet(cls, name, database, worker):
        if name not in cls._fleets:
            cls._fleets[name] = Fleet(cls.redis(), database, worker)
        return cls._fleets[name]


class Case(unittest.TestCase):
    """A test that shows the logs of what runs when it fails."""

    # Whether the logs were shown since the last start: they are long.
    shown = {}

    def run(self, result=None):
        before = 0 if result is None else len(result.errors) + len(result.failures)
        super().run(result)
        if result is not None and len(result.errors) + len(result.failures) > before:
            for each in Running.everything:
                log = each.log()
                since = Case.shown.get(each, 0)
                Case.shown[each] = len(log)
                new = log[since:].splitlines()[-25:]
                if new:
                    print(f"--- {self.id()}: log of {each.name}", *new, sep="\n  ", file=sys.stderr)


class FleetCase(Case):
    """A test on one of the shared fleets."""

    fleet = None

    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.start_fleet().use()
        cls.app = cls.fleet.app
        cls.redis = cls.fleet.redis

    def get(self, result, timeout=10, **options):
        return result.get(timeout=timeout, **options)

    def meta(self, task_id):
        """The stored record of a task; nothing when there is none."""
        return self.redis.get(f"celery-task-meta-{task_id}")
