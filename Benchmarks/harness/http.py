"""Small questions to a server, apart from the load."""

import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message

TIMEOUT_SECONDS = 5


def healthy(url: str) -> bool:
    """Whether the address answers with a status below 400."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS):
            return True
    except OSError:
        return False


def listens(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS):
            return True
    except OSError:
        return False


def get_json(url: str) -> object:
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


def post(url: str, body: str = "") -> int:
    """The status of the answer."""
    return order(url, body).status


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def order(url: str, body: str, seconds: float = TIMEOUT_SECONDS) -> Answer:
    """Posts and answers everything that came back."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body.encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())
