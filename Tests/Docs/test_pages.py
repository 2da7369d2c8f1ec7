"""Types every command of the documentation, word for word, and compares what it prints with what the page says."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import pages
import reference

sys.path.insert(0, os.path.join(pages.ROOT, "Tests", "Drill"))
from server import Server, free_port  # noqa: E402

BINARY = os.environ.get("CELERITY_TEST_BINARY", os.path.join(pages.ROOT, ".build", "debug", "celerity"))
PYTHON = os.path.join(pages.ROOT, ".build", "venv-test", "bin")


class Typist:
    """One reader at one page: a shell with the binary at hand and a platform of his own that runs."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="celerity-docs-")
        self.server = Server(BINARY, self.home)
        self.server.start()
        tools = os.path.join(self.home, "bin")
        os.mkdir(tools)
        os.symlink(BINARY, os.path.join(tools, "celerity"))
        keep = {k: v for k, v in os.environ.items() if not k.startswith("CELERITY_")}
        self.environment = {
            **keep, "PATH": os.pathsep.join([tools, PYTHON, keep["PATH"]]), "NO_COLOR": "1", "TERM": "dumb",
            "CELERITY_URL": f"http://127.0.0.1:{self.server.port}", "LC_ALL": "C.UTF-8",
        }
        self.directory = os.path.join(self.home, "work")
        os.mkdir(self.directory)
        # Variables that one block sets are there in the next, as in a reader's shell.
        self.memory = os.path.join(self.home, "memory.sh")
        open(self.memory, "w", encoding="utf-8").close()
        # What the page starts itself gets ports of its own, too.
        self.ports = {"8000": self.server.port}
        self.shells = []

    def type(self, text, seconds=120):
        """Types a block; its exit code, output and complaints."""
        text = self.here(text)
        script = f"set -a -e\n. {self.memory}\n{text}\n"
        keep = f"\nexport -p > {self.memory}"
        shell = subprocess.Popen(
            ["bash", "-c", script + keep], cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.shells.append(shell)
        output, complaint = shell.communicate(timeout=seconds)
        return shell.returncode, output, complaint

    def here(self, text):
        """The page says 8000, 8001 and 6379; here these are other ports."""
        def other(found):
            return found[1] + str(self.port(found[2]))
        text = re.sub(r"(\blocalhost:|\b127\.0\.0\.1:)(800\d|6379)\b", other, text)
        return re.sub(r"(--port )(800[1-9]|6379)\b", other, text)

    def port(self, name):
        if name not in self.ports:
            self.ports[name] = free_port()
        return self.ports[name]

    def save(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.here(text) + "\n")

    def leave(self):
        self.server.stop()
        self.server.log.close()
        for shell in self.shells:
            # What a page left running in the background.
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.home, ignore_errors=True)


def check(test, path):
    """Goes through a page from top to bottom."""
    blocks = pages.blocks(path)
    if not any(block.language == "sh" and "not run" not in block.notes for block in blocks):
        return
    typist = Typist()
    try:
        for block in blocks:
            place = f"{os.path.relpath(path, pages.ROOT)}:{block.line}"
            if "file" in block.notes:
                typist.save(block.notes["file"], block.text)
            elif block.language == "sh" and "not run" not in block.notes:
                code, output, complaint = typist.type(block.text)
                wanted = int(block.notes.get("fails", 0))
                test.assertEqual(code, wanted, f"{place}\n{block.text}\n{output}\n{complaint}")
                if block.expected is not None:
                    shown = output if wanted == 0 else output + complaint
                    expected = typist.here(block.expected)
                    test.assertTrue(
                        pages.matches(expected, shown), f"{place}\n-- expected\n{expected}\n-- printed\n{shown}")
    finally:
        typist.leave()


class Commands(unittest.TestCase):
    """One test per page, made below."""


def make_test(path):
    return lambda self: check(self, path)


def is_there(page):
    """Whether the program has what a page is about: of a service's page, the service."""
    service = re.match(r"Sources/Services/(\w+)/", os.path.relpath(page, pages.ROOT))
    return service is None or f"import {service[1]}\n" in PROGRAM


with open(os.path.join(pages.ROOT, "Sources", "celerity", "Main.swift"), encoding="utf-8") as source:
    PROGRAM = source.read()

# Reference pages are made from the program; their examples name tasks and hosts that are not here.
TYPED = [page for page in pages.pages() if not page.startswith(reference.FOLDER) and is_there(page)]

for page in TYPED:
    name = re.sub(r"\W+", "_", os.path.relpath(page, pages.ROOT)[:-3]).lower()
    setattr(Commands, f"test_{name}", make_test(page))


class Text(unittest.TestCase):
    def test_every_link_into_the_project_leads_somewhere(self):
        broken = []
        for page in pages.pages():
            for target in pages.links(page):
                file, _, anchor = target.partition("#")
                there = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
                if not os.path.exists(there):
                    broken.append(f"{os.path.relpath(page, pages.ROOT)}: {target}")
                elif anchor and there.endswith(".md") and anchor not in pages.anchors(there):
                    broken.append(f"{os.path.relpath(page, pages.ROOT)}: {target} (no such heading)")
        self.assertEqual(broken, [])

    def test_every_example_in_a_page_is_a_part_of_the_file_it_names(self):
        wrong = []
        for page in pages.pages():
            for block in pages.blocks(page):
                if "example" not in block.notes:
                    continue
                with open(os.path.join(pages.ROOT, block.notes["example"]), encoding="utf-8") as file:
                    if block.text not in file.read():
                        wrong.append(f"{os.path.relpath(page, pages.ROOT)}:{block.line}")
        self.assertEqual(wrong, [])

    def test_a_block_that_is_not_run_says_why(self):
        for page in pages.pages():
            for block in pages.blocks(page):
                self.assertNotEqual(block.notes.get("not run"), "", f"{page}:{block.line}")

    def test_every_page_of_the_documentation_is_in_its_index(self):
        index = os.path.join(pages.ROOT, "docs", "README.md")
        listed = {os.path.normpath(os.path.join(pages.ROOT, "docs", link.partition("#")[0])) for link in pages.links(index)}
        written = {page for page in pages.pages() if page.startswith(os.path.join(pages.ROOT, "docs"))}
        folders = {os.path.join(pages.ROOT, "docs", "decisions")}
        missing = sorted(
            os.path.relpath(page, pages.ROOT) for page in written - listed - {index}
            if os.path.dirname(page) not in folders)
        self.assertEqual(missing, [])


class Reference(unittest.TestCase):
    def test_the_pages_made_from_the_program_say_what_it_says(self):
        for name, text in reference.made().items():
            with open(os.path.join(reference.FOLDER, name), encoding="utf-8") as page:
                self.assertEqual(page.read(), text, f"run: python3 -B Tests/Docs/reference.py ({name})")


class Matching(unittest.TestCase):
    def test_dots_stand_for_anything_and_white_space_does_not_count(self):
        self.assertTrue(pages.matches('{"id": "…", "state": "PENDING"}', '{"id":  "01",\n "state": "PENDING"}\n'))
        self.assertTrue(pages.matches("a … z", "a b c\nz"))
        self.assertFalse(pages.matches("a … z", "a b c"))
        self.assertFalse(pages.matches("10511.62", "10511.63"))


if __name__ == "__main__":
    unittest.main()
