import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

@Suite struct InputDecodingTests {
  @Test(arguments: [
    Int64.max, .min, 9_007_199_254_740_993, -9_007_199_254_740_993, 0,
  ])
  func `Integers arrive exactly, also those no Double can hold`(n: Int64) throws {
    #expect(try Number.decode(args: "[\(n)]").n == n)
    #expect(try Number.decode(kwargs: #"{"n": \#(n)}"#).n == n)
  }

  @Test(arguments: ["1.0", "1e3", "9223372036854775808", "\"1\"", "true", "null", "[]", "{}"])
  func `What is no integer literal in range is no integer`(text: String) throws {
    let issues = try Number.issues(args: "[\(text)]")
    #expect(issues.count == 1)
    #expect(issues.first?.hasPrefix("/args/0: ") == true)
  }

  @Test func `Integers are compared with their bounds exactly`() throws {
    #expect(try Exact.issues(args: "[9007199254740992]") == [])
    #expect(try Exact.issues(args: "[-9007199254740992]") == [])
    #expect(try Exact.issues(args: "[9007199254740993]") == ["/args/0: must be at most 9007199254740992"])
    #expect(try Exact.issues(args: "[-9007199254740993]") == ["/args/0: must be at least -9007199254740992"])
  }

  @Test func `Integers are compared with bounds that are no integers`() throws {
    struct Halves: TaskInput {
      var n: Int
      static let arguments = [Argument(CodingKeys.n, minimum: -1.5, maximum: 2.5)]
    }
    #expect(try (-3...4).filter { try Halves.issues(args: "[\($0)]").isEmpty } == [-1, 0, 1, 2])
  }

  @Test func `Nested structs, enums and arrays are decoded`() throws {
    let order = try Order.decode(
      args: #"["deep-blue"]"#, kwargs: #"{"items": [{"sku": "a", "count": 2}, {"sku": "b", "count": 1}]}"#)
    #expect(
      order == Order(color: .deepBlue, items: [.init(sku: "a", count: 2), .init(sku: "b", count: 1)], note: nil))
  }

  @Test(arguments: [
    (#"["deepBlue", []]"#, "{}", "/args/0"),
    (#"["red", {}]"#, "{}", "/args/1"),
    (#"["red", [{"sku": "a", "count": 1}, {"sku": "b", "count": "2"}]]"#, "{}", "/args/1/1/count"),
    (#"["red", [{"sku": "a"}]]"#, "{}", "/args/1/0/count"),
    (#"["red"]"#, #"{"items": [{"sku": 1, "count": 1}]}"#, "/kwargs/items/0/sku"),
    (#"["red", []]"#, #"{"note": {"sku": "a", "count": 1.0}}"#, "/kwargs/note/count"),
  ])
  func `A value of a wrong type is said at the place it was given at`(
    args: String, kwargs: String, pointer: String
  ) throws {
    let issues = try Order.issues(args: args, kwargs: kwargs)
    #expect(issues.count == 1)
    #expect(issues.first?.hasPrefix(pointer + ": ") == true, "\(issues)")
  }

  @Test func `Further positions and aliases are places of their own`() throws {
    #expect(try Words.issues(args: #"["a", 1, "x"]"#) == ["/args/2: must be an integer, not a string"])
    #expect(
      try Words.issues(kwargs: #"{"first": "a", "rest": [1, "x"]}"#)
        == ["/kwargs/rest/1: must be an integer, not a string"])
    #expect(
      try Loan.issues(kwargs: #"{"principal": "x", "rate": 0}"#)
        == ["/kwargs/principal: must be a number, not a string"])
  }

  @Test func `A member that is missing inside a value is called missing`() throws {
    #expect(try Order.issues(args: #"["red", [{"count": 1}]]"#) == ["/args/1/0/sku: is missing"])
  }

  @Test func `An input that refuses itself is refused as a whole`() throws {
    struct Even: TaskInput {
      var n: Int
      init(from decoder: any Decoder) throws {
        n = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .n)
        if n % 2 != 0 { throw Refusal.odd }
      }
      enum Refusal: Error { case odd }
    }
    #expect(try Even.issues(args: "[2]") == [])
    #expect(try Even.issues(args: "[3]") == ["/kwargs: odd"])
  }
}
