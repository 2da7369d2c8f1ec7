"""The recommendations service in operation, on SQLite and on Redis: requests, alerts, results, a provider, health requests.

    python3 -B -m unittest discover -s Tests/Services -p test_recommendations.py
"""

import concurrent.futures
import glob
import http.server
import json
import os
import shutil
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page  # noqa: E402
from stand import Alone, AloneCase, Fleet, FleetCase, eventually  # noqa: E402

QUIET = ("log.level=warning",)
KEY = "sk-test-9f8e7d6c5b4a"


class Stub(http.server.ThreadingHTTPServer):
    """A server outside that answers as a test says, and notes when it was asked what."""

    daemon_threads = True

    def __init__(self, answer):
        stub = self
        self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stub.requests.append((time.monotonic(), self.path, dict(self.headers), body))
                status, headers, answer_body = answer(len(stub.requests), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer_body)))
                self.end_headers()
                self.wfile.write(answer_body)

            do_POST = do_GET

            def log_message(self, *words):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        self.shutdown()
        self.server_close()


def chat(songs):
    content = json.dumps({"recommendations": [{"artist": artist, "title": title} for artist, title in songs]})
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def ask(stand, song="Queen - Bohemian Rhapsody", role="admin", **how):
    return stand.call("POST", "/recommendations", {"your_song": song, "your_role": role}, **how)


def result_of(stand, task_id, wait=20):
    return stand.call("GET", f"/result/{task_id}?wait={wait}", timeout=60)


def ended(stand, task_id):
    def look():
        status, body = result_of(stand, task_id)
        assert status == 200, body
        return body if body["status"] in ("Success", "Failed") else None
    return eventually(look, 90, what=f"the end of {task_id}")


def alert_files(stand):
    return sorted(glob.glob(os.path.join(stand.directory, "**", "error_reports", "*"), recursive=True))


class Recommendations:
    settings = QUIET

    def test_s2_04_s2_08_s2_10_an_admin_gets_songs(self):
        times = []
        for _ in range(9):
            began = time.monotonic()
            status, answer = ask(self.stand)
            times.append(time.monotonic() - began)
            self.assertEqual(status, 202, answer)
        self.assertLess(sorted(times)[4], 0.1)
        self.assertRegex(answer["task_id"], "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
        body = ended(self.stand, answer["task_id"])
        self.assertEqual(body["status"], "Success", body)
        songs = body["result"]["recommendations"]
        self.assertGreaterEqual(len(songs), 3)
        self.assertNotIn("Bohemian Rhapsody", [song["title"] for song in songs])
        again = ended(self.stand, ask(self.stand)[1]["task_id"])
        self.assertEqual(again["result"]["recommendations"], songs)

    def test_s2_05_s2_06_s2_07_others_are_refused_and_each_is_reported(self):
        before = set(alert_files(self.stand))
        for folder in {os.path.dirname(path) for path in before}:
            shutil.rmtree(folder)
        roles = ["user", "Admin", " admin", "", "x\nAlert Type: nothing"] * 4
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda role: ask(self.stand, role=role), roles))
        self.assertEqual({status for status, _ in answers}, {403})
        self.assertTrue(all(list(body) == ["detail"] for _, body in answers))
        files = alert_files(self.stand)
        self.assertEqual(len(files), 20)
        for path in files:
            with open(path, encoding="utf-8") as file:
                lines = file.read().splitlines()
            for beginning in ("Time:", "Alert Type:", "Description:"):
                self.assertEqual(len([line for line in lines if line.startswith(beginning)]), 1, lines)
            self.assertIn("Alert Type: Fraud attempt", lines)

    def test_s2_03_both_fields_are_needed(self):
        for body in ({}, {"your_song": "a"}, {"your_role": "admin"}):
            status, answer = self.stand.call("POST", "/recommendations", body)
            self.assertEqual(status, 422)
            self.assertEqual(answer["detail"][0]["loc"][0], "body")

    def test_s2_01_s2_02_the_service_describes_itself(self):
        status, answer = self.stand.call("GET", "/recommendations")
        self.assertEqual((status, list(answer)), (200, ["message"]))
        self.assertEqual(self.stand.call("GET", "/recommendations/health"), (200, {"status": "ok"}))

    def test_c2_2_an_unknown_task_is_404(self):
        self.assertEqual(self.stand.call("GET", "/result/00000000-0000-0000-0000-000000000000")[0], 404)


class RecommendationsAlone(Recommendations, AloneCase):
    pass


class RecommendationsOnAFleet(Recommendations, FleetCase):
    pass


class Waiting(unittest.TestCase):
    def test_s2_11_who_waits_keeps_nobody_from_being_served(self):
        """Fifty wait for a result that does not come; health is answered meanwhile."""
        # No worker takes the task.
        stand = Alone(QUIET + ("worker.queues=other",))
        try:
            task_id = ask(stand)[1]["task_id"]
            with concurrent.futures.ThreadPoolExecutor(50) as pool:
                waits = [pool.submit(result_of, stand, task_id, 5) for _ in range(50)]
                times = []
                while not all(each.done() for each in waits):
                    began = time.monotonic()
                    self.assertEqual(stand.call("GET", "/recommendations/health"), (200, {"status": "ok"}))
                    times.append(time.monotonic() - began)
                    time.sleep(0.02)
                answers = [each.result() for each in waits]
            self.assertEqual(answers, [(200, {"status": "Pending"})] * 50)
            self.assertGreater(len(times), 20)
            self.assertLess(sorted(times)[len(times) // 2], 0.05)
        finally:
            stand.close()


class Apart(unittest.TestCase):
    def test_s2_12_a_queued_task_finishes_while_the_web_service_is_down(self):
        stand = Fleet(QUIET)
        try:
            for name in ("worker0", "worker1"):
                stand.stop(name)
            task_id = ask(stand)[1]["task_id"]
            self.assertEqual(stand.stop("gateway0"), 0)
            stand.start_worker("worker0")
            # The other gateway tells when the task has ended; it is stopped then, and the first one knows.
            port = stand.ports
            stand.ports = [port[1]]
            self.assertEqual(ended(stand, task_id)["status"], "Success")
            stand.stop("gateway1")
            stand.role("gateway0", "serve", "--engine", stand.engine, "--port", str(port[0]))
            stand.ports = [port[0]]
            stand.wait_until_ready()
            self.assertEqual(ended(stand, task_id)["status"], "Success")
        finally:
            stand.close()


class Provider(unittest.TestCase):
    def outcome(self, answer, key=KEY):
        """What becomes of a request with a provider that answers so; with all that was written down of it."""
        stub = Stub(answer)
        stand = Alone(
            ("log.level=debug", f"recommendations.provider_url={stub.url}/v1", "recommendations.provider_model=m",
             "recommendations.retry_base=50ms"), environment={"OPENAI_API_KEY": key})
        try:
            task_id = ask(stand, "Yesterday")[1]["task_id"]
            body = ended(stand, task_id)
            record = stand.call("GET", f"/v1/tasks/{task_id}")[1]
            logs = stand.call("GET", f"/v1/tasks/{task_id}/logs")[1]
            written = json.dumps([body, record, logs]) + stand.log("dev")
            return stub.requests, body, written
        finally:
            stand.close()
            stub.close()

    def test_a_provider_recommends(self):
        songs = [("A", "One"), ("B", "Two"), ("C", "Three")]
        requests, body, _ = self.outcome(lambda number, _: (200, {}, chat(songs)))
        self.assertEqual(body["status"], "Success", body)
        self.assertEqual([song["title"] for song in body["result"]["recommendations"]], ["One", "Two", "Three"])
        (_, path, headers, sent), = requests
        self.assertEqual((path, headers["Authorization"]), ("/v1/chat/completions", f"Bearer {KEY}"))
        self.assertEqual(json.loads(sent)["model"], "m")

    def test_s2_09_a_wrong_key_fails_with_the_reason_and_is_shown_nowhere(self):
        refusal = json.dumps({"error": {"message": f"Incorrect API key: {KEY}", "code": "invalid_api_key"}}).encode()
        requests, body, written = self.outcome(lambda number, _: (401, {}, refusal))
        self.assertEqual(body["status"], "Failed")
        self.assertIn("refuses the API key", body["error"])
        self.assertEqual(len(requests), 1)
        self.assertNotIn(KEY, written)

    def test_s2_08_s2_09_an_overloaded_provider_is_asked_again(self):
        songs = [("A", "One"), ("B", "Two"), ("C", "Three")]
        requests, body, _ = self.outcome(
            lambda number, _: (429, {"Retry-After": "0"}, b"{}") if number < 3 else (200, {}, chat(songs)))
        self.assertEqual((body["status"], len(requests)), ("Success", 3), body)
        requests, body, _ = self.outcome(lambda number, _: (503, {}, b""))
        self.assertEqual((body["status"], len(requests)), ("Failed", 4), body)
        self.assertIn("HTTP 503", body["error"])


class Health(unittest.TestCase):
    def test_s2_13_health_is_asked_for_every_ten_seconds_and_failures_stop_nothing(self):
        """One failure and what follows it: four requests, at their slots, also after one that was not answered well."""
        stub = Stub(lambda number, _: (500, {}, b"") if number == 2 else (200, {}, b"{}"))
        stand = Alone(QUIET, environment={"TARGET_URL": stub.url})
        try:
            eventually(lambda: len(stub.requests) >= 4, 60, what="four health requests")
            times = [each[0] for each in stub.requests[:4]]
            # A slot is a whole second; nobody is late for long, and lateness does not add up.
            for before, after in zip(times, times[1:]):
                self.assertAlmostEqual(after - before, 10, delta=0.5)
            self.assertAlmostEqual(times[3] - times[0], 30, delta=0.5)
            self.assertEqual({each[1] for each in stub.requests}, {"/health"})
            checks = stand.call("GET", "/recommendations/health/log?limit=4")[1]["checks"]
            healthy = [check["healthy"] for check in checks]
            self.assertEqual(healthy.count(False), 1, checks)
            self.assertIn("HTTP 500", next(check["error"] for check in checks if not check["healthy"]))
        finally:
            stand.close()
            stub.close()


class Single(unittest.TestCase):
    def test_s2_18_the_service_alone_owns_the_root_and_its_page_is_there(self):
        stand = Alone(QUIET, arguments=("--service", "recommendations"))
        try:
            self.assertEqual(list(stand.call("GET", "/")[1]), ["message"])
            self.assertEqual(stand.call("GET", "/health"), (200, {"status": "ok"}))
            status, text = stand.call("GET", "/docs")
            self.assertEqual(status, 200)
            self.assertNotRegex(text, r"""(src|href)=["']?https?://""")
            self.assertEqual(ended(stand, ask(stand)[1]["task_id"])["status"], "Success")
        finally:
            stand.close()


class Page(AloneCase):
    settings = QUIET

    def test_s2_21_every_command_of_the_page_works(self):
        outputs = "".join(page.typed(self, "Recommendations", self.stand.port()))
        self.assertIn('"status":"Success"', outputs)
        self.assertIn('"status":"ok"', outputs)


if __name__ == "__main__":
    unittest.main()
