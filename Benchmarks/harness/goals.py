"""The speed goals of the product, each as one number and its bound."""

from collections.abc import Callable
from dataclasses import dataclass

# Medians by scenario, contestant and figure.
Medians = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class Goal:
    """`measured` raises KeyError when a figure that it needs is missing."""

    text: str
    measured: Callable[[Medians], float]
    at_least: float | None = None
    at_most: float | None = None

    def judge(self, medians: Medians) -> dict[str, object]:
        try:
            value = self.measured(medians)
        except KeyError:
            return {"goal": self.text, "measured": None, "bound": self.bound, "met": None}
        met = value >= self.at_least if self.at_least is not None else value <= self.at_most
        return {"goal": self.text, "measured": value, "bound": self.bound, "met": met}

    @property
    def bound(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


def figure(scenario: str, contestant: str, name: str) -> Callable[[Medians], float]:
    return lambda medians: medians[scenario][contestant][name]


def ratio(scenario: str, name: str, *rivals: str) -> Callable[[Medians], float]:
    """Ours against the best of the rivals."""
    return lambda medians: medians[scenario]["celerity"][name] / max(medians[scenario][rival][name] for rival in rivals)


def within(scenario: str, name: str, reference: str) -> Callable[[Medians], float]:
    """One of our figures as a share of another one of ours."""
    return lambda medians: medians[scenario]["celerity"][name] / medians[scenario]["celerity"][reference]


GOALS = [
    Goal(
        "Durable HTTP submissions: times FastAPI + gunicorn (2) + Celery + Redis",
        ratio("submit", "accepted_per_second", "fastapi_celery"),
        at_least=10,
    ),
    Goal("Empty tasks: times Celery prefork (2)", ratio("empty", "tasks_per_second", "celery"), at_least=15),
    Goal(
        "Empty tasks: times Sidekiq (the better of 2 and 10 threads)",
        ratio("empty", "tasks_per_second", "sidekiq", "sidekiq_10"),
        at_least=2,
    ),
    Goal("On Redis, empty tasks: times Celery prefork (2)", ratio("drain", "tasks_per_second", "celery"), at_least=30),
    Goal(
        "On Redis, empty tasks: times Sidekiq (the better of 2 and 10 threads)",
        ratio("drain", "tasks_per_second", "sidekiq", "sidekiq_10"),
        at_least=4,
    ),
    Goal("On Redis, chords of 10: times Celery prefork (2)", ratio("chords", "chords_per_second", "celery"), at_least=20),
    Goal(
        "On Redis, empty tasks: share of a bare pipelined client",
        within("drain", "tasks_per_second", "bare_tasks_per_second"),
        at_least=0.5,
    ),
    Goal("On Redis, a worker at rest: PSS in MB", figure("idle_redis", "celerity", "pss_mb"), at_most=40),
    Goal("Bulk insert: share of a bare loop", within("bulk", "rows_per_second", "bare_rows_per_second"), at_least=0.6),
    Goal("Pick-up when idle: p50 in ms", figure("pickup", "celerity", "p50_ms"), at_most=2),
    Goal("Pick-up when idle: p99 in ms", figure("pickup", "celerity", "p99_ms"), at_most=10),
    Goal(
        "1,000,000 queued: claim rate as a share of that at 1,000",
        within("backlog", "claims_per_second", "claims_per_second_at_1000"),
        at_least=0.8,
    ),
    Goal("1,000,000 queued: RSS in MB", figure("backlog", "celerity", "rss_mb"), at_most=250),
    Goal(
        "Documents, from the cache at 1,000/s over 200 connections: p99 in ms",
        figure("documents", "celerity_cached", "p99_ms"),
        at_most=15,
    ),
    Goal("Documents, a new PDF on one slot: p50 in ms", figure("documents", "celerity_fresh", "p50_ms"), at_most=900),
    Goal(
        "Documents, an order at 50/s while no worker takes any: p99 in ms",
        figure("documents", "celerity_submitted", "p99_ms"),
        at_most=50,
    ),
    Goal(
        "Documents, new PDFs a minute on two slots",
        figure("documents", "celerity_batch", "pdfs_per_minute"),
        at_least=60,
    ),
    Goal("At rest: RSS in MB", figure("idle", "celerity", "rss_mb"), at_most=60),
    Goal("At rest: voluntary context switches a second", figure("idle", "celerity", "switches_per_second"), at_most=5),
]
