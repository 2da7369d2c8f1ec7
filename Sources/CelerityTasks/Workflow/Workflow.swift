public import CelerityCore
import CelerityJSON

/// Work of several tasks, as a value: a call, a chain, a group, a chord, in any nesting.
///
/// ```swift
/// let workflow = Chain {
///   Chord {
///     Price.call(.init(symbol: "A"))
///     Price.call(.init(symbol: "B"))
///   } body: {
///     Sum.next()
///   }
///   Store.next(with: ["account": 7])
/// }
/// let submitted = try await client.submit(workflow)
/// ```
public protocol Workflow: Sendable {
  /// As it travels; throws what can't be encoded.
  func signature() throws -> Signature
}

/// A call of one task.
public struct Call: Workflow {
  private let make: @Sendable () throws -> Signature
  private var options: [(String, RawJSON)] = []
  private var links: [any Workflow] = []
  private var errorLinks: [any Workflow] = []

  /// A call that is encoded when it is sent.
  init(_ make: @escaping @Sendable () throws -> Signature) { self.make = make }

  /// A call of a task by its name, in any language.
  public init(_ signature: Signature) { make = { signature } }

  public func signature() throws -> Signature {
    var signature = try make()
    var options = options
    if !links.isEmpty { options.append(("link", .array(try links.map { try $0.signature().json }))) }
    if !errorLinks.isEmpty { options.append(("link_error", .array(try errorLinks.map { try $0.signature().json }))) }
    let names = Set(options.map(\.0))
    let others = (signature.options.members() ?? []).filter { !names.contains($0.name) }.map { ($0.name, $0.value) }
    signature.options = .object(others + options)
    return signature
  }

  private func with(_ name: String, _ value: RawJSON?) -> Call {
    var call = self
    call.options.removeAll { $0.0 == name }
    if let value { call.options.append((name, value)) }
    return call
  }

  /// The same call with an id of its own.
  public func id(_ id: TaskID) -> Call { with("task_id", .string(id.text)) }

  /// The same call in a queue.
  public func queue(_ name: String) -> Call { with("queue", .string(name)) }

  /// The same call with a priority.
  public func priority(_ priority: Priority) -> Call { with("priority", .integer(Int64(priority.value))) }

  /// The same call, not before so long after it is sent.
  public func delay(_ delay: Duration) -> Call { with("countdown", .double(delay.inSeconds)) }

  /// The same call, revoked when it has not started so long after it is sent.
  public func expires(after lifetime: Duration) -> Call { with("expires", .double(lifetime.inSeconds)) }

  /// The same call with something that is called with its result.
  public func link(_ workflow: any Workflow) -> Call {
    var call = self
    call.links.append(workflow)
    return call
  }

  /// The same call with something that is called with its id when it fails.
  public func linkError(_ workflow: any Workflow) -> Call {
    var call = self
    call.errorLinks.append(workflow)
    return call
  }
}

extension TaskDefinition {
  /// A call with everything the task takes. It takes no result of what came before.
  public static func call(_ input: Input) -> Call {
    Call {
      Signature(task: name, kwargs: try RawJSONEncoder().encode(input), options: routing, isImmutable: true)
    }
  }

  /// A call whose first parameter is what came before: the result of a step, the list of a chord's results. What else it takes
  /// is given by name.
  public static func next(with arguments: [String: any Encodable & Sendable] = [:]) -> Call {
    Call {
      var kwargs: [(String, RawJSON)] = []
      for (name, value) in arguments.sorted(by: { $0.key < $1.key }) { kwargs.append((name, try value.json())) }
      return Signature(task: name, kwargs: .object(kwargs), options: routing)
    }
  }

  /// The same as `call`, by Celery's word.
  public static func signature(_ input: Input) -> Call { call(input) }

  private static var routing: RawJSON {
    var routing: [(String, RawJSON)] = [("queue", .string(options.queue))]
    if let priority = options.priority { routing.append(("priority", .integer(Int64(priority.value)))) }
    return .object(routing)
  }
}

extension Encodable {
  fileprivate func json() throws -> RawJSON { try RawJSONEncoder().encode(self) }
}
