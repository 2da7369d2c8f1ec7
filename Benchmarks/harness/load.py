"""The load client: wrk with 64 connections, the same for every system."""

import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path

from harness.processes import BenchmarkError, run_to_end

SCRIPT = Path(__file__).parent.parent / "load" / "post.lua"
CONNECTIONS = 64
THREADS = 2


@dataclass(frozen=True)
class Target:
    """Where to post what."""

    url: str
    body: str


@dataclass(frozen=True)
class Load:
    """What wrk saw, and the processor seconds that it took from the system under test."""

    accepted: int
    refused: int
    refused_status: int
    socket_errors: int
    seconds: float
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    client_cpu_seconds: float
    began: float

    @property
    def accepted_per_second(self) -> float:
        return self.accepted / self.seconds

    @property
    def complaints(self) -> list[str]:
        """A figure with refusals or errors in it is not comparable."""
        return complaints(self.refused, self.refused_status, self.socket_errors)


def post(target: Target, seconds: int) -> Load:
    argv = ["wrk", "--latency", "-t", str(THREADS), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "10s"]
    argv += ["-s", str(SCRIPT), target.url, "--", target.body]
    used = _children_cpu_seconds()
    began = time.monotonic()
    output = run_to_end(argv, seconds + 20)
    return parse(output, began=began, client_cpu_seconds=_children_cpu_seconds() - used)


def parse(output: str, began: float, client_cpu_seconds: float) -> Load:
    """The last line that is a JSON object is what `post.lua` prints when all is done."""
    for line in reversed(output.splitlines()):
        if line.startswith("{"):
            return Load(**json.loads(line), client_cpu_seconds=client_cpu_seconds, began=began)
    raise BenchmarkError(f"wrk printed no figures: {output[-500:]}")


def complaints(refused: int, refused_status: int, socket_errors: int, wanted_status: int = 202) -> list[str]:
    found = []
    if refused:
        found.append(f"{refused} answers were not {wanted_status} but {refused_status}")
    if socket_errors:
        found.append(f"{socket_errors} socket errors")
    return found


def _children_cpu_seconds() -> float:
    """Children that were waited for; no other one ends while wrk runs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
