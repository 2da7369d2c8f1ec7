import CelerityJSON
import Testing

/// The generator of G. L. Steele et al., Fast splittable pseudorandom number generators, OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A value with a meaning, to compare with what comes back.
indirect enum Tree: Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case string([Unicode.Scalar])
  case array([Tree])
  case object([(name: [Unicode.Scalar], value: Tree)])

  static func == (left: Tree, right: Tree) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.double(let one), .double(let other)): one.bitPattern == other.bitPattern
    case (.string(let one), .string(let other)): one == other
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)):
      one.map(\.name) == other.map(\.name) && one.map(\.value) == other.map(\.value)
    default: false
    }
  }

  static func random(depth: Int, using random: inout SplitMix64) -> Tree {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random))
    case 3:
      let value = Double(bitPattern: random.next())
      return value.isFinite ? .double(value) : .null
    case 4: return .string(text(using: &random))
    case 5:
      return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
    default:
      return .object(
        (0..<Int.random(in: 0..<24, using: &random)).map { number in
          let name = Array("\(number)".unicodeScalars) + ["|"] + text(using: &random).filter { $0 != "\u{0}" }
          return (name, .random(depth: depth - 2, using: &random))
        })
    }
  }

  private static func text(using random: inout SplitMix64) -> [Unicode.Scalar] {
    let highest: [UInt32] = [0x20, 0x7F, 0x7F, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF]
    return (0..<Int.random(in: 0..<20, using: &random)).compactMap { _ in
      let bound = highest.randomElement(using: &random) ?? 0x7F
      return Unicode.Scalar(UInt32.random(in: 0...bound, using: &random))
    }
  }

  func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let value): writer.bool(value)
    case .integer(let value): writer.integer(value)
    case .double(let value): writer.double(value)
    case .string(let scalars): writer.string(String(String.UnicodeScalarView(scalars)))
    case .array(let elements):
      writer.beginArray()
      for element in elements { element.write(to: &writer) }
      writer.endArray()
    case .object(let members):
      writer.beginObject()
      for member in members {
        writer.key(String(String.UnicodeScalarView(member.name)))
        member.value.write(to: &writer)
      }
      writer.endObject()
    }
  }

  /// Reads back, with doubles told from integers by their point or exponent.
  init(_ json: RawJSON) throws {
    switch json.kind {
    case .null: self = .null
    case .boolean: self = .bool(json == .true)
    case .number:
      if let integer = json.int64Value {
        self = .integer(integer)
      } else {
        self = .double(try #require(json.doubleValue))
      }
    case .string: self = .string(Array(try #require(json.stringValue).unicodeScalars))
    case .array: self = .array(try #require(json.elements()).map(Tree.init))
    case .object:
      self = .object(try #require(json.members()).map { (Array($0.name.unicodeScalars), try Tree($0.value)) })
    }
  }
}

@Suite("Random values and damaged texts")
struct PropertyTests {
  @Test("What the writer wrote is accepted and reads back the same", arguments: UInt64(1)...20)
  func roundTrip(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let tree = Tree.random(depth: 6, using: &random)
      var writer = JSONWriter()
      tree.write(to: &writer)
      let json = try RawJSON(validating: writer.finish().bytes)
      #expect(try Tree(json) == tree)
    }
  }

  @Test("A damaged text is refused or walks and decodes without a trap", arguments: UInt64(1)...20)
  func mutations(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var verdicts = (accepted: 0, refused: 0)
    for _ in 0..<200 {
      var writer = JSONWriter()
      Tree.random(depth: 4, using: &random).write(to: &writer)
      var bytes = writer.bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, using: &random) }
      walk(RawJSON(unchecked: bytes), depth: 0)
      guard let json = try? RawJSON(validating: bytes, limits: .trusted) else {
        verdicts.refused += 1
        continue
      }
      verdicts.accepted += 1
      #expect(try RawJSON(validating: json.bytes, limits: .trusted) == json)
      _ = try RawJSONDecoder().decode(RawJSON.self, from: json)
    }
    #expect(verdicts.accepted > 0 && verdicts.refused > 0)
  }

  @Test("Whitespace between tokens changes no value", arguments: UInt64(1)...5)
  func whitespace(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<50 {
      let tree = Tree.random(depth: 5, using: &random)
      var writer = JSONWriter()
      tree.write(to: &writer)
      let json = try RawJSON(validating: spaced(writer.finish().bytes, using: &random))
      #expect(try Tree(json) == tree)
    }
  }

  private func mutate(_ bytes: inout [UInt8], using random: inout SplitMix64) {
    guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &random)) }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(Array(#"{}[],:"\-+.eu019 "#.utf8).randomElement(using: &random) ?? 0, at: place)
    case 3: bytes.removeSubrange(place...)
    default: bytes.insert(contentsOf: bytes[place..<min(place + 8, bytes.count)], at: place)
    }
  }

  /// Adds whitespace on both sides of the structural characters.
  private func spaced(_ bytes: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    let blanks: [[UInt8]] = [[], [0x20], [0x0A, 0x20], [0x09], [0x0D, 0x0A]]
    var result: [UInt8] = []
    var isInString = false
    var isEscaped = false
    for byte in bytes {
      let isStructural = !isInString && Array("{}[],:".utf8).contains(byte)
      if isStructural { result += blanks.randomElement(using: &random) ?? [] }
      result.append(byte)
      if isStructural { result += blanks.randomElement(using: &random) ?? [] }
      if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return result
  }

  private func walk(_ json: RawJSON, depth: Int) {
    guard depth < 20 else { return }
    for member in json.members() ?? [] { walk(member.value, depth: depth + 1) }
    for element in json.elements() ?? [] { walk(element, depth: depth + 1) }
    _ = (json["0|"], json.stringValue, json.boolValue, json.int64Value, json.doubleValue)
  }
}
