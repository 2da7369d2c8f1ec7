"""The verbs of `/v1` against a running `celerity dev` on its file: bulk submissions of thousands, cut off and sent again,
and an operator's acts on queues, workers, schedules and dead letters. Runs the binary named by CELERITY_TEST_BINARY.

    python3 -B -m unittest discover -s Tests/Drill
"""

import http.client
import json
import os
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import test_promises  # noqa: E402

COUNT = 10_000


def items(count, **more):
    return [
        {"task": "finance.compound_interest", "kwargs": {"amount": 1000 + number, "rate": 0.05}, **more}
        for number in range(count)]


class Verbs(test_promises.Running):
    settings = ("log.level=warning",)

    def bulk(self, body, headers=None, lines=False, timeout=120):
        """One bulk submission: status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)
        try:
            kind = "application/x-ndjson" if lines else "application/json"
            connection.request("POST", "/v1/tasks:bulk", body, {"Content-Type": kind, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def post(self, path, body=None, status=200):
        found, answer = self.server.call("POST", path, body)
        self.assertEqual(found, status, answer)
        return answer

    def get(self, path):
        status, answer = self.server.call("GET", path)
        self.assertEqual(status, 200, answer)
        return answer

    def all_tasks(self, query):
        """Every task of a list, page by page."""
        cursor = ""
        while True:
            page = self.get(f"/v1/tasks?limit=200&{query}{cursor}")
            yield from page["tasks"]
            if not page["has_more"]:
                return
            cursor = "&cursor=" + page["next_cursor"]

    def until(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return
            time.sleep(0.05)
        self.fail("it did not become so")


class Bulk(Verbs):
    def test_ten_thousand_real_tasks_are_accepted_and_all_of_them_run(self):
        body = "\n".join(json.dumps(item) for item in items(COUNT)).encode()
        began = time.monotonic()
        status, answer = self.bulk(body, lines=True)
        took = time.monotonic() - began
        self.assertEqual((status, answer["accepted"], answer["refused"]), (202, COUNT, 0))
        ids = [item["id"] for item in answer["items"]]
        self.assertEqual(len(set(ids)), COUNT)
        self.until(lambda: self.get("/v1/queues/finance")["depth"] + self.get("/v1/queues/finance")["running"] == 0, 120)
        done = {task["id"]: task["result"]["total"] for task in self.all_tasks("state=SUCCESS&queue=finance")}
        self.assertEqual(set(done), set(ids))
        # Compounded yearly for the default of one year, rounded to cents.
        for number in (0, 1, COUNT - 1):
            self.assertGreater(done[ids[number]], 1000 + number)
        print(f"bulk: {COUNT} items in {took:.2f} s, {COUNT / took:.0f}/s", file=sys.stderr)

    def test_a_request_cut_off_by_a_kill_is_completed_by_sending_it_again(self):
        body = json.dumps(items(COUNT, countdown=3600)).encode()
        key = {"Idempotency-Key": "nightly-import"}
        first = threading.Thread(target=self.cut_off, args=(body, key))
        first.start()
        self.until(lambda: self.stored() > 0, 30)
        self.server.kill()
        first.join()
        self.server.start()
        kept = self.stored()
        status, answer = self.bulk(body, key)
        self.assertEqual((status, answer["accepted"]), (202, COUNT))
        self.assertEqual(len({item["id"] for item in answer["items"]}), COUNT)
        self.assertEqual(sum("existing" in item for item in answer["items"]), kept)
        self.assertEqual(self.stored(), COUNT, "no item twice, none lost")

    def cut_off(self, body, key):
        try:
            self.bulk(body, key)
        except (OSError, http.client.HTTPException, ValueError):
            pass

    def stored(self):
        return sum(queue["depth"] for queue in self.get("/v1/queues")["queues"])

    def test_two_at_once_under_one_key_never_mix(self):
        body = json.dumps(items(COUNT, countdown=3600)).encode()
        answers = []

        def send():
            answers.append(self.bulk(body, {"Idempotency-Key": "same"}))

        threads = [threading.Thread(target=send) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = [[item["id"] for item in answer["items"]] for status, answer in answers if status == 202]
        refused = [answer["code"] for status, answer in answers if status != 202]
        self.assertGreaterEqual(len(taken), 1)
        self.assertTrue(all(ids == taken[0] for ids in taken))
        self.assertTrue(all(code == "idempotency-key-in-use" for code in refused), refused)
        self.assertEqual(self.stored(), COUNT)

    def test_large_bodies_at_once_do_not_fill_the_memory(self):
        filler = "x" * 1400
        body = json.dumps([
            {"task": "finance.compound_interest", "args": [filler], "countdown": 3600} for _ in range(COUNT)]).encode()
        self.assertGreater(len(body), 14 << 20)
        statuses = []

        def send():
            statuses.append(self.bulk(body)[0])

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The arguments do not fit the task: every item is read to its end, refused, and told so.
        self.assertEqual(statuses, [207] * 4)
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        print(f"bulk: peak {peak / 1024:.0f} MiB with 4 bodies of {len(body) >> 20} MiB", file=sys.stderr)
        self.assertLess(peak, 512 << 10)


class Operator(Verbs):
    def test_a_queue_is_paused_explained_moved_and_purged(self):
        self.post("/v1/queues/finance:pause")
        ids = [item["id"] for item in self.bulk(json.dumps(items(3)).encode())[1]["items"]]
        answer = self.post("/v1/tasks", items(1)[0], 202)
        self.assertIn("paused", answer["warning"])
        why = self.get(f"/v1/tasks/{ids[0]}/why")
        self.assertEqual(why["reasons"][0]["code"], "queue-paused")
        self.assertEqual(self.post("/v1/queues/finance:move", {"to": "nobody"})["moved"], 4)
        why = self.get(f"/v1/tasks/{ids[1]}/why")
        self.assertEqual([reason["code"] for reason in why["reasons"]], ["no-worker", "queued"])
        self.assertIn("1 task is ready before it", why["reasons"][1]["detail"])
        self.assertEqual(self.post("/v1/queues/nobody:purge")["purged"], 4)
        self.assertEqual(self.get(f"/v1/tasks/{ids[0]}/why")["reasons"][0]["code"], "purged")

    def test_dead_letters_are_found_and_run_again(self):
        task = self.submit("finance.compound_interest", amount=1000, rate=0.05)
        self.wait_for(task)
        self.post("/v1/queues/finance:pause")
        expired = [
            self.post("/v1/tasks", {**items(1)[0], "expires": 0.2, "tags": ["late"]}, 202)["id"] for _ in range(3)]
        for one in expired:
            self.wait_for_state(one, "REVOKED")
        self.assertEqual({one["id"] for one in self.get("/v1/dead?reason=expired&q=tag:late")["dead"]}, set(expired))
        self.assertEqual(self.get("/v1/dead?reason=failed")["dead"], [])
        self.assertEqual(
            self.post("/v1/dead:redrive", {"reason": "expired", "limit": 2}),
            {"affected": 2, "refused": [], "has_more": True})
        self.post("/v1/queues/finance:resume")
        again = {task["id"] for task in self.all_tasks("q=tag:late%20-state:REVOKED")}
        for one in again:
            self.assertEqual(self.wait_for(one)["state"], "SUCCESS")
        rest = (set(expired) - again).pop()
        self.assertEqual(self.server.call("POST", f"/v1/tasks/{task}:retry")[1]["code"], "not-retryable")
        self.assertEqual(self.post(f"/v1/dead/{rest}:discard"), {"id": rest, "discarded": True})
        self.assertEqual(self.server.call("GET", f"/v1/tasks/{rest}")[0], 404)

    def test_a_worker_is_quieted_scaled_and_lets_go_on(self):
        name = self.get("/v1/workers")["workers"][0]["name"]
        path = "/v1/workers/" + name
        self.assertEqual(self.post(path + ":quiet", status=202), {"worker": name, "order": "quiet"})
        self.until(lambda: self.get(path)["draining"], 10)
        task = self.submit("finance.compound_interest", amount=1000, rate=0.05)
        self.assertEqual(self.get(f"/v1/tasks/{task}/why")["reasons"][0]["code"], "workers-quiet")
        self.post(path + ":scale", {"concurrency": 3}, 202)
        self.post(path + ":resume", status=202)
        self.assertEqual(self.wait_for(task)["state"], "SUCCESS")
        self.until(lambda: self.get(path)["concurrency"] == 3, 10)

    def test_a_schedule_fires_is_held_back_and_survives_a_kill(self):
        body = {"schedule": "every 1s", "task": "finance.compound_interest", "kwargs": {"amount": 1, "rate": 0.1}}
        status, schedule = self.server.call("PUT", "/v1/schedules/tick", body)
        self.assertEqual(status, 201, schedule)
        self.until(lambda: self.get("/v1/schedules/tick")["last_fired_at"], 20)
        self.post("/v1/schedules/tick:pause")
        self.server.kill()
        self.server.start()
        kept = self.get("/v1/schedules/tick")
        self.assertTrue(kept["paused"])
        self.assertEqual(kept["next_fire_at"], [])
        fired = {task["id"] for task in self.all_tasks("q=id:schedule:tick:*")}
        self.assertGreaterEqual(len(fired), 1)
        run = self.post("/v1/schedules/tick:run", status=202)["id"]
        self.assertEqual(self.wait_for(run)["state"], "SUCCESS")
        self.assertEqual({task["id"] for task in self.all_tasks("q=id:schedule:tick:*")}, fired, "it is held back")
        self.assertEqual(self.server.call("DELETE", "/v1/schedules/tick")[0], 204)
        self.assertEqual(self.server.call("GET", "/v1/schedules/tick")[1]["code"], "unknown-schedule")


if __name__ == "__main__":
    unittest.main()
