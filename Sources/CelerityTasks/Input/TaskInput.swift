public import CelerityJSON

/// What a task takes: a plain `Codable` struct. Its stored properties, in the order of their declaration, are the
/// positional parameters; their names are the keyword parameters; an optional property may be left out.
///
/// Defaults, documentation and bounds are declared beside, checked by the compiler through `CodingKeys`:
/// ```swift
/// struct Input: TaskInput {
///   var amount: Double
///   var rate: Double
///   var years: Double = 1
///   static let arguments = [
///     Argument(CodingKeys.amount, "Starting capital", above: 0),
///     Argument(CodingKeys.years, default: 1),
///   ]
/// }
/// ```
/// The same declaration yields the published JSON Schema.
public protocol TaskInput: Codable, Sendable {
  /// What is to be said of single parameters; those with nothing to say are left out.
  static var arguments: [Argument] { get }

  /// Refuses what types and bounds can't: values that don't go together, elements of arrays that are out of range. It is
  /// asked before a task is accepted and again before it runs, so it must be quick and depend on nothing but the input.
  /// Throw an `InputRefusal` to point at the value at fault.
  func validate() throws
}

extension TaskInput {
  public static var arguments: [Argument] { [] }
  public func validate() throws {}
}

/// An error of `TaskInput.validate()` that knows which value is at fault.
public protocol InputRefusal: Error {
  /// JSON pointer into the input, `/rate`; empty for the input as a whole.
  var pointer: String { get }
  /// What is wrong, in words that follow the value's name: `must be at most 1`.
  var detail: String { get }
}

/// The input of a task that takes nothing.
public struct NoInput: TaskInput, Hashable {
  /// Nothing.
  public init() {}
}

/// What is said of one parameter beside its name and type.
public struct Argument: Sendable {
  /// The parameter's name on the wire.
  public let name: String
  public let documentation: String?
  /// A value that works, for the API's pages; without it one is made up that fits the type.
  public let example: RawJSON?
  /// Taken when the caller leaves the parameter out.
  public let defaultValue: RawJSON?
  public let minimum: Double?
  public let maximum: Double?
  public let isMinimumExclusive: Bool
  /// Other names the parameter is accepted under.
  public let aliases: [String]
  /// Whether the property, an array, takes all further positional arguments (`*args`).
  public let isVariadic: Bool
  /// Whether a default was given that is no JSON (a non-finite number), which registration reports.
  let isDefaultUnwritable: Bool

  private init(
    _ key: any CodingKey, _ documentation: String, defaultValue: RawJSON?, example: RawJSON? = nil,
    isDefaultUnwritable: Bool = false, minimum: Double?, above: Double?,
    maximum: Double?, aliases: [String], isVariadic: Bool
  ) {
    name = key.stringValue
    self.documentation = documentation.isEmpty ? nil : documentation
    self.defaultValue = defaultValue
    self.example = example
    self.minimum = above ?? minimum
    self.maximum = maximum
    isMinimumExclusive = above != nil
    self.aliases = aliases
    self.isVariadic = isVariadic
    self.isDefaultUnwritable = isDefaultUnwritable
  }

  /// A parameter that must be given (or may be left out when its property is optional).
  public init(
    _ key: any CodingKey, _ documentation: String = "", minimum: Double? = nil, above: Double? = nil,
    maximum: Double? = nil, aliases: [String] = [], example: RawJSON? = nil
  ) {
    self.init(
      key, documentation, defaultValue: nil, example: example, minimum: minimum, above: above, maximum: maximum,
      aliases: aliases,
      isVariadic: false)
  }

  /// A parameter with a default.
  public init(
    _ key: any CodingKey, _ documentation: String = "", default value: some Encodable, minimum: Double? = nil,
    above: Double? = nil, maximum: Double? = nil, aliases: [String] = []
  ) {
    let json = try? RawJSONEncoder().encode(value)
    self.init(
      key, documentation, defaultValue: json, isDefaultUnwritable: json == nil, minimum: minimum, above: above,
      maximum: maximum, aliases: aliases, isVariadic: false)
  }

  /// The parameter that takes all further positional arguments; its property is an array.
  public static func variadic(_ key: any CodingKey, _ documentation: String = "") -> Argument {
    Argument(
      key, documentation, defaultValue: .emptyArray, minimum: nil, above: nil, maximum: nil, aliases: [],
      isVariadic: true)
  }
}

/// Arguments that do not fit a task.
public struct ArgumentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One thing that is wrong.
  public struct Issue: Sendable, Hashable {
    /// JSON pointer into the submission, `/kwargs/rate` or `/args/0`.
    public var pointer: String
    public var detail: String

    /// A thing that is wrong at a place.
    public init(pointer: String, detail: String) {
      self.pointer = pointer
      self.detail = detail
    }
  }

  public var task: String
  public var issues: [Issue]

  /// What is wrong with the arguments of a task.
  public init(task: String, issues: [Issue]) {
    self.task = task
    self.issues = issues
  }

  public var description: String {
    "\(task): " + issues.map { "\($0.pointer): \($0.detail)" }.joined(separator: "; ")
  }
}
