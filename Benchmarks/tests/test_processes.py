import signal
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from harness import proc
from harness.processes import BenchmarkError, Server, clean_environment, run_to_end, serving, until

# A program that ignores SIGTERM, with one child that does so too and one that left the session.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
nap = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]
subprocess.Popen(nap)
subprocess.Popen(nap, start_new_session=True)
print("ready", flush=True)
time.sleep(60)
"""
# A program that ends and leaves a child behind.
CARELESS = "import subprocess; subprocess.Popen(['sleep', '60']); print('left', flush=True)"


class Servers(unittest.TestCase):
    def setUp(self) -> None:
        self.log = Path(self.enterContext(tempfile.TemporaryDirectory())) / "log"

    def python(self, program: str) -> Server:
        return Server([sys.executable, "-c", program], self.log)

    def test_stopping_ends_every_descendant(self) -> None:
        with unittest.mock.patch("harness.processes.GRACE_SECONDS", 0.2):
            server = self.python(STUBBORN)
            until(lambda: "ready" in server.tail(), 10, "start", server)
            started = proc.tree(server.pid)
            self.assertEqual(len(started), 3)
            server.stop()
        self.assertEqual([process for process in started if proc.alive(process)], [])

    def test_stopping_ends_children_whose_parent_is_gone(self) -> None:
        server = self.python(CARELESS)
        server.process.wait(10)
        left = proc.session(server.pid)
        self.assertEqual(len(left), 1)
        server.stop()
        self.assertFalse(proc.alive(left[0]))

    def test_a_failure_in_the_block_stops_the_server(self) -> None:
        with self.assertRaises(SystemExit), serving(["sleep", "60"], self.log) as server:
            process = proc.tree(server.pid)[0]
            raise SystemExit(130)
        self.assertFalse(proc.alive(process))

    def test_waiting_ends_with_the_server(self) -> None:
        with serving([sys.executable, "-c", "raise SystemExit('broken')"], self.log) as server:
            with self.assertRaisesRegex(BenchmarkError, "status 1: broken"):
                until(lambda: False, 10, "ready", server)

    def test_waiting_is_bounded(self) -> None:
        with serving(["sleep", "60"], self.log) as server:
            with self.assertRaisesRegex(BenchmarkError, "ready: not after 0.1 s"):
                until(lambda: False, 0.1, "ready", server)

    def test_the_kernel_ends_servers_of_a_killed_parent(self) -> None:
        """The parent starts a server and kills itself; the server must follow."""
        program = (
            "import os, signal, sys; from pathlib import Path; from harness.processes import Server;"
            f"server = Server(['sleep', '60'], Path({str(self.log)!r}));"
            f"Path({str(self.log.with_name('pid'))!r}).write_text(str(server.pid));"
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        with serving([sys.executable, "-c", program], self.log, cwd=Path(__file__).parent.parent) as parent:
            self.assertEqual(parent.process.wait(10), -signal.SIGKILL)
            pid = int(self.log.with_name("pid").read_text())
            until(lambda: not any(proc.alive(each) for each in proc.tree(pid)), 5, "the end", StillRunning())


class StillRunning(Server):
    """For `until`, when nothing else must keep running."""

    def __init__(self) -> None:
        pass

    def check(self) -> None:
        pass

    def tail(self) -> str:
        return ""


class Programs(unittest.TestCase):
    def test_the_output_of_a_program_that_ends_well_is_returned(self) -> None:
        self.assertEqual(run_to_end(["echo", "1"], 10), "1\n")

    def test_failure_and_delay_are_errors(self) -> None:
        with self.assertRaisesRegex(BenchmarkError, "status 2: oh"):
            run_to_end(["sh", "-c", "echo oh >&2; exit 2"], 10)
        with self.assertRaisesRegex(BenchmarkError, "no end after 0.1 s"):
            run_to_end(["sleep", "60"], 0.1)

    def test_settings_of_the_user_are_left_out(self) -> None:
        settings = {"CELERY_BROKER_URL": "x", "CELERITY_URL": "x", "WEB_CONCURRENCY": "9", "PATH": "/bin"}
        with unittest.mock.patch.dict("os.environ", settings, clear=True):
            self.assertEqual(clean_environment(), {"PATH": "/bin"})
