import stat
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness import celerity
from harness.measurements import Options, in_process, parked_ours, submit_ours, watch
from harness.processes import BenchmarkError

FAKE = Path(__file__).parent / "fake_celerity.py"


def script(folder: Path, text: str) -> Path:
    path = folder / "script"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


class OurSide(unittest.TestCase):
    """The measurements of our side, against a stand-in."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def start_fake(self) -> None:
        path = script(self.folder, f'exec "{sys.executable}" "{FAKE}" "$@"')
        self.enterContext(mock.patch.object(celerity, "BINARY", path))

    def test_load_counts_what_was_accepted_and_finished(self) -> None:
        self.start_fake()
        for route in ("tasks", "v1"):
            measurement = submit_ours(route)(self.folder, Options(seconds=1))
            self.assertGreater(measurement.figures["accepted_per_second"], 0)
            self.assertGreater(measurement.figures["finished_per_second"], 0)
            self.assertEqual(measurement.notes, [])

    def test_paused_queues_hold_what_was_accepted(self) -> None:
        self.start_fake()
        measurement = parked_ours(self.folder, Options(seconds=1))
        self.assertGreater(measurement.figures["accepted_per_second"], 0)
        self.assertNotIn("finished_per_second", measurement.figures)

    def test_rest_is_watched_in_all_processes(self) -> None:
        self.start_fake()
        with celerity.dev(self.folder) as deployment:
            figures = watch(deployment, 1).figures
        self.assertEqual(figures["processes"], 1)
        self.assertGreater(figures["rss_mb"], 1)
        self.assertGreaterEqual(figures["rss_mb"], figures["pss_mb"])
        self.assertGreaterEqual(figures["switches_per_second"], 1, "serve_forever polls twice a second")

    def test_a_server_that_ends_is_an_error_with_its_last_words(self) -> None:
        self.enterContext(mock.patch.object(celerity, "BINARY", script(self.folder, "echo no disk; exit 3")))
        with self.assertRaisesRegex(BenchmarkError, "status 3: no disk"), celerity.dev(self.folder):
            pass

    def test_figures_in_process_are_read_from_json(self) -> None:
        text = 'echo "{\\"tasks_per_second\\": $5}"'
        self.enterContext(mock.patch.object(celerity, "IN_PROCESS", script(self.folder, text)))
        measure = in_process("empty", "--concurrency", "2", full=50_000, option="--count")
        self.assertEqual(measure(self.folder, Options(scale=0.1)).figures, {"tasks_per_second": 5_000})

    def test_figures_in_process_that_are_no_json_are_an_error(self) -> None:
        self.enterContext(mock.patch.object(celerity, "IN_PROCESS", script(self.folder, "echo none")))
        with self.assertRaises(BenchmarkError):
            celerity.in_process(self.folder, "empty")

    def test_figures_in_process_are_renamed_and_written_where_we_say(self) -> None:
        text = 'test -d "$CELERITY_BENCH_DIRECTORY" && echo \'{"p50_milliseconds": 2, "resident_megabytes": 100}\''
        self.enterContext(mock.patch.object(celerity, "IN_PROCESS", script(self.folder, text)))
        figures = celerity.in_process(self.folder, "pickup")
        self.assertEqual(figures["p50_ms"], 2)
        self.assertAlmostEqual(figures["rss_mb"], 104.8576)


class Queues(unittest.TestCase):
    def test_unfinished_tasks_are_summed_over_queues(self) -> None:
        rows = [{"name": "a", "depth": 3, "running": 1}, {"name": "b", "depth": 4}]
        for answer in (rows, {"queues": rows}, {"items": rows}):
            self.assertEqual(celerity.unfinished(answer), 8)
        self.assertEqual(celerity.unfinished([]), 0)

    def test_an_answer_of_another_shape_is_an_error_and_not_zero(self) -> None:
        for answer in ({"error": "no"}, [{"name": "a"}], {"queues": {"a": 1}}):
            with self.assertRaises(BenchmarkError):
                celerity.unfinished(answer)
