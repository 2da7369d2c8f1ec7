import unittest

from support import InEmptyTree, load

check_edges = load("check-edges")

TABLE = """
@stdlib: Swift
@toolchain: Foundation FoundationEssentials Testing
@core: Core Logging
module CoreMetrics: Metrics
Core: Logging
Small: FoundationEssentials
Engine: @core    # a comment
Engine: Metrics
*Tests: Testing
CoreTests: Kit
"""


def target(name, *dependencies, **more):
    return {"name": name, "type": "regular", "dependencies": [{"byName": [each, None]} for each in dependencies], **more}


class CheckEdgesTests(InEmptyTree):
    def findings(self, *targets):
        return list(check_edges.findings({"targets": list(targets)}, check_edges.Table(TABLE), self.tree))

    def test_allowed_edges_and_imports_are_silent(self):
        self.write("Sources/Engine/A.swift", "public import Core\n@preconcurrency import struct CoreMetrics.Timer\n")
        self.write("Tests/CoreTests/T.swift", "@testable import Core\nimport Testing\nimport Kit\n")
        edges = target("Engine", "Core", "Logging")
        edges["dependencies"].append({"product": ["Metrics", "swift-metrics", None, None]})
        self.assertEqual(self.findings(edges, target("CoreTests", "Core", "Kit", type="test")), [])

    def test_a_new_edge_in_the_manifest_is_refused(self):
        self.assertEqual(self.findings(target("Core", "Engine")), ["Package.swift: Core must not depend on Engine"])

    def test_an_unknown_target_is_refused(self):
        self.assertIn("target Other is not in", self.findings(target("Other"))[0])

    def test_an_import_that_is_not_declared_is_refused_though_it_would_be_allowed(self):
        self.write("Sources/Engine/A.swift", "// why\nimport Core\n")
        self.assertEqual(
            self.findings(target("Engine")), ["Sources/Engine/A.swift:2: Engine does not declare in Package.swift Core"])

    def test_a_module_of_the_toolchain_must_be_in_the_table(self):
        self.write("Sources/Core/A.swift", "import Swift\nimport Foundation\n")
        self.assertEqual(self.findings(target("Core")), ["Sources/Core/A.swift:2: Core must not import Foundation"])

    def test_text_in_a_multi_line_literal_is_no_import(self):
        self.write("Sources/Core/A.swift", 'let text = """\nimport Engine\n"""\nimport Engine\n')
        self.assertEqual(self.findings(target("Core")), ["Sources/Core/A.swift:4: Core must not import Engine"])

    def test_foundation_may_stand_in_for_foundation_essentials(self):
        either = "#if canImport(FoundationEssentials)\n  import FoundationEssentials\n#else\n  import Foundation\n#endif\n"
        self.write("Sources/Small/A.swift", either)
        self.assertEqual(self.findings(target("Small")), [])
        self.write("Sources/Small/A.swift", either + "import Foundation\n")
        self.assertEqual(self.findings(target("Small")), ["Sources/Small/A.swift:6: Small must not import Foundation"])

    def test_the_manifest_names_the_folder_and_what_is_left_out(self):
        self.write("Other/Place/A.swift", "import Engine\n")
        self.write("Other/Place/Left/B.swift", "import Engine\n")
        found = self.findings(target("Core", path="Other/Place", exclude=["Left"]))
        self.assertEqual(found, ["Other/Place/A.swift:1: Core must not import Engine"])

    def test_the_table_of_this_repository_can_be_read(self):
        check_edges.Table((check_edges.ROOT / "scripts/module-edges.txt").read_text())


if __name__ == "__main__":
    unittest.main()
