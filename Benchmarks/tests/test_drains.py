import contextlib
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness import drains, redis
from harness.drains import Filled
from harness.measurements import Options
from harness.processes import BenchmarkError


class FakeServer:
    """A worker that is always there."""

    def check(self) -> None:
        """It has not ended."""

    def tail(self) -> str:
        return "last words"


class FakeRedis:
    """A queue that is shorter at each look, as if a worker took from it; `step` is what it takes."""

    url = "redis://nowhere"

    def __init__(self, length: int, step: int):
        self.length = length
        self.step = step
        self.fsync: str | None = None

    def ask(self, _database: int, command: str) -> int:
        if command.startswith("LLEN"):
            self.length, before = max(0, self.length - self.step), self.length
            return before
        return 0

    def set_fsync(self, when: str) -> None:
        self.fsync = when


class Rates(unittest.TestCase):
    def setUp(self) -> None:
        self.now = 100.0
        for name in ("monotonic", "sleep"):
            self.enterContext(mock.patch.object(drains.time, name, getattr(self, name)))

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def filled(self, done, length: int = 1_000, step: int = 100) -> Filled:
        return Filled(FakeRedis(length, step), "celery", 1_000, 1_000, done)

    def test_the_rate_counts_from_the_first_message_taken(self) -> None:
        began = []

        def done() -> int:
            began.append(self.now)
            return min(1_000, int((self.now - began[0]) * 2_000))

        self.assertAlmostEqual(drains.rate(self.filled(done), FakeServer()), 2_000, delta=40)

    def test_a_slow_system_is_measured_for_a_while_only(self) -> None:
        began = []

        def done() -> int:
            began.append(self.now)
            return int((self.now - began[0]) * 10)

        self.assertAlmostEqual(drains.rate(self.filled(done), FakeServer()), 10, delta=0.2)
        self.assertLess(self.now - began[0], drains.LONGEST_SECONDS + 1)

    def test_a_system_that_ends_nothing_has_no_rate(self) -> None:
        with self.assertRaisesRegex(BenchmarkError, "last words"):
            drains.rate(self.filled(lambda: 0), FakeServer())


class Drains(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def measure(self, fake: FakeRedis, messages: int) -> None:
        """With a server that is not there and a worker that ends everything at once."""

        @contextlib.contextmanager
        def running(_folder: Path, fsync: str):
            self.assertEqual(fsync, "no", "the filling must not wait for the disk")
            yield fake

        self.enterContext(mock.patch.object(redis, "running", running))
        fill = lambda server, count: Filled(server, "celery", messages, count, lambda: count)  # noqa: E731
        worker = lambda _folder, _redis: contextlib.nullcontext(FakeServer())  # noqa: E731
        self.figures = drains.drained(fill, worker, 100, "tasks_per_second")(self.folder, Options()).figures

    def test_the_disk_is_waited_for_once_the_queue_is_full(self) -> None:
        fake = FakeRedis(length=100, step=10)
        self.measure(fake, messages=100)
        self.assertEqual(fake.fsync, "always")
        self.assertGreater(self.figures["tasks_per_second"], 0)

    def test_a_queue_that_is_not_full_is_an_error(self) -> None:
        with self.assertRaisesRegex(BenchmarkError, "does not hold the 100 messages"):
            self.measure(FakeRedis(length=90, step=10), messages=100)

    def test_the_server_is_told_when_to_wait_for_the_disk(self) -> None:
        with redis.running(self.folder, "no") as server:
            server.set_fsync("always")
            with self.assertRaises(OSError):
                server.set_fsync("sometimes")
            self.assertEqual(server.ask(1, "DBSIZE"), 0)
