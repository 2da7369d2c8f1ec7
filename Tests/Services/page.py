"""Types the commands of a service's page, as a reader's shell would: every `sh` block, word for word but for the port."""

import os
import re
import subprocess
import tempfile

from stand import BINARY, ROOT


def blocks(service):
    """The commands of a service's README, each with the exit code that the page promises."""
    path = os.path.join(ROOT, "Sources", "Services", service, "README.md")
    with open(path, encoding="utf-8") as page:
        text = page.read()
    found = re.findall(r"^(?:<!-- fails: ([0-9]+) -->\n)?```sh\n(.*?)^```$", text, re.S | re.M)
    return [(block, int(code or 0)) for code, block in found]


class Shell:
    """One shell for a page: what a block sets is there in the next."""

    def __init__(self, port):
        self.port = port
        self.folder = tempfile.TemporaryDirectory(prefix="celerity-page-")
        os.symlink(BINARY, os.path.join(self.folder.name, "celerity"))
        self.memory = os.path.join(self.folder.name, "memory.sh")
        open(self.memory, "w", encoding="utf-8").close()

    def type(self, block):
        """The exit code and the output of a block, an answer on each line."""
        environment = {
            **os.environ, "PATH": self.folder.name + os.pathsep + os.environ["PATH"], "NO_COLOR": "1",
            "CELERITY_URL": f"http://127.0.0.1:{self.port}"}
        # Only curl's progress meter is left out, and a line is ended behind each answer.
        curl = 'curl() { local code=0; command curl -s "$@" || code=$?; echo; return $code; }'
        text = block.replace("localhost:8000", f"127.0.0.1:{self.port}")
        script = f"set -a -e -o pipefail\n. {self.memory}\n{curl}\n{text}\nexport -p > {self.memory}\n"
        done = subprocess.run(
            ["bash", "-c", script], cwd=self.folder.name, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def close(self):
        self.folder.cleanup()


def typed(test, service, port):
    """Types every command of a page; the outputs, after each was as the page promises."""
    shell = Shell(port)
    outputs = []
    try:
        for block, wanted in blocks(service):
            code, output = shell.type(block)
            test.assertEqual(code, wanted, f"{block}\n{output}")
            outputs.append(output)
    finally:
        shell.close()
    test.assertGreater(len(outputs), 3)
    return outputs
