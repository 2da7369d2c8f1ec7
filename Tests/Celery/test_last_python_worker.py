"""A team that has moved: its last Python worker is killed with a task in its hands, and none is left to give it back."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wapp  # noqa: E402
from servers import Case, OurRole, PythonWorker, Redis, SwiftWorker, eventually  # noqa: E402


class LastPythonWorker(Case):
    def test_what_it_held_runs_on_ours(self):
        server = Redis()
        self.addCleanup(server.close)
        app = wapp.make_app(server.url())
        self.addCleanup(app.close)
        redis = server.client()
        python = PythonWorker(
            server.url(), name="last", concurrency=1, late=True, options=["--prefetch-multiplier=4"])
        self.addCleanup(python.close)
        python.wait_until_ready()
        # One runs and others are held behind it, all of them unacknowledged.
        results = [app.send_task("wapp.slow_add", (n, 1, 2.0 if n == 0 else 0)) for n in range(3)]
        eventually(lambda: redis.hlen("unacked") == 3, what="the hold of Python's worker")
        python.kill()

        worker = SwiftWorker(server.url(), concurrency=2)
        self.addCleanup(worker.close)
        worker.wait_until_ready()
        self.assertEqual(redis.hlen("unacked"), 3)
        scheduler = OurRole("scheduler", server.url(), "scheduler", settings=["redis.visibility_timeout=1s"])
        self.addCleanup(scheduler.close)
        self.assertEqual([each.get(timeout=20) for each in results], [1, 2, 3])
        eventually(lambda: redis.hlen("unacked") == redis.zcard("unacked_index") == redis.llen("celery") == 0)


if __name__ == "__main__":
    import unittest

    unittest.main()
