import CelerityJSON
import Testing

@Suite("The writer makes valid text")
struct WritingTests {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(reservingCapacity: 64)
    body(&writer)
    return writer.finish().description
  }

  @Test("Commas and colons come by themselves")
  func nesting() throws {
    let written = text {
      $0.beginObject()
      $0.key("a")
      $0.beginArray()
      $0.integer(1)
      $0.beginArray()
      $0.endArray()
      $0.beginObject()
      $0.endObject()
      $0.null()
      $0.endArray()
      $0.key("b")
      $0.beginObject()
      $0.member("c", true)
      $0.member("d", "x")
      $0.endObject()
      $0.member("e", 2.5)
      $0.endObject()
    }
    #expect(written == #"{"a":[1,[],{},null],"b":{"c":true,"d":"x"},"e":2.5}"#)
    _ = try RawJSON(validating: written)
  }

  @Test("Absent members are left out or null, as asked")
  func optionals() {
    let written = text {
      $0.beginObject()
      $0.member("a", ifPresent: nil as String?)
      $0.member("b", ifPresent: nil as Int?)
      $0.member("c", ifPresent: nil as Double?)
      $0.member("d", ifPresent: nil as Bool?)
      $0.member("e", ifPresent: nil as RawJSON?)
      $0.member("f", orNull: nil as String?)
      $0.member("g", orNull: nil as Int?)
      $0.member("h", orNull: nil as Double?)
      $0.member("i", orNull: nil as Bool?)
      $0.member("j", orNull: nil as RawJSON?)
      $0.endObject()
    }
    #expect(written == #"{"f":null,"g":null,"h":null,"i":null,"j":null}"#)
  }

  @Test("Present members are written in either form")
  func presentOptionals() {
    let written = text {
      $0.beginObject()
      $0.member("a", ifPresent: "x")
      $0.member("b", ifPresent: 1)
      $0.member("c", ifPresent: 1.5)
      $0.member("d", ifPresent: true)
      $0.member("e", ifPresent: RawJSON.emptyArray)
      $0.member("f", orNull: "y")
      $0.member("g", orNull: 2)
      $0.member("h", orNull: 2.5)
      $0.member("i", orNull: false)
      $0.member("j", orNull: RawJSON.emptyObject)
      $0.member("k", object: { $0.member("l", 1) })
      $0.member("m", array: { $0.integer(1) })
      $0.endObject()
    }
    let first = #"{"a":"x","b":1,"c":1.5,"d":true,"e":[],"#
    #expect(written == first + #""f":"y","g":2,"h":2.5,"i":false,"j":{},"k":{"l":1},"m":[1]}"#)
  }

  @Test("Only what must be escaped is escaped, in its shortest form")
  func escapes() {
    #expect(RawJSON.string("\"\\/").description == #""\"\\/""#)
    #expect(RawJSON.string("\u{8}\t\n\u{C}\r").description == #""\b\t\n\f\r""#)
    #expect(RawJSON.string("\u{0}\u{1}\u{B}\u{1F}").description == #""\u0000\u0001\u000b\u001f""#)
    #expect(RawJSON.string("\u{7F}é€😀\u{2028}").description == "\"\u{7F}é€😀\u{2028}\"")
    #expect(RawJSON.string("").description == #""""#)
  }

  @Test("Every Unicode scalar of the first plane and some beyond pass through a string")
  func scalars() throws {
    let values = Array(UInt32(0)...0xFFFF) + [0x10000, 0x1F600, 0xFFFFF, 0x10FFFF]
    let original = String(String.UnicodeScalarView(values.compactMap(Unicode.Scalar.init)))
    let read = try #require(try RawJSON(validating: RawJSON.string(original).bytes).stringValue)
    #expect(read.utf8.elementsEqual(original.utf8))
  }

  @Test("Integers of every width keep all digits")
  func integers() {
    #expect(RawJSON.integer(.min).description == "-9223372036854775808")
    #expect(RawJSON.integer(.max).description == "9223372036854775807")
    #expect(RawJSON.integer(0).description == "0")
    #expect(RawJSON.integer(-10).description == "-10")
    #expect(text { $0.integer(UInt64.max) } == "18446744073709551615")
    #expect(text { $0.integer(Int8.min) } == "-128")
    #expect(text { $0.integer(Int128.min) } == "-170141183460469231731687303715884105728")
    #expect(text { $0.integer(UInt128.max) } == "340282366920938463463374607431768211455")
  }

  @Test(
    "Doubles are written so that they read back the same",
    arguments: [
      0.0, -0.0, 1, -1.5, 0.1, 1e15, 1e16, 1e-5, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      .leastNormalMagnitude, .pi,
      9_007_199_254_740_992, 1.0 / 3,
    ] as [Double])
  func doubles(_ value: Double) throws {
    let json = try RawJSON(validating: #require(RawJSON.double(value)).bytes)
    #expect(json.doubleValue?.bitPattern == value.bitPattern)
  }

  @Test(
    "What is not finite has no value; the writer writes null for it", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) {
    #expect(RawJSON.double(value) == nil)
    #expect(text { $0.double(value) } == "null")
  }

  @Test("Values are put together from values")
  func composition() throws {
    let object = RawJSON.object([
      ("a", .null), ("b\n", .array([.true, .false, .integer(1)])), ("c", .emptyObject), ("d", .string("x")),
    ])
    #expect(object.description == #"{"a":null,"b\n":[true,false,1],"c":{},"d":"x"}"#)
    #expect(try RawJSON(validating: object.bytes) == object)
    #expect(RawJSON.array([]) == .emptyArray)
    #expect(RawJSON.object([]) == .emptyObject)
    #expect(RawJSON.bool(true) == .true)
  }

  @Test("Calls out of order end the process")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.null()
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginArray()
      writer.key("a")
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginArray()
      writer.endObject()
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.null()
      writer.null()
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginObject()
      writer.key("a")
      writer.endObject()
    }
    await #expect(processExitsWith: .failure) {
      var writer = JSONWriter()
      writer.beginArray()
      _ = writer.finish()
    }
  }
}
