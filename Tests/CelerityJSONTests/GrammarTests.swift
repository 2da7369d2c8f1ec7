import CelerityJSON
import Testing

@Suite("The validator follows RFC 8259")
struct GrammarTests {
  @Test("It accepts and keeps the text", arguments: TextCase.acceptedTexts)
  func accepts(_ text: TextCase) throws {
    let json = try RawJSON(validating: text.bytes)
    let whitespace: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    let start = text.bytes.firstIndex { !whitespace.contains($0) } ?? 0
    let end = text.bytes.lastIndex { !whitespace.contains($0) } ?? 0
    #expect(json.bytes == Array(text.bytes[start...end]))
  }

  @Test("It accepts the text inside an array and inside an object", arguments: TextCase.acceptedTexts)
  func acceptsNested(_ text: TextCase) throws {
    var limits = JSONLimits.standard
    limits.maximumDepth += 1
    let array = try RawJSON(validating: Array("[0,".utf8) + text.bytes + Array("]".utf8), limits: limits)
    #expect(try array.elements()?.last == RawJSON(validating: text.bytes))
    let object = try RawJSON(validating: Array(#"{"k":"#.utf8) + text.bytes + Array("}".utf8), limits: limits)
    #expect(try object["k"] == RawJSON(validating: text.bytes))
  }

  @Test("It refuses the text with the right code", arguments: TextCase.refusedTexts)
  func refuses(_ text: TextCase) {
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: text.bytes) }
    #expect(error?.code == text.code)
    #expect((0...text.bytes.count).contains(error?.offset ?? -1))
  }

  @Test("It refuses every cut of a text that does not end with a number")
  func refusesCuts() throws {
    let text = Array(#"{"a":[1,-2.5e3,"x\n\u00e9\ud83d\ude00é😀",true,false,null],"b":{"c":{}}}"#.utf8)
    _ = try RawJSON(validating: text)
    for end in text.indices {
      let error = #expect(throws: JSONError.self) { try RawJSON(validating: Array(text[..<end])) }
      #expect([.unexpectedEnd, .loneSurrogate, .invalidEncoding].contains(error?.code))
    }
  }

  @Test("It refuses every control character in a string and accepts its escape", arguments: UInt8(0)..<0x20)
  func controlCharacters(_ byte: UInt8) throws {
    #expect(throws: JSONError.self) { try RawJSON(validating: [0x61, byte].quoted) }
    let escape = "\"\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16) + "\""
    #expect(try RawJSON(validating: escape).stringValue?.utf8.elementsEqual([byte]) == true)
  }

  @Test("It agrees with the standard library on which two to four bytes are UTF-8")
  func utf8Agreement() {
    let leads: [UInt8] = [0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF]
    let more: [UInt8] = [0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF]
    let seconds: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    let thirds: [UInt8] = [0x41, 0x7F, 0x80, 0xBF, 0xC0]
    for lead in leads + more {
      for second in seconds {
        for third in thirds {
          for bytes in [
            [lead, second], [lead, second, third], [lead, second, third, 0x80], [lead, second, third, 0x41],
          ] {
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let isAccepted = (try? RawJSON(validating: bytes.quoted)) != nil
            #expect(isAccepted == isValid, "\(bytes)")
          }
        }
      }
    }
  }
}
