/// Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0, which differ in what a counter is called,
/// in units, in escapes and in the end.
public enum TextForm: Sendable, Hashable, CaseIterable {
  case prometheus
  case openMetrics

  /// The media type with its parameters.
  public var contentType: String {
    switch self {
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// The metrics in this form.
  public func text(_ families: [MetricFamily]) -> [UInt8] {
    var writer = TextWriter(form: self)
    for family in families where !family.samples.isEmpty { writer.write(family) }
    if self == .openMetrics { writer.line("# EOF") }
    return writer.bytes
  }
}

private struct TextWriter {
  let form: TextForm
  var bytes: [UInt8] = []

  mutating func write(_ family: MetricFamily) {
    let definition = family.definition
    let name = form == .prometheus ? definition.sampleName : definition.name
    line("# HELP \(name) \(escaped(definition.help, quotes: form == .openMetrics))")
    line("# TYPE \(name) \(definition.kind.word)")
    if form == .openMetrics, let unit = definition.unit { line("# UNIT \(name) \(unit.rawValue)") }
    for sample in family.samples { write(sample, of: definition) }
  }

  private mutating func write(_ sample: MetricSample, of definition: MetricDefinition) {
    let labels = Array(zip(definition.labels, sample.labels))
    switch sample.value {
    case .number(let value): series(definition.sampleName, labels, value)
    case .histogram(let cumulative, let count, let sum):
      guard case .histogram(let bounds) = definition.kind else { return }
      for (bound, below) in zip(bounds, cumulative) {
        series(definition.name + "_bucket", labels + [("le", Self.bound(bound))], Double(below))
      }
      series(definition.name + "_bucket", labels + [("le", "+Inf")], Double(count))
      series(definition.name + "_count", labels, Double(count))
      series(definition.name + "_sum", labels, sum)
    }
  }

  private mutating func series(_ name: String, _ labels: [(String, String)], _ value: Double) {
    bytes += name.utf8
    if !labels.isEmpty {
      bytes.append(0x7B)
      for (index, (label, text)) in labels.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        bytes += "\(label)=\"\(escaped(text, quotes: true))\"".utf8
      }
      bytes.append(0x7D)
    }
    line(" " + Self.number(value))
  }

  mutating func line(_ text: String) {
    bytes += text.utf8
    bytes.append(0x0A)
  }

  /// Backslashes and line feeds, and quotes where they would end a text. A carriage return ends no line in either form,
  /// and other control characters are allowed.
  private func escaped(_ text: String, quotes: Bool) -> String {
    let isPlain = text.utf8.allSatisfy { $0 != 0x5C && $0 != 0x0A && $0 != 0x22 }
    if isPlain { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Whole numbers without a fraction, as far as a double holds them exactly.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int(exactly: value).flatMap { abs($0) < 1 << 53 ? String($0) : nil } ?? "\(value)"
  }

  /// Bounds are names: OpenMetrics wants `1.0`, and the same in every scrape.
  private static func bound(_ value: Double) -> String { "\(value)" }
}

extension MetricDefinition.Kind {
  /// As both forms call it.
  var word: String {
    switch self {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }
}
