"""Reads /proc: process trees, memory, context switches. Field names: proc(5)."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """A process id alone may be reused; with the start time it names one process."""

    pid: int
    start_time: int


@dataclass
class Footprint:
    """What a process tree holds and does; memory in bytes, counters since the start."""

    rss: int = 0
    pss: int = 0
    processes: int = 0
    threads: int = 0
    voluntary_switches: dict[tuple[int, int], int] | None = None


def tree(root: int) -> list[Process]:
    """`root` and all its descendants that are alive now."""
    parents: dict[int, list[Process]] = {}
    found: list[Process] = []
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents.setdefault(stat.parent, []).append(stat.process)
            if stat.process.pid == root:
                found.append(stat.process)
    for process in found:
        found.extend(parents.get(process.pid, []))
    return found


def session(leader: int) -> list[Process]:
    """All processes of the session that `leader` began, also those whose parent has ended."""
    stats = (_stat(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit())
    return [stat.process for stat in stats if stat and stat.session == leader]


def alive(process: Process) -> bool:
    """Whether this very process still runs; one that has ended and waits for its parent does not."""
    stat = _stat(process.pid)
    return stat is not None and stat.process == process and stat.state not in "ZX"


def kill(process: Process) -> None:
    """Kills exactly this process, not another one that got its id later."""
    if alive(process):
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def footprint(roots: list[int]) -> Footprint:
    """The sum over the trees of `roots`. Shared pages count once for each process in RSS, in shares in PSS."""
    total = Footprint(voluntary_switches={})
    for process in (process for root in roots for process in tree(root)):
        try:
            folder = PROC / str(process.pid)
            total.rss += _kilobytes(folder / "smaps_rollup", "Rss")
            total.pss += _kilobytes(folder / "smaps_rollup", "Pss")
            for task in (folder / "task").iterdir():
                count = _field(task / "status", "voluntary_ctxt_switches")
                total.voluntary_switches[process.pid, int(task.name)] = int(count)
                total.threads += 1
            total.processes += 1
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    return total


def switches_between(before: Footprint, after: Footprint) -> int:
    """Threads that are new count from zero; threads that ended in between are not seen."""
    earlier = before.voluntary_switches
    return sum(count - earlier.get(thread, 0) for thread, count in after.voluntary_switches.items())


@dataclass(frozen=True)
class _Stat:
    process: Process
    state: str
    parent: int
    session: int


def _stat(pid: int) -> _Stat | None:
    """The name, second in the line, may hold blanks and parentheses; the rest follows the last one."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return _Stat(Process(pid, int(fields[19])), fields[0], int(fields[1]), int(fields[3]))


def _kilobytes(path: Path, name: str) -> int:
    return int(_field(path, name).split()[0]) * 1024


def _field(path: Path, name: str) -> str:
    for line in path.read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value.strip()
    raise FileNotFoundError(f"{name} in {path}")  # a process that is ending has no memory map
