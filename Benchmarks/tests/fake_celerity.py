"""A stand-in for `celerity dev` with the routes that the harness uses; tasks finish at once unless nothing takes them.

`FAKE` names what it does wrong: `forgets` what it made, `loses` one order, `fails` at every job.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULT = os.environ.get("FAKE", "")
FIRST_PDF_SECONDS = 0.3


class Routes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    taken = True
    lost = False
    depths = {"finance": 0, "pdf_generation": 0}
    made: set[bytes] = set()

    def do_GET(self) -> None:
        if self.path == "/v1/workers":
            return self.reply(200, {"workers": [{"name": "celery@here", "draining": not Routes.taken}]})
        if self.path.startswith("/documents/jobs/"):
            return self.reply(200, {"status": "FAILURE" if FAULT == "fails" else "SUCCESS"})
        rows = [{"name": name, "depth": depth, "running": 0} for name, depth in Routes.depths.items()]
        self.reply(200, {"queues": rows})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith((":pause", "celery%40here:quiet")):
            Routes.taken = False
            return self.reply(200, {})
        if self.path == "/documents/generate":
            return self.document(body)
        queue = "pdf_generation" if self.path == "/documents/generate/async" else "finance"
        if FAULT == "loses" and not Routes.lost:
            Routes.lost = True
        elif not Routes.taken:
            Routes.depths[queue] += 1
        self.reply(202, {"id": "1", "job_id": "1"})

    def document(self, body: bytes) -> None:
        known = body in Routes.made
        if not Routes.made:
            time.sleep(FIRST_PDF_SECONDS)
        Routes.made.add(body)
        self.send(200, b"%PDF-1.5", {"X-Cache": "HIT" if known and FAULT != "forgets" else "MISS"})

    def reply(self, status: int, body: object) -> None:
        self.send(status, json.dumps(body).encode(), {})

    def send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged."""


if __name__ == "__main__":
    port = int(sys.argv[sys.argv.index("--port") + 1])
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", port), Routes).serve_forever()
