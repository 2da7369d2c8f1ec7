public import CelerityJSON

/// The options of a signature, in their order. `null` counts as absent, as in Celery.
struct SignatureOptions: Sendable, Hashable {
  private(set) var members: [JSONMember]

  /// No options.
  init() { members = [] }

  /// Options read from a signature; anything but an object holds none.
  init(_ json: RawJSON) { members = json.members() ?? [] }

  var json: RawJSON { .object(members.map { ($0.name, $0.value) }) }

  subscript(name: String) -> RawJSON? {
    get { members.last { $0.name == name }.flatMap { $0.value.isNull ? nil : $0.value } }
    set {
      let index = members.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): members[index] = JSONMember(name: name, value: value)
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(JSONMember(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  func text(_ name: String) -> String? { self[name]?.stringValue }

  /// The signatures of an option that is one signature or a list of them.
  func signatures(_ name: String) throws(CanvasError) -> [Signature] {
    guard let value = self[name] else { return [] }
    var signatures: [Signature] = []
    for (index, element) in (value.elements() ?? [value]).enumerated() {
      guard let signature = Signature(element) else {
        throw CanvasError("must be a signature", at: "/options/\(name)/\(index)")
      }
      signatures.append(signature)
    }
    return signatures
  }

  mutating func set(_ name: String, _ signatures: [Signature]) {
    self[name] = signatures.isEmpty ? nil : .array(signatures.map(\.json))
  }

  /// Adds signatures to a list, each one once.
  mutating func add(_ signatures: [Signature], to name: String) throws(CanvasError) {
    var all = try self.signatures(name)
    for signature in signatures where !all.contains(signature) { all.append(signature) }
    set(name, all)
  }

  /// With the options of a call over them: those of the call win, except where Celery holds the stored ones immutable.
  func overlaid(by call: SignatureOptions) -> SignatureOptions {
    var merged = self
    let stamps = self["stamped_headers"]?.elements()?.compactMap(\.stringValue) ?? []
    let immutable: Set<String> = Set(stamps).union(["group_id", "stamped_headers"])
    for member in call.members where !member.value.isNull {
      if immutable.contains(member.name), self[member.name] != nil { continue }
      merged[member.name] = member.value
    }
    return merged
  }

  /// Without some of them.
  func without(_ names: Set<String>) -> SignatureOptions {
    var rest = self
    rest.members.removeAll { names.contains($0.name) }
    return rest
  }
}

extension Signature {
  /// A signature as it travels; `nil` when the JSON is none.
  init?(_ json: RawJSON) {
    guard json.kind == .object, let signature = try? RawJSONDecoder().decode(Signature.self, from: json) else {
      return nil
    }
    self = signature
  }

  /// As Python's clients write it: all six members, in their order.
  public var json: RawJSON {
    .object([
      ("task", .string(task)), ("args", args), ("kwargs", kwargs), ("options", options),
      ("subtask_type", subtaskType.map(RawJSON.string) ?? .null), ("immutable", .bool(isImmutable)),
    ])
  }
}
