"""Kills Redis under load and starts it again, again and again.

Promises under test: after each restart a canary task ends within 10 s, and no task is lost that was accepted, neither by
a Python producer's `delay()` nor by a gateway's 202, when Redis syncs its file with every write.

    .build/venv-test/bin/python -B Tests/Celery/redis_drill.py --restarts 50
"""

import argparse
import os
import random
import sys
import threading
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wapp  # noqa: E402
from servers import Gateway, Redis, SwiftWorker, eventually  # noqa: E402


class Producer(threading.Thread):
    """Submits until told to stop, and remembers what was accepted."""

    def __init__(self, submit):
        super().__init__(daemon=True)
        self.submit = submit
        self.stopping = threading.Event()
        self.accepted = []
        self.refused = 0

    def run(self):
        while not self.stopping.wait(0.005):
            try:
                self.accepted.append(self.submit())
            except Exception:  # whatever a client says when its server is away
                self.refused += 1


class Drill:
    def __init__(self, seed=None):
        self.random = random.Random(seed)
        self.server = Redis(fsync="always")
        url = self.server.url()
        # What a client does not hear about soon it counts as not accepted. It reads no results: what it must set up anew for
        # that after each restart is not what is tested.
        self.app = wapp.make_app(url, broker_transport_options={
            "socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 3, "interval_start": 0,
            "interval_step": 0.02, "interval_max": 0.05})
        self.app.conf.result_backend = "disabled://"
        self.app.conf.task_publish_retry = False
        # The answer to a claim may be lost with Redis: such a task comes back when its lease is over.
        self.workers = [
            SwiftWorker(url, name=f"swift{i}", settings=["worker.lease=5s", "log.level=warning"]) for i in range(2)]
        self.gateway = Gateway(url, settings=["log.level=warning"])
        self.canaries = []
        self.downtimes = []

    def from_gateway(self):
        return self.gateway.submit("wapp.slow_add", 1, 1, 0.01)

    def run(self, restarts):
        for each in (*self.workers, self.gateway):
            each.wait_until_ready()
        producers = [Producer(self.python_task), Producer(self.from_gateway)]
        for each in producers:
            each.start()
        for _ in range(restarts):
            self.restart()
        for each in producers:
            each.stopping.set()
        for each in producers:
            each.join()
        self.producers = producers
        accepted = [task_id for each in producers for task_id in each.accepted]
        self.accepted = len(accepted)
        self.wait_for(accepted)
        return self

    def python_task(self):
        task_id = str(uuid.uuid4())
        self.app.send_task("wapp.slow_add", (1, 1, 0.01), task_id=task_id)
        return task_id

    def restart(self):
        """Two to four deaths within three seconds, then a canary."""
        deaths = self.random.randint(1, 3)
        for _ in range(deaths):
            self.server.kill()
            began = time.monotonic()
            time.sleep(self.random.uniform(0, 0.4))  # how long it is away
            self.server.start()
            self.downtimes.append(time.monotonic() - began)
            time.sleep(self.random.uniform(0, 0.4))  # how long it stays
        began = time.monotonic()
        client = self.server.client()

        def canary():
            try:
                return self.python_task()
            except Exception as error:
                raise OSError(str(error)) from error

        task_id = eventually(canary, 10, what="that a canary is accepted")
        try:
            eventually(lambda: client.get(f"celery-task-meta-{task_id}"), 30, 0.01, "the canary's result")
        except AssertionError:
            pass
        self.canaries.append(time.monotonic() - began)

    def wait_for(self, accepted, stalled=20):
        """Until all have a result, or nothing changes any more."""
        client = self.server.client()
        waiting, since = set(accepted), time.monotonic()
        while waiting and time.monotonic() - since < stalled:
            before = len(waiting)
            part = list(waiting)
            for start in range(0, len(part), 500):
                ids = part[start:start + 500]
                for task_id, meta in zip(ids, client.mget([f"celery-task-meta-{each}" for each in ids])):
                    if meta and b'"SUCCESS"' in meta:
                        waiting.discard(task_id)
            if len(waiting) < before:
                since = time.monotonic()
            time.sleep(0.05)
        self.lost = [f"{each}: {self.whereabouts(client, each)}" for each in sorted(waiting)]

    def whereabouts(self, client, task_id):
        """What Redis still knows of a task that has no result."""
        name = task_id.encode()
        found = [f"record {client.hgetall(f'celerity:task:default/{task_id}')}"]
        found += [f"unacked as {tag}" for tag, text in client.hgetall("unacked").items() if name in text]
        found += [f"in {key}" for key in ("celery", "celery\x06\x163", "celery\x06\x166", "celery\x06\x169")
                  for text in client.lrange(key, 0, -1) if name in text]
        found.append(f"result {client.get(f'celery-task-meta-{task_id}')}")
        return "; ".join(found)

    def report(self):
        python, gateway = self.producers
        return (
            f"{len(self.downtimes)} deaths of Redis; canaries after "
            f"{', '.join(f'{each:.1f}' for each in self.canaries)} s; accepted {len(python.accepted)} from Python "
            f"({python.refused} refused) and {len(gateway.accepted)} by the gateway ({gateway.refused} refused); "
            f"{len(self.lost)} lost" + "".join(f"\n  {each}" for each in self.lost))

    def close(self):
        for each in (*self.workers, self.gateway, self.server):
            each.close()
        self.app.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--restarts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    drill = Drill(options.seed)
    try:
        drill.run(options.restarts)
        print(drill.report())
        bad = bool(drill.lost) or any(each > 10 for each in drill.canaries)
        print(f"{0 if bad else 1} passed, {1 if bad else 0} failed")
        sys.exit(1 if bad else 0)
    finally:
        drill.close()


if __name__ == "__main__":
    main()
