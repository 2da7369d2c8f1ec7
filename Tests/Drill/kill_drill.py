"""Kills the platform again and again under load and accounts for every accepted task.

Promise under test: no accepted task is lost; a task runs again only after a lost lease, each time with its cause in
the record; never two committed results. The words are those of Jepsen's queue checker.

    python3 Tests/Drill/kill_drill.py --binary .build/debug/celerity --kills 30
"""

import argparse
import collections
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from server import Server  # noqa: E402


class Journal:
    """What clients know: which submissions were answered with 202, and which results they have seen committed."""

    def __init__(self):
        self.lock = threading.Lock()
        self.attempted = {}
        self.accepted = {}
        self.refused = collections.Counter()
        self.seen = {}
        self.contradictions = []

    def see(self, task_id, record):
        """A committed result never changes within a generation."""
        if record["state"] not in ("SUCCESS", "FAILURE", "REVOKED"):
            return
        result = json.dumps([record["state"], record.get("result"), record["finished_at"]], sort_keys=True)
        with self.lock:
            before = self.seen.setdefault(task_id, result)
            if before != result:
                self.contradictions.append((task_id, before, result))


class Client(threading.Thread):
    """Submits until told to stop, repeating what got no answer under the same idempotency key."""

    def __init__(self, server, journal, stopping, seed):
        super().__init__(daemon=True)
        self.server, self.journal, self.stopping = server, journal, stopping
        self.random = random.Random(seed)
        self.mine = []

    def run(self):
        while not self.stopping.is_set():
            self.submit()
            # Slower than the workers on average, or the run would mostly drain its backlog.
            self.stopping.wait(self.random.uniform(0, 0.06))
            if self.mine and self.random.random() < 0.2:
                self.look(self.random.choice(self.mine))

    def submit(self):
        body = self.make()
        key = str(uuid.UUID(int=self.random.getrandbits(128)))
        with self.journal.lock:
            self.journal.attempted[key] = body
        while True:
            try:
                status, answer = self.server.call("POST", "/v1/tasks", body, {"Idempotency-Key": key})
            except OSError:
                if self.stopping.wait(0.02):
                    return  # outcome unknown: neither accepted nor refused
                continue
            break
        with self.journal.lock:
            if status == 202:
                self.journal.accepted[answer["id"]] = body
                self.mine.append(answer["id"])
            else:
                self.journal.refused[status] += 1

    def make(self):
        if self.random.random() < 0.3:
            return {"task": "finance.fixed_seconds", "kwargs": {"seconds": round(self.random.uniform(0, 0.03), 4)}}
        amount = self.random.randint(1, 10**6)
        return {"task": "finance.compound_interest", "kwargs": {"amount": amount, "rate": 0.05}}

    def look(self, task_id):
        try:
            status, record = self.server.call("GET", f"/v1/tasks/{task_id}")
        except OSError:
            return
        if status == 200:
            self.journal.see(task_id, record)


class Verdict:
    """The account at the end."""

    def __init__(self, journal, records, seed, kills, seconds):
        self.journal, self.seed, self.kills, self.seconds = journal, seed, kills, seconds
        self.lost = [i for i in journal.accepted if i not in records]
        self.unfinished = [i for i, r in records.items() if r["state"] != "SUCCESS"]
        self.wrong = [i for i, b in journal.accepted.items() if i in records and not self.is_right(b, records[i])]
        self.recovered = sum(1 for i in records if i not in journal.accepted)
        self.executions = sum(r["attempts"] for r in records.values())
        self.causes = collections.Counter()
        self.unexplained = []
        for task_id, record in records.items():
            causes = [e["cause"] for e in record["history"] if e["cause"] in ("process_died", "lease_expired")]
            self.causes.update(causes)
            if record["attempts"] - 1 - record["retries"] != len(causes):
                self.unexplained.append(task_id)
        self.unexpected = max(0, len(records) - len(journal.attempted))

    @staticmethod
    def is_right(body, record):
        if body["task"] != "finance.compound_interest" or record["state"] != "SUCCESS":
            return record["state"] == "SUCCESS"
        expected = body["kwargs"]["amount"] * (1 + 0.05 / 12) ** 12
        return abs(record["result"]["total"] - expected) < 0.006

    @property
    def is_valid(self):
        return not (self.lost or self.unfinished or self.wrong or self.unexplained or self.unexpected
                    or self.journal.contradictions or self.journal.refused or not self.journal.accepted)

    def print(self):
        duplicates = sum(self.causes.values())
        causes = " ".join(f"{cause}={count}" for cause, count in sorted(self.causes.items()))
        print(f"engine=sqlite seed={self.seed} tasks={len(self.journal.accepted)} kills={self.kills} "
              f"duration={self.seconds:.0f}s")
        print(f"attempted={len(self.journal.attempted)} acknowledged={len(self.journal.accepted)} "
              f"lost={len(self.lost)} unexpected={self.unexpected} recovered={self.recovered}")
        print(f"executions={self.executions} duplicates={duplicates} [{causes}] "
              f"double_results={len(self.journal.contradictions)}   "
              f"RESULT: {'VALID' if self.is_valid else 'INVALID'}")
        for name in ("lost", "unfinished", "wrong", "unexplained"):
            if getattr(self, name):
                print(f"{name}: {getattr(self, name)[:5]} …")
        if self.journal.contradictions:
            print(f"contradictions: {self.journal.contradictions[:3]}")
        if self.journal.refused:
            print(f"refused: {dict(self.journal.refused)}")


def all_records(server):
    """Every record of the drill's tasks, page by page; schedules of services submit others."""
    records, cursor = {}, None
    while True:
        query = f"&cursor={cursor}" if cursor else ""
        status, page = server.call("GET", f"/v1/tasks?queue=finance&limit=200{query}", timeout=60)
        assert status == 200, page
        records.update((record["id"], record) for record in page["tasks"])
        cursor = page.get("next_cursor")
        if not cursor:
            return records


def wait_until_drained(server, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        queues = server.call("GET", "/v1/queues", timeout=60)[1]["queues"]
        if sum(queue["depth"] + queue["running"] for queue in queues) == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"not drained after {seconds} s: {queues}")


def drill(options, directory):
    chance = random.Random(options.seed)
    # The budget is not what is tested here: an innocent task may well see two deaths of the whole platform.
    server = Server(options.binary, directory, ["task.crash_budget=1000", "log.level=warning"])
    try:
        return run(options, chance, server)
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


def run(options, chance, server):
    journal, stopping = Journal(), threading.Event()
    began = time.monotonic()
    server.start()
    clients = [Client(server, journal, stopping, options.seed * 100 + number) for number in range(6)]
    for client in clients:
        client.start()
    restarts = []
    for _ in range(options.kills):
        time.sleep(chance.uniform(0.02, options.longest))
        server.kill()
        restarts.append(server.start())
    stopping.set()
    for client in clients:
        client.join(timeout=30)
    wait_until_drained(server, 120)
    records = all_records(server)
    for task_id, record in records.items():
        journal.see(task_id, record)
    code = server.stop()
    verdict = Verdict(journal, records, options.seed, options.kills, time.monotonic() - began)
    verdict.print()
    restarts.sort()
    print(f"restart to ready p50={restarts[len(restarts) // 2]:.2f}s max={restarts[-1]:.2f}s, exit code {code}")
    return verdict.is_valid and code == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/debug/celerity")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--longest", type=float, default=1.0, help="longest time between a start and its kill")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="keep the data directory")
    options = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="celerity-drill-")
    is_valid = False
    try:
        is_valid = drill(options, directory)
    finally:
        if is_valid and not options.keep:
            shutil.rmtree(directory)
        else:
            print(f"data and server log: {directory}")
    print("1 passed, 0 failed" if is_valid else "0 passed, 1 failed")
    sys.exit(0 if is_valid else 1)


if __name__ == "__main__":
    main()
