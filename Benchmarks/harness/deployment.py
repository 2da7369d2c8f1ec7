"""A system that runs and can be put under load."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from harness.load import Target
from harness.processes import Server


@dataclass
class Deployment:
    """`outstanding` counts the tasks that were accepted and have no result yet."""

    servers: list[Server]
    targets: dict[str, Target] = field(default_factory=dict)
    outstanding: Callable[[], int] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def check(self) -> None:
        for server in self.servers:
            server.check()

    def drain(self, seconds: float, pause: float = 0.1) -> int:
        """Waits until nothing is outstanding, but no longer than `seconds`; answers what is left."""
        deadline = time.monotonic() + seconds
        while (left := self.outstanding()) and time.monotonic() < deadline:
            self.check()
            time.sleep(pause)
        return left
