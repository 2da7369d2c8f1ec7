"""Servers as process groups that are certain to end.

Each server is started in a session of its own, so Ctrl-C reaches only the harness, which then stops its
servers one after the other. If the harness itself is killed, the kernel ends the servers
(PR_SET_PDEATHSIG, prctl(2)).
"""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harness import proc

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 5
LIBC = ctypes.CDLL(None)


class BenchmarkError(Exception):
    """A scenario could not be measured; the message says why."""


class Server:
    """One started program and everything that it starts."""

    def __init__(self, argv: list[str], log: Path, cwd: Path | None = None, extra_env: dict[str, str] | None = None):
        self.name = Path(argv[0]).name
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                argv,
                cwd=cwd,
                env=clean_environment() | (extra_env or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-1_000:].strip()

    def check(self) -> None:
        """Raises when the program has ended, with the end of its log."""
        if (code := self.process.poll()) is not None:
            raise BenchmarkError(f"{self.name} ended with status {code}: {self.tail()}")

    def stop(self) -> None:
        """Asks the program to stop, then kills what is left of its descendants and of its session."""
        started = proc.tree(self.pid)
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        while left := [process for process in {*started, *proc.session(self.pid)} if proc.alive(process)]:
            for process in left:
                proc.kill(process)
            self.process.poll()
            time.sleep(0.02)
        self.process.wait()


@contextmanager
def serving(*arguments, **options) -> Iterator[Server]:
    server = Server(*arguments, **options)
    try:
        yield server
    finally:
        server.stop()


def until(condition: Callable[[], bool], seconds: float, what: str, server: Server, pause: float = 0.05) -> None:
    """Waits for `condition`; raises when it does not come true in time or when `server` ends."""
    deadline = time.monotonic() + seconds
    while not condition():
        server.check()
        if time.monotonic() > deadline:
            raise BenchmarkError(f"{what}: not after {seconds:g} s. {server.tail()}")
        time.sleep(pause)


def run_to_end(
    argv: list[str], seconds: float, cwd: Path | None = None, extra_env: dict[str, str] | None = None
) -> str:
    """Standard output of a program that must end by itself, and well, within `seconds`."""
    name = Path(argv[0]).name
    environment = clean_environment() | (extra_env or {})
    try:
        done = subprocess.run(
            argv, cwd=cwd, env=environment, timeout=seconds, capture_output=True, text=True, preexec_fn=end_with_parent
        )
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{name}: no end after {seconds:g} s") from None
    if done.returncode != 0:
        raise BenchmarkError(f"{name} ended with status {done.returncode}: {done.stderr.strip()[-1_000:]}")
    return done.stdout


def free_port() -> int:
    """A loopback port that is free now. Another program may take it meanwhile; then the start fails loudly."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """The user's settings for these systems must not change what is measured."""
    settings = ("CELERITY_", "CELERY_", "FLOWER_", "GUNICORN_", "WEB_CONCURRENCY", "REDIS_", "SIDEKIQ_", "RAILS_")
    return {key: value for key, value in os.environ.items() if not key.startswith(settings)}


def end_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
