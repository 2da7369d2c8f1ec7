"""Our side: the release binaries, as a user would start them."""

import json
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import http
from harness.deployment import Deployment
from harness.load import Target
from harness.processes import BenchmarkError, free_port, run_to_end, serving, until

RELEASE = Path(__file__).parent.parent.parent / ".build" / "release"
BINARY = RELEASE / "celerity"
IN_PROCESS = RELEASE / "celerity-bench"

FINANCE = '{"data":{"amount":10000,"rate":0.05}}'
EMPTY = '{"task":"finance.health_check"}'
# The finance service refuses work above its queue limit, and a benchmark means to be above it.
ENVIRONMENT = {"MAX_QUEUE_SIZE": "1000000"}
# What a queue reports about tasks that have no result yet.
UNFINISHED = ("depth", "running")
# What celerity-bench calls differently, and counts in mebibytes.
RENAMED = {
    "p50_milliseconds": "p50_ms",
    "p99_milliseconds": "p99_ms",
    "claims_per_second_deep": "claims_per_second",
    "resident_megabytes": "rss_mb",
}
FACTORS = {"resident_megabytes": 1_048_576 / 1e6}

QUIET_SECONDS = 10


@contextmanager
def dev(folder: Path, *arguments: str) -> Iterator[Deployment]:
    """`celerity dev`: everything in one process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    argv = [str(BINARY), "dev", "--port", str(port), "--data", str(folder / "data"), *arguments]
    with serving(argv, folder / "celerity.log", extra_env=ENVIRONMENT) as server:
        until(lambda: http.healthy(f"{url}/readyz"), 20, "/readyz answers", server)
        targets = {"tasks": Target(f"{url}/tasks", FINANCE), "v1": Target(f"{url}/v1/tasks", EMPTY)}
        yield Deployment([server], targets, lambda: unfinished(http.get_json(f"{url}/v1/queues")), url=url)


def worker(folder: Path, url: str, concurrency: int):
    """`celerity worker` on a Redis, taking from the queue that Celery's clients send to."""
    argv = [str(BINARY), "worker", "--engine", url, "-Q", "celery", "-c", str(concurrency), "--loglevel", "warning"]
    return serving(argv, folder / "worker.log", extra_env=ENVIRONMENT)


def pause(deployment: Deployment) -> None:
    """Pauses every queue, so that tasks only pile up. One task makes sure that its queue exists."""
    target = deployment.targets["tasks"]
    if (status := http.post(target.url, target.body)) != 202:
        raise BenchmarkError(f"POST /tasks answered {status}")
    for queue in queues(http.get_json(f"{deployment.url}/v1/queues")):
        if (status := http.post(f"{deployment.url}/v1/queues/{queue['name']}:pause")) >= 300:
            raise BenchmarkError(f"pausing {queue['name']} answered {status}")


def quiet(deployment: Deployment) -> None:
    """Tells the workers to take nothing more, and waits until they say so."""

    def workers() -> list[dict]:
        return http.get_json(f"{deployment.url}/v1/workers")["workers"]

    server = deployment.servers[0]
    until(workers, QUIET_SECONDS, "a worker is known", server)
    for worker in workers():
        name = urllib.parse.quote(worker["name"], safe="")
        if (status := http.post(f"{deployment.url}/v1/workers/{name}:quiet")) >= 300:
            raise BenchmarkError(f"quieting {worker['name']} answered {status}")
    until(lambda: all(each["draining"] for each in workers()), QUIET_SECONDS, "the workers are quiet", server)


def depth(deployment: Deployment, name: str) -> int:
    """How many tasks wait in one queue: in others there is what schedules submit."""
    rows = queues(http.get_json(f"{deployment.url}/v1/queues"))
    return sum(queue["depth"] for queue in rows if queue["name"] == name)


def in_process(folder: Path, *arguments: str, seconds: float = 180) -> dict[str, float]:
    """The figures that `celerity-bench` prints as one JSON object, in the units of the other systems.

    It must write below `folder`: elsewhere the file system may be one in memory.
    """
    if not IN_PROCESS.exists():
        raise BenchmarkError("celerity-bench is not built")
    try:
        output = run_to_end([str(IN_PROCESS), *arguments], seconds, extra_env={"CELERITY_BENCH_DIRECTORY": str(folder)})
        printed = json.loads(output)
        return {RENAMED.get(name, name): value * FACTORS.get(name, 1) for name, value in printed.items()}
    except json.JSONDecodeError as error:
        raise BenchmarkError(f"celerity-bench {arguments[0]} printed no JSON object: {error}") from None


def queues(answer: object) -> list[dict]:
    """The list itself or a page that holds it."""
    found = answer.get("queues", answer.get("items")) if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise BenchmarkError(f"GET /v1/queues has no list of queues: {str(answer)[:200]}")
    return found


def unfinished(answer: object) -> int:
    counts = [queue[key] for queue in queues(answer) for key in UNFINISHED if key in queue]
    if not counts and queues(answer):
        raise BenchmarkError(f"GET /v1/queues names none of {UNFINISHED}: {str(answer)[:200]}")
    return sum(counts)
