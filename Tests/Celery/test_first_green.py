"""The first thing a team with Celery tries: a task of ours, called by name from an unchanged Python program."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from servers import CELERITY, Case, OurRole, Shared  # noqa: E402
import wapp  # noqa: E402


class FirstGreen(Case):
    def test_python_gets_a_result_of_celerity_worker(self):
        url = Shared.redis().url(2)
        app = wapp.make_app(url)
        self.addCleanup(app.close)
        worker = OurRole("worker", url, "first", ["-Q", "celery,finance"], binary=CELERITY)
        self.addCleanup(worker.close)
        kwargs = {"amount": 10000, "rate": 0.05}
        # The message may wait for the worker.
        result = app.send_task("finance.compound_interest", kwargs=kwargs).get(timeout=20)
        self.assertAlmostEqual(result["total"], 10511.62)
        result = app.send_task("finance.compound_interest", kwargs=kwargs, queue="finance").get(timeout=10)
        self.assertAlmostEqual(result["total"], 10511.62)
        self.assertEqual(worker.stop(), 0)


if __name__ == "__main__":
    unittest.main()
