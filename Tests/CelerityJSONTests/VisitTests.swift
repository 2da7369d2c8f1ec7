import CelerityJSON
import Testing

@Suite("Members are visited in place") struct VisitTests {
  @Test("every member is met in its order, its name as it is meant") func members() throws {
    let json = try RawJSON(validating: #"{"a": 1, "\u0062": null, "c\"": [1, {"a": 2}], "é": "x"}"#)
    var met: [String] = []
    let isObject = json.visitMembers { member in
      met.append("\(member.nameText)=\(member.raw.description)")
      #expect(member.isNull == (member.nameText == "b"))
    }
    #expect(isObject)
    #expect(met == ["a=1", "b=null", #"c"=[1, {"a": 2}]"#, #"é="x""#])
  }

  @Test("a name is told apart by its characters, however it is written") func names() throws {
    try RawJSON(validating: #"{"\u0062ody": 1}"#).visitMembers { #expect($0.isNamed("body") && !$0.isNamed("bod")) }
    try RawJSON(validating: #"{"body": 1}"#).visitMembers { #expect($0.isNamed("body") && !$0.isNamed("bodies")) }
  }

  @Test("what is no object has no members", arguments: ["[]", "1", #""{}""#, "null"]) func others(_ text: String) throws
  {
    #expect(try !RawJSON(validating: text).visitMembers { _ in Issue.record("a member of \(text)") })
  }

  @Test("a plain name is written as any other") func plain() {
    var plain = JSONWriter()
    plain.beginObject()
    plain.key(plain: "a")
    plain.null()
    plain.key(plain: "b_c")
    plain.integer(-120)
    plain.endObject()
    #expect(plain.finish().description == #"{"a":null,"b_c":-120}"#)
  }
}
