"""Reads the project's Markdown pages as programs: what a reader would type, and what he is told to expect.

- A fenced block marked `sh` is typed, as it stands, into one shell per page, in order. It must succeed, unless the
  comment before it says `<!-- fails: CODE -->`.
- A block marked `text`, `json` or `tsv` right behind it is what that command prints; `…` stands for anything.
- `<!-- not run: REASON -->` before a block says why a test can't type it.
- `<!-- example: PATH -->` before a block says that it is a part of that file.
- `<!-- file: NAME -->` before a block says that the reader saves it under that name.
"""

import dataclasses
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

OUTPUTS = ("text", "json", "tsv")


@dataclasses.dataclass
class Block:
    """A fenced block of a page."""

    line: int
    language: str
    text: str
    notes: dict
    expected: str | None = None


def pages():
    """Every Markdown page of the project."""
    found = [os.path.join(ROOT, name) for name in os.listdir(ROOT) if name.endswith(".md")]
    for top in ("docs", "Sources", "Examples", "Benchmarks"):
        for folder, folders, names in os.walk(os.path.join(ROOT, top)):
            folders[:] = [name for name in folders if not name.startswith((".", "build"))]
            found += [os.path.join(folder, name) for name in names if name.endswith(".md")]
    return sorted(found)


def blocks(path):
    """The fenced blocks of a page, each with the comments before it and the output expected of it."""
    with open(path, encoding="utf-8") as page:
        lines = page.read().split("\n")
    found, notes, index = [], {}, 0
    previous_end = None
    while index < len(lines):
        line = lines[index]
        note = re.fullmatch(r"<!-- (not run|fails|example|file|background): (.*?) -->", line.strip())
        fence = re.fullmatch(r"( *)```(\w*).*", line)
        if note:
            notes[note[1]] = note[2]
        elif fence and fence[2]:
            end = next(i for i in range(index + 1, len(lines)) if lines[i].strip() == "```")
            indent = len(fence[1])
            text = "\n".join(each[indent:] for each in lines[index + 1:end])
            block = Block(index + 1, fence[2], text, notes)
            is_output = block.language in OUTPUTS and not notes and found and found[-1].language == "sh"
            if is_output and all(not each.strip() for each in lines[previous_end + 1:index]):
                found[-1].expected = text
            else:
                found.append(block)
            notes, index, previous_end = {}, end, end
        elif line.strip():
            notes = {}
        index += 1
    return found


def matches(expected, actual):
    """Whether an output is what a page says: white space aside, `…` for anything."""
    parts = [r"\s+".join(re.escape(word) for word in part.split()) for part in expected.split("…")]
    pattern = r".*?".join(r"\s*" + part + r"\s*" for part in parts)
    return re.fullmatch(pattern, actual.strip(), re.DOTALL) is not None


def links(path):
    """Targets of the links of a page that point into the project."""
    with open(path, encoding="utf-8") as page:
        text = re.sub(r"```.*?```", "", page.read(), flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z+]+:", target):
            yield target


def anchors(path):
    """The anchors of a page's headings, as GitHub makes them."""
    with open(path, encoding="utf-8") as page:
        text = re.sub(r"```.*?```", "", page.read(), flags=re.DOTALL)
    for heading in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
