"""What the figures depend on besides the programs: the machine, and the versions of the programs."""

import os
import platform
import re
import statistics
import subprocess
import time
from pathlib import Path

from harness import celerity, peers

PROBES = 200
PYTHON_VERSIONS = """
import importlib.metadata as m
print(", ".join(f"{n} {m.version(n)}" for n in ("fastapi", "uvicorn", "gunicorn", "celery", "kombu", "redis")))
"""


def describe(folder: Path) -> dict[str, object]:
    return {
        "cpu": _line(Path("/proc/cpuinfo"), "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(_line(Path("/proc/meminfo"), "MemTotal").split()[0]) * 1024 / 1e9, 1),
        "kernel": platform.release(),
        "system": _line(Path("/etc/os-release"), "PRETTY_NAME", separator="=").strip('"'),
        "filesystem": filesystem(folder),
        "fdatasync_us": round(fdatasync_microseconds(folder)),
        "load_average": os.getloadavg()[0],
    }


def versions() -> dict[str, str]:
    found = {
        "Celerity": _first_line([str(celerity.BINARY), "version"]),
        "Python": platform.python_version(),
        "Python packages": _first_line([str(peers.PYTHON / "python"), "-c", PYTHON_VERSIONS]),
        "Redis": _first_line(["redis-server", "--version"], r"v=(\S+)"),
        "Ruby": _first_line(["ruby", "--version"], r"ruby (\S+)"),
        "Sidekiq": _first_line(["ruby", "-r", "sidekiq/version", "-e", "puts Sidekiq::VERSION"]),
        "wrk": _first_line(["wrk", "--version"], r"wrk (\S+)"),
    }
    return {name: version for name, version in found.items() if version}


def filesystem(folder: Path) -> str:
    """The type of the mount with the longest path above `folder` (proc(5), mounts)."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    above = [mount for mount in mounts if folder.resolve().is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[1]))[2]


def fdatasync_microseconds(folder: Path) -> float:
    """The median time to make 200 appended bytes durable: it bounds every system here."""
    path = folder / "probe"
    times = []
    with path.open("ab", buffering=0) as file:
        for _ in range(PROBES):
            file.write(b"x" * 200)
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - start)
    path.unlink()
    return statistics.median(times) * 1e6


def _line(path: Path, name: str, separator: str = ":") -> str:
    for line in path.read_text().splitlines():
        key, _, value = line.partition(separator)
        if key.strip() == name:
            return value.strip()
    return "unknown"


def _first_line(argv: list[str], pattern: str = "(.*)") -> str | None:
    """The first match in what the program prints, whatever its exit status: wrk has none for its version."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(pattern, done.stdout or done.stderr)
    return found.group(1) if found else None
