import CelerityJSON

extension DocumentValidator {
  private static let longestName = 200
  private static let addresses = ["website", "linkedin", "github", "twitter", "x"]
  private static let optionalTexts =
    ["phone", "location", "title", "headline", "professionalTitle"] + addresses + addresses.map { $0 + "_display" }

  /// Name and address of the applicant.
  mutating func checkPersonalInfo() {
    guard let info = tree["personalInfo"] else {
      return refuse(
        .missingField, "personalInfo", "personalInfo is missing",
        fix: #"add "personalInfo": {"name": "…", "email": "…"} to the data"#)
    }
    guard info.members != nil else { return refuse(.wrongType, "personalInfo", "personalInfo must be an object") }
    if let name = requiredText(info, "name"), name.count > Self.longestName {
      refuse(.tooLong, "personalInfo.name", "the name has more than \(Self.longestName) characters")
    }
    if let email = requiredText(info, "email"), !EmailAddress.isValid(email) {
      complain(
        .badEmail, "personalInfo.email", "'\(email.shortened)' is no e-mail address",
        fix: "write it as name@example.com")
    }
    for name in Self.optionalTexts {
      guard let value = info[name], value.text == nil else { continue }
      refuse(.wrongType, "personalInfo.\(name)", "\(name) must be a text")
    }
    checkPhone(info["phone"]?.text, "personalInfo.phone")
    for name in Self.addresses { checkAddress(info[name]?.text, "personalInfo.\(name)") }
  }

  private mutating func requiredText(_ info: JSONTree, _ name: String) -> String? {
    let field = "personalInfo.\(name)"
    guard let value = info[name] else {
      refuse(.missingField, field, "\(name) is missing", fix: "add \(name) to personalInfo")
      return nil
    }
    guard let text = value.text else {
      refuse(.wrongType, field, "\(name) must be a text")
      return nil
    }
    if text.allSatisfy(\.isWhitespace) {
      refuse(.missingField, field, "\(name) is empty", fix: "fill in \(name) of personalInfo")
      return nil
    }
    return text
  }

  /// Tells of a phone number that looks like none.
  mutating func checkPhone(_ phone: String?, _ field: String) {
    guard let phone, !phone.isEmpty, PhoneNumber.normalised(phone) == nil else { return }
    doubt(.oddPhone, field, "'\(phone.shortened)' does not look like a phone number")
  }

  /// Tells of an address on the web that looks like none.
  mutating func checkAddress(_ address: String?, _ field: String) {
    guard let address, !address.isEmpty, WebAddress.normalised(address) == nil else { return }
    doubt(.oddURL, field, "'\(address.shortened)' does not look like an address on the web")
  }
}

// MARK: By type

extension DocumentValidator {
  private static let dateFields = ["startDate", "endDate", "start_date", "end_date"]

  /// The sections of a resume whose dates must be readable.
  mutating func checkResume() {
    for section in ["experience", "education"] {
      guard let value = tree[section], var items = value.elements else { continue }
      for index in items.indices where items[index].members != nil {
        if section == "experience", items[index]["position"] == nil, let title = items[index]["title"] {
          items[index]["position"] = title
        }
        for name in Self.dateFields { checkDate(items[index][name], "\(section)[\(index)].\(name)") }
      }
      tree[section] = .array(items)
    }
  }

  private mutating func checkDate(_ value: JSONTree?, _ field: String) {
    guard let value else { return }
    guard let text = value.text else {
      return complain(.wrongType, field, "a date must be a text", fix: "write it as YYYY-MM")
    }
    let isReadable = level.normalises ? DocumentDate.normalised(text) != nil : DocumentDate.isStandard(text)
    if !text.isEmpty, !isReadable {
      complain(
        .badDate, field, "'\(text.shortened)' is no date",
        fix: "write it as YYYY-MM, MM-YYYY, YYYY-MM-DD, MM-DD-YYYY or Present")
    }
  }

  /// A letter's text and to whom it goes.
  mutating func checkLetter(_ today: String) {
    switch tree["body"] {
    case nil: refuse(.missingField, "body", "body is missing", fix: "add the letter's text as body")
    case .string(let text)?:
      if text.allSatisfy(\.isWhitespace) { refuse(.missingField, "body", "body is empty") }
    case .array(let paragraphs)?:
      if paragraphs.isEmpty { refuse(.missingField, "body", "body has no paragraphs") }
      for index in paragraphs.indices where paragraphs[index].text == nil {
        refuse(.wrongType, "body[\(index)]", "a paragraph must be a text")
      }
    case .object?, .scalar?: refuse(.wrongType, "body", "body must be a text or a list of paragraphs")
    }
    if let recipient = tree["recipient"], recipient.members == nil {
      refuse(.wrongType, "recipient", "recipient must be an object")
    }
    if let date = tree["date"] {
      if date.text == nil { refuse(.wrongType, "date", "date must be a text") }
    } else {
      tree["date"] = .string(today)
    }
  }
}

extension String {
  /// The text as far as a message may repeat it.
  var shortened: String { count > 60 ? prefix(60) + "…" : self }
}
