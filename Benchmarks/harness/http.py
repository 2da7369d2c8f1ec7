"""Small questions to a server, apart from the load."""

import json
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 5


def healthy(url: str) -> bool:
    """Whether the address answers with a status below 400."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS):
            return True
    except OSError:
        return False


def get_json(url: str) -> object:
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


def post(url: str, body: str = "") -> int:
    """The status of the answer."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body.encode(), headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
