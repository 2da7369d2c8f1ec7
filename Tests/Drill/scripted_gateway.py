"""A gateway that says what a test tells it to: answers, streams that break, silence. For what a real one never does."""

import http.server
import json
import socket
import threading


class ScriptedGateway:
    """`answers` maps 'METHOD /path' to a list of answers, used one after the other; the last one stays. An answer is
    (status, body) or (status, body, headers), or a function that gets the handler and writes whatever it likes."""

    def __init__(self, answers):
        self.answers = {key: list(value) for key, value in answers.items()}
        self.requests = []
        self.lock = threading.Lock()
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self):
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                with gateway.lock:
                    gateway.requests.append((self.command, self.path, dict(self.headers), body))
                    key = f"{self.command} {self.path.split('?')[0]}"
                    script = gateway.answers.get(key) or gateway.answers.get("*")
                    answer = script.pop(0) if script and len(script) > 1 else (script or [(404, {})])[0]
                if callable(answer):
                    answer(self)
                else:
                    self.answer(*answer)

            do_GET = do_POST = do_PUT = do_DELETE = handle_request

            def answer(self, status, body, headers=None):
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def stream(*blocks, end="close", hold=None):
    """A stream of events; `end` is what happens after the last: `close` in order, or `reset`."""

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        for block in blocks:
            handler.wfile.write(block if isinstance(block, bytes) else block.encode())
            handler.wfile.flush()
        if hold:
            hold.wait(20)
        if end == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()
        handler.close_connection = True

    return answer


def event(name, data, identifier=None):
    """One block of a stream."""
    head = f"id: {identifier}\n" if identifier else ""
    return f"{head}event: {name}\ndata: {json.dumps(data)}\n\n"


def broken(handler):
    """The connection ends without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()
    handler.close_connection = True
