"""A task that waits three times the visibility timeout is run once. With Python's workers it is run again and again:
what waits in a worker is unacknowledged, and is put back whenever the timeout is over."""

import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from servers import Case, Listener, PythonWorker, Redis, SwiftWorker, eventually  # noqa: E402
import wapp  # noqa: E402

VISIBILITY = 2


class LongWait(Case):
    @classmethod
    def setUpClass(cls):
        cls.server = Redis()
        cls.app = wapp.make_app(cls.server.url())
        cls.app.set_current()
        # A worker of Python's on another queue: it puts back whatever of the database is past its timeout.
        cls.peer = PythonWorker(
            cls.server.url(), name="peer", queues="other", concurrency=1, late=True, visibility=VISIBILITY)
        cls.workers = [
            SwiftWorker(cls.server.url(), name=f"swift{i}", settings=[f"worker.lease={VISIBILITY}s"]) for i in range(2)]
        for each in (cls.peer, *cls.workers):
            each.wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        for each in (cls.peer, *cls.workers, cls.server):
            each.close()
        cls.app.close()

    def test_an_eta_three_times_the_visibility_timeout_is_run_once(self):
        with Listener(self.app) as listener:
            began = time.time()
            waiting = [wapp.whoami.apply_async(countdown=3 * VISIBILITY) for _ in range(5)]
            # And one whose work itself takes that long.
            lasting = wapp.sleepy.delay(3 * VISIBILITY, "done")
            for each in waiting:
                answer = each.get(timeout=20)
                self.assertGreaterEqual(answer["time"], began + 3 * VISIBILITY - 0.1)
                self.assertLess(answer["time"], began + 3 * VISIBILITY + 2)
            self.assertEqual(lasting.get(timeout=20), "done")
            # What was put back would be begun again by now.
            eventually(lambda: time.time() > began + 4 * VISIBILITY, 20, 0.1)
            for each in (*waiting, lasting):
                self.assertEqual(listener.types(each.id).count("task-started"), 1, listener.types(each.id))
        self.assertEqual(self.server.client().hlen("unacked"), 0)

    def test_the_wait_outlives_the_worker_that_took_the_message(self):
        result = wapp.whoami.apply_async(countdown=2)
        eventually(lambda: self.server.client().llen("celery") == 0, what="that it is taken")
        for each in self.workers:
            each.kill()
            each.start()
        with Listener(self.app) as listener:
            self.assertIn("time", result.get(timeout=20))
            eventually(lambda: listener.types(result.id)[-1:] == ["task-succeeded"], what="its end")
            self.assertEqual(listener.types(result.id).count("task-started"), 1)


if __name__ == "__main__":
    unittest.main()
