"""An HTTP server that answers every request at once with so many bytes, to learn what the load client takes by itself.

    python3 bare.py --port 8000 --bytes 6000
"""

import argparse
import asyncio


class Answering(asyncio.Protocol):
    """One connection; requests come one after the other."""

    def __init__(self, answer: bytes):
        self.answer = answer
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]):
            self.received = b""
            self.transport.write(self.answer)


async def serve(port: int, count: int) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {count}\r\n\r\n".encode() + b"x" * count
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Answering(answer), "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.port, chosen.bytes))
