import Testing

@testable import Documents

struct LetterTests {
  @Test(
    "S1: a letter greets whom it knows",
    arguments: [
      (#"{"name":"Dr. Weber","title":"CTO"}"#, "Dear Dr. Weber,"), (#"{"title":"CTO"}"#, "Dear CTO,"),
      (#"{"company":"Acme"}"#, "Dear Hiring Manager at Acme,"), ("{}", "Dear Hiring Manager,"),
    ])
  func salutation(recipient: String, expected: String) throws {
    let letter = try DocumentContent.letter(#""recipient":\#(recipient),"body":"x""#)
    #expect(letter?.salutation == expected)
    #expect(letter?.closing == "Sincerely,")
    #expect(letter?.date == "November 27, 2026")
  }

  @Test("S1: what is given stands for what would be assumed")
  func given() throws {
    let letter = try DocumentContent.letter(
      #""body":["One","Two\n\nThree"],"date":"May 1, 2020","salutation":"Hi,","closing":"Bye,","subject":"Job 7","enclosure":"CV""#
    )
    #expect(
      letter
        == CoverLetter(
          recipient: [], date: "May 1, 2020", subject: "Job 7", salutation: "Hi,", paragraphs: ["One", "Two", "Three"],
          closing: "Bye,", notes: [SectionFact(label: "Enclosure", values: ["CV"])]))
  }

  @Test("S1: the recipient's address is a text, a list, or its parts")
  func recipient() throws {
    let parts = try DocumentContent.letter(
      #""body":"x","recipient":{"name":"A","company":"C","department":"D","street":"S 1","city":"Köln","state":"NW","zip":50667,"country":"DE","room":"12"}"#
    )
    #expect(parts?.recipient == ["A", "D", "C", "S 1", "Köln, NW 50667", "DE", "12"])
    for address in [#""One\nTwo""#, #"["One","Two"]"#] {
      #expect(
        try DocumentContent.letter(#""body":"x","recipient":{"address":\#(address)}"#)?.recipient == ["One", "Two"])
    }
  }

  @Test("S1: a text's empty lines divide paragraphs, other line breaks do not")
  func paragraphs() throws {
    #expect(try DocumentContent.letter(#""body":"a\nb\r\n \r\nc\n\n\n""#)?.paragraphs == ["a b", "c"])
  }

  @Test(
    "What makes no letter or no person is refused with the field at fault",
    arguments: [
      (#"{"personalInfo":{"name":"x"},"body":" "}"#, DocumentError.Code.missingField, "body"),
      (#"{"personalInfo":{"name":"x"},"body":"b","recipient":"Bob"}"#, .wrongType, "recipient"),
      (#"{"body":"b"}"#, .missingField, "personalInfo"),
      (#"{"personalInfo":[],"body":"b"}"#, .wrongType, "personalInfo"),
      (#"{"personalInfo":{"email":"x"},"body":"b"}"#, .missingField, "personalInfo.name"), ("[]", .wrongType, "data"),
    ])
  func refused(json: String, code: DocumentError.Code, field: String) {
    let error = #expect(throws: DocumentError.self) { try DocumentContent.read(json, .coverLetter) }
    #expect(error?.code == code)
    #expect(error?.field == field)
  }
}
