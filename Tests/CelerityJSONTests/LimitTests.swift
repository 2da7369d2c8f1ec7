import CelerityJSON
import Testing

@Suite("The validator keeps to its limits")
struct LimitTests {
  private func code(_ text: String, _ limits: JSONLimits = .standard) -> JSONError.Code? {
    do {
      _ = try RawJSON(validating: text, limits: limits)
      return nil
    } catch {
      return error.code
    }
  }

  @Test(
    "A hundred thousand levels are refused at the first byte beyond the limit", arguments: ["[", "{\"a\":", "[{\"a\":"])
  func depthIsMetEarly(_ opening: String) {
    let text = String(repeating: opening, count: 100_000)
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: text) }
    #expect(error?.code == .tooDeep)
    #expect((64...(64 * 5)).contains(error?.offset ?? 0))
  }

  @Test("Arrays and objects count alike towards the depth")
  func depthCountsBoth() {
    let limits = JSONLimits(maximumDepth: 3)
    #expect(code(#"[{"a":[1]}]"#, limits) == nil)
    #expect(code(#"[{"a":[[]]}]"#, limits) == .tooDeep)
    #expect(code(#"[{"a":[{}]}]"#, limits) == .tooDeep)
    #expect(code("[[],[],[[]],{}]", limits) == nil)
    #expect(code("1", JSONLimits(maximumDepth: 0)) == nil)
    #expect(code("[]", JSONLimits(maximumDepth: 0)) == .tooDeep)
  }

  @Test("Members are counted over all objects of the text")
  func members() {
    let limits = JSONLimits(maximumMembers: 3)
    #expect(code(#"[{"a":1},{"a":1},{"a":1}]"#, limits) == nil)
    #expect(code(#"[{"a":1},{"a":1},{"a":1,"b":2}]"#, limits) == .tooManyMembers)
    #expect(code(#"{"a":{"b":{"c":{"d":1}}}}"#, limits) == .tooManyMembers)
    #expect(code("[1,2,3,4,5,6]", limits) == nil)
  }

  @Test("Strings and names are measured in bytes as written")
  func strings() {
    let limits = JSONLimits(maximumStringBytes: 6)
    #expect(code(#""123456""#, limits) == nil)
    #expect(code(#""1234567""#, limits) == .tooLarge)
    #expect(code(#""\u0041""#, limits) == nil)
    #expect(code(#""\u00411""#, limits) == .tooLarge)
    #expect(code("\"ééé\"", limits) == nil)
    #expect(code("\"éééé\"", limits) == .tooLarge)
    #expect(code(#"{"1234567":1}"#, limits) == .tooLarge)
  }

  @Test("The whole text is measured before it is read")
  func size() {
    let limits = JSONLimits(maximumBytes: 4)
    #expect(code("1234", limits) == nil)
    #expect(code("12345", limits) == .tooLarge)
    #expect(code("\u{0}\u{0}\u{0}\u{0}\u{0}", limits) == .tooLarge)
  }

  @Test("Digits of all parts of a number count")
  func digits() {
    let limits = JSONLimits(maximumNumberDigits: 4)
    #expect(code("-12.3e4", limits) == nil)
    #expect(code("-12.3e-45", limits) == .numberTooLong)
    #expect(code("12345", limits) == .numberTooLong)
  }

  @Test("Trusted text may be larger but no less correct")
  func trusted() {
    #expect(code(String(repeating: "7", count: 5_000), .trusted) == nil)
    #expect(code("1e400", .trusted) == nil)
    #expect(code(#"{"\u0000":1}"#, .trusted) == nil)
    #expect(code(String(repeating: "[", count: 512) + String(repeating: "]", count: 512), .trusted) == nil)
    #expect(code(String(repeating: "[", count: 513), .trusted) == .tooDeep)
    #expect(code(#"{"a":1,"a":2}"#, .trusted) == .duplicateKey)
    #expect(code("[1,]", .trusted) == .malformed)
  }

  @Test("Ten thousand names cost little more in one object than in a thousand, even when their ends agree")
  func manyNames() throws {
    let members = (0..<10_000).map { "\"common-start-\(100_000 + $0)-common-end\":\($0)" }
    let wide = "{" + members.joined(separator: ",") + "}"
    let groups = stride(from: 0, to: 10_000, by: 10).map { "{" + members[$0..<($0 + 10)].joined(separator: ",") + "}" }
    let narrow = "[" + groups.joined(separator: ",") + "]"
    #expect(try RawJSON(validating: wide).members()?.count == 10_000)
    // Comparing each name with each would take a thousand times as long.
    let wideTime = try shortestTime { _ = try RawJSON(validating: wide) }
    let narrowTime = try shortestTime { _ = try RawJSON(validating: narrow) }
    #expect(wideTime < narrowTime * 50)
    #expect(code("{" + members.joined(separator: ",") + #","one":1}"#) == .tooManyMembers)
  }

  /// The shorter of two, so that other load on the machine does not count.
  private func shortestTime(_ work: () throws -> Void) throws -> Duration {
    var shortest = Duration.seconds(3_600)
    for _ in 0..<2 { shortest = try min(shortest, ContinuousClock().measure(work)) }
    return shortest
  }

  @Test("The earliest repetition among ten thousand names is reported")
  func repetitionAmongMany() {
    var names = (0..<10_000).map { "\"name\($0)\":0" }
    names[7_000] = names[12]
    names[9_000] = names[11]
    let before = names[..<7_000].joined(separator: ",").utf8.count + 2
    let text = "{" + names.joined(separator: ",") + "}"
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: text) }
    #expect(error?.code == .duplicateKey)
    #expect(error?.pointer == "/name12")
    #expect(error?.offset == before)
  }

  @Test("Long names with escapes cost time in proportion to their length")
  func manyEscapedNames() throws {
    let filler = String(repeating: "x", count: 300)
    func object(_ count: Int) -> String {
      "{" + (0..<count).map { "\"\\u0061\(filler)\($0)\":0" }.joined(separator: ",") + "}"
    }
    let (short, long) = (object(100), object(10_000))
    #expect(try RawJSON(validating: long)["a\(filler)9999"]?.int64Value == 0)
    // Copying the names unescaped so far for each new one would take thousands of times as long.
    let longTime = try shortestTime { _ = try RawJSON(validating: long) }
    let shortTime = try shortestTime { _ = try RawJSON(validating: short) }
    #expect(longTime < shortTime * 1_000)
  }
}
