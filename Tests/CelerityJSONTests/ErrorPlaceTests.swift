import CelerityJSON
import Testing

@Suite("Errors say where the fault is")
struct ErrorPlaceTests {
  struct Place: Sendable {
    let text: String
    let offset: Int
    let pointer: String?
  }

  @Test(
    "The offset is the faulty byte and the pointer the value around it",
    arguments: [
      Place(text: #"{"a":1,"a":2}"#, offset: 7, pointer: "/a"),
      Place(text: #"{"x":[{"b":1,"b":2}]}"#, offset: 13, pointer: "/x/0/b"),
      Place(text: #"[0,{"k":{"~/":1,"~/":2}}]"#, offset: 16, pointer: "/1/k/~0~1"),
      Place(text: #"{"a":1,"\u0061":2}"#, offset: 7, pointer: "/a"),
      Place(text: #"{"":1,"":2}"#, offset: 6, pointer: "/"),
      Place(text: #"{"a":[1,2,x]}"#, offset: 10, pointer: "/a/2"),
      Place(text: #"{"a":[1,2],"b":x}"#, offset: 15, pointer: "/b"),
      Place(text: #"{"a":{"b":"\ud800"}}"#, offset: 11, pointer: "/a/b"),
      Place(text: #"{"a":1,b}"#, offset: 7, pointer: ""),
      Place(text: #"[[1],[2],[3"#, offset: 11, pointer: "/2/0"),
      Place(text: "[] []", offset: 3, pointer: ""),
      Place(text: "x", offset: 0, pointer: ""),
      Place(text: #"["a,b",{"c,\"":1},x]"#, offset: 18, pointer: "/2"),
    ])
  func places(_ place: Place) {
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: place.text) }
    #expect(error?.offset == place.offset)
    #expect(error?.pointer == place.pointer)
  }

  @Test("A pointer that would carry the text back is left out")
  func longPointer() {
    let name = String(repeating: "n", count: 2_000)
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: "{\"\(name)\":1,\"\(name)\":2}") }
    #expect(error?.code == .duplicateKey)
    #expect(error?.pointer == nil)
  }

  @Test("The description holds code, message, byte and pointer")
  func description() {
    let error = #expect(throws: JSONError.self) { try RawJSON(validating: #"{"a":1,"a":2}"#) }
    #expect(error?.description == "duplicate-key: two members have the same name at byte 7 in /a")
  }

  @Test("A coding path becomes a pointer with its reserved characters escaped")
  func codingPath() {
    struct Key: CodingKey {
      let stringValue: String
      let intValue: Int?
      init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
      init(intValue: Int) { (stringValue, self.intValue) = ("Index \(intValue)", intValue) }
      init(_ name: String, _ number: Int) { (stringValue, intValue) = (name, number) }
    }
    #expect(jsonPointer([]) == "")
    #expect(jsonPointer([Key(stringValue: "")]) == "/")
    #expect(jsonPointer([Key(stringValue: "a/b"), Key(stringValue: "m~n"), Key(intValue: 3)]) == "/a~1b/m~0n/3")
    #expect(jsonPointer([Key(stringValue: "~1")]) == "/~01")
    #expect(jsonPointer([Key("case", 7)]) == "/case")
    #expect(jsonPointer([Key(stringValue: "Index 0")]) == "/Index 0")
  }
}
