"""The documents service under its speed goals: out of the cache, made anew, ordered, and in a batch."""

import json
import math
import shutil
import statistics
import sys
import time
from pathlib import Path

from harness import celerity, http, offered
from harness.deployment import Deployment
from harness.measurements import WARM_UP_SECONDS, Measure, Measurement, Options
from harness.offered import Offer, Seen
from harness.processes import BenchmarkError, free_port, serving, until

LOAD = Path(__file__).parent.parent / "load"
RESUME = json.loads((LOAD / "resume.json").read_text())
TYPESETTER = "xetex"
QUEUE = "pdf_generation"

CACHED_PER_SECOND = 1_000
CACHED_CONNECTIONS = 200
SUBMITTED_PER_SECOND = 50
SUBMITTED_CONNECTIONS = 50
FRESH = 30
BATCH = 40
# Below these there is no median, and no two slots that are full.
LEAST = 10
# Sent at once, to learn what the client can do.
BARE_REQUESTS = 5_000

# The preloaded format takes seconds, on a busy machine many.
ORDER_SECONDS = 120
BATCH_SECONDS = 300
START_SECONDS = 10
PAUSE_SECONDS = 0.02


def needs_typesetter(measure: Measure) -> Measure:
    def checked(folder: Path, options: Options) -> Measurement:
        if not shutil.which(TYPESETTER):
            raise BenchmarkError(f"{TYPESETTER}, which sets the PDFs, is missing: `scripts/bootstrap run` installs it")
        return measure(folder, options)

    return checked


def order(number: int) -> str:
    """A resume as PDF; another number is another document."""
    data = RESUME | {"personalInfo": RESUME["personalInfo"] | {"name": f"Jane Doe {number}"}}
    return json.dumps({"document_type": "resume", "template": "classic", "format": "pdf", "data": data})


def make(deployment: Deployment, number: int) -> tuple[bytes, float]:
    """A PDF that was not there before, and the milliseconds until it was."""
    began = time.monotonic()
    answer = http.order(f"{deployment.url}/documents/generate", order(number), ORDER_SECONDS)
    elapsed = (time.monotonic() - began) * 1e3
    if answer.status != 200 or not answer.body.startswith(b"%PDF-"):
        raise BenchmarkError(f"POST /generate answered {answer.status}, no PDF: {answer.body[:300]!r}")
    if answer.headers["X-Cache"] != "MISS":
        raise BenchmarkError("POST /generate answered a new order from the cache")
    return answer.body, elapsed


@needs_typesetter
def cached(folder: Path, options: Options) -> Measurement:
    """One document that the cache has, asked for at a fixed rate; then the client alone, with as many bytes."""
    wanted = offered.request("POST", "/documents/generate", order(0).encode())

    def hits(seconds: int) -> Offer:
        requests = [wanted] * (CACHED_PER_SECOND * seconds)
        return Offer(requests, CACHED_PER_SECOND, CACHED_CONNECTIONS, 200, b"\r\nX-Cache: HIT\r\n")

    with celerity.dev(folder) as deployment:
        document, first = make(deployment, 0)
        offered.send(port(deployment), hits(min(WARM_UP_SECONDS, options.seconds)))
        seen = offered.send(port(deployment), hits(options.seconds))
        deployment.check()
    figures = latencies(seen) | {"first_pdf_ms": first} | bare(folder, wanted, len(document), options)
    return Measurement(figures, seen.complaints)


def bare(folder: Path, wanted: bytes, size: int, options: Options) -> dict[str, float]:
    """What the client sees of a server that does nothing, at the same rate, and at most."""
    number = free_port()
    argv = [sys.executable, str(LOAD / "bare.py"), "--port", str(number), "--bytes", str(size)]
    with serving(argv, folder / "bare.log") as server:
        until(lambda: http.listens(number), START_SECONDS, "the bare server listens", server)
        most = offered.send(number, Offer([wanted] * BARE_REQUESTS, math.inf, CACHED_CONNECTIONS, 200))
        requests = [wanted] * (CACHED_PER_SECOND * options.seconds)
        seen = offered.send(number, Offer(requests, CACHED_PER_SECOND, CACHED_CONNECTIONS, 200))
    if wrong := most.complaints + seen.complaints:
        raise BenchmarkError(f"the bare server: {wrong[0]}")
    return {"bare_p99_ms": seen.percentile(0.99), "bare_per_second": most.answered_per_second}


@needs_typesetter
def fresh(folder: Path, options: Options) -> Measurement:
    """One PDF after the other, on one slot. The first is told apart: the process makes its preloaded format with it."""
    with celerity.dev(folder, "--concurrency", "1") as deployment:
        _, first = make(deployment, 0)
        times = [make(deployment, number)[1] for number in range(1, options.count(FRESH, LEAST) + 1)]
    return Measurement({"p50_ms": statistics.median(times), "slowest_ms": max(times), "first_pdf_ms": first})


@needs_typesetter
def submitted(folder: Path, options: Options) -> Measurement:
    """Orders at a fixed rate that nobody takes; afterwards the queue must hold all of them."""
    with celerity.dev(folder) as deployment:
        celerity.quiet(deployment)
        total = 0
        for seconds in (min(WARM_UP_SECONDS, options.seconds), options.seconds):
            count = SUBMITTED_PER_SECOND * seconds
            orders = [
                offered.request("POST", "/documents/generate/async", order(number).encode())
                for number in range(total, total + count)
            ]
            seen = offered.send(port(deployment), Offer(orders, SUBMITTED_PER_SECOND, SUBMITTED_CONNECTIONS, 202))
            total += count
        queued = celerity.depth(deployment, QUEUE)
        deployment.check()
    notes = seen.complaints
    if queued != total:
        notes.append(f"{total} were ordered but {queued} are queued")
    return Measurement(latencies(seen), notes)


@needs_typesetter
def batch(folder: Path, options: Options) -> Measurement:
    """Many PDFs ordered at once, until the last one is done, on two slots that have made one before."""
    count = options.count(BATCH, LEAST)
    with celerity.dev(folder, "--concurrency", "2") as deployment:
        _, first = make(deployment, 0)
        began = time.monotonic()
        jobs = [submit(deployment, number) for number in range(1, count + 1)]
        left = deployment.drain(BATCH_SECONDS, PAUSE_SECONDS)
        elapsed = time.monotonic() - began
        if left:
            raise BenchmarkError(f"{left} of {count} PDFs were not done after {BATCH_SECONDS} s")
        for job in jobs:
            ended = http.get_json(f"{deployment.url}/documents/jobs/{job}")
            if ended["status"] != "SUCCESS":
                raise BenchmarkError(f"a job ended as {ended['status']}: {ended.get('error')}")
    return Measurement({"pdfs_per_minute": count / elapsed * 60, "first_pdf_ms": first})


def submit(deployment: Deployment, number: int) -> str:
    answer = http.order(f"{deployment.url}/documents/generate/async", order(number))
    if answer.status != 202:
        raise BenchmarkError(f"POST /generate/async answered {answer.status}: {answer.body[:300]!r}")
    return json.loads(answer.body)["job_id"]


def latencies(seen: Seen) -> dict[str, float]:
    return {
        "p50_ms": seen.percentile(0.5),
        "p99_ms": seen.percentile(0.99),
        "slowest_ms": seen.latencies[-1],
        "answered_per_second": seen.answered_per_second,
        "client_cores": seen.client_cpu_seconds / seen.seconds,
    }


def port(deployment: Deployment) -> int:
    return int(deployment.url.rpartition(":")[2])
