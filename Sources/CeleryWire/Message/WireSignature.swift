public import CelerityCore
public import CelerityJSON

/// Signatures as Python's client writes them. On Redis the priority 0 goes first, in what a message carries too: here ours
/// become the wire's and back.
public enum WireSignature {
  /// A signature with all six members that Python writes, in its order.
  public static func json(_ signature: Signature) -> RawJSON {
    let signature = signature.mappingPriorities(otherWay)
    return .object([
      ("task", .string(signature.task)), ("args", signature.args), ("kwargs", signature.kwargs),
      ("options", signature.options), ("subtask_type", signature.subtaskType.map(RawJSON.string) ?? .null),
      ("immutable", .bool(signature.isImmutable)),
    ])
  }

  /// Reads a signature; `nil` when it is none.
  public static func read(_ json: RawJSON) -> Signature? {
    guard let members = json.members(), let task = members.value("task")?.stringValue else { return nil }
    let signature = Signature(
      task: task, args: members.value("args") ?? .emptyArray, kwargs: members.value("kwargs") ?? .emptyObject,
      options: members.value("options") ?? .emptyObject, subtaskType: members.value("subtask_type")?.stringValue,
      isImmutable: members.value("immutable")?.boolValue ?? false)
    return signature.mappingPriorities(otherWay)
  }

  private static func otherWay(_ priority: Int) -> Int { 9 - priority }
}
