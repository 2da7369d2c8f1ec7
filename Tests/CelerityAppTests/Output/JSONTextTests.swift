import CelerityJSON
import Testing

@testable import CelerityApp

@Suite("JSON laid out anew")
struct JSONTextTests {
  @Test("is indented on a terminal, with the spelling of its values kept")
  func pretty() throws {
    let json = try RawJSON(validating: #"{"a":[1.0,{"b":"x{,}:\"\\"}],"e":{},"l":[ ],"n":1e400}"#, limits: .trusted)
    #expect(
      JSONText.pretty(json) == #"""
        {
          "a": [
            1.0,
            {
              "b": "x{,}:\"\\"
            }
          ],
          "e": {},
          "l": [],
          "n": 1e400
        }
        """#)
  }

  @Test("is on one line in a pipe, whatever blanks it came with")
  func line() throws {
    let json = try RawJSON(validating: "{ \"a\" :\r\n [ 1 ,\t2 ] , \"s\" : \" \\n \" }")
    #expect(JSONText.line(json, escaping: false) == #"{"a":[1,2],"s":" \n "}"#)
  }

  @Test("a bare value stays what it is", arguments: ["null", "1", "\"x\"", "true", "[]", "{}"])
  func bare(text: String) throws {
    let json = try RawJSON(validating: text)
    #expect(JSONText.pretty(json) == text)
    #expect(JSONText.line(json, escaping: true) == text)
  }

  @Test("very deep JSON is laid out, too")
  func deep() throws {
    let text = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    let json = try RawJSON(validating: text, limits: .trusted)
    #expect(JSONText.line(json, escaping: true) == text)
    #expect(JSONText.pretty(json).split(separator: "\n").count == 999)
  }
}
