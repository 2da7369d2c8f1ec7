"""The measurements. Each starts its system anew, in a folder of its own, and ends it."""

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from harness import celerity, http, load, peers, proc
from harness.deployment import Deployment


@dataclass(frozen=True)
class Options:
    """How long and how much. Defaults keep a peer's measurement below 30 s."""

    seconds: int = 10
    idle_seconds: int = 60
    peer_idle_seconds: int = 20
    fsync: str = "always"
    scale: float = 1.0
    patience: float = 0

    def count(self, full: int, least: int = 100) -> int:
        return max(least, int(full * self.scale))


@dataclass
class Measurement:
    """Named figures; notes say what limits their worth."""

    figures: dict[str, float]
    notes: list[str] = field(default_factory=list)


Measure = Callable[[Path, Options], Measurement]


WARM_UP_SECONDS = 2
DRAIN_SECONDS = 8
OUR_DRAIN_SECONDS = 60
SETTLE_SECONDS = 5


def under_load(deployment: Deployment, route: str, options: Options, drain: float) -> Measurement:
    """Load for a while, then wait until every accepted task has its result (`drain` 0: they pile up)."""
    target = deployment.targets[route]
    load.post(target, min(WARM_UP_SECONDS, options.seconds))
    earlier = deployment.drain(drain)
    seen = load.post(target, options.seconds)
    figures = {
        "accepted_per_second": seen.accepted_per_second,
        "p50_ms": seen.p50_ms,
        "p99_ms": seen.p99_ms,
        "client_cores": seen.client_cpu_seconds / seen.seconds,
    }
    notes = seen.complaints
    if drain:
        left = deployment.drain(drain)
        figures["finished_per_second"] = (earlier + seen.accepted - left) / (time.monotonic() - seen.began)
        if left:
            notes.append(f"{left} tasks had no result {drain:g} s after the load")
    elif (queued := deployment.outstanding() - earlier) < seen.accepted:
        notes.append(f"{seen.accepted} were accepted but only {queued} are queued")
    deployment.check()
    return Measurement(figures, notes)


def submit_ours(route: str) -> Measure:
    def measure(folder: Path, options: Options) -> Measurement:
        with celerity.dev(folder) as deployment:
            return under_load(deployment, route, options, OUR_DRAIN_SECONDS)

    return measure


def submit_peer(folder: Path, options: Options) -> Measurement:
    with peers.fastapi_celery(folder, options.fsync) as deployment:
        return under_load(deployment, "tasks", options, DRAIN_SECONDS)


def parked_ours(folder: Path, options: Options) -> Measurement:
    with celerity.dev(folder) as deployment:
        celerity.pause(deployment)
        return under_load(deployment, "tasks", options, drain=0)


def parked_peer(folder: Path, options: Options) -> Measurement:
    with peers.fastapi_celery(folder, options.fsync, worker=False) as deployment:
        return under_load(deployment, "tasks", options, drain=0)


def in_process(*arguments: str, full: int, option: str) -> Measure:
    def measure(folder: Path, options: Options) -> Measurement:
        return Measurement(celerity.in_process(folder, *arguments, option, str(options.count(full))))

    return measure


def produced_by_celery(what: str, full: int) -> Measure:
    def measure(folder: Path, options: Options) -> Measurement:
        with peers.celery(folder, options.fsync) as deployment:
            return Measurement(json.loads(peers.produce_celery(deployment.environment, what, options.count(full))))

    return measure


def produced_by_sidekiq(what: str, full: int, threads: int) -> Measure:
    def measure(folder: Path, options: Options) -> Measurement:
        with peers.sidekiq(folder, options.fsync, threads) as deployment:
            return Measurement(json.loads(peers.produce_sidekiq(deployment.environment, what, options.count(full))))

    return measure


def at_rest(start: Callable[[Path, Options], AbstractContextManager[Deployment]], ours: bool) -> Measure:
    """After some tasks, so that whatever starts with the first task has started."""

    def measure(folder: Path, options: Options) -> Measurement:
        with start(folder, options) as deployment:
            for target in list(deployment.targets.values())[:1]:
                for _ in range(100):
                    http.post(target.url, target.body)
                deployment.drain(DRAIN_SECONDS)
            time.sleep(SETTLE_SECONDS)
            return watch(deployment, options.idle_seconds if ours else options.peer_idle_seconds)

    return measure


def watch(deployment: Deployment, seconds: int) -> Measurement:
    roots = [server.pid for server in deployment.servers]
    before = proc.footprint(roots)
    began = time.monotonic()
    time.sleep(seconds)
    after = proc.footprint(roots)
    switches = proc.switches_between(before, after) / (time.monotonic() - began)
    deployment.check()
    figures = {
        "switches_per_second": switches,
        "rss_mb": after.rss / 1e6,
        "pss_mb": after.pss / 1e6,
        "processes": after.processes,
        "threads": after.threads,
    }
    return Measurement(figures)
