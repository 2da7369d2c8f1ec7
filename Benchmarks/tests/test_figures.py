import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from harness import load, neighbours, proc, report, runner
from harness.goals import GOALS, Goal, figure, ratio
from harness.measurements import Measurement, Options
from harness.processes import BenchmarkError
from harness.scenarios import SCENARIOS, Contestant, Scenario

WRK = """Running 1s test @ http://127.0.0.1:1/tasks
  {not this line
{"accepted": 10, "refused": 2, "refused_status": 503, "socket_errors": 0, "seconds": 2.0, \
"p50_ms": 1.0, "p90_ms": 2.0, "p99_ms": 3.0, "max_ms": 4.0}
"""


class Loads(unittest.TestCase):
    def test_the_rate_counts_only_what_was_accepted(self) -> None:
        seen = load.parse(WRK, began=0, client_cpu_seconds=1)
        self.assertEqual(seen.accepted_per_second, 5)
        self.assertEqual(seen.complaints, ["2 answers were not 202 but 503"])

    def test_output_without_figures_is_an_error(self) -> None:
        with self.assertRaises(BenchmarkError):
            load.parse("unable to connect", began=0, client_cpu_seconds=0)


class Goals(unittest.TestCase):
    medians = {"empty": {"celerity": {"r": 100.0}, "a": {"r": 10.0}, "b": {"r": 50.0}}}

    def test_the_best_rival_counts(self) -> None:
        self.assertEqual(ratio("empty", "r", "a", "b")(self.medians), 2)

    def test_bounds_hold_in_both_directions(self) -> None:
        for bound, met in ((99, True), (100, True), (101, False)):
            self.assertIs(Goal("", figure("empty", "celerity", "r"), at_least=bound).judge(self.medians)["met"], met)
        for bound, met in ((99, False), (100, True), (101, True)):
            self.assertIs(Goal("", figure("empty", "celerity", "r"), at_most=bound).judge(self.medians)["met"], met)

    def test_a_missing_figure_is_neither_met_nor_missed(self) -> None:
        for goal in GOALS:
            self.assertIsNone(goal.judge({})["met"])

    def test_every_goal_can_be_judged_from_the_scenarios(self) -> None:
        medians = {s.name: {c.name: dict.fromkeys(s.figures, 1.0) for c in s.contestants} for s in SCENARIOS}
        for goal in GOALS:
            self.assertIsNotNone(goal.judge(medians)["met"], goal.text)


class Runs(unittest.TestCase):
    def test_contestants_take_turns_and_a_failure_is_a_note(self) -> None:
        order: list[str] = []
        values = iter([3.0, 1.0, 2.0])

        def works(_folder: Path, _options: Options) -> Measurement:
            order.append("a")
            return Measurement({"r": next(values)})

        def fails(_folder: Path, _options: Options) -> Measurement:
            order.append("b")
            raise BenchmarkError("no\nserver")

        contestants = [Contestant("celerity", "A", works), Contestant("b", "B", fails)]
        scenario = Scenario("s", "S", {"r": "r/s"}, contestants)
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            result = runner.run_scenario(scenario, contestants, 3, Options(), Path(folder))
            self.assertEqual(list(Path(folder).iterdir()), [])
        self.assertEqual(order, ["a", "b"] * 3)
        self.assertEqual(result["contestants"][0]["median"]["r"], 2)
        self.assertEqual(result["contestants"][1]["notes"], ["not measured: no server"])

    def test_work_of_others_is_what_is_not_ours(self) -> None:
        before, after = neighbours.Usage(10, 100, 50), neighbours.Usage(12, 104, 53)
        self.assertEqual(neighbours.cores_of_others(before, after), 0.5)


class Proc(unittest.TestCase):
    def test_new_threads_count_from_zero(self) -> None:
        before = proc.Footprint(voluntary_switches={(1, 1): 10, (2, 2): 5})
        after = proc.Footprint(voluntary_switches={(1, 1): 14, (1, 3): 3})
        self.assertEqual(proc.switches_between(before, after), 7)


class Reports(unittest.TestCase):
    def test_numbers_have_three_significant_digits(self) -> None:
        shown = {1234.5: "1,234", 12.345: "12.3", 0.01234: "0.0123", 0.0: "0", 3.0: "3", None: "–"}
        for value, text in shown.items():
            self.assertEqual(report.number(value), text)

    def test_a_scenario_shows_range_and_ratio(self) -> None:
        def contestant(name: str, *values: float) -> dict:
            runs = [{"figures": {"r": value}, "notes": []} for value in values]
            return {"name": name, "label": name, "median": {"r": values[1]}, "notes": ["slow"], "runs": runs}

        contestants = [contestant("celerity", 90, 100, 110), contestant("peer", 9, 10, 11)]
        scenario = {"title": "T", "figures": {"r": "r/s"}, "contestants": contestants}
        lines = report._scenario(scenario).splitlines()
        self.assertIn("| celerity | 100 (90–110) |  |", lines)
        self.assertIn("| peer | 10 (9–11) | 10 |", lines)
        self.assertIn("- peer: slow", lines)

    def test_publishing_keeps_what_people_wrote(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "docs" / "page.md"
            report.publish(page, "one")
            page.write_text(page.read_text() + "written by hand\n")
            report.publish(page, "two")
            text = page.read_text()
            self.assertIn("two", text)
            self.assertNotIn("one\n\n<", text)
            self.assertTrue(text.startswith("# Benchmarks"))
            self.assertTrue(text.endswith(f"{report.END}\nwritten by hand\n"))

    def test_a_page_without_markers_is_left_alone(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.md"
            page.write_text("text")
            with self.assertRaises(ValueError):
                report.publish(page, "two")
            self.assertEqual(page.read_text(), "text")
