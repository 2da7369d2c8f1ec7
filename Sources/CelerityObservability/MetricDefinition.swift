/// What a metric is, before it has a value: one row of the table of names.
public struct MetricDefinition: Sendable, Hashable {
  /// The kinds of metrics.
  public enum Kind: Sendable, Hashable {
    /// Only grows, from 0 at the start of the process.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts observations by size; the upper bounds of its buckets, in order, without the infinite one.
    case histogram([Double])
  }

  /// Units that names can end in.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    case seconds
    case bytes
  }

  /// The family's name; a counter's is written without `_total`, which the text forms add.
  public let name: String
  public let kind: Kind
  /// One sentence.
  public let help: String
  /// Names of the labels, in the order in which values are given.
  public let labels: [String]

  /// A metric. Its name ends in its unit, and `_total` is nobody's business but the text forms'.
  public init(_ name: String, _ kind: Kind, labels: [String] = [], _ help: String) {
    precondition(Self.isName(name, colons: true) && !name.hasSuffix("_total"), "\(name) can't name a metric")
    precondition(labels.allSatisfy { Self.isName($0, colons: false) && $0 != "le" }, "\(labels) can't name labels")
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
  }

  /// The unit that the name ends in.
  public var unit: Unit? { Unit.allCases.first { name.hasSuffix("_" + $0.rawValue) } }

  /// The name under which Prometheus stores its samples, or their common beginning.
  public var sampleName: String { kind == .counter ? name + "_total" : name }

  /// Prometheus, "Data model": `[a-zA-Z_:][a-zA-Z0-9_:]*`, and labels without colons. Names that begin with two
  /// underscores are Prometheus's own.
  static func isName(_ text: String, colons: Bool) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first), !text.hasPrefix("__") else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
      case 0x3A: colons
      default: false
      }
    }
  }
}

extension MetricDefinition.Kind {
  /// From a fast memory access to a slow page, in seconds.
  public static let requestSeconds = Self.histogram([
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ])
  /// From a short calculation to an hour of work, in seconds.
  public static let workSeconds = Self.histogram([
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600,
  ])
}
