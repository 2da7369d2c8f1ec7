public import CelerityCore
import CelerityJSON

/// Steps one after the other, each called with what the one before returned.
public struct Chain: Workflow {
  public var steps: [any Workflow]

  /// A chain of steps.
  public init(@WorkflowBuilder _ steps: () -> [any Workflow]) { self.steps = steps() }

  public func signature() throws -> Signature { try .holding("chain", [("tasks", steps)]) }
}

/// Steps that run at the same time.
public struct Group: Workflow {
  public var members: [any Workflow]

  /// A group of steps.
  public init(@WorkflowBuilder _ members: () -> [any Workflow]) { self.members = members() }

  public func signature() throws -> Signature { try .holding("group", [("tasks", members)]) }
}

/// Steps that run at the same time, and a body that is called with the list of their results.
public struct Chord: Workflow {
  public var header: [any Workflow]
  public var body: any Workflow

  /// A chord of header steps and a body.
  public init(header: [any Workflow], body: any Workflow) {
    self.header = header
    self.body = body
  }

  /// A chord of header steps and a body of one or more steps.
  public init(
    @WorkflowBuilder _ header: () -> [any Workflow], @WorkflowBuilder body: () -> [any Workflow]
  ) {
    let steps = body()
    self.init(header: header(), body: steps.count == 1 ? steps[0] : Chain { steps })
  }

  public func signature() throws -> Signature {
    var signature = try Signature.holding("chord", [("header", header)])
    signature.kwargs = .object([
      ("kwargs", .emptyObject), ("header", signature.kwargs["header"] ?? .emptyArray),
      ("body", try body.signature().json),
    ])
    return signature
  }
}

extension Signature {
  fileprivate static func holding(_ type: String, _ members: [(String, [any Workflow])]) throws -> Signature {
    Signature(
      task: "celery.\(type)",
      kwargs: .object(try members.map { ($0.0, .array(try $0.1.map { try $0.signature().json })) }),
      subtaskType: type)
  }
}

/// Builds lists of steps.
@resultBuilder public enum WorkflowBuilder {
  public static func buildExpression(_ step: any Workflow) -> [any Workflow] { [step] }
  public static func buildExpression(_ steps: [any Workflow]) -> [any Workflow] { steps }
  public static func buildBlock(_ parts: [any Workflow]...) -> [any Workflow] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Workflow]?) -> [any Workflow] { part ?? [] }
  public static func buildEither(first part: [any Workflow]) -> [any Workflow] { part }
  public static func buildEither(second part: [any Workflow]) -> [any Workflow] { part }
  public static func buildArray(_ parts: [[any Workflow]]) -> [any Workflow] { parts.flatMap { $0 } }
}
