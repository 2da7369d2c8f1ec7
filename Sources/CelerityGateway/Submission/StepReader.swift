import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Reads the steps of workflows: calls as in a submission, workflows inside of workflows, and signatures as Celery writes
/// them. Notes every task that is called, so that it can be checked before anything is accepted.
struct StepReader {
  let now: Timestamp
  private(set) var called: [CalledTask] = []
  /// Words that every step gets.
  var tags: [String]?
  /// How many signatures are read at most.
  private(set) var room = Self.limit
  private var depth = 0

  /// How many links a task may carry.
  static let linkLimit = 100
  /// How many steps a workflow may have.
  static let limit = 10_000
  private static let depthLimit = 16
  static let workflowFields = ["chain", "group", "chord"]
  /// What a step may hold: a call, a workflow, and what Celery's signatures hold (`chord_size` is for its older workers).
  static let fields =
    TaskRequest.callFields + workflowFields + ["options", "subtask_type", "immutable", "chord_size"]

  init(now: Timestamp) { self.now = now }

  /// A member that holds one step or an array of them, called with what the task ends with.
  mutating func links(_ name: String, _ outer: inout FieldReader) -> [Signature]? {
    guard let value = outer[name] else { return nil }
    let place = outer.place + "/" + name
    guard let elements = value.elements() else {
      return step(value, at: place, isLinked: true, takesResult: true, &outer).map { [$0] }
    }
    guard elements.count <= Self.linkLimit else {
      outer.refuse(name, "must be at most \(Self.linkLimit) signatures")
      return nil
    }
    return elements.enumerated().compactMap { index, element in
      step(element, at: "\(place)/\(index)", isLinked: true, takesResult: true, &outer)
    }
  }

  /// One step.
  private mutating func step(
    _ value: RawJSON, at place: String, isLinked: Bool, takesResult: Bool, _ outer: inout FieldReader
  ) -> Signature? {
    var reader = FieldReader(value, at: place, known: Self.fields)
    defer { outer.adopt(reader) }
    guard reader.isObject else { return nil }
    room -= 1
    guard room >= 0, depth < Self.depthLimit else {
      if room == -1 || depth == Self.depthLimit {
        reader.refuse("task", "is one too many: at most \(Self.limit) steps, \(Self.depthLimit) deep")
      }
      return nil
    }
    depth += 1
    defer { depth -= 1 }
    if let type = reader.string("subtask_type", bytes: 1...32) {
      return celery(type, value, isLinked: isLinked, takesResult: takesResult, &reader)
    }
    if Self.workflowFields.contains(where: reader.has) {
      return workflow(isLinked: isLinked, takesResult: takesResult, &reader)
    }
    return call(isLinked: isLinked, takesResult: takesResult, &reader)
  }

  /// A call of a task.
  private mutating func call(isLinked: Bool, takesResult: Bool, _ reader: inout FieldReader) -> Signature? {
    if !reader.has("task") { reader.refuse("task", "is missing") }
    var request = TaskRequest()
    request.read(&reader, now)
    let isImmutable = reader.value("immutable", .boolean, "a boolean")?.boolValue ?? false
    let options = reader.value("options", .object, "an object")?.members() ?? []
    called += request.called.map {
      var called = $0; called.isLinked = isLinked || $0.isLinked; return called
    }
    if !request.task.isEmpty {
      called.append(
        CalledTask(
          pointer: reader.place, task: request.task, args: request.args, kwargs: request.kwargs, isLinked: isLinked,
          takesResult: takesResult && !isImmutable))
    }
    return request.signature(options: options, tags: tags, isImmutable: isImmutable)
  }
}

// MARK: Workflows

extension StepReader {
  /// What an object's `task`, `group` or `chord` begins and its `chain` goes on with.
  mutating func workflow(isLinked: Bool = false, takesResult: Bool = false, _ reader: inout FieldReader) -> Signature? {
    let begins = ["task", "group", "chord"].filter(reader.has)
    for surplus in begins.dropFirst() { reader.refuse(surplus, "can't be given together with \(begins[0])") }
    if !begins.contains("task") { refuseCallFields(&reader) }
    var steps: [Signature] = []
    switch begins.first {
    case "task": steps += [call(isLinked: isLinked, takesResult: takesResult, &reader)].compactMap(\.self)
    case "group": steps += [group(isLinked: isLinked, takesResult: takesResult, &reader)].compactMap(\.self)
    case "chord": steps += [chord(isLinked: isLinked, takesResult: takesResult, &reader)].compactMap(\.self)
    default: break
    }
    if reader.has("chain") {
      let chain = members("chain", isLinked: isLinked, { takesResult || $0 > 0 || !begins.isEmpty }, &reader)
      if chain.isEmpty { reader.refuse("chain", "must have at least one step") }
      steps += chain
    }
    return steps.count > 1 ? Self.signature("chain", [("tasks", steps)]) : steps.first
  }

  /// What describes a call has no meaning where none is.
  private func refuseCallFields(_ reader: inout FieldReader) {
    for name in TaskRequest.callFields where name != "task" && reader.has(name) {
      reader.refuse(name, "belongs to a task: give it to a step")
    }
  }

  private mutating func group(isLinked: Bool, takesResult: Bool, _ reader: inout FieldReader) -> Signature {
    let tasks = members("group", isLinked: isLinked, { _ in takesResult }, &reader)
    if tasks.isEmpty { reader.refuse("group", "must have at least one step") }
    return Self.signature("group", [("tasks", tasks)])
  }

  private mutating func chord(isLinked: Bool, takesResult: Bool, _ reader: inout FieldReader) -> Signature? {
    guard let value = reader["chord"] else { return nil }
    var inner = FieldReader(value, at: reader.place + "/chord", known: ["header", "body"])
    defer { reader.adopt(inner) }
    guard inner.isObject else { return nil }
    let header = members("header", isLinked: isLinked, { _ in takesResult }, &inner)
    guard inner.has("header"), let body = inner["body"] else {
      for name in ["header", "body"] where !inner.has(name) { inner.refuse(name, "is missing") }
      return nil
    }
    let place = inner.place + "/body"
    guard let body = step(body, at: place, isLinked: isLinked, takesResult: true, &inner) else { return nil }
    return Signature(
      task: "celery.chord",
      kwargs: .object([("kwargs", .emptyObject), ("header", .array(header.map(\.json))), ("body", body.json)]),
      subtaskType: "chord")
  }

  private mutating func members(
    _ name: String, isLinked: Bool, _ takesResult: (Int) -> Bool, _ reader: inout FieldReader
  ) -> [Signature] {
    guard let elements = reader.value(name, .array, "an array of steps")?.elements() else { return [] }
    let place = reader.place + "/" + name
    return elements.enumerated().compactMap { index, element in
      step(element, at: "\(place)/\(index)", isLinked: isLinked, takesResult: takesResult(index), &reader)
    }
  }

  private static func signature(_ type: String, _ members: [(String, [Signature])]) -> Signature {
    Signature(
      task: "celery.\(type)", kwargs: .object(members.map { ($0.0, .array($0.1.map(\.json))) }), subtaskType: type)
  }
}

// MARK: Signatures of Celery

extension StepReader {
  /// A workflow as Celery writes it: kept as it is, with the tasks in it noted.
  private mutating func celery(
    _ type: String, _ value: RawJSON, isLinked: Bool, takesResult: Bool, _ reader: inout FieldReader
  ) -> Signature? {
    guard ["chain", "group", "chord", "xmap", "xstarmap", "chunks"].contains(type) else {
      reader.refuse("subtask_type", "must be null, chain, group, chord, xmap, xstarmap or chunks")
      return nil
    }
    let kwargs = reader.value("kwargs", .object, "an object") ?? .emptyObject
    var inner = FieldReader(kwargs, at: reader.place + "/kwargs", known: (kwargs.members() ?? []).map(\.name))
    defer { reader.adopt(inner) }
    switch type {
    case "chain": _ = members("tasks", isLinked: isLinked, { takesResult || $0 > 0 }, &inner)
    case "group": _ = members("tasks", isLinked: isLinked, { _ in takesResult }, &inner)
    case "chord":
      if inner["header"]?.kind == .object {
        note("header", isLinked: isLinked, &inner)
      } else {
        _ = members("header", isLinked: isLinked, { _ in takesResult }, &inner)
      }
      note("body", isLinked: isLinked, &inner)
    default: note("task", isLinked: isLinked, &inner)
    }
    guard let signature = try? RawJSONDecoder().decode(Signature.self, from: value) else {
      reader.refuse("task", "is no signature")
      return nil
    }
    return signature
  }

  private mutating func note(_ name: String, isLinked: Bool, _ reader: inout FieldReader) {
    guard let value = reader[name] else { return reader.refuse(name, "is missing") }
    _ = step(value, at: reader.place + "/" + name, isLinked: isLinked, takesResult: true, &reader)
  }
}
