"""The same with nothing but `requests`: submit, wait, list. Errors are problems with a stable code and a hint."""

import sys

import requests


def check(answer):
    """The answer's JSON; what went wrong is told in words."""
    if answer.status_code >= 400:
        problem = answer.json()
        raise SystemExit(f"{problem['code']}: {problem['detail']} ({problem.get('hint', 'no hint')})")
    return answer.json()


def main(base):
    task = {"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}}
    # The key makes it safe to send this again after a broken connection.
    accepted = check(requests.post(f"{base}/v1/tasks", json=task, headers={"Idempotency-Key": "example-2"}, timeout=10))
    print("accepted", accepted["id"])

    answer = check(requests.get(f"{base}{accepted['links']['result']}", params={"wait": 30}, timeout=40))
    print(answer["state"], answer.get("result"))

    page = check(requests.get(f"{base}/v1/tasks", params={"task": task["task"], "limit": 5}, timeout=10))
    for each in page["tasks"]:
        print(each["id"], each["state"], each["queue"])


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
