import math
import socket
import socketserver
import threading
import time
import unittest
from collections.abc import Callable
from unittest import mock

from harness import offered
from harness.offered import Offer
from harness.processes import BenchmarkError

GOOD = b"HTTP/1.1 200 OK\r\nX-Cache: HIT\r\ncontent-length: 4\r\n\r\nbody"
REQUEST = offered.request("GET", "/")


class Served(socketserver.ThreadingTCPServer):
    """Calls `answer` with the connection and the number of the request, counted over all connections."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer: Callable[[socket.socket, int], object]):
        super().__init__(("127.0.0.1", 0), Connection)
        self.answer = answer
        self.lock = threading.Lock()
        self.count = 0
        self.used: set[tuple] = set()


class Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        received = b""
        try:
            while part := self.request.recv(65_536):
                received += part
                if received.endswith(b"\r\n\r\n"):
                    received = b""
                    with self.server.lock:
                        number = self.server.count
                        self.server.count += 1
                        self.server.used.add(self.client_address)
                    self.server.answer(self.request, number)
        except OSError:
            pass  # the client has gone, or the test closed the connection


class Offered(unittest.TestCase):
    """The client of a fixed rate, against servers that misbehave in one way each."""

    def serve(self, answer: Callable[[socket.socket, int], object]) -> Served:
        server = self.enterContext(Served(answer))
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.addCleanup(server.shutdown)
        return server

    def offer(self, server: Served, count: int, rate: float, connections: int, mark: bytes = b"") -> offered.Seen:
        return offered.send(server.server_address[1], Offer([REQUEST] * count, rate, connections, 200, mark))

    def test_requests_keep_to_the_rate_and_use_all_connections(self) -> None:
        server = self.serve(lambda connection, _: connection.sendall(GOOD))
        seen = self.offer(server, 100, 200, 20, mark=b"\r\nX-Cache: HIT\r\n")
        self.assertEqual((seen.answered, seen.complaints, len(seen.latencies)), (100, [], 100))
        self.assertGreaterEqual(seen.seconds, 99 / 200)
        self.assertEqual(len(server.used), 20)
        self.assertEqual(seen.latencies, sorted(seen.latencies))
        self.assertGreater(seen.latencies[0], 0)
        self.assertGreater(seen.client_cpu_seconds, 0)

    def test_a_request_waits_from_when_it_was_due(self) -> None:
        """Each answer takes 20 ms, but every 5 ms one is due: the last of 50 waits for those before it."""
        server = self.serve(lambda connection, _: (time.sleep(0.02), connection.sendall(GOOD)))
        seen = self.offer(server, 50, 200, 1)
        self.assertEqual(seen.complaints, [])
        self.assertGreater(seen.latencies[-1], 50 * 20 - 49 * 5 - 1)
        self.assertGreater(seen.percentile(0.5), 300)

    def test_without_a_rate_all_are_due_at_once(self) -> None:
        server = self.serve(lambda connection, _: connection.sendall(GOOD))
        seen = self.offer(server, 100, math.inf, 4)
        self.assertEqual((seen.answered, seen.complaints), (100, []))
        self.assertAlmostEqual(seen.latencies[-1], seen.seconds * 1e3)

    def test_answers_may_come_in_pieces(self) -> None:
        def pieces(connection: socket.socket, _: int) -> None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, len(GOOD), 20):
                connection.sendall(GOOD[at : at + 20])
                time.sleep(0.002)

        self.assertEqual(self.offer(self.serve(pieces), 5, 100, 2, mark=b"X-Cache: HIT").answered, 5)

    def test_other_answers_are_told_apart(self) -> None:
        refused = b"HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n"
        missed = GOOD.replace(b"HIT", b"MISS")
        server = self.serve(lambda connection, number: connection.sendall([GOOD, refused, missed][number % 3]))
        seen = self.offer(server, 9, 500, 1, mark=b"X-Cache: HIT")
        self.assertEqual((seen.answered, seen.refused, seen.unmarked), (3, 3, 3))
        wrong = ["3 answers were not 200 but 503", "3 answers were not of the kind that is measured"]
        self.assertEqual(seen.complaints, wrong)

    def test_what_is_never_answered_has_waited_until_the_end(self) -> None:
        self.enterContext(mock.patch.object(offered, "GRACE_SECONDS", 0.3))
        server = self.serve(lambda connection, number: number and connection.sendall(GOOD))
        seen = self.offer(server, 20, 200, 2)
        self.assertEqual((seen.answered, seen.unanswered, len(seen.latencies)), (19, 1, 20))
        self.assertEqual(seen.complaints, ["1 requests had no answer"])
        self.assertGreaterEqual(seen.latencies[-1], 300)

    def test_a_connection_that_the_server_closes_is_an_error_and_its_request_has_no_answer(self) -> None:
        def closes_first(connection: socket.socket, number: int) -> None:
            connection.sendall(GOOD) if number else connection.shutdown(socket.SHUT_RDWR)

        seen = self.offer(self.serve(closes_first), 20, 200, 2)
        self.assertEqual((seen.answered, seen.unanswered, seen.socket_errors), (19, 1, 1))
        self.assertEqual(seen.complaints, ["1 socket errors", "1 requests had no answer"])

    def test_without_connections_nothing_is_waited_for(self) -> None:
        for last in (b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", GOOD + b"more"):

            def answers_once(connection: socket.socket, _: int, last: bytes = last) -> None:
                connection.sendall(last)
                connection.shutdown(socket.SHUT_RDWR)

            server = self.serve(answers_once)
            seen = self.offer(server, 200, 100, 1)
            self.assertEqual((seen.answered, seen.socket_errors, seen.unanswered), (0, 1, 200))

    def test_a_server_that_is_not_there_is_an_error(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with self.assertRaises(OSError):
                offered.send(unused.getsockname()[1], Offer([REQUEST], 1, 1, 200))

    def test_connections_that_are_not_taken_are_an_error(self) -> None:
        self.enterContext(mock.patch.object(offered, "CONNECT_SECONDS", 0.2))
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            with self.assertRaisesRegex(BenchmarkError, "9 connections: not after 0.2 s"):
                offered.send(full.getsockname()[1], Offer([REQUEST], 1, 9, 200))


class Parts(unittest.TestCase):
    def test_the_length_of_a_body_is_read_whatever_its_letters(self) -> None:
        for head in (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nA: b\r\n", b"HTTP/1.1 200 OK\r\nCONTENT-LENGTH:12\r\n"):
            self.assertEqual(offered.content_length(head), 12)
        self.assertIsNone(offered.content_length(b"HTTP/1.1 200 OK\r\nX-Content-Length-Of: 3\r\n"))

    def test_a_request_says_how_long_its_body_is(self) -> None:
        self.assertTrue(offered.request("POST", "/x", b"{}").startswith(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\n"))
        self.assertTrue(offered.request("POST", "/x", b"{}").endswith(b"\r\nContent-Length: 2\r\n\r\n{}"))
