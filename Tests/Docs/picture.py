"""Draws the terminal pictures of the README from the real program: a first session, in colours for light and for dark pages.

    .build/venv-test/bin/python3 -B Tests/Docs/picture.py        # writes docs/images/first-session-{light,dark}.svg
"""

import os
import pty
import select
import subprocess
import sys
import tempfile
import time

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import pages

sys.path.insert(0, os.path.join(pages.ROOT, "Tests", "Drill"))
from server import Server  # noqa: E402

COLUMNS = 100
BINARY = os.environ.get("CELERITY_TEST_BINARY", os.path.join(pages.ROOT, ".build", "debug", "celerity"))

SESSION = [
    """celerity submit finance.compound_interest --kwargs '{"amount": 10000, "rate": 0.05}'""",
    """celerity submit finance.compound_interest --kwargs '{"amount": 10000, "rat": 0.05}'""",
    "celerity task list --limit 4",
    "celerity queue list",
    "celerity schedule next '30 4 * * mon-fri' --count 2",
]

LIGHT = TerminalTheme(
    (255, 255, 255), (36, 41, 47),
    [(36, 41, 47), (164, 14, 38), (17, 99, 41), (122, 78, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129)],
    [(87, 96, 106), (207, 34, 46), (26, 127, 55), (154, 103, 0), (33, 139, 255), (164, 117, 249), (49, 146, 170), (140, 149, 159)])
DARK = TerminalTheme(
    (13, 17, 23), (230, 237, 243),
    [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)],
    [(110, 118, 129), (255, 161, 152), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221), (240, 246, 252)])

# The picture holds no fonts and asks for none: it takes the reader's.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg" role="img"
  aria-label="A first session with the command line">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
  line-height: {line_height}px; white-space: pre; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
<rect fill="BACKGROUND" x="1" y="1" width="{terminal_width}" height="{terminal_height}" rx="8" />
<g transform="translate({terminal_x}, 12)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g></g></svg>
"""


def typed(command, environment):
    """What a command shows on a terminal of its own."""
    leader, follower = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    process = subprocess.Popen(
        ["bash", "-c", command], stdin=follower, stdout=follower, stderr=follower, env=environment, close_fds=True)
    os.close(follower)
    output, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                part = os.read(leader, 65536)
            except OSError:
                break
            if not part:
                break
            output += part
        elif process.poll() is not None:
            break
    process.wait()
    os.close(leader)
    return output.decode().replace("\r\n", "\n")


def session():
    """The whole session as text with colours."""
    with tempfile.TemporaryDirectory(prefix="celerity-picture-") as home:
        server = Server(BINARY, home)
        server.start()
        os.symlink(BINARY, os.path.join(home, "celerity"))
        environment = {
            **os.environ, "PATH": home + os.pathsep + os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": str(COLUMNS),
            "CELERITY_URL": f"http://127.0.0.1:{server.port}",
        }
        environment.pop("NO_COLOR", None)
        shown = Text()
        try:
            for command in SESSION:
                shown.append("$ ", style="bold blue").append(command + "\n", style="bold")
                shown.append(Text.from_ansi(typed(command, environment).rstrip("\n"))).append("\n\n")
        finally:
            server.stop()
            server.log.close()
        return shown


def main():
    shown = session()
    shown.rstrip()
    shown.append("\n\n")
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w", encoding="utf-8"), force_terminal=True)
        console.print(shown)
        path = os.path.join(pages.ROOT, "docs", "images", f"first-session-{name}.svg")
        console.save_svg(path, title="celerity", theme=theme,
            code_format=FORMAT.replace("BACKGROUND", "#%02x%02x%02x" % theme.background_color), unique_id="session")
        print(os.path.relpath(path, pages.ROOT))


if __name__ == "__main__":
    main()
