"""A Redis of a test's own, on a free loopback port, that may be killed and started again on the same data."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

from server import free_port


class Redis:
    """A server with an append-only file in a directory of its own."""

    def __init__(self, *options):
        self.port = free_port()
        self.options = options
        self.directory = tempfile.mkdtemp(prefix="celerity-redis-")
        self.process = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = [
            "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.directory,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "", *self.options]
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                if self.command("PING").startswith(("+PONG", "-NOAUTH")):
                    return self
            except OSError:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"Redis did not start; see {self.directory}/log")
            time.sleep(0.01)

    def command(self, *words):
        """One command on a connection of its own, and what is answered at once."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            parts = [f"*{len(words)}\r\n"] + [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
            connection.sendall("".join(parts).encode())
            return connection.recv(1 << 16).decode()

    def kill(self):
        """kill -9: no clean-up of any kind."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def close(self):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
