import shutil
import unittest

from support import InEmptyTree

TOOLS = "bash cut dirname env grep head mkdir sha256sum sort".split()


class BootstrapTests(InEmptyTree):
    """On a machine that has only what the test puts into its bin/."""

    def setUp(self):
        super().setUp()
        self.copy("bootstrap")
        self.packages("run  present  cmd:bash  a reason")
        self.write("scripts/fetch-assets", "#!/bin/bash\necho fetching\n", executable=True)
        for tool in TOOLS:
            (self.tree / "bin").mkdir(exist_ok=True)
            (self.tree / "bin" / tool).symlink_to(shutil.which(tool))
        self.fake("swift", 'echo "Swift version 6.3.1 (swift-6.3.1-RELEASE)"')

    def packages(self, *rows):
        self.write("scripts/packages.txt", "# a comment\n\n" + "\n".join(rows) + "\n")

    def fake(self, name, body):
        self.write(f"bin/{name}", f"#!/bin/bash\n{body}\n", executable=True)

    def bootstrap(self, *purpose):
        return self.run_script("bootstrap", *purpose, PATH=str(self.tree / "bin"))

    def test_nothing_is_done_when_nothing_is_missing(self):
        self.fake("apt-get", "exit 9")
        ran = self.bootstrap()
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn("all 1 are here", ran.stdout)

    def test_without_apt_it_names_what_is_missing_and_stops(self):
        self.packages("run  there  cmd:bash  x", "run  libfoo-dev  header:foo.h  engine", "bench  wrk  cmd:wrk  load")
        ran = self.bootstrap()
        self.assertEqual(ran.returncode, 1)
        self.assertIn("missing: libfoo-dev (engine)", ran.stdout)
        self.assertIn("apt-get install --no-install-recommends libfoo-dev\n", ran.stdout)
        self.assertNotIn("wrk", ran.stdout)

    def test_with_rights_it_installs_what_is_missing_and_only_that(self):
        self.packages("run  git  cmd:no-such  x", "run  libfoo-dev  cmd:no-such  engine")
        self.fake("dpkg-query", "echo 'installed git'; echo 'config-files libfoo-dev'; exit 1")
        self.fake("apt-get", 'echo "apt-get $*"')
        self.fake("sudo", '[[ $1 == -n ]] && exit 0; "$@"')
        ran = self.bootstrap()
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn("apt-get update -qq\n", ran.stdout)
        self.assertIn("apt-get install -y -qq --no-install-recommends libfoo-dev\n", ran.stdout)

    def test_what_is_extra_is_named_but_stops_nobody(self):
        self.packages("run  there  cmd:bash  x", "extra  python3  cmd:no-such  fetches")
        ran = self.bootstrap()
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn("goes without: python3 (fetches)", ran.stdout)
        self.assertIn("fetching", ran.stdout)

    def test_what_is_extra_may_fail_to_be_installed(self):
        self.packages("run  libfoo-dev  cmd:no-such  engine", "extra  python3  cmd:no-such  fetches")
        self.fake("apt-get", 'echo "apt-get $*"; [[ $* != *python3* ]]')
        self.fake("sudo", '[[ $1 == -n ]] && exit 0; "$@"')
        ran = self.bootstrap()
        self.assertEqual(ran.returncode, 0, ran.stdout)
        self.assertIn("install -y -qq --no-install-recommends libfoo-dev\n", ran.stdout)
        self.assertIn("going on without them", ran.stdout)

    def test_what_is_needed_must_be_installed(self):
        self.packages("run  libfoo-dev  cmd:no-such  engine")
        self.fake("apt-get", "[[ $1 == update ]]")
        self.fake("sudo", '[[ $1 == -n ]] && exit 0; "$@"')
        self.assertNotEqual(self.bootstrap().returncode, 0)

    def test_an_old_or_missing_swift_is_refused(self):
        self.fake("swift", 'echo "Apple Swift version 6.1.2 (x)"')
        ran = self.bootstrap()
        self.assertEqual((ran.returncode, "swift is 6.1.2 but must be 6.2" in ran.stdout), (1, True), ran.stdout)
        (self.tree / "bin/swift").unlink()
        self.assertIn("there is no swift", self.bootstrap().stdout)

    def test_an_environment_is_made_again_only_when_its_list_changed(self):
        self.fake("python3", 'folder=${@: -1}; mkdir -p "$folder/bin"; cp bin/pip "$folder/bin/pip"')
        self.fake("cp", '/bin/cp "$@"')
        self.fake("pip", 'echo "pip $*"')
        self.write("scripts/requirements/test.txt", "# only a comment\n")
        self.assertNotIn("Python", self.bootstrap("test").stdout)
        self.write("scripts/requirements/test.txt", "redis==8.1.0\n")
        self.assertNotIn("pip install", self.bootstrap("run").stdout)
        self.assertIn("pip install", self.bootstrap("test").stdout)
        self.assertNotIn("pip install", self.bootstrap("test").stdout)
        self.write("scripts/requirements/test.txt", "redis==8.1.1\n")
        self.assertIn("pip install", self.bootstrap("test").stdout)

    def test_an_unknown_purpose_is_a_usage_error(self):
        self.assertEqual(self.bootstrap("fly").returncode, 2)


if __name__ == "__main__":
    unittest.main()
