"""The Celery application of the comparison: an empty task and one that tells when it began.

`BENCH_REDIS` is the address of the Redis server without a database number. Messages are kept in
database 0 and results in database 1, so that `DBSIZE` of database 1 is the count of stored results;
`BENCH_RESULTS` names another place, for workers that keep results with the tasks.
"""

import os
import time

from celery import Celery

REDIS = os.environ["BENCH_REDIS"]
QUEUES = f"{REDIS}/0"
RESULTS = os.environ.get("BENCH_RESULTS", f"{REDIS}/1")

celery = Celery("bench", broker=QUEUES, backend=RESULTS)
celery.conf.update(broker_connection_retry_on_startup=True, result_expires=86_400)


@celery.task(name="bench.empty")
def empty(*_arguments: object) -> None:
    """Does nothing; its result is stored like any other."""


@celery.task(name="bench.stamp")
def stamp() -> int:
    """The time of its first line, on the clock that all processes of the machine share."""
    return time.monotonic_ns()
