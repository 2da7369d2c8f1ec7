"""The systems we compare with, each as its own documentation says to run it, on a durable Redis."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harness import http
from harness import redis as redis_server
from harness.deployment import Deployment
from harness.load import Target
from harness.processes import Server, free_port, run_to_end, serving, until

ROOT = Path(__file__).parent.parent
PYTHON = ROOT.parent / ".build" / "venv-bench" / "bin"
FASTAPI_CELERY = ROOT / "peers" / "fastapi_celery"
SIDEKIQ = ROOT / "peers" / "sidekiq"
SUBMISSION = '{"data":{"amount":10000,"rate":0.05}}'


@contextmanager
def fastapi_celery(folder: Path, fsync: str, worker: bool = True) -> Iterator[Deployment]:
    """gunicorn with two uvicorn workers in front of Celery; without `worker` tasks only pile up."""
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.running(folder, fsync))
        environment = {"BENCH_REDIS": redis.url}
        servers = [redis.server]
        if worker:
            servers.append(stack.enter_context(celery_worker(folder, environment)))
        port = free_port()
        servers.append(stack.enter_context(_gateway(folder, port, environment)))
        url = f"http://127.0.0.1:{port}"
        until(lambda: http.healthy(f"{url}/health"), 20, "gunicorn answers", servers[-1])

        def outstanding() -> int:
            return redis.ask(0, "LLEN celery") + redis.ask(0, "HLEN unacked")

        deployment = Deployment(servers, {"tasks": Target(f"{url}/tasks", SUBMISSION)}, outstanding, environment)
        if worker:
            _await_first_result(redis, url, servers)
        yield deployment


@contextmanager
def celery(folder: Path, fsync: str) -> Iterator[Deployment]:
    """Celery alone; `produce.py` submits and waits."""
    with redis_server.running(folder, fsync) as redis:
        environment = {"BENCH_REDIS": redis.url}
        with celery_worker(folder, environment) as worker:
            yield Deployment([redis.server, worker], environment=environment)


@contextmanager
def sidekiq(folder: Path, fsync: str, threads: int) -> Iterator[Deployment]:
    with redis_server.running(folder, fsync) as redis:
        environment = {"BENCH_REDIS": redis.url}
        with sidekiq_worker(folder, environment, threads) as server:
            yield Deployment([redis.server, server], environment=environment)


def produce_celery(environment: dict[str, str], what: str, count: int) -> str:
    return run_to_end([str(PYTHON / "python"), "produce.py", what, str(count)], 120, FASTAPI_CELERY, environment)


def produce_sidekiq(environment: dict[str, str], what: str, count: int) -> str:
    return run_to_end(["ruby", "produce.rb", what, str(count)], 120, SIDEKIQ, environment)


def sidekiq_worker(folder: Path, environment: dict[str, str], threads: int):
    argv = ["sidekiq", "-r", "./jobs.rb", "-c", str(threads), "-e", "production"]
    return serving(argv, folder / "sidekiq.log", SIDEKIQ, environment)


def celery_worker(folder: Path, environment: dict[str, str]):
    """The talk between workers is switched off: there is only one, and it costs round trips."""
    argv = [str(PYTHON / "celery"), "-A", "tasks:celery", "worker", "--pool", "prefork", "--concurrency", "2"]
    argv += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return serving(argv, folder / "celery.log", FASTAPI_CELERY, environment)


def _gateway(folder: Path, port: int, environment: dict[str, str]):
    """The fastest set-up: uvloop and httptools are found by themselves, there is no access log."""
    argv = [str(PYTHON / "gunicorn"), "--workers", "2", "--worker-class", "uvicorn_worker.UvicornWorker"]
    argv += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--graceful-timeout", "2", "gateway:app"]
    return serving(argv, folder / "gunicorn.log", FASTAPI_CELERY, environment)


def _await_first_result(redis: redis_server.Redis, url: str, servers: list[Server]) -> None:
    """The worker prints nothing when it is ready, so one task is sent through."""
    http.post(f"{url}/tasks", SUBMISSION)
    until(lambda: redis.ask(1, "DBSIZE") > 0, 20, "Celery stores a result", servers[1])
