import CelerityCore
import CelerityJSON
import CelerityRoutes
import CelerityTasks
import CelerityTesting
import Testing

@testable import Documents

@Suite struct ValidateRouteTests {
  private let platform = DocumentsPlatform()

  private func validate(_ data: String, level: String? = nil, type: String = "resume") async throws -> RawJSON {
    let word = level.map { #","validation_level":"\#($0)""# } ?? ""
    let answer = try await platform.call("POST", "/validate", #"{"document_type":"\#(type)","data":\#(data)\#(word)}"#)
    #expect(answer.status == 200, "\(answer.text)")
    return try answer.json()
  }

  @Test("S1.10: data that are fit are summed up")
  func valid() async throws {
    let body = try await validate(#"{\#(ValidationTests.person),"skills":["a"],"projects":null}"#)
    #expect(body["valid"] == .true)
    #expect(body["validation_level"] == .string("standard"))
    #expect(
      body["data_summary"]?.description
        == #"{"document_type":"resume","sections_found":["personalInfo","skills"],"personal_info_complete":true}"#)
    #expect(body["normalized_data"] == nil)
    #expect(body["errors"] == nil)
  }

  @Test("S1.10: data that are not fit are 200 with what is wrong and what to do")
  func invalid() async throws {
    for level in ValidationLevel.words {
      let body = try await validate(#"{"personalInfo":{"email":"j@example.com"}}"#, level: level)
      #expect(body["valid"] == .false)
      #expect(body["validation_level"] == .string(level))
      #expect(body["errors"]?.elements()?.first?["code"] == .string("VAL001"))
      #expect(body["suggestions"]?.elements()?.isEmpty == false)
      #expect(body["data_summary"] == nil)
    }
    #expect(try await validate("{}")["valid"] == .false)
  }

  @Test("S1.10: ultra answers the normalised data and its warnings")
  func ultra() async throws {
    let data = #"{"personalInfo":{"name":"J","email":"J@Example.com","phone":"x"}}"#
    let body = try await validate(data, level: "ultra")
    #expect(body["valid"] == .true)
    #expect(body["normalized_data"]?["personalInfo"]?["email"] == .string("j@example.com"))
    #expect(body["warnings"]?.elements()?.first?["code"] == .string("VAL004"))
    #expect(body["warnings"]?.elements()?.first?["severity"] == .string("warning"))
    #expect(try await validate(data, level: "strict")["valid"] == .false)
  }

  @Test(
    "S1.10: a request that can't be read is an error all the same",
    arguments: ["{}", #"{"document_type":"resume"}"#, #"{"document_type":"resume","data":[]}"#, "[", "[]"])
  func malformed(body: String) async throws {
    #expect(try await platform.call("POST", "/validate", body).status == 422)
    let level = #"{"document_type":"resume","data":{},"validation_level":"hard"}"#
    #expect(try await platform.call("POST", "/validate", level).status == 422)
  }

  @Test("3.2: ultra_validation makes the document of the normalised data; dangerous text is 400 VAL012 then")
  func generate() async throws {
    let ultra = #","ultra_validation":true"#
    _ = try await platform.callWorked("/generate", order(name: " Jane  ", more: ultra))
    #expect(platform.renderer.orders.first?.data["personalInfo"]?["name"] == .string("Jane"))
    let danger = #","summary":"\\input{/etc/passwd}""#
    let refused = try await platform.call("POST", "/generate", order(more: ultra, data: danger))
    #expect(refused.status == 400)
    #expect(try refused.error("code") == "VAL012")
    #expect(try refused.error("category") == "security")
    // Otherwise it is a text like any other, which renderers escape.
    #expect(try await platform.callWorked("/generate", order(data: danger)).status == 200)
    let strict = #","validation_level":"strict""#
    let odd = order(more: strict, data: #","references":[{"phone":"x"}]"#)
    #expect(try await platform.call("POST", "/generate", odd).error("code") == "VAL004")
  }
}
