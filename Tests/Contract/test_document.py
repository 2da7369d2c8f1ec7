"""The OpenAPI document against the standard, its examples against its schemas, and its calls against a shell."""

import html
import json
import re
import subprocess
import unittest
from urllib.parse import unquote

from openapi_spec_validator import OpenAPIV31SpecValidator

from contract import Running


class Document(Running):
    def test_it_is_a_valid_document_of_openapi_3_1(self):
        self.assertEqual(self.document.tree["openapi"], "3.1.0")
        self.assertEqual([str(error) for error in OpenAPIV31SpecValidator(self.document.tree).iter_errors()], [])

    def test_its_operations_can_be_told_apart_and_are_described(self):
        seen = set()
        for method, path, operation in self.document.operations():
            with self.subTest(f"{method} {path}"):
                self.assertNotIn(operation["operationId"], seen)
                self.assertRegex(operation["operationId"], r"^[A-Za-z][A-Za-z0-9_]*$")
                seen.add(operation["operationId"])
                self.assertTrue(operation["summary"])
                for parameter in operation.get("parameters", []):
                    self.assertTrue(parameter.get("description"), f"{parameter['name']} says nothing of itself")
                for status, response in operation["responses"].items():
                    self.assertTrue(response["description"], status)
        tags = [tag["name"] for tag in self.document.tree["tags"]]
        used = {tag for _, _, operation in self.document.operations() for tag in operation["tags"]}
        self.assertEqual(set(tags), used)

    def test_every_example_fits_its_schema(self):
        for method, path, operation in self.document.operations():
            forms = list(operation.get("requestBody", {}).get("content", {}).items())
            for status, response in operation["responses"].items():
                forms += [(f"{status} {kind}", form) for kind, form in response.get("content", {}).items()]
            for name, form in forms:
                examples = [form["example"]] if "example" in form else []
                examples += [example["value"] for example in form.get("examples", {}).values()]
                for example in examples:
                    with self.subTest(f"{method} {path} {name}"):
                        self.assertEqual(self.document.faults(form["schema"], example), [], json.dumps(example))

    def test_every_body_has_an_example(self):
        for method, path, operation in self.document.operations():
            for kind, form in operation.get("requestBody", {}).get("content", {}).items():
                self.assertTrue("example" in form or form.get("examples"), f"{method} {path} {kind}")

    def test_it_is_the_same_document_until_the_server_changes(self):
        again = self.get("/openapi.json")
        self.assertEqual(again.body, self.document_text)
        self.assertEqual(self.get("/openapi.json", If_None_Match=again.headers["etag"]).status, 304)

    def test_a_submission_of_every_kind_of_task_works_as_it_is_shown(self):
        content = self.document.tree["paths"]["/v1/tasks"]["post"]["requestBody"]["content"]["application/json"]
        self.assertGreaterEqual(len(content["examples"]), 7)
        for name, example in content["examples"].items():
            with self.subTest(name):
                answer = self.post("/v1/tasks", example["value"], Prefer="wait=30")
                self.assertEqual(answer.status, 200, answer.body)
                # It belongs to a message that the service took over HTTP, and says so.
                state = "FAILURE" if name == "messages.analyze" else "SUCCESS"
                self.assertEqual((answer.json["task"], answer.json["state"]), (name, state), answer.body)


class Calls(Running):
    """Every call of the reference page, pasted into a shell."""

    # Nobody has code for this kind, so its tasks end as dead letters.
    settings = ("gateway.external_tasks=demo.nobody",)
    # The call shows how it is done, but what it makes is not in the state for it.
    too_late = {
        "/v1/tasks/{id}:retry", "/v1/tasks/{id}:cancel", "/v1/schedules", "/documents/jobs/{job_id}/download"}

    def test_each_works_when_it_is_pasted(self):
        page = self.get("/reference").body.decode()
        calls = re.findall(
            r'<article id="op-([^"]+)">.*?<h4>Try it</h4><pre[^>]*><code>(.*?)</code>', page, re.DOTALL)
        operations = {operation["operationId"]: (method, path, operation)
                      for method, path, operation in self.document.operations()}
        self.assertEqual({unquote(name) for name, _ in calls}, set(operations))
        for _ in range(4):
            self.assertEqual(self.post("/v1/tasks", {"task": "demo.nobody", "queue": "finance"}).status, 202)
        # A process that runs everything ends with its worker.
        for name, call in sorted(calls, key=lambda each: each[0] == "stopWorker"):
            _, path, operation = operations[name]
            with self.subTest(name):
                self.paste(html.unescape(call), path, operation)

    def paste(self, call, path, operation):
        # The status goes behind the answer; where a value is taken out of an answer, the pattern does not meet it.
        script = "curl() { command curl --max-time 20 -w '\\nstatus=%{http_code}\\n' \"$@\"; }\n" + call
        ran = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, errors="replace", timeout=60, check=False)
        found = re.findall(r"status=(\d+)", ran.stdout)
        self.assertTrue(found, f"{call}\n{ran.stdout}{ran.stderr}")
        status = int(found[-1])
        good = status < 400 or status == 409 and path in self.too_late
        self.assertTrue(good, f"{call}\n{ran.stdout[:2000]}")
        self.assertIsNotNone(self.document.response(operation, status), f"{status} is not declared\n{call}")
        self.assertNotRegex(call, r"\{[a-z_]+\}'", "a parameter has no value")


if __name__ == "__main__":
    unittest.main()
