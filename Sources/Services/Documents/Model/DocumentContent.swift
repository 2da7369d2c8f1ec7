import CelerityJSON

/// What a document says, in the order it says it, read from data of any shape. Nothing that was given is left out, nothing
/// is added but what the fields mean when they are not there.
struct DocumentContent: Sendable, Hashable {
  var person: DocumentPerson
  var body: Body

  /// The kinds of documents with what they hold.
  enum Body: Sendable, Hashable {
    case resume([DocumentSection])
    case letter(CoverLetter)
  }

  /// Reads the data of an order. `today` is the date of a letter that bears none.
  init(_ order: DocumentOrder, today: String, limits: ContentLimits = ContentLimits()) throws(DocumentError) {
    let data = JSONTree(order.data)
    guard let members = data.members else { throw DocumentError(.wrongType, "data is not an object", field: "data") }
    try limits.check(data)
    var fields = ObjectFields(members.map(Self.renamed))
    person = try DocumentPerson(fields.values(["personalinfo"]).first)
    switch order.type {
    case .resume: body = .resume(Self.sections(&fields))
    case .coverLetter: body = .letter(try CoverLetter(fields, today: today))
    }
  }

  /// `techSkills` are technical skills, but `tech_skills` technologies: the only names that differ by their spelling alone.
  private static func renamed(_ member: JSONTree.Member) -> JSONTree.Member {
    member.name == "tech_skills" ? JSONTree.Member(name: "technologies", value: member.value) : member
  }

  /// The sections that hold something, in the order they are printed in.
  private static func sections(_ fields: inout ObjectFields) -> [DocumentSection] {
    var sections: [DocumentSection] = []
    for plan in SectionPlan.all {
      let items = fields.values(plan.keys).flatMap { SectionReader.items($0, as: plan) }
      guard !items.isEmpty else { continue }
      if plan.kind == .technicalSkills, let index = sections.firstIndex(where: { $0.kind == .competencies }) {
        // Both together are one section.
        sections[index].heading += " & " + plan.heading
        sections[index].items += items
      } else {
        sections.append(DocumentSection(kind: plan.kind, heading: plan.heading, items: items))
      }
    }
    for member in fields.rest() {
      let plan = SectionPlan.other(member.name)
      let items = SectionReader.items(member.value, as: plan)
      if !items.isEmpty { sections.append(DocumentSection(kind: .other, heading: plan.heading, items: items)) }
    }
    return sections
  }
}
