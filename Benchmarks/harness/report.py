"""The record of a run as tables."""

from pathlib import Path

BEGIN = "<!-- benchmarks:begin -->"
END = "<!-- benchmarks:end -->"
INTRODUCTION = """# Benchmarks

Celerity and the systems it is compared with, on one machine, in one run, in turn. `Benchmarks/README.md`
says what is measured and how; `make bench` measures again and rewrites what follows.
"""


def markdown(record: dict) -> str:
    sections = [_setting(record), _goals(record["goals"])]
    sections += [_scenario(scenario) for scenario in record["scenarios"]]
    return "\n\n".join(sections)


def publish(path: Path, text: str) -> None:
    """Replaces what stands between the markers; the rest of the page is kept."""
    page = path.read_text() if path.exists() else f"{INTRODUCTION}\n{BEGIN}\n{END}\n"
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        raise ValueError(f"{path} needs one {BEGIN} and after it one {END}")
    head, _, rest = page.partition(BEGIN)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}")


def number(value: float | None) -> str:
    """Three significant digits, and all digits before the point."""
    if value is None:
        return "–"
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _setting(record: dict) -> str:
    machine = record["machine"]
    rows = [
        ["date", record["date"]],
        ["command", f"`{record['command']}`"],
        ["machine", f"{machine['cores']} cores, {machine['cpu']}, {machine['memory_gb']:g} GB"],
        ["system", f"{machine['system']}, Linux {machine['kernel']}, {machine['filesystem']}"],
        ["making 200 bytes durable", f"{machine['fdatasync_us']} µs"],
        ["load average at the start", f"{machine['load_average']:.2f}"],
        ["Redis", f"`appendfsync {record['options']['fsync']}`"],
        ["versions", "; ".join(f"{name} {version}" for name, version in record["versions"].items())],
    ]
    lines = ["| | |", "| --- | --- |"] + [f"| {name} | {value} |" for name, value in rows]
    return "\n".join(lines)


def _goals(goals: list[dict]) -> str:
    verdicts = {True: "met", False: "**missed**", None: "not measured"}
    rows = [[goal["goal"], goal["bound"], number(goal["measured"]), verdicts[goal["met"]]] for goal in goals]
    return "## Goals\n\n" + table(["goal", "bound", "measured", ""], rows)


def _scenario(scenario: dict) -> str:
    """The first figure is the one that is compared; it is shown with its range."""
    first = next(iter(scenario["figures"]))
    ours = next((c["median"].get(first) for c in scenario["contestants"] if c["name"] == "celerity"), None)
    head = ["median of the runs", *scenario["figures"].values(), "Celerity ÷ this"]
    rows = []
    for contestant in scenario["contestants"]:
        median = contestant["median"]
        cells = [number(median.get(name)) for name in scenario["figures"]]
        cells[0] += _range([run["figures"][first] for run in contestant["runs"] if first in run["figures"]])
        compared = not contestant["name"].startswith("celerity") and ours is not None and median.get(first)
        rows.append([contestant["label"], *cells, number(ours / median[first]) if compared else ""])
    notes = [f"- {c['label']}: {note}" for c in scenario["contestants"] for note in c["notes"]]
    return "\n".join([f"## {scenario['title']}\n", table(head, rows)] + ([""] + notes if notes else []))


def _range(values: list[float]) -> str:
    return f" ({number(min(values))}–{number(max(values))})" if len(values) > 1 else ""
