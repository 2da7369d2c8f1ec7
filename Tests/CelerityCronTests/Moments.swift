import Testing

@testable import CelerityCron

/// Reads an RFC 3339 moment, so that tests show times and not numbers.
func at(_ text: String) throws -> Int64 {
  try Timestamp.parse(Array(text.utf8), from: 0)
}

/// The local reading of an instant with its offset, for example `2026-03-29 03:00 +0200`.
func local(_ instant: Int64, in zone: CronZone) -> String {
  let offset = zone.secondsFromUTC(at: instant)
  let text = Timestamp.format(instant + Int64(offset))
  let minutes = abs(offset) / 60
  let sign = offset < 0 ? "-" : "+"
  let clock = Timestamp.padded(minutes / 60, 2) + Timestamp.padded(minutes % 60, 2)
  return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) \(sign)\(clock)"
}

/// The first slots after a moment, as local times.
func slots(_ expression: String, after: String, in zone: CronZone, count: Int) throws -> [String] {
  let expression = try CronExpression(expression)
  var moment = try at(after)
  var found: [String] = []
  for _ in 0..<count {
    moment = try #require(expression.next(after: moment, in: zone))
    found.append(local(moment, in: zone))
  }
  return found
}

/// The error a piece of code ends with.
func refusal(_ body: () throws(CronError) -> Void) throws -> CronError {
  var caught: CronError?
  do { try body() } catch { caught = error }
  return try #require(caught, "nothing was refused")
}

/// `#expect` for loops with very many rounds: nothing is captured unless it fails.
func check(_ holds: Bool, _ comment: @autoclosure () -> String, at location: SourceLocation = #_sourceLocation) {
  if !holds { Issue.record(Comment(rawValue: comment()), sourceLocation: location) }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers in each run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Random expressions, most of them with something in every field.
enum RandomExpression {
  static func text(_ generator: inout SeededGenerator) -> String {
    CronField.allCases.map { field($0, &generator) }.joined(separator: " ")
  }

  /// An expression that exists: impossible dates are drawn again.
  static func make(_ generator: inout SeededGenerator) -> CronExpression {
    while true {
      if let expression = try? CronExpression(text(&generator)) { return expression }
    }
  }

  private static func field(_ field: CronField, _ generator: inout SeededGenerator) -> String {
    let stars = field == .minute ? 2 : 5
    if Int.random(in: 0..<10, using: &generator) < stars { return "*" }
    let count = Int.random(in: 1...3, using: &generator)
    return (0..<count).map { _ in part(field, &generator) }.joined(separator: ",")
  }

  private static func part(_ field: CronField, _ generator: inout SeededGenerator) -> String {
    let low = Int.random(in: field.range, using: &generator)
    let high = Int.random(in: field.range, using: &generator)
    let step = Int.random(in: 1...20, using: &generator)
    switch Int.random(in: 0..<10, using: &generator) {
    case 0..<5: return "\(low)"
    case 5, 6: return "\(low)-\(high)"
    case 7: return "\(low)-\(high)/\(step)"
    default: return "*/\(step)"
    }
  }
}
