import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct NameTests {
  private func named(_ name: String) -> String {
    DocumentOrder(
      type: .coverLetter, template: .classic, format: .pdf, spacing: .compact,
      data: .object([("personalInfo", .object([("name", .string(name))]))])
    ).filename
  }

  @Test(
    "3.2: a file's name holds nothing that could leave the header or the folder",
    arguments: [
      ("Jane Doe", "cover_letter_Jane_Doe.pdf"),
      ("  Jane \t\n Q.  Doe ", "cover_letter_Jane_Q._Doe.pdf"),
      (#"a"b\c/d"#, "cover_letter_abcd.pdf"),
      ("../../etc/passwd", "cover_letter_etcpasswd.pdf"),
      ("x\r\nSet-Cookie: a=b", "cover_letter_x_Set-Cookie_a=b.pdf"),
      ("\u{202E}fdp.exe", "cover_letter_fdp.exe.pdf"),
      ("Łukasz Ж 中", "cover_letter_Łukasz_Ж_中.pdf"),
      ("", "cover_letter.pdf"), ("///", "cover_letter.pdf"), (" . ", "cover_letter.pdf"),
    ])
  func filename(name: String, expected: String) {
    #expect(named(name) == expected)
  }

  @Test("3.2: a long name is cut")
  func long() {
    #expect(named(String(repeating: "é", count: 500)).utf8.count < 255)
  }

  @Test("3.2: a header's value is ASCII, and has the UTF-8 form where the name needs it")
  func disposition() {
    #expect(ContentDisposition.attachment("a_b.pdf") == "attachment; filename=\"a_b.pdf\"")
    #expect(
      ContentDisposition.attachment("ł (1).pdf")
        == "attachment; filename=\"_ (1).pdf\"; filename*=UTF-8''%C5%82%20%281%29.pdf")
    #expect(ContentDisposition.attachment("a\r\n\"b\\").utf8.allSatisfy { (0x20..<0x7F).contains($0) })
  }

  private static let base = #"{"a":"é","b":[1,{"c":null}],"d":true}"#

  private func digest(
    _ data: String, _ change: (inout DocumentOrder) -> Void = { _ in }
  ) throws -> String {
    var order = DocumentOrder(
      type: .resume, template: .classic, format: .pdf, spacing: .compact, data: try RawJSON(validating: data))
    change(&order)
    return order.digest
  }

  @Test(
    "S1.30: the order of members, whitespace and escapes play no role in the key",
    arguments: [
      #"{"d":true,"b":[1,{"c":null}],"a":"é"}"#, #"{ "a" : "é", "b" : [1, {"c": null}], "d": true }"#,
      #"{"\u0061":"\u00e9","b":[1,{"c":null}],"d":true}"#,
    ])
  func same(data: String) throws {
    #expect(try digest(data) == digest(Self.base))
  }

  @Test(
    "S1.30: any other value is another key",
    arguments: [
      #"{"a":"e","b":[1,{"c":null}],"d":true}"#, #"{"a":"é","b":[{"c":null},1],"d":true}"#,
      #"{"a":"é","b":[1,{"c":null}],"d":false}"#, #"{"a":"é","b":[1,{}],"d":true}"#,
      #"{"a":"é","b":["1",{"c":null}],"d":true}"#, #"{"a":"e\u0301","b":[1,{"c":null}],"d":true}"#,
    ])
  func different(data: String) throws {
    #expect(try digest(data) != digest(Self.base))
  }

  @Test("S1.30: type, template, format and spacing are part of the key, which is a SHA-256")
  func parts() throws {
    let keys = try [
      digest(Self.base), digest(Self.base) { $0.type = .coverLetter }, digest(Self.base) { $0.template = .twoColumn },
      digest(Self.base) { $0.format = .docx }, digest(Self.base) { $0.spacing = .normal },
    ]
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.count == 64 })
  }
}
