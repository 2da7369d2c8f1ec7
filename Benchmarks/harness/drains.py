"""Queues on Redis that are filled first and then drained: nobody's producer shares the cores with the worker."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import celerity, peers
from harness import redis as redis_server
from harness.deployment import Deployment
from harness.measurements import Measure, Measurement, Options
from harness.processes import BenchmarkError, Server, until
from harness.redis import Redis

# A peer that needs longer is measured for so long: its rate does not depend on what is left. The bodies of chords come
# behind all members, so that chords are waited for to their end.
LONGEST_SECONDS = 20
LONGEST_CHORDS_SECONDS = 120
START_SECONDS = 20
PAUSE_SECONDS = 0.005
# The empty task of the finance service.
EMPTY_TASK = "finance.health_check"
CELERY_QUEUE = "celery"
SIDEKIQ_QUEUE = "queue:default"


@dataclass
class Filled:
    """A queue that nobody takes from yet. `done` counts what has ended, of `total`."""

    redis: Redis
    queue: str
    messages: int
    total: int
    done: Callable[[], int]
    longest: float = LONGEST_SECONDS

    def untouched(self) -> bool:
        return self.redis.ask(0, f"LLEN {self.queue}") == self.messages


Worker = Callable[[Path, Redis], AbstractContextManager[Server]]


def rate(filled: Filled, server: Server) -> float:
    """Ends a second, from the moment at which the worker takes the first message: its start does not count."""
    until(lambda: not filled.untouched(), START_SECONDS, "the first message is taken", server, PAUSE_SECONDS)
    began = time.monotonic()
    while (done := filled.done()) < filled.total and time.monotonic() < began + filled.longest:
        server.check()
        time.sleep(PAUSE_SECONDS)
    elapsed = time.monotonic() - began
    if not done:
        raise BenchmarkError(f"nothing has ended after {filled.longest:g} s. {server.tail()}")
    return done / elapsed


def drained(fill: Callable[[Redis, int], Filled], worker: Worker, full: int, figure: str) -> Measure:
    def measure(folder: Path, options: Options) -> Measurement:
        with redis_server.running(folder, "no") as redis:
            filled = fill(redis, options.count(full))
            if not filled.untouched():
                raise BenchmarkError(f"{filled.queue} does not hold the {filled.messages} messages")
            # How long the filling takes is nobody's figure; from here on an answer means what it means elsewhere.
            redis.set_fsync(options.fsync)
            with worker(folder, redis) as server:
                return Measurement({figure: rate(filled, server)})

    return measure


def in_process(*arguments: str, full: int) -> Measure:
    """`celerity-bench drain`, which fills and drains in its own process, and then sends the bare commands."""

    def measure(folder: Path, options: Options) -> Measurement:
        with redis_server.running(folder, options.fsync) as redis:
            count = str(options.count(full))
            return Measurement(
                celerity.in_process(folder, "drain", "--engine", f"{redis.url}/0", "--count", count, *arguments)
            )

    return measure


# How queues are filled: by each system's own client.


def by_celery(redis: Redis, count: int) -> Filled:
    peers.produce_celery({"BENCH_REDIS": redis.url}, "fill", count)
    return Filled(redis, CELERY_QUEUE, count, count, lambda: redis.ask(1, "DBSIZE"))


def by_celery_for_us(redis: Redis, count: int) -> Filled:
    """Results lie with the tasks, so what has ended is what neither waits nor is held."""
    peers.produce_celery(ours(redis), "fill", count)

    def done() -> int:
        return count - redis.ask(0, f"LLEN {CELERY_QUEUE}") - redis.ask(0, "HLEN unacked")

    return Filled(redis, CELERY_QUEUE, count, count, done)


def by_sidekiq(redis: Redis, count: int) -> Filled:
    peers.produce_sidekiq({"BENCH_REDIS": redis.url}, "fill", count)
    return Filled(redis, SIDEKIQ_QUEUE, count, count, lambda: redis.ask(1, "DBSIZE"))


def chords_by_celery(redis: Redis, count: int) -> Filled:
    return _chords(redis, 1, {"BENCH_REDIS": redis.url}, count)


def chords_by_celery_for_us(redis: Redis, count: int) -> Filled:
    return _chords(redis, 0, ours(redis), count)


def _chords(redis: Redis, database: int, environment: dict[str, str], count: int) -> Filled:
    made = json.loads(peers.produce_celery(environment, "chords", count))
    results = " ".join(f"celery-task-meta-{body}" for body in made["bodies"])

    def done() -> int:
        return redis.ask(database, f"EXISTS {results}")

    return Filled(redis, CELERY_QUEUE, made["messages"], count, done, LONGEST_CHORDS_SECONDS)


def ours(redis: Redis) -> dict[str, str]:
    return {"BENCH_REDIS": redis.url, "BENCH_RESULTS": f"{redis.url}/0", "BENCH_TASK": EMPTY_TASK}


# Who drains them.


def our_worker(concurrency: int) -> Worker:
    return lambda folder, redis: celerity.worker(folder, f"{redis.url}/0", concurrency)


def celery_worker(folder: Path, redis: Redis) -> AbstractContextManager[Server]:
    return peers.celery_worker(folder, {"BENCH_REDIS": redis.url})


def sidekiq_worker(threads: int) -> Worker:
    return lambda folder, redis: peers.sidekiq_worker(folder, {"BENCH_REDIS": redis.url}, threads)


# At rest.


def resting(fill: Callable[[Redis, int], Filled], worker: Worker):
    """A worker without its Redis, after some tasks, so that whatever starts with the first task has started."""

    @contextmanager
    def deployment(folder: Path, options: Options) -> Iterator[Deployment]:
        with redis_server.running(folder, options.fsync) as redis:
            filled = fill(redis, 100)
            with worker(folder, redis) as server:
                until(lambda: filled.done() == filled.total, START_SECONDS, "the first tasks have ended", server)
                yield Deployment([server])

    return deployment
