import CelerityCore
import CelerityJSON

/// The arguments of a built-in task, by place or by name.
struct BuiltInCall {
  let args: [RawJSON]
  let kwargs: RawJSON

  init(_ message: TaskMessage) throws(TaskFailure) {
    guard let args = message.args.elements(), message.kwargs.kind == .object else {
      throw .badArguments("the arguments must be a list and an object")
    }
    self.args = args
    kwargs = message.kwargs
  }

  /// An argument; positional ones count only where no keyword names one.
  func value(_ name: String, at place: Int) -> RawJSON? {
    let value = kwargs[name] ?? (args.indices.contains(place) && !isPartial ? args[place] : nil)
    return value.flatMap { $0.isNull ? nil : $0 }
  }

  func required(_ name: String, at place: Int) throws(TaskFailure) -> RawJSON {
    guard let value = value(name, at: place) else { throw .badArguments("missing a required argument: '\(name)'") }
    return value
  }

  func signature(_ name: String, at place: Int) throws(TaskFailure) -> Signature {
    let value = try required(name, at: place)
    guard value.kind == .object, let signature = try? RawJSONDecoder().decode(Signature.self, from: value) else {
      throw .badArguments("'\(name)' must be a signature")
    }
    return signature
  }

  /// What goes before the arguments of each task: what is given under Celery's name for it, or, where the workflow itself came
  /// by keywords, the positional arguments.
  func partial(at place: Int) -> [RawJSON] {
    (value("partial_args", at: place)?.elements() ?? []) + (isPartial ? args : [])
  }

  private var isPartial: Bool { kwargs["tasks"] != nil || kwargs["header"] != nil }
}

extension TaskFailure {
  /// A call that does not fit, as Python says it.
  static func badArguments(_ message: String) -> TaskFailure {
    TaskFailure(type: "TypeError", module: "builtins", message: message)
  }
}
