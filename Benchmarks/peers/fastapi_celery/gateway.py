"""The web side of the comparison: FastAPI hands each valid body to Celery and answers 202 with the id.

Two choices favour this side. The submitting application has no result backend, which spares it one
subscription for each task. The handlers are plain functions, so a publish that waits for the disk blocks
a thread and not the event loop; `async def` handlers were measured as well and are no faster with the
worker running.
"""

from celery import Celery
from fastapi import FastAPI
from pydantic import BaseModel, Field

from tasks import QUEUES, celery

producer = Celery("gateway", broker=QUEUES)
app = FastAPI(title="bench")


class Growth(BaseModel):
    amount: float = Field(gt=0)
    rate: float = Field(ge=0, le=1)


class Submission(BaseModel):
    data: Growth


class TaskView(BaseModel):
    task_id: str
    status: str


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "healthy"}


@app.post("/tasks", status_code=202)
def submit(submission: Submission) -> TaskView:
    sent = producer.send_task("bench.empty", (submission.data.amount, submission.data.rate))
    return TaskView(task_id=sent.id, status="PENDING")


@app.get("/tasks/{task_id}")
def show(task_id: str) -> TaskView:
    return TaskView(task_id=task_id, status=celery.AsyncResult(task_id).status)
