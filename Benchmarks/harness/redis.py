"""A Redis server of our own, with nothing but what is written here, and the few questions we ask it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.processes import Server, free_port, serving, until


class Redis:
    """A running server and one connection to it."""

    def __init__(self, server: Server, port: int):
        self.server = server
        self.port = port
        self.url = f"redis://127.0.0.1:{port}"
        self.connection: socket.socket | None = None

    def ask(self, database: int, command: str) -> int:
        """Sends an inline command that answers with an integer (RESP, "Inline commands")."""
        self._line(f"SELECT {database}")
        answer = self._line(command)
        if not answer.startswith(":"):
            raise OSError(f"{command}: {answer}")
        return int(answer[1:])

    def set_fsync(self, when: str) -> None:
        """Sets `appendfsync`, and so what an answer means from here on."""
        answer = self._line(f"CONFIG SET appendfsync {when}")
        if answer != "+OK":
            raise OSError(f"CONFIG SET appendfsync {when}: {answer}")

    def answers(self) -> bool:
        try:
            return self._line("PING") == "+PONG"
        except OSError:
            self.close()
            return False

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None

    def _line(self, command: str) -> str:
        if not self.connection:
            self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        self.connection.sendall(f"{command}\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n"):
            if not (part := self.connection.recv(4096)):
                raise OSError("the server closed the connection")
            answer += part
        return answer.decode().strip()


@contextmanager
def running(folder: Path, fsync: str) -> Iterator[Redis]:
    """`fsync` is `appendfsync` of redis.conf: with `always` an answer means that the write is on the disk."""
    port = free_port()
    data = folder / "redis"
    data.mkdir()
    options = {"port": port, "bind": "127.0.0.1", "dir": data, "save": "", "appendonly": "yes", "appendfsync": fsync}
    argv = ["redis-server"] + [text for key, value in options.items() for text in (f"--{key}", str(value))]
    with serving(argv, log=folder / "redis.log") as server:
        redis = Redis(server, port)
        try:
            until(redis.answers, 10, "Redis answers", server)
            yield redis
        finally:
            redis.close()
