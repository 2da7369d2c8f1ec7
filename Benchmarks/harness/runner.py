"""Runs scenarios in turn and keeps the record."""

import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from harness import neighbours
from harness.goals import GOALS, Medians
from harness.measurements import Measurement, Options
from harness.processes import BenchmarkError
from harness.scenarios import Contestant, Scenario


def run_scenario(scenario: Scenario, contestants: list[Contestant], runs: int, options: Options, folder: Path) -> dict:
    """Ours, peer, ours, peer …: what slows the machine for a while slows all of them."""
    seen: dict[str, list[Measurement]] = {contestant.name: [] for contestant in contestants}
    for turn in range(1 if scenario.once else runs):
        for contestant in contestants:
            measurement = _measure(contestant, options, folder)
            seen[contestant.name].append(measurement)
            _show(scenario, contestant, turn, measurement)
    return {
        "name": scenario.name,
        "title": scenario.title,
        "figures": scenario.figures,
        "contestants": [_summary(contestant, seen[contestant.name]) for contestant in contestants],
    }


def judge(scenarios: list[dict]) -> list[dict]:
    medians: Medians = {
        scenario["name"]: {contestant["name"]: contestant["median"] for contestant in scenario["contestants"]}
        for scenario in scenarios
    }
    return [goal.judge(medians) for goal in GOALS]


def median(measurements: list[Measurement]) -> dict[str, float]:
    """Of each figure on its own, over the runs that have it."""
    names = dict.fromkeys(name for measurement in measurements for name in measurement.figures)
    return {name: statistics.median(m.figures[name] for m in measurements if name in m.figures) for name in names}


def _measure(contestant: Contestant, options: Options, folder: Path) -> Measurement:
    """A system that fails is a note in the record, not the end of the run."""
    neighbours.await_quiet(options.patience)
    before = neighbours.usage()
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{contestant.name}.") as own:
        try:
            measurement = contestant.measure(Path(own), options)
        except (BenchmarkError, OSError) as error:
            return Measurement({}, [f"not measured: {' '.join(str(error).split())}"])
    others = neighbours.cores_of_others(before, neighbours.usage())
    if others > neighbours.NOTABLE_CORES:
        measurement.notes.append("other programs took part of the processor")
    measurement.figures["cores_of_others"] = others
    return measurement


def _summary(contestant: Contestant, measurements: list[Measurement]) -> dict:
    return {
        "name": contestant.name,
        "label": contestant.label,
        "median": median(measurements),
        "notes": list(dict.fromkeys(note for measurement in measurements for note in measurement.notes)),
        "runs": [asdict(measurement) for measurement in measurements],
    }


def _show(scenario: Scenario, contestant: Contestant, turn: int, measurement: Measurement) -> None:
    figures = "  ".join(f"{name} {value:.4g}" for name, value in measurement.figures.items())
    print(f"{scenario.name} {turn + 1}: {contestant.label}: {figures}", file=sys.stderr, flush=True)
    for note in measurement.notes:
        print(f"  {note}", file=sys.stderr, flush=True)
