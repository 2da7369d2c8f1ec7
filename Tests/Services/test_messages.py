"""The messages service in operation, on SQLite and on Redis: intake, analysis, records, alerts, restarts, a lost broker.

    python3 -B -m unittest discover -s Tests/Services -p test_messages.py
"""

import concurrent.futures
import glob
import json
import os
import re
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page  # noqa: E402
from stand import ROOT, Alone, AloneCase, Fleet, FleetCase, eventually  # noqa: E402

QUIET = ("log.level=warning",)
# No worker of such a stand takes anything of the service: what is posted stays.
IDLE = ("log.level=warning", "worker.queues=other")


def post(stand, text, **fields):
    status, answer = stand.call("POST", "/messages", {"message": text, **fields})
    assert status == 202, answer
    return answer


def done(stand, posted, seconds=60):
    """The message once its task has ended."""
    path = f"/messages/status/{posted['task_id']}"
    ended = eventually(
        lambda: [body for code, body in [stand.call("GET", path)] if code == 200 and body["state"] in (
            "SUCCESS", "FAILURE", "REVOKED")], seconds, what=f"the end of {posted}")[0]
    assert ended["state"] == "SUCCESS", ended
    return stand.call("GET", f"/messages/{posted['message_id']}")[1]


def history(stand, posted):
    return [entry["status"] for entry in stand.call("GET", f"/messages/tasks/{posted['task_id']}")[1]["history"]]


class Service:
    settings = QUIET

    def test_s0_02_wrong_input_is_refused_with_the_members_name(self):
        before = len(self.stand.call("GET", "/messages/alerts?kind=incorrect_input&limit=200")[1]["alerts"])
        for body, where in (
                ({}, "/message"), ({"message": " "}, "/message"), ({"message": 1}, "/message"),
                ({"message": "a" * 10_001}, "/message"), ({"message": "a", "user_id": 1}, "/user_id")):
            status, answer = self.stand.call("POST", "/messages", body)
            self.assertEqual((status, [issue["pointer"] for issue in answer["errors"]]), (422, [where]), answer)
        after = self.stand.call("GET", "/messages/alerts?kind=incorrect_input&limit=200")[1]["alerts"]
        self.assertEqual(len(after) - before, 5)

    def test_s0_07_content_and_analysis_are_there_in_the_end(self):
        shown = done(self.stand, post(self.stand, "Дякую за чудовий сервіс!", user_id="ук", metadata={"a": 1.5}))
        self.assertEqual((shown["content"], shown["status"]), ("Дякую за чудовий сервіс!", "done"))
        self.assertEqual((shown["user_id"], shown["metadata"]), ("ук", {"a": 1.5}))
        analysis = shown["analysis"]
        self.assertEqual(
            (analysis["language"]["code"], analysis["sentiment"]["label"], analysis["words"], analysis["sentences"]),
            ("uk", "positive", 4, 1))

    def test_s0_08_the_same_text_has_the_same_analysis(self):
        text = "Great service, but my card 4111 1111 1111 1111 was used in a scam 😡"
        first, second = [done(self.stand, post(self.stand, text))["analysis"] for _ in range(2)]
        self.assertEqual(first, second)
        self.assertEqual(first["alerts"], ["personal_data", "fraud_attempt"])
        self.assertNotIn("4111 1111", json.dumps(first))

    def test_s0_09_s0_11_s0_16_records_answer(self):
        user = f"user-{time.time_ns()}"
        posted = post(self.stand, "'; DROP TABLE users; --", user_id=user)
        done(self.stand, posted)
        self.assertEqual(history(self.stand, posted), ["queued", "started", "done"])
        logs = self.stand.call("GET", f"/messages/logs?task_id={posted['task_id']}")[1]["logs"]
        self.assertEqual(
            [entry["event"] for entry in logs], ["received", "started", "step", "step", "step", "finished"])
        self.assertEqual([entry["iteration"] for entry in logs], [1, 2, 3, 4, 5, 6])
        shown = self.stand.call("GET", f"/messages/users/{user}")[1]
        self.assertEqual(
            (shown["messages"], shown["alerts"]["fraud_attempt"], shown["alerts"]["personal_data"]), (1, 1, 0))
        state = self.stand.call("GET", f"/messages/status/{posted['task_id']}")[1]
        self.assertEqual(list(state)[:1] + [state["state"], state["result"]["alerts"]],
                         ["task_id", "SUCCESS", ["fraud_attempt"]])
        mine = self.stand.call("GET", f"/messages?user_id={user}")[1]["messages"]
        self.assertEqual([message["message_id"] for message in mine], [posted["message_id"]])

    def test_s0_13_three_posts_give_three_kinds_one_each(self):
        def reports():
            return set(glob.glob(os.path.join(self.stand.directory, "**", "error_reports", "*"), recursive=True))
        before = reports()
        user = f"three-{time.time_ns()}"
        self.stand.call("POST", "/messages", {"message": "", "user_id": user})
        for text in ("write to ann@example.org", "pure fraud"):
            done(self.stand, post(self.stand, text, user_id=user))
        alerts = self.stand.call("GET", f"/messages/alerts?user_id={user}")[1]["alerts"]
        self.assertEqual(
            sorted(alert["kind"] for alert in alerts), ["fraud_attempt", "incorrect_input", "personal_data"])
        new = eventually(lambda: (reports() - before) if len(reports() - before) >= 3 else None, what="three reports")
        texts = [open(path, encoding="utf-8").read() for path in new]
        for kind in ("incorrect_input", "personal_data", "fraud_attempt"):
            self.assertEqual(sum(kind in text for text in texts), 1, texts)
        self.assertFalse(any("ann@example.org" in text for text in texts))

    def test_s0_16_a_user_is_counted_exactly_by_many_workers(self):
        user = f"hot-{time.time_ns()}"
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            posted = list(pool.map(lambda number: post(self.stand, f"scam {number}", user_id=user), range(60)))
        for one in posted:
            done(self.stand, one)
        shown = self.stand.call("GET", f"/messages/users/{user}")[1]
        self.assertEqual((shown["messages"], shown["alerts"]["fraud_attempt"]), (60, 60))
        found, cursor = [], ""
        while cursor is not None:
            query = f"user_id={user}&limit=25" + (f"&cursor={cursor}" if cursor else "")
            part = self.stand.call("GET", f"/messages?{query}")[1]
            found += [message["message_id"] for message in part["messages"]]
            cursor = part.get("next_cursor")
        self.assertEqual(sorted(found), sorted(one["message_id"] for one in posted))

    def test_s0_18_unknown_ids_are_404(self):
        for path in ("/messages/none", "/messages/users/none", "/messages/tasks/none", "/messages/status/none"):
            self.assertEqual(self.stand.call("GET", path)[0], 404, path)


class ServiceAlone(Service, AloneCase):
    pass


class ServiceOnAFleet(Service, FleetCase):
    pass


class Intake:
    """Without a worker that takes the service's tasks."""

    settings = IDLE

    def test_s0_03_metadata_are_there_and_nothing_else(self):
        posted = post(self.stand, "hello", user_id="u1")
        shown = self.stand.call("GET", f"/messages/{posted['message_id']}")[1]
        self.assertEqual((shown["status"], shown["user_id"], shown["size"]), ("queued", "u1", {"characters": 5, "bytes": 5}))
        self.assertEqual(shown["source_address"], "127.0.0.1")
        self.assertFalse({"content", "analysis"} & set(shown))

    def test_s0_04_the_answer_does_not_wait_for_the_work(self):
        times = []
        for number in range(200):
            began = time.monotonic()
            post(self.stand, f"message {number}")
            times.append(time.monotonic() - began)
        # A debug build on a busy machine gets ten times what the requirement gives a release build.
        self.assertLess(sorted(times)[197], 0.5)


class IntakeAlone(Intake, AloneCase):
    pass


class IntakeOnAFleet(Intake, FleetCase):
    pass


class Page(unittest.TestCase):
    def test_every_command_of_the_page_works(self):
        stand = Alone(QUIET)
        self.addCleanup(stand.close)
        outputs = page.typed(self, "Messages", stand.ports[0])
        posted, shown, records, refused, setting = outputs
        self.assertEqual(list(json.loads(posted)), ["message_id", "task_id", "status", "links"])
        message = json.loads(shown.strip().splitlines()[-1])
        self.assertEqual(message["analysis"]["alerts"], ["personal_data", "fraud_attempt"])
        state, task, logs, user, alerts, messages = [json.loads(line) for line in records.splitlines() if line]
        self.assertEqual((state["state"], task["status"], len(logs["logs"])), ("SUCCESS", "done", 6))
        self.assertEqual(len(alerts["alerts"]), 2)
        self.assertEqual((user["user_id"], len(messages["messages"])), ("u-17", 2))
        self.assertEqual(json.loads(refused)["errors"][0]["pointer"], "/message")
        self.assertIn("CELERITY_MESSAGES_LONGEST_TEXT", setting)


class Steps(unittest.TestCase):
    """Who waits for whom when a message is taken and worked on: (from, to, what) and whether it is waited for."""

    known = {
        ("client", "API", "`POST /messages`"): "synchronous",
        ("API", "database", "metadata"): "synchronous",
        ("API", "broker", "the task"): "synchronous",
        ("API", "database", "`queued`"): "synchronous",
        ("API", "monitoring", "`incorrect_input` alert"): "synchronous",
        ("broker", "worker", "the task"): "asynchronous",
        ("worker", "database", "content, analysis, status, log entries"): "synchronous",
        ("worker", "monitoring", "points"): "asynchronous",
        ("worker", "alerts", "report file"): "synchronous",
        ("worker", "broker", "acknowledgement"): "asynchronous",
        ("client", "API → database", "all `GET`s"): "synchronous",
    }

    def test_s0_23_every_step_is_listed_with_its_kind(self):
        with open(os.path.join(ROOT, "Sources", "Services", "Messages", "README.md"), encoding="utf-8") as page:
            section = page.read().split("\n## What waits for what\n")[1].split("\n## ")[0]
        table = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
        self.assertEqual(table[0], ["from", "to", "what", "kind"])
        rows = table[2:]
        self.assertEqual(len(rows), len(self.known))
        for (sender, receiver, what), kind in self.known.items():
            found = [row for row in rows if row[:2] == [sender, receiver] and row[2].startswith(what)]
            self.assertEqual([re.match(r"(a?synchronous)\b", row[3])[1] for row in found], [kind], (sender, receiver, what))


class Restarts(unittest.TestCase):
    def test_s0_06_s0_17_kill_the_process_and_nothing_is_lost_or_done_twice(self):
        stand = Alone(QUIET)
        self.addCleanup(stand.close)
        user = "restart"
        posted = [post(stand, f"scam {number}", user_id=user) for number in range(100)]
        eventually(lambda: stand.call("GET", f"/messages/status/{posted[9]['task_id']}")[1]["state"] == "SUCCESS")
        before = history(stand, posted[9])
        process = stand.processes.pop("dev")
        process.send_signal(signal.SIGKILL)
        process.wait()
        stand.start()
        for one in posted:
            done(stand, one, 120)
        self.assertEqual(history(stand, posted[9]), before)
        shown = stand.call("GET", f"/messages/users/{user}")[1]
        self.assertEqual((shown["messages"], shown["alerts"]["fraud_attempt"]), (100, 100))


class BrokerAway(unittest.TestCase):
    def test_s0_05_without_redis_it_is_503_at_once_and_works_again_by_itself(self):
        stand = Fleet(QUIET)
        self.addCleanup(stand.close)
        done(stand, post(stand, "before"))
        redis = stand.processes["redis"]
        command = redis.args
        redis.kill()
        redis.wait()
        for _ in range(3):
            began = time.monotonic()
            status, answer = stand.call("POST", "/messages", {"message": "meanwhile"})
            self.assertEqual(status, 503, answer)
            self.assertLess(time.monotonic() - began, 1.5)
        stand.spawn("redis", command)
        again = eventually(
            lambda: [body for code, body in [stand.call("POST", "/messages", {"message": "after"})] if code == 202], 30)[0]
        self.assertEqual(done(stand, again)["content"], "after")
        statuses = [message["status"] for message in stand.call("GET", "/messages")[1]["messages"]]
        self.assertNotIn("queued", statuses)


if __name__ == "__main__":
    unittest.main()
