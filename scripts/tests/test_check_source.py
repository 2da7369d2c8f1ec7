import contextlib
import io
import unittest

from support import InEmptyTree, load

check_source = load("check-source")


class CheckSourceTests(InEmptyTree):
    def check(self, path, text):
        """Exit code and first line for a tree of one file."""
        self.write(path, text)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = check_source.main(self.tree)
        return status, output.getvalue().splitlines()[0]

    def test_each_word_that_needs_a_reason_is_found(self):
        for word in ['fatalError("x")', "try! f()", "@unchecked Sendable", "nonisolated(unsafe) var", "// TODO: this"]:
            with self.subTest(word):
                status, line = self.check("Sources/A/A.swift", f"let a = 1\n{word}\n")
                self.assertEqual(status, 1)
                self.assertTrue(line.startswith("Sources/A/A.swift:2: error: "), line)

    def test_a_reason_on_the_line_or_above_it_lets_it_through(self):
        self.assertEqual(self.check("Sources/A/A.swift", "try! f() // lint:allow a literal\n")[0], 0)
        self.assertEqual(self.check("Sources/A/A.swift", "// lint:allow a literal\ntry! f()\n")[0], 0)

    def test_allowing_without_a_reason_does_not(self):
        self.assertEqual(self.check("Sources/A/A.swift", "try! f() // lint:allow\n")[0], 1)

    def test_tests_may_crash_but_not_sleep(self):
        self.assertEqual(self.check("Tests/ATests/A.swift", "try! f()\nclock.sleep(until: then)\n")[0], 0)
        for call in ["try await Task.sleep(for: .seconds(1))", "usleep(10)", "Thread.sleep(forTimeInterval: 1)", "sleep(1)"]:
            with self.subTest(call):
                self.assertEqual(self.check("Tests/ATests/A.swift", call + "\n")[0], 1)

    def test_a_file_may_be_as_long_as_its_cap_and_no_longer(self):
        self.assertEqual(self.check("Sources/A/A.swift", "let a = 1\n" * 400)[0], 0)
        self.assertEqual(self.check("Sources/A/A.swift", "let a = 1\n" * 401)[0], 1)


if __name__ == "__main__":
    unittest.main()
