"""Writes docs/reference/services.md: what the services must do, row by row, and which tests hold it.

Rows stand in docs/reference/service-rows.tsv, one a line. A test names the rows it holds: `@Test("S3.20: …")` in Swift; in
Python the docstring or the name of the test or its class, `test_s3_20_…`. A row that must be kept (force M or D) and that
no test names says `open`, or `settled` where it is decided otherwise, with the reason.

    python3 -B Tests/Docs/coverage.py            # writes the page anew
"""

import ast
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROWS = os.path.join(ROOT, "docs", "reference", "service-rows.tsv")
PAGE = os.path.join(ROOT, "docs", "reference", "services.md")

SERVICES = ("messages", "documents", "recommendations", "items", "finance")
FORCES = {"M": "said by the source", "D": "follows from it", "R": "said by the original alone", "C": "our choice"}
REQUIRED = ("M", "D")
STATUSES = ("", "open", "settled")
COLUMNS = ["id", "force", "behaviour", "status", "reason"]

ID = re.compile(r"\b([SC][0-4]\.[0-9]{1,2})\b")
# In the name of a Python test: test_s3_20_exact_list.
ID_IN_NAME = re.compile(r"(?<![A-Za-z0-9])([sc])([0-4])_([0-9]{1,2})(?![0-9])")
SWIFT_NAME = re.compile(r'@(?:Test|Suite)\(\s*"((?:[^"\\]|\\.)*)"')


class RowError(Exception):
    """The list of rows is not as it must be."""


def read_rows(path=ROWS):
    """The rows in order, each a dictionary by column."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    if lines[0] != COLUMNS:
        raise RowError(f"the first line must be {COLUMNS}")
    rows, seen = [], set()
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) != len(COLUMNS):
            raise RowError(f"line {number} has {len(cells)} cells")
        row = dict(zip(COLUMNS, cells))
        wrong = [
            not ID.fullmatch(row["id"]) and "id", row["id"] in seen and "repeated id", row["force"] not in FORCES and "force",
            not row["behaviour"] and "behaviour", row["status"] not in STATUSES and "status",
            bool(row["status"]) != bool(row["reason"]) and "reason",
        ]
        if any(wrong):
            raise RowError(f"line {number}: {', '.join(each for each in wrong if each)}")
        seen.add(row["id"])
        rows.append(row)
    return rows


# Strings are there so that what looks like a comment in one is none.
COMMENT = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*[\s\S]*?\*/')


def without_comments(text):
    """Swift text without its comments, in which tests are only spoken of; strings stay as they are."""
    return COMMENT.sub(lambda found: found[0] if found[0].startswith('"') else "", text)


def in_swift(text):
    """Ids that the names of tests in a Swift file tell."""
    return [each for name in SWIFT_NAME.findall(without_comments(text)) for each in ID.findall(name)]


def in_python(text):
    """Ids that names and docstrings of test cases and their tests in a Python file tell."""
    found = []
    for node in ast.walk(ast.parse(text)):
        is_class = isinstance(node, ast.ClassDef)
        if not is_class and not (isinstance(node, ast.FunctionDef) and node.name.startswith("test")):
            continue
        if is_class and not any(isinstance(each, ast.FunctionDef) and each.name.startswith("test") for each in node.body):
            continue
        found += ID.findall(ast.get_docstring(node) or "")
        found += [f"{kind.upper()}{section}.{number}" for kind, section, number in ID_IN_NAME.findall(node.name)]
    return found


def read_tests(folder=os.path.join(ROOT, "Tests")):
    """Files of tests by the rows they name, in order."""
    with open(os.path.join(ROOT, "scripts", "suites"), encoding="utf-8") as file:
        suites = file.read()
    # Most files are of other things, and reading them takes longest.
    tests = {}
    for place, folders, names in os.walk(folder):
        # Programs that no suite runs hold nothing.
        if os.path.basename(place) == "Services" and "Tests/Services" not in suites:
            continue
        folders.sort()
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = os.path.join(place, name)
            read = {".swift": in_swift, ".py": in_python}.get(os.path.splitext(name)[1])
            # What tests this very page speaks of rows without holding them.
            if read is None or name == "test_coverage.py":
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            if ID.search(text) or ID_IN_NAME.search(text):
                for each in read(text):
                    files = tests.setdefault(each, [])
                    if path not in files:
                        files.append(path)
    return tests


def unknown(rows, tests):
    """Rows that tests name and that there are not, with the files."""
    known = {row["id"] for row in rows}
    return {each: files for each, files in sorted(tests.items()) if each not in known}


def unheld(rows, tests):
    """Rows that must be kept, that no test names, and that nothing is said of."""
    return [
        row["id"] for row in rows if row["force"] in REQUIRED and row["id"] not in tests and not row["status"]
    ]


def standing(row, tests):
    """How a row stands, in one word."""
    if row["status"] == "open" and row["id"] in tests:
        return "in part"
    return row["status"] or ("tested" if row["id"] in tests else "")


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def link(path):
    shown = os.path.relpath(path, os.path.join(ROOT, "Tests"))
    return f"[{shown}]({os.path.relpath(path, os.path.dirname(PAGE))})"


def section(number, rows, tests):
    lines = [
        "", f"## {SERVICES[number].capitalize()}", "", "| row | force | behaviour | stands | tests, and what is left |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        files = ", ".join(link(path) for path in tests.get(row["id"], []))
        told = "; ".join(each for each in (files, cell(row["reason"])) if each)
        lines.append(
            f"| {row['id']} | {row['force']} | {cell(row['behaviour'])} | {standing(row, tests)} | {told} |")
    return lines


def page(rows, tests):
    """The page's text."""
    shown = [row for row in rows if row["force"] in REQUIRED or row["id"] in tests]
    words = [standing(row, tests) for row in shown if row["force"] in REQUIRED]
    counts = ", ".join(f"{words.count(word)} {word}" for word in ("tested", "in part", "open", "settled"))
    lines = [
        "# What the services must do, and what holds it", "",
        "Made from `docs/reference/service-rows.tsv` and the names of the tests by `Tests/Docs/coverage.py`; a test",
        "compares them. Force: " + ", ".join(f"**{key}** {value}" for key, value in FORCES.items()) + ". Rows of force M",
        "and D are all here, the others where a test holds them. Ids that begin with C are contradictions in the sources and",
        "how they are settled. A row that is *tested* is held by the tests that are named, all of which pass when `make test`",
        "does; *in part* and *open* say what is left; *settled* says why it is otherwise.", "",
        f"Of {len(words)} rows that must be kept: {counts}.",
    ]
    for number in range(len(SERVICES)):
        lines += section(number, [row for row in shown if row["id"][1] == str(number)], tests)
    return "\n".join(lines) + "\n"


def made():
    """The page as it must be."""
    return page(read_rows(), read_tests())


if __name__ == "__main__":
    text = made()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)
    rows, tests = read_rows(), read_tests()
    for each, files in unknown(rows, tests).items():
        print(f"no such row: {each} in {', '.join(os.path.relpath(path, ROOT) for path in files)}")
    print("neither tested nor open nor settled:", " ".join(unheld(rows, tests)) or "none")
