public import CelerityJSON

/// A call that can be stored and sent later: Celery's signature, with the same keys on every wire.
public struct Signature: Sendable, Hashable {
  /// Name of the task.
  public var task: String
  /// Positional arguments, a JSON array.
  public var args: RawJSON
  /// Keyword arguments, a JSON object.
  public var kwargs: RawJSON
  /// Publishing options by Celery's names (`task_id`, `queue`, `countdown`, `link` …); unknown ones are kept.
  public var options: RawJSON
  /// `chain`, `group`, `chord` … or `nil` for a plain task.
  public var subtaskType: String?
  /// Whether results of the task before are not prepended to the arguments.
  public var isImmutable: Bool

  /// A call of a task by name.
  public init(
    task: String, args: RawJSON = .emptyArray, kwargs: RawJSON = .emptyObject, options: RawJSON = .emptyObject,
    subtaskType: String? = nil, isImmutable: Bool = false
  ) {
    self.task = task
    self.args = args
    self.kwargs = kwargs
    self.options = options
    self.subtaskType = subtaskType
    self.isImmutable = isImmutable
  }
}

extension Signature: Codable {
  enum CodingKeys: String, CodingKey {
    case task, args, kwargs, options
    case subtaskType = "subtask_type"
    case isImmutable = "immutable"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try container.decode(String.self, forKey: .task)
    args = try container.decodeIfPresent(RawJSON.self, forKey: .args) ?? .emptyArray
    kwargs = try container.decodeIfPresent(RawJSON.self, forKey: .kwargs) ?? .emptyObject
    options = try container.decodeIfPresent(RawJSON.self, forKey: .options) ?? .emptyObject
    subtaskType = try container.decodeIfPresent(String.self, forKey: .subtaskType)
    isImmutable = try container.decodeIfPresent(Bool.self, forKey: .isImmutable) ?? false
  }
}
