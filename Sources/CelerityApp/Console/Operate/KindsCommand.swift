import ArgumentParser
import CelerityCore
import CelerityJSON

struct KindsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds", abstract: "Shows which kinds of tasks can be submitted, and with which arguments.",
    discussion: """
      celerity kinds list
      celerity kinds show finance.compound_interest
      """,
    subcommands: [List.self, Show.self])

  struct List: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists all kinds of tasks.",
      discussion: """
        celerity kinds list
        celerity kinds list --json
        """)

    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let answer = try await session.gateway.json(.get("/v1/kinds"))
      let table = Table(
        [.init("task"), .init("queue", .optional), .init("source", .optional), .init("summary", .elastic)],
        rows: answer.list("kinds").map { kind in
          ["task", "queue", "source", "summary"].map { Table.Cell(ifPresent: kind.text($0)) }
        })
      try session.show(answer, table, empty: "no kind of task is known: is a service or a worker there?")
    }
  }

  struct Show: ClientCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a kind of task: what it does, takes and returns.",
      discussion: """
        celerity kinds show finance.compound_interest
        celerity kinds show finance.compound_interest --json   # with JSON Schemas
        """)

    @Argument(help: ArgumentHelp("The kind's name.", valueName: "task")) var name: String
    @OptionGroup(title: "Common options") var options: ClientOptions

    func run(_ session: ClientSession) async throws {
      let kind = try await kind(session.gateway)
      if session.output.isJSON { return try session.output.json(kind) }
      var fields: [(name: String, cell: Table.Cell)] = [
        ("task", Table.Cell(ifPresent: kind.text("task"), tone: .strong)),
        ("summary", Table.Cell(ifPresent: kind.text("summary"))), ("queue", Table.Cell(ifPresent: kind.text("queue"))),
        ("source", Table.Cell(ifPresent: kind.text("source"))),
      ]
      guard session.output.isForPeople else {
        fields += [("input", Table.Cell(json: kind["input"])), ("output", Table.Cell(json: kind["output"]))]
        return try session.output.fields(fields)
      }
      try session.output.fields(fields)
      for (title, member) in [("Takes", "input"), ("Returns", "output")] {
        guard let schema = kind[member], !schema.isNull, !SchemaTable.rows(schema).isEmpty else { continue }
        try session.output.line("\n\(title)")
        try session.output.table(SchemaTable.make(schema), empty: "")
      }
      try session.output.line(
        "\ncelerity submit \(ShellWords.quoted(name)) --kwargs \(ShellWords.quoted(example(kind)))")
    }

    private func kind(_ gateway: GatewayClient) async throws(ClientError) -> RawJSON {
      do {
        return try await gateway.json(.get("/v1/kinds/" + name.percentEncoded))
      } catch {
        guard error.status == .notFound else { throw error }
        let kinds = try? await gateway.json(.get("/v1/kinds")).list("kinds").compactMap { $0.text("task") }
        let beginnings = (kinds ?? []).filter { $0.hasPrefix(name) }
        let meant = beginnings.count == 1 ? beginnings[0] : closestMatch(to: name, among: kinds ?? [])
        var error = error
        error.hint =
          (meant ?? beginnings.first).map { "celerity kinds show \(ShellWords.quoted($0))" } ?? "celerity kinds list"
        throw error
      }
    }

    /// Arguments with something of the right type for each that is required.
    private func example(_ kind: RawJSON) -> String {
      let required = (kind["input"]?.list("required") ?? []).compactMap(\.stringValue)
      let properties = kind["input"]?["properties"]
      let members = required.map { name in (name, SchemaTable.example(properties?[name])) }
      return JSONText.line(.object(members), escaping: true)
    }
  }
}

/// The properties of an object's schema in rows.
enum SchemaTable {
  static func make(_ schema: RawJSON) -> Table {
    Table([.init("name"), .init("type"), .init("default"), .init("meaning", .elastic)], rows: rows(schema))
  }

  static func rows(_ schema: RawJSON) -> [[Table.Cell]] {
    let required = schema.list("required").compactMap(\.stringValue)
    return (schema["properties"]?.members() ?? []).map { member in
      let isRequired = required.contains(member.name)
      return [
        Table.Cell(member.name, tone: isRequired ? .strong : .plain), Table.Cell(values(member.value)),
        isRequired ? Table.Cell("required", tone: .strong) : Table.Cell(json: member.value["default"]),
        Table.Cell(member.value.text("description") ?? ""),
      ]
    }
  }

  static func example(_ schema: RawJSON?) -> RawJSON {
    if let example = schema?.list("examples").first ?? schema?["example"] { return example }
    if let value = schema?["default"] { return value }
    if let value = schema?.list("enum").first { return value }
    switch schema.map(type) ?? "" {
    case "integer", "number": return schema?["minimum"] ?? .integer(1)
    case "boolean": return .true
    case "array": return .emptyArray
    case "object": return .emptyObject
    default: return .string("…")
    }
  }

  /// The type with what is allowed of it: `"call" | "put"`, `integer ≥ 1, ≤ 100`.
  private static func values(_ schema: RawJSON) -> String {
    let choices = schema.list("enum").map { JSONText.line($0, escaping: true) }
    if !choices.isEmpty { return choices.joined(separator: " | ") }
    let bounds = [("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<")]
      .compactMap { name, sign in schema[name].map { " \(sign) \(number($0))" } }.joined(separator: ",")
    return type(schema) + bounds
  }

  /// `100` also where the schema writes `100.0`.
  private static func number(_ value: RawJSON) -> String {
    let text = JSONText.line(value, escaping: true)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func type(_ schema: RawJSON) -> String {
    if let type = schema.text("type") { return type == "array" ? "array" : type }
    let types = schema.list("type").compactMap(\.stringValue).filter { $0 != "null" }
    if let type = types.first { return type }
    return schema["enum"] != nil ? "choice" : schema["oneOf"] != nil || schema["anyOf"] != nil ? "several" : "any"
  }
}

struct OpenAPICommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "openapi", abstract: "Prints the OpenAPI document of the gateway.",
    discussion: """
      celerity openapi > openapi.json
      celerity openapi | jq '.paths | keys'
      """)

  @OptionGroup(title: "Common options") var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    try session.output.json(try await session.gateway.json(.get("/openapi.json")))
  }
}
