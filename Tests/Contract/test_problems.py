"""Provokes every error it can on every route and checks its form: a complete problem, or the form that the route's own
service promises; and that the `type` of every problem leads to a page that helps."""

import json
import re
import unittest
from urllib.parse import quote

from contract import PROBLEM, ROOT, Running, exchange, request

JSON = ("Content-Type", "application/json")
NOWHERE = ["/nothing", "/v1", "/v1/", "/v1/taks", "/v1/tasks/", "/v1/tasks/x/y/z", "/docs/x", "/problems/none",
           "/assets/style.css", "/assets/..%2fx", "/finance", "/finance/tasks/", "/v2/tasks"]
QUERIES = ["%zz", "a=%ff", "x=1&x=2", "&".join(f"p{n}=1" for n in range(200)), "%00=1"]
VALUES = ["", "-1", "1e999", "nan", "99999999999999999999", "%00", "'", "%F0%9F%98%80", "x" * 5000]
NO_JSON = [b"", b"{", b"[1,]", b"nul", b"\xff\xfe", b"\xef\xbb\xbf{}", b'"\\ud800"', b"{}{}", b'{"a":1,"a":2}',
           b"[" * 5000, b"{}\x00", b"NaN", b"01"]
SHAPES = [None, 1, "x", True, [], [[]], {}, {"": 1}, {"no_such_member": 1}, {"task": {}}, {"ids": [1]}, [None], [1],
          {"task": "x" * 1000}, {"name": "\u0000"}, {"concurrency": 1e300}]
SERVICES = ("documents", "finance", "items", "messages", "recommendations")
OTHER_TYPES = ["text/plain", "application/xml", "application/json; charset=latin-1", "", "multipart/form-data"]


def filled(path, value="no-such-thing"):
    """A path with a value for each parameter."""
    return re.sub(r"\{[^}]+\}", quote(value, safe=""), path)


class Crawler(Running):
    settings = ("gateway.maximum_body_bytes=65536", "gateway.maximum_bulk_body_bytes=131072")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = set()

    def provoke(self, method, path, operation, fields=(), body=b"", expected=None, **options):
        """Sends something wrong and checks what is answered."""
        what = f"{method} {path} {fields} {body[:80]!r}"
        answer = exchange(self.port, request(method, path, fields, body, **options))
        self.assertIsNotNone(answer, f"{what}: no answer")
        if expected is not None:
            self.assertIn(answer.status, expected, f"{what}: {answer.body[:300]}")
        if answer.status < 400:
            return answer
        self.assertLess(answer.status, 500, f"{what}: {answer.body[:300]}")
        if method == "HEAD":
            return answer
        declared = self.document.response(operation, answer.status) if operation else None
        forms = declared["content"] if declared else {PROBLEM: {}}
        if answer.media_type != PROBLEM:
            self.assertIn(answer.media_type, forms, what)
            self.assertEqual(self.document.faults(forms[answer.media_type]["schema"], answer.json), [], what)
        else:
            self.codes.add(self.is_problem(answer, what))
        return answer

    def each(self, with_body=None):
        return [each for each in self.document.operations()
                if with_body is None or ("requestBody" in each[2]) == with_body]

    def is_own(self, operation):
        """Whether a route is the platform's, which is stricter than services are."""
        return set(self.document.response(operation, 499)["content"]) == {PROBLEM} and operation["tags"][0] not in SERVICES

    def test_a_method_that_is_not_there_is_405_and_names_those_that_are(self):
        methods = {}
        for method, path, _ in self.document.operations():
            methods.setdefault(path, set()).add(method)
        for path, known in methods.items():
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
                with self.subTest(f"{method} {path}"):
                    answer = self.provoke(method, filled(path), None, expected={405})
                    allowed = set(re.split(r"[,\s]+", answer.headers["allow"]))
                    self.assertEqual(allowed - {"HEAD", "OPTIONS"}, known)
            answer = exchange(self.port, request("OPTIONS", filled(path)))
            self.assertEqual(answer.status, 204)

    def test_what_does_not_exist_is_404(self):
        for path in NOWHERE:
            self.provoke("GET", path, None, expected={404, 405})
        for method, path, operation in self.each(with_body=False):
            with self.subTest(f"{method} {path}"):
                if "{" in path:
                    self.provoke(method, filled(path), operation, expected={404, 422})
                    self.provoke(method, filled(path, "\u00fc \U0001f600%"), operation, expected={400, 404, 422})
                    self.provoke(method, filled(path, "x" * 300), operation, expected={400, 404, 422})

    def test_wrong_queries_are_refused_by_the_platform_and_never_break_a_service(self):
        for method, path, operation in self.each():
            with self.subTest(f"{method} {path}"):
                expected = {400, 415} if self.is_own(operation) else None
                for query in QUERIES:
                    self.provoke(method, f"{filled(path)}?{query}", operation, expected=expected)
                for parameter in operation.get("parameters", []):
                    if parameter["in"] == "query":
                        name = parameter["name"]
                        for value in VALUES:
                            self.provoke(method, f"{filled(path)}?{name}={value}", operation)
                        self.provoke(method, f"{filled(path)}?{name}=1&{name}=2", operation)

    def test_bodies_that_are_no_json_are_refused(self):
        for method, path, operation in self.each(with_body=True):
            with self.subTest(f"{method} {path}"):
                for body in NO_JSON:
                    self.provoke(method, filled(path), operation, [JSON], body, expected={400, 404, 422})

    def test_bodies_of_the_wrong_shape_are_refused(self):
        for method, path, operation in self.each(with_body=True):
            with self.subTest(f"{method} {path}"):
                for value in SHAPES:
                    body = json.dumps(value).encode()
                    # An empty object may be all that a verb wants.
                    self.provoke(method, filled(path), operation, [JSON], body)

    def test_bodies_that_are_too_long_or_of_another_type_are_refused(self):
        for method, path, operation in self.each(with_body=True):
            with self.subTest(f"{method} {path}"):
                self.provoke(method, filled(path), operation, [JSON], b" " * 200_000, expected={413})
                self.provoke(
                    method, filled(path), operation, [JSON, ("Content-Length", "99999999999")], expected={413})
                for kind in OTHER_TYPES:
                    self.provoke(method, filled(path), operation, [("Content-Type", kind)], b"{}", expected={415})
                self.provoke(
                    method, filled(path), operation, [JSON, ("Content-Encoding", "gzip")], b"{}", expected={415})

    def test_requests_that_nobody_should_send_are_refused_on_every_route(self):
        for method, path, operation in self.each():
            with self.subTest(f"{method} {path}"):
                path = filled(path)
                self.provoke(method, path, operation, [("X-Forwarded-For", "10.0.0.1")], expected={403})
                self.provoke(method, path, operation, host="evil.example", expected={403})
                self.provoke(method, path, operation, host=None, expected={400})
                self.provoke(method, path, operation, [("Expect", "wonders")], expected={417})
                self.provoke(method, path, operation, [("X-Big", "x" * 40_000)], expected={431})
                self.provoke(method, path + "?" + "x" * 9_000, operation, expected={414})
                if method != "GET":
                    self.provoke(method, path, operation, [("Sec-Fetch-Site", "cross-site")], expected={403})

    def test_framing_that_is_broken_is_refused(self):
        raw = {
            b"GET /v1/tasks HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n": 400,
            b"BREW /coffee HTTP/1.1\r\nHost: localhost\r\n\r\n": 405,
            b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n": 400,
            b"GET /v1/../etc HTTP/1.1\r\nHost: localhost\r\n\r\n": 400,
            b"POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}": 400,
            b"POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n": 400,
            b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(150)) + b"\r\n": 431,
        }
        for text, status in raw.items():
            with self.subTest(text[:60]):
                answer = exchange(self.port, text)
                self.codes.add(self.is_problem(answer, text[:60], {status}))
        half = b"POST /v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        self.codes.add(self.is_problem(exchange(self.port, half, shut=True), "half a body", {400}))

    def test_slow_requests_are_given_up(self):
        self.codes.add(self.is_problem(
            exchange(self.port, b"GET / HTTP/1.1\r\nHost: loc", timeout=30), "half a head", {408}))

    def test_head_answers_like_get_without_a_body(self):
        for method, path, operation in self.each():
            with self.subTest(f"{method} {path}"):
                if method == "GET" and not self.is_stream(operation):
                    answer = exchange(self.port, request("HEAD", filled(path)))
                    self.assertLess(answer.status, 500)

    def is_stream(self, operation):
        return any("text/event-stream" in response.get("content", {}) for response in operation["responses"].values())

    def test_z_every_type_that_was_seen_leads_to_a_page_that_helps(self):
        """Last by its name, for it looks at what the others met."""
        self.assertGreaterEqual(len(self.codes), 20, sorted(self.codes))
        for code in sorted(self.codes):
            with self.subTest(code):
                text = self.get(f"/problems/{code}")
                self.assertEqual((text.status, text.media_type), (200, "text/plain; charset=utf-8"))
                self.assertIn(b"What to do:", text.body)
                page = self.get(f"/problems/{code}", Accept="text/html")
                self.assertEqual((page.status, page.media_type), (200, "text/html; charset=utf-8"))
                self.assertIn(b"<h2>What to do</h2>", page.body)


class Codes(unittest.TestCase):
    """The table of problems against the source."""

    def sources(self):
        for path in sorted((ROOT / "Sources").rglob("*.swift")):
            yield path, path.read_text(encoding="utf-8")

    def table(self):
        text = "\n".join(text for path, text in self.sources() if path.parent.name == "Problems")
        return set(re.findall(r'ProblemKind\(\s*"([a-z-]+)"', text))

    def test_every_code_that_is_thrown_has_a_page(self):
        thrown = {}
        for path, text in self.sources():
            pattern = r'(?:RouteError|self\.init|\.init)\(\s*\d{3},\s*"([a-z]+(?:-[a-z]+)*)"'
            for code in re.findall(pattern, text) + re.findall(r'\.problem\(\s*\d{3}((?:,\s*"[a-z-]+")+)', text):
                for word in re.findall(r"[a-z]+(?:-[a-z]+)*", code):
                    thrown.setdefault(word, path.name)
        self.assertGreater(len(thrown), 30)
        missing = {code: place for code, place in thrown.items() if code not in self.table()}
        self.assertEqual(missing, {})

    def test_every_page_is_of_a_code_that_is_thrown(self):
        everything = "\n".join(text for path, text in self.sources() if not path.name.startswith("ProblemKind"))
        self.assertEqual({code for code in self.table() if f'"{code}"' not in everything}, set())


if __name__ == "__main__":
    unittest.main()
