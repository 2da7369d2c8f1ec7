"""A stand-in for `celerity dev` with the routes that the harness uses; tasks finish at once unless paused."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Routes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    paused = False
    depth = 0

    def do_GET(self) -> None:
        self.reply(200, {"queues": [{"name": "finance", "depth": Routes.depth, "running": 0}]})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/v1/queues/finance:pause":
            Routes.paused = True
            return self.reply(200, {})
        if Routes.paused:
            Routes.depth += 1
        self.reply(202, {"id": "1"})

    def reply(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged."""


if __name__ == "__main__":
    port = int(sys.argv[sys.argv.index("--port") + 1])
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", port), Routes).serve_forever()
