"""What is measured, and on which systems."""

from dataclasses import dataclass

from harness import celerity, documents, drains, peers
from harness.measurements import (
    Measure,
    at_rest,
    in_process,
    parked_ours,
    parked_peer,
    produced_by_celery,
    produced_by_sidekiq,
    submit_ours,
    submit_peer,
)


@dataclass(frozen=True)
class Contestant:
    name: str
    label: str
    measure: Measure

    @property
    def ours(self) -> bool:
        return self.name.startswith("celerity")


@dataclass(frozen=True)
class Scenario:
    """`figures` gives the order of the columns; `once` is for what does not vary and takes long."""

    name: str
    title: str
    figures: dict[str, str]
    contestants: list[Contestant]
    once: bool = False


FASTAPI = "FastAPI + gunicorn (2) + Celery prefork (2) + Redis"
CELERY = "Celery prefork (2) + Redis"
LOADED = {
    "accepted_per_second": "accepted/s",
    "finished_per_second": "finished/s",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "client_cores": "cores of the client",
}

SCENARIOS = [
    Scenario(
        "submit",
        "Durable submissions over HTTP, workers running",
        LOADED,
        [
            Contestant("celerity", "Celerity, `POST /tasks`", submit_ours("tasks")),
            Contestant("celerity_v1", "Celerity, `POST /v1/tasks`, empty task", submit_ours("v1")),
            Contestant("fastapi_celery", FASTAPI, submit_peer),
        ],
    ),
    Scenario(
        "parked",
        "Durable submissions over HTTP, nothing takes them",
        {key: value for key, value in LOADED.items() if key != "finished_per_second"},
        [
            Contestant("celerity", "Celerity, queues paused", parked_ours),
            Contestant("fastapi_celery", "FastAPI + gunicorn (2) + Redis, no worker", parked_peer),
        ],
    ),
    Scenario(
        "empty",
        "Empty tasks, from the first submission to the last stored result",
        {"tasks_per_second": "tasks/s", "submitted_per_second": "submitted/s"},
        [
            Contestant(
                "celerity", "Celerity (2)", in_process("empty", "--concurrency", "2", full=50_000, option="--count")
            ),
            Contestant("celery", CELERY, produced_by_celery("empty", 5_000)),
            Contestant("sidekiq", "Sidekiq (2 threads) + Redis", produced_by_sidekiq("empty", 20_000, 2)),
            Contestant("sidekiq_10", "Sidekiq (10 threads) + Redis", produced_by_sidekiq("empty", 20_000, 10)),
        ],
    ),
    Scenario(
        "drain",
        "A queue on Redis, filled with 50,000 empty tasks before, drained with stored results",
        {"tasks_per_second": "tasks/s", "bare_tasks_per_second": "a bare client, tasks/s"},
        [
            Contestant("celerity", "Celerity (2), messages of its own", drains.in_process(full=50_000)),
            Contestant(
                "celerity_celery",
                "`celerity worker -c 2`, messages of Celery's client",
                drains.drained(drains.by_celery_for_us, drains.our_worker(2), 50_000, "tasks_per_second"),
            ),
            Contestant(
                "celerity_10",
                "Celerity (10), messages of its own",
                drains.in_process("--concurrency", "10", full=50_000),
            ),
            Contestant(
                "celery",
                "Celery prefork (2)",
                drains.drained(drains.by_celery, drains.celery_worker, 50_000, "tasks_per_second"),
            ),
            Contestant(
                "sidekiq",
                "Sidekiq (2 threads)",
                drains.drained(drains.by_sidekiq, drains.sidekiq_worker(2), 50_000, "tasks_per_second"),
            ),
            Contestant(
                "sidekiq_10",
                "Sidekiq (10 threads)",
                drains.drained(drains.by_sidekiq, drains.sidekiq_worker(10), 50_000, "tasks_per_second"),
            ),
        ],
    ),
    Scenario(
        "chords",
        "Chords of 10 on Redis, submitted before",
        {"chords_per_second": "chords/s"},
        [
            Contestant("celerity", "Celerity (2), chords of its own", drains.in_process("--chords", "10", full=300)),
            Contestant(
                "celerity_celery",
                "`celerity worker -c 2`, chords of Celery's client",
                drains.drained(drains.chords_by_celery_for_us, drains.our_worker(2), 300, "chords_per_second"),
            ),
            Contestant(
                "celery",
                "Celery prefork (2)",
                drains.drained(drains.chords_by_celery, drains.celery_worker, 300, "chords_per_second"),
            ),
        ],
    ),
    Scenario(
        "documents",
        "The documents service",
        {
            "p50_ms": "p50 ms",
            "p99_ms": "p99 ms",
            "slowest_ms": "slowest ms",
            "pdfs_per_minute": "PDFs a minute",
            "first_pdf_ms": "first PDF ms",
            "answered_per_second": "answered/s",
            "client_cores": "cores of the client",
            "bare_p99_ms": "the client alone, p99 ms",
            "bare_per_second": "the client alone, at most/s",
        },
        [
            Contestant("celerity_cached", "From the cache, 1,000/s over 200 connections", documents.cached),
            Contestant("celerity_fresh", "New PDFs, one after the other, one slot", documents.fresh),
            Contestant("celerity_submitted", "Orders, 50/s, no worker takes them", documents.submitted),
            Contestant("celerity_batch", "New PDFs ordered at once, two slots", documents.batch),
        ],
    ),
    Scenario(
        "pickup",
        "Pick-up when idle, from the submission to the first line of the task",
        {"p50_ms": "p50 ms", "p99_ms": "p99 ms"},
        [
            Contestant("celerity", "Celerity", in_process("pickup", full=1_000, option="--count")),
            Contestant("celery", CELERY, produced_by_celery("pickup", 300)),
            Contestant("sidekiq", "Sidekiq (2 threads) + Redis", produced_by_sidekiq("pickup", 300, 2)),
        ],
    ),
    Scenario(
        "bulk",
        "Bulk insert, against a bare loop that writes the same rows",
        {"rows_per_second": "rows/s", "bare_rows_per_second": "bare rows/s"},
        [Contestant("celerity", "Celerity", in_process("bulk", full=200_000, option="--count"))],
    ),
    Scenario(
        "backlog",
        "Claims with 1,000,000 queued",
        {"claims_per_second": "claims/s", "claims_per_second_at_1000": "claims/s at 1,000", "rss_mb": "RSS MB"},
        [Contestant("celerity", "Celerity", in_process("depth", full=1_000_000, option="--deep"))],
        once=True,
    ),
    Scenario(
        "idle",
        "At rest, all processes of the system",
        {
            "switches_per_second": "voluntary switches/s",
            "rss_mb": "RSS MB",
            "pss_mb": "PSS MB",
            "processes": "processes",
            "threads": "threads",
        },
        [
            Contestant("celerity", "Celerity", at_rest(lambda folder, _: celerity.dev(folder), ours=True)),
            Contestant(
                "fastapi_celery",
                FASTAPI,
                at_rest(lambda folder, options: peers.fastapi_celery(folder, options.fsync), ours=False),
            ),
            Contestant(
                "sidekiq",
                "Sidekiq (2 threads) + Redis",
                at_rest(lambda folder, options: peers.sidekiq(folder, options.fsync, 2), ours=False),
            ),
        ],
        once=True,
    ),
    Scenario(
        "idle_redis",
        "A worker on Redis at rest, without Redis",
        {
            "pss_mb": "PSS MB",
            "rss_mb": "RSS MB",
            "switches_per_second": "voluntary switches/s",
            "processes": "processes",
            "threads": "threads",
        },
        [
            Contestant(
                "celerity",
                "`celerity worker -c 2`",
                at_rest(drains.resting(drains.by_celery_for_us, drains.our_worker(2)), ours=True),
            ),
            Contestant(
                "celery",
                "Celery prefork (2)",
                at_rest(drains.resting(drains.by_celery, drains.celery_worker), ours=False),
            ),
            Contestant(
                "sidekiq",
                "Sidekiq (2 threads)",
                at_rest(drains.resting(drains.by_sidekiq, drains.sidekiq_worker(2)), ours=False),
            ),
        ],
        once=True,
    ),
]
