"""Requests that nobody thought of: schemathesis makes them from the OpenAPI document and checks every answer against it.

CONTRACT_SECONDS says for how long (120), CONTRACT_SEED with which seed (1).
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

from contract import ROOT, Running

PROGRAM = Path(sys.executable).parent / "schemathesis"
# Streams have no end; and where one process runs everything, it ends with its worker.
EXCLUDED = ["streamEvents", "streamTaskEvents", "stopWorker"]
# Whether a request makes sense is more than a schema can say: names that are unknown, times that contradict each other.
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "unsupported_method", "allow_header_conformance", "missing_required_header",
    "use_after_free",
]


class Requests(Running):
    # Requests that wait for tasks wait behind whatever the generator ordered before.
    settings = ("worker.concurrency=4", "items.iteration_step=1ms", "documents.request_timeout=30s")

    def test_no_request_breaks_the_server_or_the_document(self):
        command = [
            str(PROGRAM), "--no-color", "--config-file", str(ROOT / "Tests/Contract/schemathesis.toml"), "run", f"{self.base}/openapi.json",
            "--max-time", os.environ.get("CONTRACT_SECONDS", "120"), "--seed", os.environ.get("CONTRACT_SEED", "1"),
            "--checks", ",".join(CHECKS), "--generation-database", "none", "--request-timeout", "40",
            "--warnings", "off", "--continue-on-failure",
            # Workflows nest: the generator's smallest example of one is too large for its own taste.
            "--suppress-health-check", "large_base_example",
        ]
        for name in EXCLUDED:
            command += ["--exclude-operation-id", name]
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": "line_bodies", "PYTHONPATH": str(ROOT / "Tests/Contract")}
        ran = subprocess.run(
            command, capture_output=True, text=True, env=environment, cwd=self.directory.name, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout[-20_000:] + ran.stderr[-5_000:])
        self.assertIsNone(self.server.process.poll(), "the server has ended")
        print("\n".join(ran.stdout.splitlines()[-12:]), file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
