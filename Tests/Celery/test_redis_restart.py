"""Redis is killed and started again under load. Nothing that was accepted is lost (the append-only file is synced with
every write), and work goes on by itself. `redis_drill.py` is the long form."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import redis_drill  # noqa: E402
from servers import Case  # noqa: E402


class RedisRestart(Case):
    def test_five_restarts_under_load(self):
        drill = redis_drill.Drill()
        self.addCleanup(drill.close)
        drill.run(restarts=5)
        print(f"\n{drill.report()}", file=sys.stderr)
        self.assertEqual(drill.lost, [])
        self.assertEqual([each for each in drill.canaries if each > 10], [])


if __name__ == "__main__":
    unittest.main()
