"""What the guides for those who run the platform must have, and that the settings, figures and codes they name are there."""

import json
import os
import re
import subprocess
import unittest

import pages

BINARY = os.environ.get("CELERITY_TEST_BINARY", os.path.join(pages.ROOT, ".build", "debug", "celerity"))
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("CELERITY_", "CELERY_"))}
GUIDES = ("production.md", "size.md", "troubleshoot.md")


def read(*path):
    with open(os.path.join(pages.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def guide(name):
    return read("docs", "how-to", name)


def section(text, heading):
    """What stands below a heading, up to the next one of its kind."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(text):
    """The rows of the tables in a text, without heads."""
    found, inside = [], False
    for line in text.splitlines():
        if re.fullmatch(r"\|[ -|]+\|", line) and set(line) <= set("|- "):
            inside = True
        elif line.startswith("|") and inside:
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
        else:
            inside = inside and line.startswith("|")
    return found


def commands(text):
    """Blocks of commands that a test types."""
    return re.findall(r"^(?!<!-- not run)[^\n]*\n```sh\n(.*?)^```$", text, re.S | re.M)


class Settings(unittest.TestCase):
    """Names in the guides, compared with the program's tables."""

    @classmethod
    def setUpClass(cls):
        reference = subprocess.run(
            [BINARY, "config", "reference"], env=CLEAN, capture_output=True, text=True, check=True, timeout=30).stdout
        table = [line for line in reference.splitlines() if line.startswith("| `")]
        cls.settings = {line.split("`")[1] for line in table}
        cls.variables = {name for line in table for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[2])}

    def test_settings_that_the_guides_name_are_there(self):
        groups = {name.split(".")[0] for name in self.settings if "." in name}
        for name in GUIDES:
            named = re.findall(r"`([a-z]+\.[a-z_]+)`", guide(name))
            wrong = [each for each in named if each.split(".")[0] in groups and each not in self.settings]
            self.assertEqual(wrong, [], name)
            self.assertTrue(set(named) & self.settings, name)

    def test_figures_and_problems_that_the_guides_name_are_there(self):
        figures, problems = read("docs", "reference", "metrics.md"), read("docs", "reference", "problems.md")
        for name in GUIDES:
            text = guide(name)
            for figure in re.findall(r"`((?:celery|celerity|process)_[a-z_]+)`", text):
                self.assertIn(f"`{re.sub('_(sum|count)$', '', figure) if 'runtime' in figure else figure}`", figures, name)
            for problem in re.findall(r"`[45]\d\d ([a-z-]+)`", text):
                self.assertIn(f"\n## {problem}\n", problems, name)

    def test_s1_51_s4_47_the_example_of_an_environment_file_is_understood(self):
        """S3.46: .env.example."""
        lines = re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", read(".env.example"), re.M)
        self.assertGreater(len(lines), 20)
        self.assertEqual([name for name, _ in lines if name not in self.variables], [])
        path = os.path.join(pages.ROOT, ".env.example")
        for script in ('. "$0"', 'eval "$(sed "s/^#\\([A-Z]\\)/\\1/" "$0")"'):
            shown = subprocess.run(
                ["bash", "-ec", f'set -a; {script}; "$1" config show', path, BINARY], env=CLEAN, capture_output=True,
                text=True, timeout=30)
            self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn("change-me", shown.stdout)


class Dashboard(unittest.TestCase):
    """Grafana itself is not at hand: its file must ask what the guide says, of figures that are there."""

    def test_s4_48_the_dashboard_asks_what_the_guide_recommends(self):
        dashboard = json.loads(read("docs", "how-to", "grafana-dashboard.json"))
        asked = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
        recommended = [row[1].strip("`") for row in rows(section(guide("metrics.md"), "What to look at"))]
        self.assertEqual(sorted(asked), sorted(recommended))
        figures = re.findall(r"^\| `([a-z_]+)` \| ([a-z]+) \| ([^|]*)", read("docs", "reference", "metrics.md"), re.M)
        kinds = {name: kind for name, kind, _ in figures}
        labels = {name: set(re.findall(r"`(\w+)`", found)) | {"le"} for name, _, found in figures}
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                used = re.findall(r"\b(?:celery|celerity)_[a-z_]+", target["expr"])
                self.assertTrue(used, panel["title"])
                for name in used:
                    base = re.sub("_bucket$", "", name)
                    self.assertEqual(kinds[base] == "histogram", name != base, name)
                    shown = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
                    self.assertLessEqual(shown, labels[base], name)
                    self.assertLessEqual(set(re.findall(r"by \(([^)]*)\)", target["expr"])[0].split(", "))
                                         if " by (" in target["expr"] else set(), labels[base], name)
                self.assertEqual(target["datasource"], panel["datasource"])
        places = [tuple(panel["gridPos"].values()) for panel in dashboard["panels"]]
        self.assertEqual(len(set(places)), len(places))
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(places))


class Guides(unittest.TestCase):
    def test_s1_59_four_troubles_have_signs_a_diagnosis_and_a_remedy(self):
        text = guide("troubleshoot.md")
        for heading in (
                "Answers are slow although they come from the cache", "A queue grows", "Requests are refused", "Memory grows"):
            trouble = section(text, heading)
            self.assertIn("*Signs*:", trouble, heading)
            self.assertTrue(commands(trouble), heading)
            self.assertGreater(len(rows(trouble)), 3, heading)

    def test_s1_62_the_cost_is_an_estimate_and_says_so(self):
        cost = section(guide("size.md"), "What it costs")
        self.assertTrue(cost.strip().startswith("An estimate"))
        self.assertEqual([(row[2], row[3]) for row in rows(cost)][:2], [("3", "10"), ("2", "8")])
        self.assertNotRegex("".join("".join(row) for row in rows(cost)), r"\$|USD")

    def test_s1_63_what_a_machine_needs_is_said(self):
        text = guide("size.md")
        self.assertTrue(commands(section(text, "Slots")))
        largest = rows(section(text, "Layouts to begin with"))[-1]
        for word in ("10,000 users", "16 cores", "32 GB", "100 GB"):
            self.assertIn(word, " ".join(largest))
        self.assertIn("not promises", section(text, "Layouts to begin with"))

    def test_s3_44_the_way_to_more_machines_has_three_steps(self):
        steps = re.findall(r"^\d\. \*\*(.*?)\*\*", section(guide("size.md"), "More machines"), re.M)
        self.assertEqual(steps, ["One machine", "Stores apart", "Kubernetes"])
        for word in ("5 to 10 gateways", "10 to 20 workers", "autoscaler", "mesh", "tracing"):
            self.assertIn(word, section(guide("size.md"), "More machines"))

    def test_s3_46_s4_47_the_documents_are_there(self):
        """Whether their commands run and their links lead somewhere is tested with every page."""
        index = read("docs", "README.md")
        for name in (
                "tutorial/first-task.md", "tutorial/swift-task.md", "how-to/production.md", "how-to/size.md",
                "how-to/troubleshoot.md", "how-to/systemd.md", "how-to/scale-out.md", "reference/api.md"):
            self.assertIn(f"({name})", index)
            read("docs", *name.split("/"))
        readme = read("README.md")
        for name in ("docs/README.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md", "LICENSE"):
            self.assertIn(f"({name})", readme)
        self.assertTrue(read("LICENSE").startswith("MIT License"))
        for service in ("Finance", "Messages", "Documents", "Recommendations", "Items"):
            self.assertIn(f"Sources/Services/{service}/README.md", index)
            self.assertIn(f"Sources/Services/{service}/README.md", readme)
        # Architecture with what was weighed: decisions have their reasons.
        decisions = os.listdir(os.path.join(pages.ROOT, "docs", "decisions"))
        self.assertGreater(sum("**Decided.**" in read("docs", "decisions", name) for name in decisions), 10)

    def test_s3_47_both_lists_have_ten_points_and_four_uses_are_told(self):
        text = guide("production.md")
        for heading in ("Security, ten points", "Monitoring, ten points"):
            points = rows(section(text, heading))
            self.assertEqual([row[0] for row in points], [str(number) for number in range(1, 11)], heading)
            self.assertTrue(all(len(row) == 4 and row[1] for row in points))
        self.assertTrue(all(row[2] and row[3] for row in rows(section(text, "Security, ten points"))))
        uses = section(read("docs", "concepts", "sync-and-async.md"), "What is answered at once, and what is a task")
        self.assertEqual(len(rows(uses)), 4)

    def test_s4_48_what_production_needs_is_a_setting_or_described(self):
        text = guide("production.md")
        for word in (
                "auth_basic", "sqlite.durability", "appendonly yes", "listen 443 ssl", "/metrics", "Grafana", "JWT",
                "MemoryMax=", "CPUQuota=", "worker.grace"):
            self.assertIn(word, text)


if __name__ == "__main__":
    unittest.main()
