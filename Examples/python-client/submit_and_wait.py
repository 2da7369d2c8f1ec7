"""Submits a calculation, waits for its result and lists the newest tasks, with the client generated from /openapi.json."""

import sys

from celerity_client import Client
from celerity_client.api.tasks import list_tasks, submit_task, task_result
from celerity_client.models import Accepted, Submission, TaskPage, TaskResult


def main(base):
    with Client(base_url=base, timeout=40) as client:
        body = Submission.from_dict({"task": "finance.compound_interest", "kwargs": {"amount": 10000, "rate": 0.05}})
        accepted = submit_task.sync(client=client, body=body, idempotency_key="example-1")
        if not isinstance(accepted, Accepted):
            raise SystemExit(f"refused: {accepted}")
        print("accepted", accepted.id)

        answer = task_result.sync(accepted.id, client=client, wait=30)
        if not isinstance(answer, TaskResult):
            raise SystemExit(f"no result: {answer}")
        print(answer.state, answer.result)

        page = list_tasks.sync(client=client, task="finance.compound_interest", limit=5)
        if not isinstance(page, TaskPage):
            raise SystemExit(f"no list: {page}")
        for task in page.tasks:
            print(task.id, task.state, task.queue)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
