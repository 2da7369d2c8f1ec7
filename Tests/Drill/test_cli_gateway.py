"""The client verbs against a gateway that misbehaves: refusals, broken connections and streams, hostile texts.

    python3 -B -m unittest discover -s Tests/Drill
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, Terminal, clean_environment, run  # noqa: E402
from scripted_gateway import ScriptedGateway, broken, event, stream  # noqa: E402

# What a task may put into its texts: clear the screen, set the title, answer-back, C1, right-to-left, bell, tags.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x1b[6n\x9b31m\u202egpj\u2066\U000e0041\r\x08\x7f"
DANGEROUS = set("\x1b\x9b\u202e\u2066\U000e0041\x08\x7f\x07\r")


def task(state, **more):
    return {"id": "t1", "task": "demo.task", "state": state, "queue": "default", "priority": None, "args": [], "kwargs": {},
            "result": None, "error": None, "progress": None, "attempts": 1, "retries": 0, "cancel_requested": False,
            "worker": "w", "created_at": "2026-01-01T00:00:00.000000Z", "eta": None, "due_at": None,
            "started_at": "2026-01-01T00:00:01.000000Z", "finished_at": None, "history": [], "tags": [], **more}


def problem(status, code, detail, **more):
    return (status, {"type": f"/problems/{code}", "title": "A title", "status": status, "detail": detail, "code": code,
                     "errors": [], **more})


class Scripted(unittest.TestCase):
    def gateway(self, answers):
        gateway = ScriptedGateway(answers)
        self.addCleanup(gateway.close)
        return gateway

    def cli(self, gateway, *words, **more):
        return run(*words, CELERITY_URL=gateway.url, **more)


class Refusals(Scripted):
    def test_each_kind_of_answer_has_its_exit_code(self):
        for status, expected in [(400, 2), (401, 4), (403, 4), (404, 3), (409, 5), (410, 3), (413, 2), (422, 2), (429, 75),
                                 (500, 1), (502, 69), (503, 75), (504, 69)]:
            with self.subTest(status=status):
                answer = problem(status, "some-code", "what happened", hint="do this") + ({"Retry-After": "99"},)
                result = self.cli(self.gateway({"*": [answer]}), "task", "show", "t1")
                self.assertEqual(result.returncode, expected)
                self.assertEqual(result.stdout, "")
                self.assertEqual(
                    result.stderr,
                    "error: what happened (some-code)\ntry:   do this\n")

    def test_nobody_there_is_69_and_says_how_to_start_a_gateway(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        for words in [("task", "list"), ("task", "watch", "t1"), ("task", "result", "t1", "--wait"), ("submit", "t", "--wait"),
                      ("task", "logs", "t1", "--follow"), ("events", "--follow"), ("submit", "t", "--progress")]:
            with self.subTest(words=words):
                began = time.monotonic()
                result = run(*words, "--json", CELERITY_URL=url)
                self.assertLess(time.monotonic() - began, 2)
                self.assertEqual((result.returncode, result.stdout), (69, ""))
                self.assertEqual(
                    result.stderr, f"error: nothing answers at {url}\ncause: the connection was refused\n"
                    "try:   is a gateway running? try: celerity dev\n")

    def test_an_unknown_host_is_69(self):
        result = run("task", "list", "--url", "http://no-such-host.invalid:8000", timeout=30)
        self.assertEqual(result.returncode, 69)
        self.assertIn("no-such-host.invalid", result.stderr)

    def test_silence_is_75_after_the_time_allowed(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            began = time.monotonic()
            result = run("task", "list", "--timeout", "0.5", CELERITY_URL=f"127.0.0.1:{silent.getsockname()[1]}")
            self.assertLess(time.monotonic() - began, 3)
        self.assertEqual(result.returncode, 75)
        self.assertIn("no answer", result.stderr)

    def test_something_that_is_no_gateway_is_told_so(self):
        for body in [b"<html>hello</html>", b"", b"{\"tasks\": 5}", b"[]"]:
            with self.subTest(body=body):
                result = self.cli(self.gateway({"*": [(200, body)]}), "task", "list")
                self.assertEqual(result.returncode, 1)
                self.assertIn("error: ", result.stderr)
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def greet():
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.sendall(b"220 mail.example.org ESMTP\r\n")
                    connection.recv(1000)

        threading.Thread(target=greet, daemon=True).start()
        result = run("task", "list", CELERITY_URL=f"127.0.0.1:{listener.getsockname()[1]}")
        self.assertEqual(result.returncode, 69, result.stderr)

    def test_what_reads_is_asked_again_after_a_broken_connection_and_what_changes_is_not(self):
        gateway = self.gateway({"GET /v1/tasks/t1": [broken, (200, task("SUCCESS"))],
                                "POST /v1/tasks/t1:retry": [broken, (202, {"id": "t1", "state": "PENDING"})]})
        self.assertEqual(self.cli(gateway, "task", "show", "t1").returncode, 0)
        self.assertEqual(self.cli(gateway, "task", "retry", "t1").returncode, 69)
        self.assertEqual([request[0] for request in gateway.requests], ["GET", "GET", "POST"])

    def test_a_submission_is_sent_again_with_the_same_key(self):
        accepted = (202, {"id": "t1", "state": "PENDING", "queue": "default"})
        in_use = problem(409, "idempotency-key-in-use", "being worked on")
        gateway = self.gateway({"POST /v1/tasks": [broken, in_use, accepted]})
        result = self.cli(gateway, "submit", "demo.task")
        self.assertEqual((result.returncode, result.stdout), (0, "t1\n"))
        keys = {request[2]["Idempotency-Key"] for request in gateway.requests}
        self.assertEqual((len(gateway.requests), len(keys)), (3, 1))

    def test_a_submission_whose_fate_is_unknown_says_how_to_find_out(self):
        gateway = self.gateway({"POST /v1/tasks": [broken]})
        result = self.cli(gateway, "submit", "demo.task")
        self.assertEqual(result.returncode, 69)
        key = gateway.requests[0][2]["Idempotency-Key"]
        self.assertIn(f"--idempotency-key {key}", result.stderr)


class HostileTexts(Scripted):
    def answers(self):
        bad = task("FAILURE", task="demo" + HOSTILE, queue=HOSTILE, worker=HOSTILE, kwargs={HOSTILE: HOSTILE},
                   tags=[HOSTILE], progress={"current": 1, "total": 2, "message": HOSTILE},
                   error={"type": HOSTILE, "message": HOSTILE, "traceback": "line\n" + HOSTILE, "reason": HOSTILE,
                          "causes": [{"type": HOSTILE, "message": HOSTILE}]},
                   history=[{"attempt": 1, "worker": HOSTILE, "cause": HOSTILE, "detail": HOSTILE,
                             "ended_at": HOSTILE, "started_at": None}])
        good = task("SUCCESS", result={"text": HOSTILE, HOSTILE: [HOSTILE]})
        why = {"id": "t1", "state": HOSTILE, "summary": HOSTILE,
               "reasons": [{"code": HOSTILE, "detail": HOSTILE, "hint": HOSTILE}]}
        log = {"number": 1, "attempt": 1, "time": HOSTILE, "level": HOSTILE, "text": HOSTILE}
        running = {**bad, "state": "PROGRESS"}
        return {
            "GET /v1/tasks": [(200, {"tasks": [bad, good], "next_cursor": None, "has_more": False})],
            "GET /v1/tasks/t1": [(200, bad)], "GET /v1/tasks/t2": [(200, good)], "GET /v1/tasks/t1/why": [(200, why)],
            "GET /v1/tasks/t1/logs": [(200, {"lines": [log], "next_after": 0})],
            "GET /v1/tasks/t1/events": [stream(
                event("task", running, 1), event("progress", running, 2), event("log", log, 3), event("task", bad, 4),
                event("end", {"id": "t1", "state": "FAILURE"}, 5))],
            "GET /v1/events": [stream(event("task", {
                "id": HOSTILE, "task": HOSTILE, "state": HOSTILE, "queue": HOSTILE, "worker": HOSTILE, "seq": 1,
                "at": HOSTILE}, 1))],
            "POST /v1/tasks": [problem(422, "x" + HOSTILE, HOSTILE, title=HOSTILE, hint=HOSTILE,
                                       errors=[{"pointer": HOSTILE, "detail": HOSTILE}])],
        }

    def test_nothing_of_them_reaches_a_terminal_or_breaks_a_line_of_values(self):
        verbs = [("task", "list"), ("task", "show", "t1"), ("task", "result", "t2"), ("task", "result", "t1"),
                 ("task", "why", "t1"), ("task", "logs", "t1"), ("task", "logs", "t1", "--follow"),
                 ("task", "watch", "t1", "--logs"), ("events", "--follow", "--count", "1"), ("submit", "demo.task"),
                 ("task", "list", "--json"), ("task", "show", "t1", "--json"), ("task", "watch", "t1", "--json"),
                 ("events", "--json", "--count", "1")]
        for words in verbs:
            with self.subTest(words=words):
                gateway = self.gateway(self.answers())
                terminal = Terminal(BINARY, *words, columns=90, CELERITY_URL=gateway.url)
                self.addCleanup(terminal.close)
                terminal.finish()
                # What we write ourselves: colours, and the two steps of drawing a line anew.
                text = terminal.text.replace("\r\n", "\n").replace("\x1b[K", "").replace("\r", "")
                for number in ("0", "1", "2", "31", "32", "33", "36"):
                    text = text.replace(f"\x1b[{number}m", "")
                self.assertEqual(DANGEROUS & set(text), set(), repr(text))
                if "--json" not in words:
                    piped = self.cli(self.gateway(self.answers()), *words)
                    if words[1] not in ("result", "show"):
                        self.assertEqual(DANGEROUS & set(piped.stdout), set(), repr(piped.stdout))
                    self.assertEqual(DANGEROUS & set(piped.stderr), set(), repr(piped.stderr))

    def test_json_in_a_pipe_is_what_came(self):
        result = self.cli(self.gateway(self.answers()), "task", "show", "t1", "--json")
        self.assertEqual(json.loads(result.stdout), self.answers()["GET /v1/tasks/t1"][0][1])
        self.assertEqual(result.stdout.count("\n"), 1)


class BrokenStreams(Scripted):
    def test_a_stream_that_breaks_is_resumed_where_it_was(self):
        started, ended = task("STARTED"), task("SUCCESS", result=42, finished_at="2026-01-01T00:00:02.000000Z")
        # Not before it was read: a reset takes along what has arrived and was not.
        read = threading.Event()
        gateway = self.gateway({"GET /v1/tasks/t1/events": [
            stream("retry: 100\n: connected\n\n", event("task", started, "7.1"), end="reset", hold=read), broken,
            problem(503, "shutting-down", "the gateway is stopping"),
            stream(event("task", ended, "8.1"), event("end", {"id": "t1", "state": "SUCCESS"}, "8.1.end"))]})
        process = subprocess.Popen([BINARY, "task", "watch", "t1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=clean_environment(CELERITY_URL=gateway.url))
        self.addCleanup(process.kill)
        first = [process.stdout.readline() for _ in range(2)]
        read.set()
        rest, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, said)
        lines = [line.rstrip("\n").split("\t") for line in first + rest.splitlines()]
        self.assertEqual([line[2] for line in lines], ["state", "STARTED", "SUCCESS"])
        self.assertEqual(lines[2][5], "42")
        self.assertEqual([request[2].get("Last-Event-ID") for request in gateway.requests], [None, "7.1", "7.1", "7.1"])
        self.assertIn("connection lost", said)
        self.assertIn("connected again", said)

    def test_a_stream_that_ends_in_order_is_opened_again_without_a_word(self):
        gateway = self.gateway({"GET /v1/events": [
            stream("retry: 100\n\n", event("task", {"id": "a", "state": "PENDING"}, 1)),
            stream(event("gap", {"after": 1}), event("task", {"id": "b", "state": "PENDING"}, 5))]})
        result = self.cli(gateway, "events", "--json", "--count", "2")
        self.assertEqual(result.returncode, 0)
        self.assertEqual([json.loads(line) for line in result.stdout.splitlines()],
                         [{"id": "a", "state": "PENDING"}, {"after": 1}, {"id": "b", "state": "PENDING"}])
        self.assertNotIn("lost", result.stderr)
        self.assertIn("missing", result.stderr)

    def test_a_stream_that_is_refused_ends_with_the_refusal(self):
        gateway = self.gateway({"*": [problem(404, "unknown-task-id", "there is no task t1")]})
        for words in [("task", "watch", "t1"), ("task", "logs", "t1", "--follow")]:
            self.assertEqual(self.cli(gateway, *words).returncode, 3)

    def test_waiting_outlives_a_gateway_that_is_started_again(self):
        gateway = self.gateway({
            "POST /v1/tasks": [(202, {"id": "t1", "state": "PENDING", "queue": "q"})],
            "GET /v1/tasks/t1/result": [broken, broken, broken, (202, {"id": "t1", "state": "STARTED"}),
                                        (200, {"id": "t1", "state": "SUCCESS", "result": 42})],
            "GET /v1/tasks/t1": [(200, task("SUCCESS", result=42))]})
        result = self.cli(gateway, "submit", "demo.task", "--wait")
        self.assertEqual((result.returncode, result.stdout), (0, "42\n"), result.stderr)
        self.assertIn("trying again", result.stderr)

    def test_a_reader_that_goes_away_ends_it_like_any_other_program(self):
        blocks = [event("task", {"id": str(n), "state": "PENDING"}, n) for n in range(1, 2000)]
        gateway = self.gateway({"GET /v1/events": [stream(*blocks, hold=threading.Event())]})
        process = subprocess.Popen([BINARY, "events", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=clean_environment(CELERITY_URL=gateway.url))
        self.addCleanup(process.kill)
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(10), -signal.SIGPIPE)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()

    def test_a_full_disk_is_an_error(self):
        gateway = self.gateway({"*": [(200, task("SUCCESS"))]})
        with open("/dev/full", "wb") as full:
            result = subprocess.run([BINARY, "task", "show", "t1", "--json"], stdout=full, stderr=subprocess.PIPE,
                                    env=clean_environment(CELERITY_URL=gateway.url), timeout=20)
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"No space left", result.stderr)


class LargeAnswers(Scripted):
    def test_ten_megabytes_of_result_come_out_as_they_are(self):
        text = "ü" * 5_000_000
        gateway = self.gateway({"GET /v1/tasks/t1": [(200, task("SUCCESS", result=text))]})
        began = time.monotonic()
        result = self.cli(gateway, "task", "result", "t1")
        self.assertEqual(json.loads(result.stdout), text)
        self.assertLess(time.monotonic() - began, 20)

    def test_an_answer_without_end_is_cut_off_with_an_error(self):
        def endless(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(1 << 40))
            handler.end_headers()
            piece = b" " * (1 << 20)
            while True:
                handler.wfile.write(piece)

        result = self.cli(self.gateway({"*": [endless]}), "task", "show", "t1", timeout=60)
        self.assertEqual(result.returncode, 69, result.stderr[:500])


if __name__ == "__main__":
    unittest.main()
