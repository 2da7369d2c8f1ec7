import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

/// A task of any input.
private struct Kind<Input: TaskInput>: TaskDefinition {
  static var name: String { "demo.kind" }
  static var summary: String { "Does nothing." }
  func run(_ input: Input, _ context: TaskContext) async throws -> Int { 0 }
}

@Suite struct DeclarationTests {
  private func schema<Input: TaskInput>(_ type: Input.Type) throws -> String {
    try ParameterTable(task: "t", input: type).schema.json.description
  }

  /// What registration says against an input; `nil` when it takes it.
  private func fault<Input: TaskInput>(_ type: Input.Type) -> String? {
    do throws(RegistrationError) {
      _ = try TaskRegistry([Kind<Input>()])
      return nil
    } catch {
      #expect(error.task == "demo.kind")
      #expect(error.description == "task 'demo.kind' can't be registered: \(error.detail)")
      return error.detail
    }
  }

  @Test func `The published schema holds what was declared`() throws {
    #expect(
      try schema(Loan.self) == """
        {"type":"object","properties":{"amount":{"type":"number","description":"Starting capital.",\
        "exclusiveMinimum":0.0},"rate":{"type":"number","minimum":-1.0,"maximum":0.5},\
        "years":{"type":"integer","description":"Whole years.","minimum":1.0,"maximum":100.0,"default":1}},\
        "required":["amount","rate"],"additionalProperties":false}
        """)
  }

  @Test func `The published schema of plain inputs follows from their types`() throws {
    #expect(
      try schema(Letter.self) == """
        {"type":"object","properties":{"subject":{"type":"string"},"body":{"type":["string","null"]},\
        "isUrgent":{"type":"boolean"}},"required":["subject","isUrgent"],"additionalProperties":false}
        """)
    #expect(
      try schema(Words.self) == """
        {"type":"object","properties":{"first":{"type":"string"},"rest":{"type":"array","items":{"type":"integer"},\
        "description":"All others.","default":[]},"separator":{"type":"string","default":","}},\
        "required":["first"],"additionalProperties":false}
        """)
    let item = """
      "properties":{"sku":{"type":"string"},"count":{"type":"integer"}},"required":["sku","count"],\
      "additionalProperties":false}
      """
    #expect(
      try schema(Order.self) == """
        {"type":"object","properties":{"color":{"type":"string","enum":["red","deep-blue"]},\
        "items":{"type":"array","items":{"type":"object",\(item)},"note":{"type":["object","null"],\(item)},\
        "required":["color","items"],"additionalProperties":false}
        """)
    #expect(try schema(NoInput.self) == #"{"type":"object","additionalProperties":false}"#)
  }

  @Test func `An argument that names no property, or one twice, is reported`() {
    struct Stranger: TaskInput {
      var x: Int
      enum Names: String, CodingKey { case x, y }
      static let arguments = [Argument(Names.x), Argument(Names.y)]
    }
    struct Twice: TaskInput {
      var x: Int
      static let arguments = [Argument(CodingKeys.x, "one"), Argument(CodingKeys.x, "two")]
    }
    #expect(fault(Stranger.self) == "argument 'y': it names no stored property")
    #expect(fault(Twice.self) == "argument 'x': it is declared twice")
  }

  @Test func `An alias that is a name already is reported`() {
    struct Shadow: TaskInput {
      var x, y: Int
      static let arguments = [Argument(CodingKeys.x, aliases: ["y"])]
    }
    struct Shared: TaskInput {
      var x, y: Int
      static let arguments = [Argument(CodingKeys.x, aliases: ["z"]), Argument(CodingKeys.y, aliases: ["z"])]
    }
    #expect(fault(Shadow.self) == "argument 'x': 'y' is a name already")
    #expect(fault(Shared.self) == "argument 'y': 'z' is a name already")
  }

  @Test func `A default that does not fit is reported`() {
    struct NoNumber: TaskInput {
      var x: Double
      static let arguments = [Argument(CodingKeys.x, default: Double.nan)]
    }
    struct OtherType: TaskInput {
      var x: Int
      static let arguments = [Argument(CodingKeys.x, default: "1")]
    }
    struct Fraction: TaskInput {
      var x: Int
      static let arguments = [Argument(CodingKeys.x, default: 1.5)]
    }
    struct OtherCase: TaskInput {
      var x: Order.Color
      static let arguments = [Argument(CodingKeys.x, default: "green")]
    }
    struct Outside: TaskInput {
      var x: Int
      static let arguments = [Argument(CodingKeys.x, default: 0, minimum: 1)]
    }
    #expect(fault(NoNumber.self) == "argument 'x': its default can't be written as JSON")
    #expect(fault(OtherType.self) == #"argument 'x': its default "1" does not fit the property"#)
    #expect(fault(Fraction.self) == "argument 'x': its default 1.5 does not fit the property")
    #expect(fault(OtherCase.self) == #"argument 'x': its default "green" does not fit the property"#)
    #expect(fault(Outside.self) == "argument 'x': its default must be at least 1")
  }

  @Test func `Bounds and variadic that the property's type denies are reported`() {
    struct Text: TaskInput {
      var x: String
      static let arguments = [Argument(CodingKeys.x, minimum: 1)]
    }
    struct Empty: TaskInput {
      var x: Int
      static let arguments = [Argument(CodingKeys.x, minimum: 2, maximum: 1)]
    }
    struct Endless: TaskInput {
      var x: Double
      static let arguments = [Argument(CodingKeys.x, maximum: .infinity)]
    }
    struct Single: TaskInput {
      var x: Int
      static let arguments = [Argument.variadic(CodingKeys.x)]
    }
    #expect(fault(Text.self) == "argument 'x': only a number can have bounds")
    #expect(fault(Empty.self) == "argument 'x': its minimum is above its maximum")
    #expect(fault(Endless.self) == "argument 'x': its bounds must be finite")
    #expect(fault(Single.self) == "argument 'x': it is variadic, so its property must be an array")
  }

  @Test func `Defaults and bounds that fit are taken`() {
    struct Fine: TaskInput {
      var whole: Double
      var color: Order.Color
      var items: [Order.Item]
      var maybe: Int?
      var anything: RawJSON
      static let arguments = [
        Argument(CodingKeys.whole, default: 1, minimum: 1, maximum: 1),
        Argument(CodingKeys.color, default: Order.Color.deepBlue),
        Argument(CodingKeys.items, default: [Order.Item(sku: "a", count: 1)]),
        Argument(CodingKeys.maybe, default: Int?.none, minimum: 1),
        Argument(CodingKeys.anything, default: "x"),
      ]
    }
    #expect(fault(Fine.self) == nil)
    #expect(fault(Loan.self) == nil)
  }

  @Test func `A type that can't be described is reported with its place`() throws {
    struct Opaque: TaskInput {
      enum Level: Int, Codable { case one = 1 }
      var level: Level
    }
    struct Text: TaskInput {
      init(from decoder: any Decoder) throws { _ = try decoder.singleValueContainer().decode(String.self) }
      func encode(to encoder: any Encoder) throws {}
    }
    let opaque = try #require(fault(Opaque.self))
    #expect(opaque.contains("Level") && opaque.contains("'/level'"))
    #expect(fault(Text.self) == "its input must be a struct with stored properties")
  }

  @Test func `Two tasks of one name are reported, and the first stays`() throws {
    struct Other: TaskDefinition {
      static let name = "demo.kind"
      func run(_ input: NoInput, _ context: TaskContext) async throws -> String { "" }
    }
    var registry = try TaskRegistry([Kind<Loan>()])
    let error = #expect(throws: RegistrationError.self) { try registry.register(Other()) }
    #expect(error?.description == "task 'demo.kind' can't be registered: the name is registered already")
    #expect(registry["demo.kind"]?.outputSchema?.json.description == #"{"type":"integer"}"#)
  }

  @Test func `A registry answers by name, in order, and knows the closest name`() throws {
    struct Named: TaskDefinition {
      static let name = "demo.add"
      static let options = TaskOptions(queue: "sums", priority: .high)
      func run(_ input: Number, _ context: TaskContext) async throws -> Never { throw CancellationError() }
    }
    let registry = try TaskRegistry([Kind<Loan>(), Named()])
    #expect(registry.names == ["demo.add", "demo.kind"])
    #expect(registry["demo.kind"]?.summary == "Does nothing.")
    #expect(registry["demo.add"]?.options == Named.options)
    #expect(registry["demo.ad"] == nil)
    #expect(registry.closest(to: "demo.ad") == "demo.add")
    #expect(registry.closest(to: "reports.monthly") == nil)
  }

  @Test func `A kind checks arguments as a run would`() throws {
    let kind = try #require(try TaskRegistry([Kind<Loan>()])["demo.kind"])
    #expect(throws: Never.self) { try kind.check(args: RawJSON(validating: "[1, 0]"), kwargs: .emptyObject) }
    #expect(throws: ArgumentError.self) {
      try kind.check(args: RawJSON(validating: "[1, 0, 1.0]"), kwargs: .emptyObject)
    }
  }
}
