"""Writes the reference pages that are made from the running program: routes from its OpenAPI document, problems from its
own pages. A test compares them with what is in docs/reference.

    python3 -B Tests/Docs/reference.py            # writes them anew
"""

import os
import sys
import tempfile

import pages

sys.path.insert(0, os.path.join(pages.ROOT, "Tests", "Drill"))
from server import Server  # noqa: E402

FOLDER = os.path.join(pages.ROOT, "docs", "reference")
METHODS = ("get", "post", "put", "patch", "delete")
BINARY = os.environ.get("CELERITY_TEST_BINARY", os.path.join(pages.ROOT, ".build", "debug", "celerity"))


def schema_text(schema):
    """A schema in a few words: its type, its name, what it may be."""
    if not schema:
        return "any"
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    for word, between in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if word in schema:
            return between.join(schema_text(each) for each in schema[word])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return " or ".join(each for each in kind)
    if kind == "array":
        return f"array of {schema_text(schema.get('items'))}"
    return kind


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def operation(method, path, entry):
    lines = [f"### {method.upper()} {path}", "", cell(entry["summary"]) + "."]
    if entry.get("description"):
        lines += ["", entry["description"].strip()]
    parameters = entry.get("parameters", [])
    if parameters:
        lines += ["", "| parameter | in | type | meaning |", "| --- | --- | --- | --- |"]
        for each in parameters:
            lines.append(
                f"| `{each['name']}` | {each['in']} | {cell(schema_text(each.get('schema')))} "
                f"| {cell(each.get('description', ''))} |")
    body = entry.get("requestBody", {}).get("content", {})
    if body:
        lines += ["", "Body: " + ", ".join(f"`{kind}` {schema_text(each.get('schema'))}" for kind, each in body.items())]
    lines += ["", "| answer | when | body |", "| --- | --- | --- |"]
    for status, answer in entry["responses"].items():
        if status in ("4XX", "5XX"):
            continue
        content = ", ".join(f"`{kind}` {schema_text(each.get('schema'))}" for kind, each in answer.get("content", {}).items())
        lines.append(f"| {status} | {cell(answer['description'])} | {cell(content) or '–'} |")
    return lines + [""]


def api(document):
    lines = [
        "# HTTP API", "",
        "Made from the program's OpenAPI document; a test compares the two. The running program has it too, with what every",
        "schema holds and lines to paste: `/reference` to read, `/docs` to try out, `/openapi.json` for generators.", "",
        document["info"]["description"].strip(), "",
    ]
    by_tag = {}
    for path, entries in document["paths"].items():
        for method, entry in entries.items():
            if method in METHODS:
                by_tag.setdefault(entry["tags"][0], []).append((method, path, entry))
    for tag, entries in by_tag.items():
        lines += [f"## {tag[0].upper()}{tag[1:]}", ""]
        for entry in entries:
            lines += operation(*entry)
    return "\n".join(lines).rstrip() + "\n"


def problems(server):
    text = server.call("GET", "/problems", headers={"Accept": "text/plain"})[1]
    codes = [line.rsplit("/", 1)[1] for line in text.splitlines() if line.startswith("/problems/")]
    lines = [
        "# Problems", "",
        "Every error of `/v1` is `application/problem+json` (RFC 9457) with a `code` that stays the same over versions. This page is",
        "made from the program's own help, which it shows at `/problems/{code}`; a test compares the two.", "",
    ]
    for code in codes:
        help_text = server.call("GET", f"/problems/{code}", headers={"Accept": "text/plain"})[1].strip()
        lines += [f"## {code}", "", help_text, ""]
    return "\n".join(lines).rstrip() + "\n"


def made():
    """The pages by their file names."""
    with tempfile.TemporaryDirectory(prefix="celerity-reference-") as directory:
        server = Server(BINARY, directory)
        server.start()
        try:
            return {"api.md": api(server.call("GET", "/openapi.json")[1]), "problems.md": problems(server)}
        finally:
            server.stop()
            server.log.close()


if __name__ == "__main__":
    for name, text in made().items():
        with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as page:
            page.write(text)
        print(f"docs/reference/{name}")
