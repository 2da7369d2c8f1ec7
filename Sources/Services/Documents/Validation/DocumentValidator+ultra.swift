import CelerityJSON

extension DocumentValidator {
  private static let addressFields: Set<String> = ["url", "link", "href"]
  private static let personalAddressFields: Set<String> = ["website", "linkedin", "github", "twitter", "x"]
  private static let dateFields: Set<String> = [
    "startDate", "endDate", "start_date", "end_date", "date", "year", "published", "published_date", "graduationDate",
    "expiry",
  ]

  /// Cleans every text, and rewrites addresses, phone numbers and dates in the form they usually have.
  mutating func normalise() {
    guard let members = tree.members else { return }
    tree = .object(
      members.map { member in
        checkDanger(member.name, member.name)
        // A letter's own date is written out as it shall stand there.
        let isLetterDate = type == .coverLetter && member.name == "date"
        return .init(
          name: member.name, value: normalised(member.value, isLetterDate ? "" : member.name, path: member.name))
      })
  }

  private mutating func normalised(_ value: JSONTree, _ name: String, path: String) -> JSONTree {
    switch value {
    case .scalar: return value
    case .string(let text):
      checkDanger(text, path)
      return .string(normalised(CleanText.cleaned(text), name, path))
    case .array(let elements):
      var cleaned: [JSONTree] = []
      for (index, element) in elements.enumerated() {
        cleaned.append(normalised(element, "", path: "\(path)[\(index)]"))
      }
      return .array(cleaned)
    case .object(let members):
      if Self.dateFields.contains(name), let date = DocumentDate.normalised(value) { return .string(date) }
      var cleaned: [JSONTree.Member] = []
      for member in members {
        let inner = "\(path).\(member.name.shortened)"
        checkDanger(member.name, inner)
        cleaned.append(.init(name: member.name, value: normalised(member.value, member.name, path: inner)))
      }
      return .object(cleaned)
    }
  }

  /// A text by the name of its member.
  private mutating func normalised(_ text: String, _ name: String, _ path: String) -> String {
    let isPersonal = path == "personalInfo.\(name)"
    if name == "email" {
      // The applicant's own is checked with what must be there.
      if !isPersonal, !text.isEmpty, !EmailAddress.isValid(text) {
        doubt(.badEmail, path, "'\(text.shortened)' is no e-mail address")
      }
      return text.lowercased()
    }
    if name == "phone" {
      if !isPersonal { checkPhone(text, path) }
      return PhoneNumber.normalised(text) ?? text
    }
    if Self.addressFields.contains(name) || isPersonal && Self.personalAddressFields.contains(name) {
      if !isPersonal { checkAddress(text, path) }
      return WebAddress.normalised(text) ?? text
    }
    return Self.dateFields.contains(name) ? DocumentDate.normalised(text) ?? text : text
  }

  private mutating func checkDanger(_ text: String, _ path: String) {
    guard let command = DangerousText.command(in: text) else { return }
    refuse(
      .dangerousText, path, "the text holds the command \\\(command), which could read or run something",
      fix: "take the command out")
  }
}
