"""The documents service in operation, on SQLite and on Redis: orders, jobs, cache, batch, analysis, expiry, restarts.

    python3 -B -m unittest discover -s Tests/Services -p test_documents.py
"""

import concurrent.futures
import http.client
import io
import json
import os
import sys
import unittest
import uuid
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import page  # noqa: E402
from stand import Alone, AloneCase, FleetCase, eventually  # noqa: E402

QUIET = ("log.level=warning",)
ENDED = ("SUCCESS", "FAILURE", "REVOKED", "EXPIRED")
TYPES = {
    "pdf": "application/pdf", "latex": "application/x-tex",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


def raw(port, method, path, body=None):
    """One request: status, header fields, and the body's bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=130)
    try:
        data = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        connection.request(method, path, data, {} if data is None else {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def order(format="latex", name=None, **fields):
    """An order of a person that nobody has ordered before, unless a name is given."""
    data = {"personalInfo": {"name": name or f"Jane {uuid.uuid4().hex}", "email": "jane@example.com"}}
    data.update(fields.pop("data", {}))
    return {"document_type": "resume", "template": "classic", "format": format, "data": data, **fields}


def submit(stand, body, gateway=None):
    status, answer = stand.call("POST", "/generate/async", body, gateway=gateway)
    assert status == 202, answer
    return answer["job_id"]


def ended(stand, job):
    return eventually(
        lambda: [body for code, body in [stand.call("GET", f"/jobs/{job}")] if code == 200 and body["status"] in ENDED],
        90, what=f"the end of {job}")[0]


def cache(stand):
    status, body = stand.call("GET", "/metrics")
    assert status == 200, body
    return body["cache"]


class Documents:
    settings = QUIET

    def test_s1_06_the_second_identical_order_is_a_hit_on_any_gateway(self):
        for format in ("latex", "docx", "pdf"):
            wanted = order(format)
            status, headers, first = raw(self.stand.port(0), "POST", "/generate", wanted)
            self.assertEqual((status, headers["X-Cache"]), (200, "MISS"), first[:500])
            self.assertEqual(headers["Content-Type"].split(";")[0], TYPES[format])
            # The order of members plays no role.
            again = json.dumps(dict(reversed(list(wanted.items()))))
            status, headers, second = raw(self.stand.port(1), "POST", "/generate", again)
            self.assertEqual((status, headers["X-Cache"]), (200, "HIT"))
            self.assertEqual(first, second)
            self.assertRegex(headers["Content-Disposition"], r'^attachment; filename="resume_Jane_[0-9a-f]+\.[a-z]+"$')

    def test_s1_30_many_equal_orders_make_one_computation(self):
        wanted = order()
        before = cache(self.stand)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda each: raw(self.stand.port(each), "POST", "/generate", wanted), range(16)))
        self.assertEqual({status for status, _, _ in answers}, {200})
        self.assertEqual(len({body for _, _, body in answers}), 1)
        after = eventually(
            lambda: [now for now in [cache(self.stand)] if now["total_requests"] >= before["total_requests"] + 16],
            what="the cache's counters")[0]
        self.assertEqual(after["total_requests"], after["hits"] + after["misses"])
        self.assertEqual(after["sets"] - before["sets"], 1)

    def test_s1_03_s1_05_a_job_from_order_to_file_on_any_gateway(self):
        for format in ("latex", "docx"):
            wanted = order(format, name="Zoë Ж")
            wanted["data"]["professionalSummary"] = uuid.uuid4().hex
            job = submit(self.stand, wanted, gateway=0)
            body = ended(self.stand, job)
            self.assertEqual((body["status"], body["progress"], body["attempts"]), ("SUCCESS", 100, 1), body)
            self.assertLessEqual(body["created_at"], body["started_at"])
            self.assertLessEqual(body["started_at"], body["completed_at"])
            status, headers, file = raw(self.stand.port(1), "GET", f"/jobs/{job}/download")
            self.assertEqual((status, headers["Content-Type"].split(";")[0]), (200, TYPES[format]))
            self.assertEqual(len(file), body["result"]["file_size"])
            self.assertIn("filename*=UTF-8''resume_Zo%C3%AB_%D0%96.", headers["Content-Disposition"])
            if format == "docx":
                self.assertIsNone(zipfile.ZipFile(io.BytesIO(file)).testzip())
            else:
                self.assertIn("Zoë Ж", file.decode())

    def test_c1_19_a_job_fills_the_cache(self):
        wanted = order()
        file = None
        for cached in (False, True):
            job = submit(self.stand, wanted)
            self.assertEqual(ended(self.stand, job)["result"]["cached"], cached)
            body = raw(self.stand.port(), "GET", f"/jobs/{job}/download")[2]
            file = file or body
            self.assertEqual(body, file)
        self.assertEqual(raw(self.stand.port(), "POST", "/generate", wanted)[1]["X-Cache"], "HIT")

    def test_s1_02_metrics_count_hits_and_misses_of_all_gateways(self):
        before = cache(self.stand)
        wanted = order()
        for gateway in range(4):
            raw(self.stand.port(gateway), "POST", "/generate", wanted)
        after = eventually(
            lambda: [now for now in [cache(self.stand)] if now["hits"] >= before["hits"] + 3], what="three hits")[0]
        self.assertEqual(after["misses"], before["misses"] + 1)
        self.assertEqual(after["total_requests"], after["hits"] + after["misses"])
        rate = 100 * after["hits"] / after["total_requests"]
        self.assertAlmostEqual(after["hit_rate_percent"], rate, delta=0.00501)
        self.assertEqual(after["hit_rate_percent"], round(after["hit_rate_percent"], 2))
        self.assertEqual((after["errors"], after["enabled"], after["connected"]), (0, True, True))
        # Whoever is asked, and whoever served: these are everybody's figures. A reading may be a second old.
        for gateway in range(2):
            def told():
                _, headers, body = raw(self.stand.port(gateway), "GET", "/metrics")
                self.assertEqual(headers["Content-Type"].split(";")[0], "application/json")
                return json.loads(body)["cache"]["hits"] >= after["hits"]
            eventually(told, 5, what=f"the hits of all at gateway {gateway}")

    def test_s1_04_unknown_jobs_are_404(self):
        for path in ("/jobs/nobody", "/jobs/nobody/download", "/jobs/" + "x" * 300):
            status, body = self.stand.call("GET", path)
            self.assertEqual((status, body["error"]["code"]), (404, "API011"))

    def test_c1_2_a_body_that_is_no_json_is_an_error_in_json(self):
        for path in ("/generate", "/generate/async", "/generate-yaml", "/generate/batch", "/validate", "/analyze"):
            status, headers, body = raw(
                self.stand.port(), "POST", path, '{"document_type": "resume", "template": "classic", "data": {...}}')
            self.assertEqual(status, 422)
            error = json.loads(body)["error"]
            self.assertEqual((error["code"], len(error["request_id"])), ("API001", 8))
            self.assertTrue(headers["X-Request-ID"].endswith(error["request_id"]))

    def test_3_3_errors_have_their_status_and_code(self):
        person = {"name": "J", "email": "j@example.com"}
        cases = [
            ({}, 422, "API002"), ({**order(), "document_type": "cv"}, 422, "API001"),
            ({**order(), "template": "modern"}, 404, "TPL001"), ({**order(), "format": "odt"}, 400, "API003"),
            ({**order(), "data": {}}, 400, "VAL001"),
            ({**order(), "data": {"personalInfo": {**person, "email": "x"}}}, 400, "VAL003"),
            ({**order(), "data": {"personalInfo": person, "experience": [{"startDate": "x"}]}}, 400, "VAL006"),
            (order(ultra_validation=True, data={"summary": "\\input{/etc/passwd}"}), 400, "VAL012"),
        ]
        for body, status, code in cases:
            for path in ("/generate", "/generate/async"):
                answer = self.stand.call("POST", path, body)
                self.assertEqual((answer[0], answer[1]["error"]["code"]), (status, code), answer)
        large = order(data={"summary": "x" * (11 << 20)})
        try:
            status, _, body = raw(self.stand.port(), "POST", "/generate", large)
        except ConnectionError:
            pass  # the gateway need not read a body that it refuses
        else:
            self.assertEqual((status, json.loads(body)["error"]["code"]), (413, "API007"))

    def test_s1_07_s1_09_the_examples_of_the_schemas_generate(self):
        for kind in ("resume", "cover_letter"):
            status, schema = self.stand.call("GET", f"/schema/{kind}")
            self.assertEqual(status, 200)
            wanted = {"document_type": kind, "template": "two_column", "format": "latex"}
            json_answer = raw(self.stand.port(), "POST", "/generate", {**wanted, "data": schema["json_example"]})
            self.assertEqual(json_answer[0], 200, json_answer[2][:500])
            yaml = self.stand.call("GET", f"/schema-yaml/{kind}")[1]["yaml_example"]
            yaml_answer = raw(self.stand.port(), "POST", "/generate-yaml", {**wanted, "yaml_data": yaml})
            self.assertEqual(yaml_answer[0], 200, yaml_answer[2][:500])
            self.assertEqual((yaml_answer[1]["X-Cache"], yaml_answer[2]), ("HIT", json_answer[2]))
        status, answer = self.stand.call("POST", "/generate-yaml", {**wanted, "yaml_data": "a: [1"})
        self.assertEqual((status, answer["error"]["code"]), (400, "VAL014"))

    def test_s1_10_s1_11_validate_and_analyze(self):
        status, body = self.stand.call("POST", "/validate", {"document_type": "resume", "data": {}})
        self.assertEqual((status, body["valid"]), (200, False))
        status, body = self.stand.call("POST", "/analyze", order())
        self.assertEqual((status, body["analysis"]["total_metrics"]["total_words"]), (200, 3))

    def test_x9_what_looks_like_a_page_is_a_file_and_runs_nothing(self):
        wanted = order("latex", data={"summary": "<html><script>alert(1)</script>", "personalInfo": {
            "name": "<svg onload=alert(1)>\r\nX-Injected: 1", "email": "jane@example.com"}})
        job = submit(self.stand, wanted)
        ended(self.stand, job)
        for answer in (
            raw(self.stand.port(), "POST", "/generate", wanted), raw(self.stand.port(), "GET", f"/jobs/{job}/download"),
        ):
            status, headers, _ = answer
            self.assertEqual(status, 200)
            self.assertRegex(headers["Content-Disposition"], r'^attachment; filename="[^<>"\r\n]+\.tex"$')
            self.assertEqual(headers["Content-Type"], "application/x-tex")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("sandbox", headers["Content-Security-Policy"])
            self.assertNotIn("X-Injected", headers)

    def test_s1_45_a_batch_becomes_a_job_each(self):
        status, body = self.stand.call(
            "POST", "/generate/batch", {"documents": [order(), order(template="x"), order("docx")]})
        self.assertEqual((status, body["accepted"], body["rejected"]), (202, 2, 1))
        for index in (0, 2):
            self.assertEqual(ended(self.stand, body["jobs"][index]["job_id"])["status"], "SUCCESS")

    def test_s1_11_the_pages_are_those_of_the_pdf(self):
        work = [{"title": f"Engineer {n}", "company": "Example", "achievements": ["It went well. " * 8] * 5}
                for n in range(30)]
        wanted = order("pdf", data={"experience": work})
        status, body = self.stand.call("POST", "/analyze-pdf", wanted, timeout=120)
        self.assertEqual(status, 200, body)
        status, headers, file = raw(self.stand.port(), "POST", "/generate", wanted)
        self.assertEqual((status, headers["X-Cache"]), (200, "HIT"))
        self.assertEqual(body["pdf_info"]["file_size_bytes"], len(file))
        self.assertGreater(body["pdf_info"]["pages"], 2)


class DocumentsAlone(Documents, AloneCase):
    pass


class DocumentsOnAFleet(Documents, FleetCase):
    pass


class Short(AloneCase):
    settings = QUIET + ("documents.result_ttl=1s", "documents.latex_cache_ttl=1s")

    def test_s1_31_s1_44_lifetimes_end_and_the_cleanup_counts(self):
        wanted = order()
        job = submit(self.stand, wanted)
        self.assertEqual(ended(self.stand, job)["attempts"], 1)
        eventually(lambda: self.stand.call("GET", f"/jobs/{job}")[1]["status"] == "EXPIRED", what="the expiry")
        self.assertEqual(self.stand.call("GET", f"/jobs/{job}/download")[0], 410)
        self.assertEqual(raw(self.stand.port(), "POST", "/generate", wanted)[1]["X-Cache"], "MISS")
        status, task = self.stand.call(
            "POST", "/v1/tasks", {"task": "documents.cleanup"}, headers={"Prefer": "wait=30"})
        self.assertIn(status, (200, 202), task)
        record = eventually(
            lambda: [body for _, body in [self.stand.call("GET", f"/v1/tasks/{task['id']}")]
                     if body["state"] == "SUCCESS"], what="the clean-up")[0]
        self.assertGreaterEqual(record["result"]["deleted"], 1)
        self.assertEqual(record["result"]["scanned"], record["result"]["deleted"] + record["result"]["kept"])
        self.assertEqual(self.stand.call("GET", f"/jobs/{job}/download")[0], 410)


class Small:
    settings = QUIET + ("documents.cache_size_mb=1",)

    def test_s1_33_s3_36_the_cache_has_a_bound_and_drops_what_was_used_least_recently(self):
        # Each takes more than a tenth of the room.
        orders = [order(data={"summary": f"{number} " + "x" * 60_000}) for number in range(12)]
        jobs = [submit(self.stand, wanted) for wanted in orders[:2]]
        for job in jobs:
            self.assertEqual(ended(self.stand, job)["status"], "SUCCESS")

        def generate(wanted):
            status, headers, body = raw(self.stand.port(), "POST", "/generate", wanted)
            self.assertEqual(status, 200, body[:500])
            return headers["X-Cache"]

        for wanted in orders[2:]:
            generate(wanted)
            # The first is used again and again, so it stays.
            self.assertEqual(generate(orders[0]), "HIT")
            self.assertLessEqual(cache(self.stand)["bytes"], 1 << 20)
        figures = cache(self.stand)
        self.assertGreater(figures["evictions"], 0)
        self.assertGreater(figures["entries"], 1)
        self.assertEqual(generate(orders[-1]), "HIT")
        self.assertEqual(generate(orders[1]), "MISS")
        # What was ordered as a job is not the cache's to drop.
        for job in jobs:
            self.assertEqual(raw(self.stand.port(), "GET", f"/jobs/{job}/download")[0], 200)


class SmallAlone(Small, AloneCase):
    pass


class SmallOnAFleet(Small, FleetCase):
    pass


class Uncached(AloneCase):
    settings = QUIET + ("cache.enabled=false", "documents.job_results=false")

    def test_s1_51_without_results_of_jobs_documents_are_made_and_jobs_are_refused(self):
        self.assertEqual(raw(self.stand.port(), "POST", "/generate", order())[0], 200)
        for path, body in (("/generate/async", order()), ("/generate/batch", {"documents": [order()]})):
            status, answer = self.stand.call("POST", path, body)
            self.assertIn("documents.job_results", str(answer))
            self.assertEqual(status, 503 if path.endswith("async") else 422, answer)

    def test_s1_32_without_the_cache_documents_are_made_and_no_counter_moves(self):
        wanted = order()
        for _ in range(2):
            status, headers, _ = raw(self.stand.port(), "POST", "/generate", wanted)
            self.assertEqual((status, headers["X-Cache"]), (200, "MISS"))
        figures = cache(self.stand)
        self.assertEqual((figures["total_requests"], figures["enabled"]), (0, False))


class WithoutTypesetter(unittest.TestCase):
    def test_pdf_is_refused_at_once_and_the_other_formats_are_made(self):
        """SYS006."""
        stand = Alone(QUIET, {"PATH": "/nonexistent"})
        try:
            status, body = stand.call("POST", "/generate", order("pdf"))
            self.assertEqual((status, body["error"]["code"]), (500, "SYS006"))
            for format in ("latex", "docx"):
                self.assertEqual(raw(stand.port(), "POST", "/generate", order(format))[0], 200)
        finally:
            stand.close()


class Restart(unittest.TestCase):
    def test_documents_and_jobs_survive_a_kill(self):
        stand = Alone(QUIET)
        try:
            done = submit(stand, order())
            body = ended(stand, done)
            file = raw(stand.port(), "GET", f"/jobs/{done}/download")[2]
            waiting = [submit(stand, order("docx")) for _ in range(5)]
            stand.processes["dev"].kill()
            stand.processes.pop("dev").wait()
            stand.start()
            self.assertEqual(stand.call("GET", f"/jobs/{done}"), (200, body))
            self.assertEqual(raw(stand.port(), "GET", f"/jobs/{done}/download")[2], file)
            for job in waiting:
                self.assertEqual(ended(stand, job)["status"], "SUCCESS")
        finally:
            stand.close()


class Single(unittest.TestCase):
    def test_s1_12_the_service_alone_owns_the_root(self):
        stand = Alone(QUIET, arguments=("--service", "documents"))
        try:
            status, root = stand.call("GET", "/")
            self.assertEqual((status, root["name"]), (200, "documents"))
            for path in ("/health", "/docs", "/openapi.json", "/templates"):
                self.assertEqual(stand.call("GET", path)[0], 200)
        finally:
            stand.close()


class Page(AloneCase):
    settings = QUIET

    def test_every_command_of_the_page_works(self):
        verify, accepted, malformed, twice, job, setting, data, validated = page.typed(
            self, "Documents", self.stand.port())
        self.assertIn('"cache":', verify)
        self.assertEqual(json.loads(accepted)["status"], "PENDING")
        self.assertEqual(json.loads(malformed)["error"]["code"], "API001")
        self.assertRegex(twice, r"(?is)x-cache: MISS.*x-cache: HIT")
        self.assertIn('"status":"SUCCESS"', job)
        self.assertIn("PDF_CACHE_TTL", setting)
        self.assertIn('"json_example"', data)
        self.assertEqual(
            json.loads(validated)["normalized_data"]["personalInfo"]["phone"], "(555) 123-4567")


if __name__ == "__main__":
    unittest.main()
