import CelerityCore
import CelerityJSON
import CelerityTasks

extension APIDescription {
  /// Every named schema of the document: the shared ones, and what each kind of task takes and gives.
  var schemas: [(String, JSONSchema)] { Components.all + kinds.flatMap(Self.schemas) }

  /// Names of a kind's schemas: `finance.compound_interest.input` and `.output`.
  static func inputName(_ kind: TaskKind) -> String { componentName(kind.name) + ".input" }

  private static func schemas(of kind: TaskKind) -> [(String, JSONSchema)] {
    var input = kind.parameters.schema
    input.description = ["Arguments of `\(kind.name)` by name.", kind.summary].filter { !$0.isEmpty }
      .joined(separator: " ")
    guard var output = kind.outputSchema else { return [(inputName(kind), input)] }
    output.description = output.description ?? "Result of `\(kind.name)`."
    return [(inputName(kind), input), (componentName(kind.name) + ".output", output)]
  }

  /// A task's name with what OpenAPI does not allow in a component's name (4.8.7) replaced.
  private static func componentName(_ task: String) -> String {
    String(task.unicodeScalars.map { isAllowed($0) ? Character($0) : "_" })
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
    default: false
    }
  }

  /// The shortest submission of a kind that is accepted.
  func submission(of kind: TaskKind) -> RawJSON {
    let kwargs = SchemaExample(components: schemas, isShort: true).value(of: kind.parameters.schema)
    return .object([("task", .string(kind.name)), ("kwargs", kwargs)])
  }
}
