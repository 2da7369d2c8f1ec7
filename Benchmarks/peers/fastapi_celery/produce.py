"""Submits tasks to a running Celery worker and prints what it measured as one line of JSON.

`produce.py empty COUNT`: from the first submission until COUNT results are stored.
`produce.py pickup COUNT`: from the return of a submission to the first line of the task, one at a time.
`produce.py fill COUNT`: only submits; `produce.py chords COUNT`: the same with chords of ten.

`BENCH_TASK` is the name of the empty task, for workers that know another one.
"""

import json
import os
import random
import statistics
import sys
import time

import redis
from celery import Celery, chord

from tasks import QUEUES, RESULTS, celery

TASK = os.environ.get("BENCH_TASK", "bench.empty")
MEMBERS = 10
WARM_UP = 50
DEADLINE_SECONDS = 30

producer = Celery("producer", broker=QUEUES)
results = redis.Redis.from_url(RESULTS)


def submit_empty(count: int) -> None:
    """One connection for all, as a script that submits many tasks would do it."""
    with producer.producer_pool.acquire(block=True) as connection:
        for _ in range(count):
            producer.send_task(TASK, producer=connection)


def fill(count: int) -> dict[str, object]:
    submit_empty(count)
    return {"messages": count}


def chords(count: int) -> dict[str, object]:
    """Ids of the bodies: a chord is done when its body has a result."""
    empty = celery.signature(TASK, immutable=True)
    return {"messages": count * MEMBERS, "bodies": [chord([empty] * MEMBERS)(empty).id for _ in range(count)]}


def await_results(count: int) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while results.dbsize() < count:
        if time.monotonic() > deadline:
            sys.exit(f"{results.dbsize()} of {count} results after {DEADLINE_SECONDS} s")
        time.sleep(0.02)


def measure_empty(count: int) -> dict[str, float]:
    before = results.dbsize()
    start = time.perf_counter()
    submit_empty(count)
    submitted = time.perf_counter()
    await_results(before + count)
    finished = time.perf_counter()
    return {"tasks_per_second": count / (finished - start), "submitted_per_second": count / (submitted - start)}


def measure_pickup(count: int) -> dict[str, float]:
    """Pauses of 10 to 20 ms between the tasks keep the worker idle, which is the case in question."""
    pauses = random.Random(1)
    delays = []
    for _ in range(count):
        sent = celery.send_task("bench.stamp")
        returned = time.monotonic_ns()
        delays.append((sent.get(timeout=10) - returned) / 1e6)
        time.sleep(pauses.uniform(0.01, 0.02))
    cuts = statistics.quantiles(delays, n=100)
    return {"p50_ms": cuts[49], "p99_ms": cuts[98]}


if __name__ == "__main__":
    what, count = sys.argv[1], int(sys.argv[2])
    if what in ("fill", "chords"):
        print(json.dumps({"fill": fill, "chords": chords}[what](count)))
    else:
        submit_empty(WARM_UP)
        await_results(WARM_UP)
        print(json.dumps({"empty": measure_empty, "pickup": measure_pickup}[what](count)))
