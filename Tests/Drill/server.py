"""Starts, kills and asks a `celerity dev` of the drill's own, on loopback, in a directory of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(port, method, path, body=None, headers=None, timeout=10):
    """One request on a connection of its own: status and decoded JSON (or text)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        data = None if body is None else json.dumps(body).encode()
        fields = {"Content-Type": "application/json"} if data is not None else {}
        connection.request(method, path, data, {**fields, **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    try:
        return answer.status, json.loads(text)
    except ValueError:
        return answer.status, text.decode(errors="replace")


class Server:
    """One platform process at a time, always on the same port and data directory."""

    def __init__(self, binary, directory, settings=()):
        self.binary = binary
        self.directory = directory
        self.port = free_port()
        self.settings = settings
        self.process = None
        self.log = open(os.path.join(directory, "server.log"), "ab")

    def start(self):
        """Starts a process and waits until it is ready; answers the seconds that took."""
        began = time.monotonic()
        command = [self.binary, "dev", "--port", str(self.port), "--data", os.path.join(self.directory, "data")]
        for setting in self.settings:
            command += ["--set", setting]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CELERITY_")}
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, env=environment)
        deadline = began + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}; see {self.log.name}")
            try:
                if self.call("GET", "/readyz")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"the server did not become ready; see {self.log.name}")

    def kill(self):
        """kill -9: no clean-up of any kind."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM, and its exit code."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            return self.process.wait(timeout=90)
        return None

    def call(self, method, path, body=None, headers=None, timeout=10):
        return call(self.port, method, path, body, headers, timeout)
