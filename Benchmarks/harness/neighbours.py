"""How much of the machine other programs took during a measurement.

What all processes used is read from /proc/stat; what the measured ones used is known after they were
waited for. The difference is somebody else, and a figure measured beside it is worth less.
"""

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")
# Fields of the line "cpu" that are work: user, nice, system, irq, softirq, steal (proc(5)).
WORK = (1, 2, 3, 6, 7, 8)
NOTABLE_CORES = 0.15
PROBE_SECONDS = 1.1


@dataclass(frozen=True)
class Usage:
    """Processor seconds since the start, on the whole machine and by us and what we started."""

    time: float
    machine: float
    own: float


def usage() -> Usage:
    fields = STAT.read_text().splitlines()[0].split()
    machine = sum(int(fields[index]) for index in WORK) / os.sysconf("SC_CLK_TCK")
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Usage(time.monotonic(), machine, sum(each.ru_utime + each.ru_stime for each in own))


def await_quiet(patience: float) -> None:
    """Waits until a second passes in which others do next to nothing, but no longer than `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        before = usage()
        time.sleep(PROBE_SECONDS)
        if cores_of_others(before, usage()) <= NOTABLE_CORES:
            return


def cores_of_others(before: Usage, after: Usage) -> float:
    """The kernel's own work for our writes is in it, so it is never quite zero.

    Nothing is said about less than a second: the clock tick of the machine's counters is too coarse for it.
    """
    if after.time - before.time < 1:
        return 0.0
    others = (after.machine - before.machine) - (after.own - before.own)
    return max(0.0, others / (after.time - before.time))
