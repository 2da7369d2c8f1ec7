"""Runs the built binary as a person or a script does: in pipes, or on a terminal of the test's own."""

import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

BINARY = os.path.abspath(os.environ.get("CELERITY_TEST_BINARY", ".build/debug/celerity"))


def clean_environment(**more):
    """That of the test, without what would change the program's behaviour."""
    dropped = ("NO_COLOR", "TERM", "COLUMNS", "LINES", "CELERY_BROKER_URL")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CELERITY_") and k not in dropped}
    return {**kept, "TERM": "xterm-256color", **more}


def run(*arguments, stdin="", timeout=60, cwd=None, **environment):
    """Runs it in pipes: exit code, output and errors."""
    return subprocess.run(
        [BINARY, *arguments], input=stdin, capture_output=True, text=True, timeout=timeout, cwd=cwd,
        env=clean_environment(**environment))


class Terminal:
    """A program on a terminal of its own. What it has written so far is in `text`."""

    def __init__(self, *command, columns=100, lines=30, **environment):
        self.master, slave = pty.openpty()
        self.resize(columns, lines, slave)
        self.before = termios.tcgetattr(slave)
        self.slave = slave

        def take_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=clean_environment(**environment),
            preexec_fn=take_terminal, close_fds=True)
        self.text = ""

    def resize(self, columns, lines, descriptor=None):
        fcntl.ioctl(self.master if descriptor is None else descriptor, termios.TIOCSWINSZ,
                    struct.pack("HHHH", lines, columns, 0, 0))

    def send(self, text):
        os.write(self.master, text.encode())

    def read(self, seconds=0.05):
        """Takes what the program has written."""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                data = os.read(self.master, 65536)
            except OSError as error:
                if error.errno == errno.EIO:
                    return
                raise
            if not data:
                return
            self.text += data.decode(errors="replace")

    def wait_for(self, words, seconds=20):
        """Reads until the words are there; answers what was written up to then, and forgets it."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            if time.monotonic() > deadline:
                raise AssertionError(f"no {words!r} within {seconds} s in {self.text[-2000:]!r}")
            if self.process.poll() is not None:
                self.read()
                if words not in self.text:
                    raise AssertionError(f"ended with {self.process.returncode} without {words!r}: {self.text[-2000:]!r}")
                break
            self.read()
        at = self.text.index(words) + len(words)
        seen, self.text = self.text[:at], self.text[at:]
        return seen

    def finish(self, seconds=20):
        """Waits for the end; the exit code, negative for a signal."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None:
            self.read()
            if time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"did not end within {seconds} s: {self.text[-2000:]!r}")
        self.read()
        return self.process.returncode

    def settings_are_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)
