/// The members of an object while they are read: whatever nobody asked for is still there at the end.
struct ObjectFields {
  private let members: [JSONTree.Member]
  private let names: [String]
  private var isTaken: [Bool]

  /// The members of an object.
  init(_ members: [JSONTree.Member]) {
    self.members = members
    names = members.map { FieldName.canonical($0.name) }
    isTaken = members.map(\.value.isNull)
  }

  /// The first of the fields that holds a text or number, on one line. Those that say the same are taken with it, others
  /// are left.
  mutating func text(_ wanted: [String]) -> String? {
    var found: String?
    for name in wanted {
      for index in members.indices where names[index] == name && !isTaken[index] {
        let text = PrintedText.line(Self.dateText(members[index].value) ?? PrintedText.scalar(members[index].value))
        guard !text.isEmpty, found == nil || found == text else { continue }
        found = text
        isTaken[index] = true
      }
    }
    return found
  }

  /// The values of all the fields, in the order of the names; lists that are there twice are taken once.
  mutating func values(_ wanted: [String]) -> [JSONTree] {
    var found: [JSONTree] = []
    for name in wanted {
      for index in members.indices where names[index] == name && !isTaken[index] {
        isTaken[index] = true
        if !found.contains(members[index].value) { found.append(members[index].value) }
      }
    }
    return found
  }

  /// The texts of all the fields: of a text its lines, of a list its elements.
  mutating func list(_ wanted: [String]) -> [String] {
    values(wanted).flatMap { value in
      if case .string(let text) = value { PrintedText.lines(text) } else { PrintedText.values(value) }
    }
  }

  /// Whether the object has one of the fields.
  func has(_ wanted: [String]) -> Bool { names.contains { wanted.contains($0) } }

  /// What is left.
  mutating func rest() -> [JSONTree.Member] {
    let rest = members.indices.filter { !isTaken[$0] }.map { members[$0] }
    isTaken = members.map { _ in true }
    return rest
  }

  /// What is left as facts.
  mutating func restAsFacts() -> [SectionFact] {
    rest().compactMap { member in
      let values = PrintedText.values(member.value)
      return values.isEmpty ? nil : SectionFact(label: FieldName.label(member.name), values: values)
    }
  }

  /// A date given as `{year, month, day}`, the way ISO 8601 writes it.
  private static func dateText(_ value: JSONTree) -> String? {
    guard let members = value.members, let year = value["year"].map(PrintedText.scalar),
      members.allSatisfy({ ["year", "month", "day"].contains($0.name) })
    else { return nil }
    let rest = ["month", "day"].compactMap { value[$0].map(PrintedText.scalar) }
    return ([year] + rest.map { $0.count == 1 ? "0" + $0 : $0 }).joined(separator: "-")
  }
}
