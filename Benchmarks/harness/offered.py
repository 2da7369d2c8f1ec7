"""The load client for a fixed rate: requests fall due by the clock, whatever the answers do.

wrk sends the next request of a connection only after the answer, so it asks a server that stalls for less, and its
percentiles do not show who would have waited ("coordinated omission"). Here the time of a request runs from the moment
at which it was due: waiting for a free connection is part of it, and so is the up to one millisecond by which the
loop's timer is late (epoll_wait(2)).
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from harness.load import complaints
from harness.processes import BenchmarkError

# What has no answer so long after the last request was due is counted as having waited until then.
GRACE_SECONDS = 10
CONNECT_SECONDS = 10
# The first request is due when everything is set up.
LEAD_SECONDS = 0.05


@dataclass(frozen=True)
class Offer:
    """Requests as bytes, sent in this order, and what a good answer is; `mark` is a line of its head.

    A `rate` of infinity makes all of them due at once, which shows how much the client itself can do.
    """

    requests: Sequence[bytes]
    rate: float
    connections: int
    status: int
    mark: bytes = b""


@dataclass(frozen=True)
class Seen:
    """What the client saw. `latencies` has a value for each request, in ms, in order of size."""

    latencies: list[float]
    answered: int
    refused: int
    refused_status: int
    unmarked: int
    unanswered: int
    socket_errors: int
    seconds: float
    client_cpu_seconds: float
    wanted_status: int

    @property
    def answered_per_second(self) -> float:
        return self.answered / self.seconds

    @property
    def complaints(self) -> list[str]:
        """A figure with refusals or errors in it is not comparable."""
        found = complaints(self.refused, self.refused_status, self.socket_errors, self.wanted_status)
        if self.unmarked:
            found.append(f"{self.unmarked} answers were not of the kind that is measured")
        if self.unanswered:
            found.append(f"{self.unanswered} requests had no answer")
        return found

    def percentile(self, share: float) -> float:
        """The least latency that so many requests did not exceed."""
        return self.latencies[max(0, math.ceil(share * len(self.latencies)) - 1)]


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """A request of HTTP/1.1 on a connection that is kept (RFC 9112)."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def send(port: int, offer: Offer) -> Seen:
    """Sends all requests and waits for their answers."""
    return asyncio.run(_send(port, offer))


async def _send(port: int, offer: Offer) -> Seen:
    load = _Load(offer)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            for _ in range(offer.connections):
                await load.connect(port)
    except TimeoutError:
        load.close()
        raise BenchmarkError(f"{offer.connections} connections: not after {CONNECT_SECONDS} s") from None
    used = time.process_time()
    load.start()
    with suppress(TimeoutError):
        async with asyncio.timeout_at(load.due(len(offer.requests)) + GRACE_SECONDS):
            await load.ended.wait()
    load.close()
    return load.seen(time.process_time() - used)


class _Load:
    """The clock of the requests, and the pool of connections that they wait for."""

    def __init__(self, offer: Offer):
        self.offer = offer
        self.loop = asyncio.get_running_loop()
        self.free: deque[_Connection] = deque()
        self.busy: set[_Connection] = set()
        self.waiting: deque[int] = deque()
        self.began = self.last = 0.0
        self.next = 0
        self.ended = asyncio.Event()
        self.open = set(range(len(offer.requests)))
        self.latencies: list[float] = []
        self.counts = {"answered": 0, "refused": 0, "refused_status": 0, "unmarked": 0, "socket_errors": 0}

    async def connect(self, port: int) -> None:
        _, connection = await self.loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)
        self.free.append(connection)

    def due(self, index: int) -> float:
        return self.began + index / self.offer.rate

    def start(self) -> None:
        self.began = self.last = self.loop.time() + LEAD_SECONDS
        self.loop.call_at(self.began, self.tick)

    def tick(self) -> None:
        """Takes up what is due. Answers are read in between, so that being late does not make later still."""
        now = self.loop.time()
        while self.next < len(self.offer.requests) and self.due(self.next) <= now:
            self.waiting.append(self.next)
            self.next += 1
        while self.waiting and self.free:
            self.give(self.free.popleft())
        if self.next < len(self.offer.requests):
            self.loop.call_at(self.due(self.next), self.tick)

    def give(self, connection: "_Connection") -> None:
        """The connection that has rested longest gets what was due first, so that all of them are used."""
        index = self.waiting.popleft()
        self.busy.add(connection)
        connection.send(index, self.offer.requests[index])

    def done(self, connection: "_Connection", index: int, status: int, head: bytes) -> None:
        self.last = self.loop.time()
        self.latencies.append((self.last - self.due(index)) * 1e3)
        self.open.discard(index)
        if status != self.offer.status:
            self.counts["refused"] += 1
            self.counts["refused_status"] = status
        else:
            self.counts["answered" if self.offer.mark in head else "unmarked"] += 1
        self.busy.discard(connection)
        self.free.append(connection)
        if self.waiting:
            self.give(self.free.popleft())
        self.look_for_end()

    def lost(self, connection: "_Connection") -> None:
        """A connection that is lost is not replaced, and what was asked on it has no answer."""
        self.counts["socket_errors"] += 1
        self.busy.discard(connection)
        if connection in self.free:
            self.free.remove(connection)
        self.look_for_end()

    def look_for_end(self) -> None:
        """Nothing is left to wait for when all was sent, or when there is nothing to send it on."""
        is_sent = self.next == len(self.offer.requests) and not self.waiting
        if self.began and not self.busy and (is_sent or not self.free):
            self.ended.set()

    def close(self) -> None:
        for connection in (*self.free, *self.busy):
            connection.close()

    def seen(self, cpu_seconds: float) -> Seen:
        """What has no answer has waited until the end, or longer."""
        end = max(self.loop.time(), self.due(len(self.offer.requests)))
        waited = [(end - self.due(index)) * 1e3 for index in self.open]
        return Seen(
            sorted(self.latencies + waited),
            **self.counts,
            unanswered=len(self.open),
            seconds=max(self.last - self.began, 1e-9),
            client_cpu_seconds=cpu_seconds,
            wanted_status=self.offer.status,
        )


class _Connection(asyncio.Protocol):
    """One connection with at most one request on it."""

    def __init__(self, load: _Load):
        self.load = load
        self.index: int | None = None
        self.head = b""
        self.left: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        if self.load:
            self.load.lost(self)

    def send(self, index: int, data: bytes) -> None:
        self.index, self.head, self.left = index, b"", None
        self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        """Of a body only the length is of interest. What has none, or was not asked for, ends the connection."""
        if self.left is not None:
            self.left -= len(data)
        else:
            self.head += data
            if (end := self.head.find(b"\r\n\r\n")) < 0:
                return
            body = len(self.head) - end - 4
            self.head = self.head[: end + 2]
            if (length := content_length(self.head)) is None:
                return self.transport.abort()
            self.left = length - body
        if self.left < 0 or self.index is None:
            return self.transport.abort()
        if self.left == 0:
            index, self.index = self.index, None
            self.load.done(self, index, int(self.head[9:12]), self.head)

    def close(self) -> None:
        self.load = None
        self.transport.abort()


def content_length(head: bytes) -> int | None:
    """Of a head that ends with its last line's end."""
    name, lowered = b"\r\ncontent-length:", head.lower()
    if (at := lowered.find(name)) < 0:
        return None
    return int(head[at + len(name) : head.index(b"\r\n", at + 2)])
