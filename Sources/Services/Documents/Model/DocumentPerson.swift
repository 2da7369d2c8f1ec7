/// Who a document is about.
struct DocumentPerson: Sendable, Hashable {
  var name: String
  /// The line below the name.
  var headline: String?
  /// In the order they are printed in.
  var contacts: [Contact]

  /// A way to reach somebody.
  struct Contact: Sendable, Hashable {
    var text: String
    /// Where a link leads to.
    var target: String?
  }
}

extension DocumentPerson {
  /// Reads `personalInfo`.
  init(_ value: JSONTree?) throws(DocumentError) {
    guard let value else { throw DocumentError(.missingField, "personalInfo is missing", field: "personalInfo") }
    guard let members = value.members else {
      throw DocumentError(.wrongType, "personalInfo is not an object", field: "personalInfo")
    }
    var fields = ObjectFields(members)
    guard let name = fields.text(["name"]) else {
      throw DocumentError(.missingField, "the name is missing", field: "personalInfo.name")
    }
    self.name = name
    headline = fields.text(["title", "headline", "professionaltitle"])
    contacts = []
    for way in Self.ways {
      let address = fields.text([way.name])
      let display = fields.text([way.name + "display"])
      guard let text = display ?? address.map(way.text) else { continue }
      contacts.append(Contact(text: text, target: address.flatMap(way.target)))
    }
    for fact in fields.restAsFacts() {
      let text = fact.values.joined(separator: ", ")
      contacts.append(Contact(text: text, target: fact.values.count == 1 ? LinkTarget.web(text) : nil))
    }
  }

  private static let ways = [
    Way(name: "email", target: LinkTarget.mail),
    Way(name: "phone", target: LinkTarget.telephone),
    Way(name: "location") { _ in nil },
    Way(name: "website", target: LinkTarget.web),
    Way(profile: "linkedin", "LinkedIn", at: "www.linkedin.com/in"),
    Way(profile: "github", "GitHub", at: "github.com"),
    Way(profile: "twitter", "Twitter", at: "twitter.com"),
    Way(profile: "x", "X", at: "x.com"),
  ]
}

/// A field of `personalInfo` by which somebody is reached.
private struct Way: Sendable {
  var name: String
  /// Stands before what is no address by itself.
  var label: String?
  var target: @Sendable (String) -> String?

  init(name: String, target: @escaping @Sendable (String) -> String?) {
    self.name = name
    self.target = target
  }

  init(profile name: String, _ label: String, at site: String) {
    self.init(name: name) { LinkTarget.profile($0, at: site) }
    self.label = label
  }

  func text(_ address: String) -> String {
    guard let label, LinkTarget.web(address) == nil else { return address }
    return "\(label): \(address)"
  }
}
