"""Workflows on a queue that Python and Swift workers share, while workers are killed at random.

Promises under test, with a visibility timeout of 5 s:
- swift: only Swift workers are killed. Every workflow ends with the right result, nothing is left unacknowledged, no
  counters of chords are left.
- python: only Python workers are killed. What goes wrong is listed, each with the Python worker that held it.
- all-python: the same kills in a fleet without us, to compare with.

    .build/venv-test/bin/python -B Tests/Celery/fleet_drill.py --workflows 5000
"""

import argparse
import collections
import json
import os
import random
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from celery import chain, chord, group  # noqa: E402
from celery.result import GroupResult  # noqa: E402

import wapp  # noqa: E402
from servers import OurRole, PythonWorker, Redis, SwiftWorker  # noqa: E402
from wapp import slow_add, xsum  # noqa: E402

VISIBILITY = 5
COUNTERS = (b".j", b".s", b".t", b".d")


class Workflow:
    """One that was submitted: what must come out, and the ids of all of its tasks."""

    def __init__(self, kind, number, expected, result):
        self.kind = kind
        self.number = number
        self.expected = expected
        self.last = result.id
        self.ids = []
        while result is not None:
            self.ids.append(result.id)
            if isinstance(result, GroupResult):
                self.ids += [each.id for each in result.results]
            result = result.parent


def submit(number, rng):
    """A chain, a chord, or a chain through a chord; the numbers of each differ, so that a mixed-up result is seen."""
    n = number * 1000

    def pause():
        return rng.choice((0, 0, 0.01, 0.03))

    kind = ("chain", "chord", "through")[number % 3]
    if kind == "chain":
        result = chain(slow_add.s(n, 1, pause()), slow_add.s(1, pause()), slow_add.s(1, pause())).apply_async()
        expected = n + 3
    elif kind == "chord":
        result = chord([slow_add.s(n, i, pause()) for i in range(4)], xsum.s()).apply_async()
        expected = 4 * n + 6
    else:
        result = chain(
            slow_add.s(n, 0, pause()), group(slow_add.s(i, pause()) for i in range(3)), xsum.s(),
            slow_add.s(1, pause())).apply_async()
        expected = 3 * n + 4
    return Workflow(kind, number, expected, result)


class Fleet:
    """A Redis of its own with workers on it."""

    def __init__(self, swift, python):
        self.server = Redis()
        self.redis = self.server.client()
        self.app = wapp.make_app(self.server.url())
        self.app.set_current()
        self.swift = [
            SwiftWorker(
                self.server.url(), name=f"swift{i}", concurrency=2,
                settings=[f"worker.lease={VISIBILITY}s", "log.level=warning"]) for i in range(swift)]
        self.python = [
            PythonWorker(
                self.server.url(), name=f"py{i}", concurrency=2, late=True, visibility=VISIBILITY)
            for i in range(python)]
        # Python's own restoring stands still for five minutes when a worker dies that holds its lock.
        self.schedulers = [
            OurRole("scheduler", self.server.url(), "scheduler", settings=[f"redis.visibility_timeout={VISIBILITY}s"])
        ] if swift else []

    @property
    def workers(self):
        return self.swift + self.python

    def wait_until_ready(self):
        for each in self.workers:
            each.wait_until_ready()

    def close(self):
        for each in self.workers + self.schedulers:
            each.close()
        self.app.close()
        self.server.close()

    def held_by_python(self):
        """The ids of the tasks that Python workers have taken and not acknowledged; our tags begin with our name."""
        held = set()
        for tag, text in self.redis.hgetall("unacked").items():
            if not tag.startswith(b"celerity:"):
                held.add(json.loads(text)[0]["headers"]["id"])
        return held

    def counters(self):
        """The keys in which chords are counted; the claim on a body (`.c`) is meant to stay for a while."""
        return sorted(k for k in self.redis.scan_iter("celery-taskset-meta-*") if k[-2:] in COUNTERS)

    def counter_line(self, key):
        """What such a key holds, for people who look for its maker."""
        kind, ttl = self.redis.type(key).decode(), self.redis.ttl(key)
        read = {"zset": lambda k: self.redis.zrange(k, 0, -1), "set": self.redis.smembers, "string": self.redis.get}
        claim = self.redis.get(key[:-1] + b"c")
        return f"{key.decode()} (ttl {ttl}, claim {claim}): {read.get(kind, lambda _: kind)(key)!r:.600}"

    def left_over(self):
        """What must be gone when all is done."""
        left = {
            "unacked": self.redis.hlen("unacked"), "unacked_index": self.redis.zcard("unacked_index"),
            "waiting": sum(self.redis.llen(key) for key in ("celery", *(f"celery\x06\x16{s}" for s in (3, 6, 9)))),
            "chord counters": len(self.counters()),
        }
        return {name: count for name, count in left.items() if count}


class Killer(threading.Thread):
    """Kills one of the workers again and again, and starts it anew."""

    def __init__(self, fleet, targets, rng, longest):
        super().__init__(daemon=True)
        self.fleet, self.targets, self.random, self.longest = fleet, targets, rng, longest
        self.stopping = threading.Event()
        self.kills = 0
        self.held = {}

    def run(self):
        while not self.stopping.wait(self.random.uniform(0.3, self.longest)):
            target = self.random.choice(self.targets)
            held = self.fleet.held_by_python() if target in self.fleet.python else ()
            target.kill()
            for each in held:
                self.held.setdefault(each, f"{target.name}, kill {self.kills}")
            self.kills += 1
            target.start()

    def stop(self):
        self.stopping.set()
        self.join()


class Drill:
    """One run: its fleet, its workflows, and what came of them."""

    def __init__(self, whom, workflows, seed, longest=1.5):
        self.whom = whom
        self.count = workflows
        self.random = random.Random(seed)
        self.longest = longest
        self.fleet = Fleet(swift=0, python=4) if whom == "all-python" else Fleet(swift=2, python=2)
        self.flows = []
        self.metas = {}

    def run(self):
        """Submits, kills meanwhile, waits for the ends; answers itself."""
        self.fleet.wait_until_ready()
        targets = self.fleet.swift if self.whom == "swift" else self.fleet.python[:2]
        self.killer = Killer(self.fleet, targets, random.Random(self.random.random()), self.longest)
        self.killer.start()
        began = time.monotonic()
        for number in range(1, self.count + 1):
            self.flows.append(submit(number, self.random))
            # Not far ahead of the workers: kills must hit what runs, not only what waits.
            while number % 20 == 0 and self.redis.llen("celery") > 200:
                time.sleep(0.02)
        self.wait(lambda: self.open_count() <= self.count // 20, 60)
        self.killer.stop()
        # Longer than the visibility timeout, the claim on a chord's body and a new worker's start take together.
        self.wait(lambda: self.open_count() == 0, 20)
        self.wait(lambda: not self.fleet.left_over(), 12)
        self.seconds = time.monotonic() - began
        self.wrong = [each for each in map(self.fault, self.flows) if each]
        self.left = self.fleet.left_over()
        self.orphans = [self.fleet.counter_line(key) for key in self.fleet.counters()]
        return self

    @property
    def redis(self):
        return self.fleet.redis

    def open_count(self):
        """How many have no result yet."""
        waiting = [each.last for each in self.flows if each.last not in self.metas]
        for start in range(0, len(waiting), 500):
            part = waiting[start:start + 500]
            for task_id, text in zip(part, self.redis.mget([f"celery-task-meta-{each}" for each in part])):
                meta = json.loads(text) if text else {"status": "PENDING"}
                if meta["status"] in ("SUCCESS", "FAILURE", "REVOKED"):
                    self.metas[task_id] = meta
        return sum(1 for each in self.flows if each.last not in self.metas)

    def wait(self, check, stalled):
        """Until it is so, or nothing has changed for a while."""
        last, since = None, time.monotonic()
        while not check():
            now = (len(self.metas), self.redis.llen("celery"))
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > stalled:
                return
            time.sleep(0.05)

    def fault(self, flow):
        """What is wrong with a workflow, as a line; nothing when all is well."""
        meta = self.metas.get(flow.last)
        if meta and (meta["status"], meta["result"]) == ("SUCCESS", flow.expected):
            return None
        said = f"{meta['status']} {meta['result']!r:.200}" if meta else "no result"
        return f"{flow.kind} {flow.number}: {said} instead of {flow.expected}; {self.cause(flow)}"

    def cause(self, flow):
        for task_id in flow.ids:
            if task_id in self.killer.held:
                return f"task {task_id} was held by {self.killer.held[task_id]}"
        for task_id in flow.ids:
            # Our workers leave a record of what they claim, in the same step; what left the queue without one was taken by
            # a Python worker that died before it wrote down that it had it.
            if not self.redis.exists(f"celery-task-meta-{task_id}", f"celerity:task:default/{task_id}"):
                return f"task {task_id} left the queue with a Python worker" if self.killer.kills else "UNEXPLAINED"
        return "UNEXPLAINED"

    def report(self):
        kinds = collections.Counter(each.kind for each in self.flows)
        lines = [
            f"{self.whom}: {self.count} workflows ({', '.join(f'{n} {k}' for k, n in sorted(kinds.items()))}), "
            f"{self.killer.kills} kills, {self.seconds:.1f} s, {len(self.wrong)} wrong, left over: {self.left or 'nothing'}"]
        return "\n".join(lines + [f"  {each}" for each in self.wrong + self.orphans])

    def close(self):
        self.fleet.close()


def run(whom, workflows, seed, longest=1.5):
    """One run, closed; its fleet's logs are gone with it."""
    drill = Drill(whom, workflows, seed, longest)
    try:
        return drill.run()
    finally:
        drill.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workflows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--longest", type=float, default=1.5, help="most seconds between two kills")
    parser.add_argument("--kill", choices=("swift", "python", "all-python"), action="append")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    done = {}
    for whom in options.kill or ("swift", "python", "all-python"):
        done[whom] = run(whom, options.workflows, options.seed, options.longest)
        print(done[whom].report(), flush=True)
    bad = 0
    if "swift" in done:
        bad += len(done["swift"].wrong) + len(done["swift"].left)
    if "python" in done:
        bad += sum("UNEXPLAINED" in each for each in done["python"].wrong)
        if "all-python" in done:
            bad += len(done["python"].wrong) > len(done["all-python"].wrong) + noise(options.workflows)
    print(f"{len(done) - (1 if bad else 0)} passed, {1 if bad else 0} failed")
    sys.exit(1 if bad else 0)


def noise(workflows):
    """By how many the losses of two runs with the same kills may differ: they are few, and each is an accident."""
    return 2 + workflows // 500


if __name__ == "__main__":
    main()
