"""Help, manual, completion: made from the declarations, quick, and understood by the programs that read them.

    python3 -B -m unittest discover -s Tests/Drill
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cli import BINARY, Terminal, clean_environment, run  # noqa: E402


def verbs(title=()):
    """Every verb that help offers, below the given words."""
    text = run(*title, "--help").stdout
    found = []
    # Groups of the root have titles of their own; below a group they stand under "Verbs".
    for block in text.split("\n\n"):
        first, *lines = block.split("\n")
        if first in ("Examples", "Usage", "Arguments") or not re.fullmatch(r"[A-Z][A-Za-z ]+", first):
            continue
        for line in lines:
            name = re.match(r"  ([a-z_]+)  +[A-Z]", line)
            if name and not line.startswith("  -"):
                found.append((*title, name.group(1)))
    return found


def tree():
    whole = []
    for verb in verbs():
        below = [] if verb == ("help",) else verbs(verb)
        whole += [verb, *below]
    return whole


class Help(unittest.TestCase):
    def test_every_verb_shows_examples_first_and_then_usage(self):
        found = tree()
        self.assertGreater(len(found), 30)
        for verb in found:
            with self.subTest(" ".join(verb)):
                result = run(*verb, "--help")
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                self.assertLess(result.stdout.index("\nExamples\n"), result.stdout.index("\nUsage\n"))
                examples = result.stdout.split("\nExamples\n")[1].split("\n\n")[0].splitlines()
                self.assertGreaterEqual(len(examples), 2)
                self.assertIn("celerity " + " ".join(verb), result.stdout)

    def test_all_ways_to_ask_lead_to_the_same_page(self):
        page = run("queue", "pause", "--help").stdout
        for words in (["queue", "pause", "-h"], ["help", "queue", "pause"], ["queue", "pause", "reports", "--help"]):
            self.assertEqual(run(*words).stdout, page, words)
        self.assertEqual(run().stdout, run("--help").stdout)
        self.assertEqual(run("help").stdout, run("--help").stdout)

    def test_no_line_is_wider_than_the_terminal_where_text_can_be_wrapped(self):
        for width in ("50", "80"):
            for line in run("config", "explain", "--help", COLUMNS=width).stdout.splitlines():
                if "celerity " not in line and "--" not in line:
                    self.assertLessEqual(len(line), int(width), line)
        for line in run("--help", COLUMNS="80").stdout.splitlines():
            self.assertLessEqual(len(line), 80)

    def test_an_example_in_several_lines_can_be_pasted(self):
        page = run("submit", "--help", COLUMNS="60").stdout
        self.assertIn(" \\\n    ", page)
        first = page.split("\nExamples\n")[1].replace(" \\\n    ", " ").splitlines()[0].strip()
        self.assertEqual(first, "celerity submit finance.compound_interest --kwargs '{\"amount\": 10000, \"rate\": 0.05}' --wait")

    def test_common_options_are_shown_where_they_mean_something(self):
        self.assertNotIn("--yes", run("queue", "list", "--help").stdout)
        self.assertIn("--yes", run("queue", "purge", "--help").stdout)

    def test_headings_are_bold_on_a_terminal_and_plain_elsewhere(self):
        for environment, is_bold in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            terminal = Terminal(BINARY, "version", "--help", **environment)
            try:
                self.assertEqual(terminal.finish(), 0)
                self.assertEqual("\x1b[1m" in terminal.text, is_bold, environment)
            finally:
                terminal.close()
        self.assertNotIn("\x1b", run("version", "--help").stdout)

    def test_help_is_there_at_once(self):
        """Thirty milliseconds is the promise of the release binary; the debug one is given four times that."""
        for words in (["--help"], ["queue", "pause", "--help"], ["dev", "--help"], ["version"]):
            times = []
            for _ in range(15):
                began = time.perf_counter()
                subprocess.run([BINARY, *words], stdout=subprocess.DEVNULL, check=True, env=clean_environment())
                times.append((time.perf_counter() - began) * 1000)
            median = statistics.median(times)
            limit = 30 if "/release/" in BINARY else 120
            print(f"\ncelerity {' '.join(words)}: median {median:.1f} ms, at best {min(times):.1f} ms")
            self.assertLess(min(times), limit)


class Manual(unittest.TestCase):
    def test_the_reference_page_is_made_from_the_declarations(self):
        with open("docs/reference/cli.md", encoding="utf-8") as page:
            self.assertEqual(
                run("manual", "--format", "markdown").stdout, page.read(),
                "run: celerity manual --format markdown > docs/reference/cli.md")

    def test_the_manual_page_is_rendered_without_a_warning(self):
        renderers = [
            command for command in (["groff", "-man", "-ww", "-Tutf8", "-z"], ["mandoc", "-Tlint", "-Wwarning"])
            if shutil.which(command[0])]
        self.assertTrue(renderers, "neither groff nor mandoc is installed: scripts/bootstrap test")
        page = run("manual").stdout
        for command in renderers:
            result = subprocess.run(command, input=page, capture_output=True, text=True, timeout=60)
            said = (result.stdout + result.stderr).splitlines()
            # It bears no date, so that two builds of one source are the same.
            self.assertEqual([line for line in said if "missing date" not in line], [], command)

    def test_on_a_terminal_it_is_shown_and_not_printed_as_it_is_written(self):
        with tempfile.TemporaryDirectory() as nothing:
            for path in (os.environ["PATH"], nothing):
                terminal = Terminal(BINARY, "manual", PATH=path, PAGER="cat", MANPAGER="cat")
                try:
                    self.assertEqual(terminal.finish(), 0)
                    self.assertIn("celerity queue pause", re.sub(r"\x1b\[[\d;]*m|.\x08", "", terminal.text))
                    self.assertNotIn(".SH", terminal.text)
                finally:
                    terminal.close()

    def test_the_rendered_manual_page_shows_verbs_options_and_quotes_as_they_are_typed(self):
        if not shutil.which("groff"):
            self.skipTest("mandoc alone shows the same")
        page = run("manual").stdout
        text = subprocess.run(
            ["groff", "-man", "-Tascii", "-P-cbou"], input=page, capture_output=True, text=True, check=True).stdout
        for words in ("celerity queue pause", "--queues <a,b>", "EXIT STATUS", "CELERITY_URL", "'crontab(hour=3"):
            self.assertIn(words, text)


class Completion(unittest.TestCase):
    def bash(self, line, setup=""):
        """What bash offers when Tab is pressed at the end of the line."""
        script = f"""
            {setup}
            PATH={os.path.dirname(BINARY)}:$PATH
            source <(celerity completion bash)
            complete -p celerity >/dev/null || exit 9
            COMP_LINE={sh_quote(line)}; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=(); word=
            # Bash parts words at its break characters before a completion function sees them.
            read -r -a parts <<<"$(sed -E 's/([=:])/ \\1 /g' <<<"$COMP_LINE")"
            COMP_WORDS=("${{parts[@]}}"); [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
            current=${{COMP_WORDS[COMP_CWORD]}}; [[ $current == [=:] ]] && current=
            _celerity celerity "$current" "${{COMP_WORDS[COMP_CWORD-1]}}" 2>/dev/null
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        result = subprocess.run(
            ["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=60, env=clean_environment())
        self.assertEqual(result.returncode, 0, result.stderr)
        return [line for line in result.stdout.splitlines() if line]

    def test_bash_completes_verbs_options_values_and_names(self):
        self.assertIn("queue", self.bash("celerity "))
        self.assertEqual(self.bash("celerity queue pa"), ["pause"])
        self.assertEqual(self.bash("celerity queue purge --ye"), ["--yes"])
        self.assertEqual(self.bash("celerity manual --format m"), ["man", "markdown"])
        self.assertEqual(self.bash("celerity manual --format=mar"), ["markdown"])
        self.assertEqual(self.bash("celerity config explain worker.conc"), ["worker.concurrency"])
        self.assertEqual(self.bash("celerity completion "), ["bash", "zsh", "fish"])
        self.assertEqual(self.bash("celerity nonsense "), [])

    def test_bash_completes_files(self):
        with tempfile.TemporaryDirectory() as directory:
            open(os.path.join(directory, "shop.yaml"), "w", encoding="utf-8").close()
            self.assertEqual(
                self.bash(f"celerity config check {directory}/sh"), [f"{directory}/shop.yaml"])

    def test_a_real_bash_takes_the_script_and_completes_when_tab_is_pressed(self):
        terminal = Terminal("bash", "--norc", "--noprofile", "-i", columns=200, PS1="READY ", PATH=os.path.dirname(BINARY) + ":" + os.environ["PATH"])
        try:
            terminal.wait_for("READY")
            terminal.send("bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; source <(celerity completion bash); echo DO''NE\n")
            terminal.wait_for("DONE")
            terminal.wait_for("READY")
            terminal.send("celerity queue pur\t")
            terminal.wait_for("queue purge")
            terminal.send("\x15celerity vers\t--js\t\n")
            terminal.wait_for('"version":')
        finally:
            terminal.close()

    def test_zsh_and_fish_take_their_scripts_and_complete(self):
        tested = 0
        path = os.path.dirname(BINARY) + ":" + os.environ["PATH"]
        if shutil.which("fish"):
            tested += 1
            script = run("completion", "fish").stdout + "\ncomplete -C 'celerity queue pa'\ncomplete -C 'celerity manual --format m'"
            result = subprocess.run(
                ["fish", "--no-config", "-c", script], capture_output=True, text=True, timeout=60,
                env=clean_environment(PATH=path))
            self.assertIn("pause\tPauses a queue", result.stdout, result.stderr)
            self.assertIn("markdown", result.stdout)
        if shutil.which("zsh"):
            tested += 1
            with tempfile.TemporaryDirectory() as home:
                with open(os.path.join(home, "_celerity"), "w", encoding="utf-8") as file:
                    file.write(run("completion", "zsh").stdout)
                with open(os.path.join(home, ".zshrc"), "w", encoding="utf-8") as file:
                    file.write(f"PS1='READY '; unsetopt beep zle_bracketed_paste; fpath=({home} $fpath); autoload -Uz compinit; compinit -u -D\n")
                terminal = Terminal("zsh", "-i", columns=200, ZDOTDIR=home, HOME=home, PATH=path)
                try:
                    terminal.wait_for("READY", 30)
                    terminal.send("celerity queue pur\t")
                    terminal.wait_for("queue purge")
                    terminal.send("\x15celerity vers\t--js\t\n")
                    terminal.wait_for('"version":')
                finally:
                    terminal.close()
        if tested < 2 and os.environ.get("CI"):
            self.fail("zsh and fish must be installed: scripts/bootstrap test")
        if tested == 0:
            self.skipTest("neither zsh nor fish is installed")


def sh_quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


if __name__ == "__main__":
    unittest.main()
