/// A letter that goes with a resume.
struct CoverLetter: Sendable, Hashable {
  /// Who it is for, line by line.
  var recipient: [String]
  var date: String
  var subject: String?
  var salutation: String
  var paragraphs: [String]
  var closing: String
  /// Whatever else was given, below the name.
  var notes: [SectionFact]
}

extension CoverLetter {
  /// Reads a letter; one that bears no date has today's.
  init(_ data: ObjectFields, today: String) throws(DocumentError) {
    var fields = data
    let recipient = try Recipient(fields.values(["recipient"]).first)
    self.recipient = recipient.lines
    date = fields.text(["date"]) ?? today
    subject = fields.text(["subject"])
    salutation = fields.text(["salutation"]) ?? recipient.salutation
    closing = fields.text(["closing"]) ?? "Sincerely,"
    paragraphs = fields.values(["body"]).flatMap(Self.paragraphs)
    guard !paragraphs.isEmpty else { throw DocumentError(.missingField, "the letter has no body", field: "body") }
    notes = fields.restAsFacts()
  }

  private static func paragraphs(_ body: JSONTree) -> [String] {
    switch body {
    case .string(let text): PrintedText.paragraphs(text)
    case .array(let elements): elements.flatMap(paragraphs)
    case .scalar, .object: PrintedText.values(body)
    }
  }
}

/// Who a letter is for.
private struct Recipient {
  var lines: [String] = []
  var salutation = "Dear Hiring Manager,"

  init(_ value: JSONTree?) throws(DocumentError) {
    guard let value else { return }
    guard let members = value.members else {
      throw DocumentError(.wrongType, "recipient is not an object", field: "recipient")
    }
    var fields = ObjectFields(members)
    let name = fields.text(["name"])
    let title = fields.text(["title"])
    let company = fields.text(["company"])
    let department = fields.text(["department"])
    if let addressee = name ?? title {
      salutation = "Dear \(addressee),"
    } else if let company {
      salutation = "Dear Hiring Manager at \(company),"
    }
    lines = [name, title, department, company].compactMap { $0 } + fields.list(["address"])
    lines += [fields.text(["street"])].compactMap { $0 }
    let city = fields.text(["city"])
    let state = fields.text(["state"])
    let zip = fields.text(["zip"])
    let region = [city, state].compactMap { $0 }.joined(separator: ", ")
    let town = [region.isEmpty ? nil : region, zip].compactMap { $0 }.joined(separator: " ")
    lines += [town, fields.text(["country"]) ?? ""].filter { !$0.isEmpty }
    lines += fields.restAsFacts().flatMap(\.values)
  }
}
