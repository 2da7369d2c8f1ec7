import CelerityJSON
import Testing

@Suite("The scan of a large array agrees with the validator")
struct ArrayScanTests {
  private static let whole = JSONLimits(maximumDepth: JSONLimits.standard.maximumDepth + 1)

  private static func around(_ text: TextCase) -> [[UInt8]] {
    [("[", "]"), ("[0,", "]"), (" [ ", " , 1 ] "), ("[", ",]"), ("[[", "]]"), ("", "")].map { before, after in
      Array(before.utf8) + text.bytes + Array(after.utf8)
    }
  }

  @Test("What is an array for one is the same array for the other", arguments: TextCase.acceptedTexts)
  func accepted(_ text: TextCase) throws { try agree(text) }

  @Test("What is refused by one is refused by the other", arguments: TextCase.refusedTexts)
  func refused(_ text: TextCase) throws { try agree(text) }

  private func agree(_ text: TextCase) throws {
    for bytes in Self.around(text) {
      let expected = (try? RawJSON(validating: bytes, limits: Self.whole))?.elements()
      let ranges = try? RawJSON.elementRanges(ofArray: bytes, maximumCount: .max)
      #expect(ranges?.map { Array(bytes[$0]) } == expected?.map(\.bytes), "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test("Every cut of an array is refused inside its bounds")
  func cuts() throws {
    let text = Array(#" [ {"a":[1,-2.5e3,"x\n\u00e9]é😀"]} , [] ,true, "b" ] "#.utf8)
    #expect(try RawJSON.elementRanges(ofArray: text, maximumCount: 4).count == 4)
    for end in 0..<(text.count - 1) {
      let error = #expect(throws: JSONError.self) {
        try RawJSON.elementRanges(ofArray: Array(text[..<end]), maximumCount: 4)
      }
      #expect((0...end).contains(error?.offset ?? -1))
    }
  }

  @Test("Limits hold for each element and for their number")
  func limits() throws {
    let limits = JSONLimits(maximumDepth: 1, maximumMembers: 2)
    func code(_ text: String, count: Int = 2) -> JSONError.Code? {
      do {
        _ = try RawJSON.elementRanges(ofArray: Array(text.utf8), maximumCount: count, elementLimits: limits)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(#"[{"a":1,"b":2},{"a":1,"b":2}]"#) == nil)
    #expect(code(#"[{"a":1,"b":2,"c":3}]"#) == .tooManyMembers)
    #expect(code("[[[]]]") == .tooDeep)
    #expect(code("[1,2]") == nil)
    #expect(code("[1,2,3]") == .tooManyElements)
    #expect(code("[1,2,") == .tooManyElements)
  }

  @Test("A fault is told with its place in the whole text")
  func place() {
    let text = Array(#"[{"a":1}, {"b":[1,{"c":tru}]}]"#.utf8)
    let error = #expect(throws: JSONError.self) { try RawJSON.elementRanges(ofArray: text, maximumCount: 9) }
    #expect(error?.pointer == "/1/b/1/c")
    #expect(error?.offset == 23)
  }
}
