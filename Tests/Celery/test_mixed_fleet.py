"""Workflows on a queue shared by Python and Swift workers that are killed at random; fleet_drill.py says what is
promised. `make drill` does the same with ten times as many."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fleet_drill  # noqa: E402
from servers import Case  # noqa: E402

SEED = int(os.environ.get("CELERITY_FLEET_SEED", "20261127"))


class MixedFleet(Case):
    def run_drill(self, whom, workflows):
        drill = fleet_drill.Drill(whom, workflows, SEED, longest=1.2)
        self.addCleanup(drill.close)
        drill.run()
        print(f"\n{drill.report()}", file=sys.stderr)
        self.assertGreater(drill.killer.kills, 0)
        return drill

    def test_all_workflows_end_right_when_swift_workers_are_killed(self):
        drill = self.run_drill("swift", 500)
        self.assertEqual((drill.wrong, drill.left), ([], {}), drill.report())

    def test_what_goes_wrong_when_python_workers_are_killed_was_held_by_them(self):
        mixed = self.run_drill("python", 500)
        self.assertEqual([each for each in mixed.wrong if "UNEXPLAINED" in each], [], mixed.report())
        mixed.close()
        alone = self.run_drill("all-python", 500)
        self.assertLessEqual(len(mixed.wrong), len(alone.wrong) + fleet_drill.noise(500))


if __name__ == "__main__":
    unittest.main()
