"""The Python examples against the program: a client that is generated from the OpenAPI document, and plain requests."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from contract import ROOT, Running


class Clients(Running):
    def run_example(self, script, path=""):
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            [sys.executable, str(ROOT / "Examples" / script), self.base], capture_output=True, text=True, timeout=90,
            env=environment, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertIn("accepted ", ran.stdout)
        self.assertRegex(ran.stdout, r"SUCCESS .*total.*10511\.62")
        self.assertRegex(ran.stdout, r"[0-9a-f-]{36} SUCCESS finance")

    def test_a_client_can_be_generated_from_the_document_and_works(self):
        with tempfile.TemporaryDirectory() as folder:
            document = Path(folder) / "openapi.json"
            document.write_bytes(self.document_text)
            command = [
                str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(document),
                "--meta", "none", "--output-path", str(Path(folder) / "celerity_client"),
            ]
            made = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
            self.run_example("python-client/submit_and_wait.py", folder)

    def test_plain_requests_are_enough(self):
        self.run_example("requests-client/submit_and_wait.py")


if __name__ == "__main__":
    unittest.main()
