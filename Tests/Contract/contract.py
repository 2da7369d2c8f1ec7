"""What the tests of this folder share: a running server, its OpenAPI document, and a client that sends anything."""

import json
import os
import socket
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Drill"))
from server import Server  # noqa: E402

BINARY = os.environ.get("CELERITY_TEST_BINARY", str(ROOT / ".build/debug/celerity"))
PROBLEM = "application/problem+json"


class Answer:
    """An answer as it came over the wire."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def media_type(self):
        return self.headers.get("content-type", "")

    @property
    def json(self):
        return json.loads(self.body)


def exchange(port, raw, timeout=10, shut=False):
    """Sends bytes on a connection of its own and reads one answer; None when the server closes without one."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        try:
            connection.sendall(raw)
            if shut:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It answers before it has read everything.
        stream = connection.makefile("rb")
        try:
            return read_answer(stream, raw.startswith(b"HEAD "))
        except ConnectionResetError:
            return None


def read_answer(stream, is_head=False):
    line = stream.readline()
    if not line:
        return None
    status = int(line.split()[1])
    headers = {}
    while (line := stream.readline().strip()):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if is_head or headers.get("content-type") == "text/event-stream":
        body = b""  # None follows, or one that does not end.
    elif headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(stream.readline(), 16):
            body += stream.read(size)
            stream.readline()
    else:
        body = stream.read(int(headers.get("content-length", 0)))
    return Answer(status, headers, body)


def request(method, path, fields=(), body=b"", host="localhost"):
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1"]
    if host is not None:
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in fields]
    names = {name.lower() for name, _ in fields}
    if body and not names & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "surrogateescape") + body


class Document:
    """An OpenAPI document."""

    def __init__(self, text):
        self.tree = json.loads(text)

    def operations(self):
        """Every operation as (method, path, its description)."""
        for path, item in self.tree["paths"].items():
            for method, operation in item.items():
                yield method.upper(), path, operation

    def faults(self, schema, value):
        """What is wrong with a value; empty when nothing is."""
        whole = {**schema, "components": self.tree["components"]}
        checker = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]

    def response(self, operation, status):
        """What an operation says of a status: of itself, else of its class."""
        responses = operation["responses"]
        return responses.get(str(status)) or responses.get(f"{str(status)[0]}XX")


class Running(unittest.TestCase):
    """Tests of one class share one server."""

    settings = ()

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="celerity-contract-")
        cls.server = Server(BINARY, cls.directory.name, cls.settings)
        cls.server.start()
        cls.port = cls.server.port
        cls.base = f"http://127.0.0.1:{cls.port}"
        cls.document_text = cls.get("/openapi.json").body
        cls.document = Document(cls.document_text)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.log.close()
        cls.directory.cleanup()

    @classmethod
    def send(cls, method, path, fields=(), body=b"", **options):
        return exchange(cls.port, request(method, path, fields, body, f"127.0.0.1:{cls.port}"), **options)

    @classmethod
    def get(cls, path, **fields):
        return cls.send("GET", path, [(name.replace("_", "-"), value) for name, value in fields.items()])

    @classmethod
    def post(cls, path, value, **fields):
        body = json.dumps(value).encode()
        fields = [("Content-Type", "application/json")] + [(k.replace("_", "-"), v) for k, v in fields.items()]
        return cls.send("POST", path, fields, body)

    def is_problem(self, answer, what, statuses=None):
        """Checks that an answer is a complete problem, and answers its code."""
        self.assertIsNotNone(answer, f"{what}: no answer")
        self.assertEqual(answer.media_type, PROBLEM, f"{what}: {answer.status} {answer.body[:200]}")
        problem = answer.json
        for member, kind in [("type", str), ("title", str), ("status", int), ("detail", str), ("code", str),
                             ("trace_id", str)]:
            self.assertIsInstance(problem.get(member), kind, f"{what}: {member} of {problem}")
            self.assertNotEqual(problem[member], "", f"{what}: {member} of {problem}")
        self.assertEqual(problem["status"], answer.status, what)
        self.assertEqual(problem["type"], f"/problems/{problem['code']}", what)
        self.assertRegex(problem["trace_id"], "^[0-9a-f]{32}$", what)
        self.assertEqual(self.document.faults({"$ref": "#/components/schemas/Problem"}, problem), [], what)
        if statuses is not None:
            self.assertIn(answer.status, statuses, f"{what}: {problem}")
        return problem["code"]
