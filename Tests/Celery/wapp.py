"""The tasks of the compatibility tests, as a Celery application of Python's. `celerity-testbed` has the same in Swift.

A worker is started as `celery -A wapp worker`, and reads its settings from the environment:
WAPP_REDIS (broker and results), WAPP_VISIBILITY (seconds), WAPP_LATE=1 (late acknowledgement, prefetch 1).
"""

import os
import sys
import time
import types
from collections.abc import Iterable

from celery import Celery, chain, group, shared_task, signature
from celery.exceptions import Reject, SoftTimeLimitExceeded


def transport_options():
    """With a visibility timeout of the test's own, what is past it is looked for each second, not every 100."""
    if "WAPP_VISIBILITY" not in os.environ:
        return {}
    return {
        "visibility_timeout": float(os.environ["WAPP_VISIBILITY"]),
        "unacked_restore_interval": 1, "unacked_restore_throttle": 1,
    }


def make_app(url, **settings):
    """An application on a Redis; shared tasks belong to all of them."""
    app = Celery("wapp", broker=url, backend=url)
    late = os.environ.get("WAPP_LATE") == "1"
    app.conf.update(
        # As an application of its own would have it, so that a test does not wait for what it does not test.
        broker_connection_retry_on_startup=True,
        broker_transport_options=transport_options(),
        task_acks_late=late,
        task_reject_on_worker_lost=late,
        worker_prefetch_multiplier=1 if late else 4,
        worker_hijack_root_logger=False,
        worker_send_task_events=True,
    )
    app.conf.update(settings)
    return app


app = make_app(os.environ.get("WAPP_REDIS", "redis://127.0.0.1:6379/0"))


class CustomError(Exception):
    """Rebuilt by the client from two arguments."""

    def __init__(self, code, text):
        super().__init__(code, text)
        self.code = code


@shared_task(name="wapp.add")
def add(x, y):
    return x + y


@shared_task(name="wapp.slow_add")
def slow_add(x, y, seconds=0.0):
    time.sleep(seconds)
    return x + y


@shared_task(name="wapp.mul")
def mul(x, y):
    return x * y


@shared_task(name="wapp.xsum")
def xsum(numbers):
    return sum(xsum(each) if isinstance(each, Iterable) else each for each in numbers)


@shared_task(name="wapp.ident")
def ident(value):
    return value


@shared_task(name="wapp.echo")
def echo(*args, **kwargs):
    return {"args": list(args), "kwargs": kwargs}


@shared_task(name="wapp.fail")
def fail(message="bad"):
    raise ValueError(message)


@shared_task(name="wapp.fail_after")
def fail_after(value, message="bad"):
    """For the middle of a chain: takes what came before."""
    raise ValueError(message)


@shared_task(name="wapp.fail_custom")
def fail_custom(code, text):
    raise CustomError(code, text)


if "WAPP_REDIS" in os.environ:
    # In a worker there is a module that its clients do not have.
    nowhere = sys.modules["nowhere"] = types.ModuleType("nowhere")
    nowhere.StrangeError = type("StrangeError", (Exception,), {"__module__": "nowhere"})


@shared_task(name="wapp.fail_strange")
def fail_strange():
    raise nowhere.StrangeError("odd")


@shared_task(name="wapp.sleepy")
def sleepy(seconds, value=None):
    time.sleep(seconds)
    return value


@shared_task(name="wapp.patient", bind=True)
def patient(self, seconds):
    """Says that it runs, then sleeps; ends well when the soft limit tells it to stop."""
    self.update_state(state="PROGRESS", meta={"current": 1, "total": 2})
    try:
        time.sleep(seconds)
    except SoftTimeLimitExceeded:
        return "stopped"
    return "slept"


@shared_task(name="wapp.retry_then", bind=True, max_retries=3)
def retry_then(self, times, value, countdown=0.1):
    if self.request.retries < times:
        raise self.retry(exc=ValueError("again"), countdown=countdown)
    return [value, self.request.retries]


@shared_task(name="wapp.retry_plain", bind=True, max_retries=1)
def retry_plain(self):
    """Never succeeds, and gives no exception of its own."""
    raise self.retry(countdown=0.05)


@shared_task(name="wapp.errback")
def errback(task_id):
    return task_id


@shared_task(name="wapp.replace", bind=True)
def replace(self, x, y):
    raise self.replace(add.s(x, y))


@shared_task(name="wapp.replace_chain", bind=True)
def replace_chain(self, x, y):
    raise self.replace(chain(add.s(x, y), mul.s(10)))


@shared_task(name="wapp.replace_group", bind=True)
def replace_group(self, n):
    raise self.replace(group(add.s(i, i) for i in range(n)))


@shared_task(name="wapp.replace_with", bind=True)
def replace_with(self, work):
    """Does the work that a signature holds."""
    raise self.replace(signature(work, app=self.app))


@shared_task(name="wapp.raise_reject", acks_late=True)
def raise_reject():
    raise Reject("no", requeue=False)


@shared_task(name="wapp.no_result", ignore_result=True)
def no_result(x):
    return x


@shared_task(name="wapp.spawn", bind=True)
def spawn(self, n):
    """Submits children; they are found as `children` of its result."""
    return [add.delay(i, i).id for i in range(n)]


@shared_task(name="wapp.whoami", bind=True)
def whoami(self, *args):
    """What the message said of itself."""
    request = self.request
    return {
        "id": request.id,
        "root_id": request.root_id,
        "parent_id": request.parent_id,
        "group": request.group,
        "retries": request.retries,
        "stamps": request.stamps or {},
        "stamped_headers": sorted(request.stamped_headers or []),
        "note": (request.headers or {}).get("x_note"),
        "timelimit": list(request.timelimit or [None, None]),
        "worker": request.hostname,
        "time": time.time(),
    }
