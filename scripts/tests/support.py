"""What the tests of the scripts share."""

import importlib.machinery
import importlib.util
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def load(name):
    """A script without suffix as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(ROOT / "scripts" / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class InEmptyTree(unittest.TestCase):
    """Gives each test a folder of its own that looks like the repository as far as the test writes it."""

    def setUp(self):
        self.tree = Path(tempfile.mkdtemp(prefix="celerity-scripts-"))
        self.addCleanup(shutil.rmtree, self.tree)

    def write(self, path, text, executable=False):
        file = self.tree / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if executable:
            file.chmod(0o755)
        return file

    def copy(self, *names):
        (self.tree / "scripts").mkdir(exist_ok=True)
        for name in names:
            shutil.copy2(ROOT / "scripts" / name, self.tree / "scripts" / name)

    def run_script(self, *command, **environment):
        """Runs it in the tree with nothing in its environment but PATH and what is given."""
        environment.setdefault("PATH", "/usr/bin:/bin")
        return subprocess.run(
            [self.tree / "scripts" / command[0], *command[1:]], cwd=self.tree, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
