import CelerityCore
import CelerityJSON
import CelerityTasks
import Testing

@Suite struct BindingTests {
  @Test(arguments: [
    ("[100, 0.05, 3]", "{}"),
    ("[]", #"{"years": 3, "rate": 0.05, "amount": 100}"#),
    ("[100]", #"{"years": 3, "rate": 0.05}"#),
    ("[100, 0.05]", #"{"years": 3}"#),
    ("[]", #"{"principal": 100, "rate": 0.05, "years": 3}"#),
    ("[]", #"{"principal": 1e2, "rate": 0.05, "years": 3}"#),
  ])
  func `Positional and keyword arguments in any mixture give the same input`(args: String, kwargs: String) throws {
    #expect(try Loan.decode(args: args, kwargs: kwargs) == Loan(amount: 100, rate: 0.05, years: 3))
  }

  @Test func `What is left out takes its default, or nothing when it is optional`() throws {
    #expect(try Loan.decode(args: "[100, 0.05]") == Loan(amount: 100, rate: 0.05, years: 1))
    #expect(try Letter.decode(kwargs: #"{"subject":"s","isUrgent":true}"#).body == nil)
    #expect(try Letter.decode(args: #"["s", null, true]"#).body == nil)
    #expect(try Letter.decode(args: #"["s", "b", true]"#).body == "b")
  }

  @Test func `A bound call is one object in the order of declaration, its values untouched`() throws {
    let table = try ParameterTable(task: "t", input: Loan.self)
    let object = try table.bind(
      args: RawJSON(validating: "[1.50]"), kwargs: RawJSON(validating: #"{"rate": 5e-2}"#))
    #expect(object.description == #"{"amount":1.50,"rate":5e-2,"years":1}"#)
  }

  @Test func `A variadic parameter takes all further positions, and what follows it only keywords`() throws {
    #expect(try Words.decode(args: #"["a"]"#) == Words(first: "a", rest: []))
    #expect(try Words.decode(args: #"["a", 1, 2, 3]"#) == Words(first: "a", rest: [1, 2, 3]))
    #expect(
      try Words.decode(args: #"["a", 1]"#, kwargs: #"{"separator": ";"}"#)
        == Words(first: "a", rest: [1], separator: ";"))
    #expect(
      try Words.decode(kwargs: #"{"first": "a", "rest": [7]}"#) == Words(first: "a", rest: [7]))
    #expect(
      try Words.issues(args: #"["a", 1]"#, kwargs: #"{"rest": [2]}"#) == ["/kwargs/rest: 'rest' is given twice"])
  }

  @Test(arguments: [
    (#"{"ammount": 1, "rate": 0}"#, "/kwargs/ammount: t has no parameter 'ammount'; did you mean 'amount'?"),
    (#"{"princpal": 1, "rate": 0}"#, "/kwargs/princpal: t has no parameter 'princpal'; did you mean 'principal'?"),
    (#"{"colour": 1, "rate": 0}"#, "/kwargs/colour: t has no parameter 'colour'"),
    (#"{"a/b~": 1, "rate": 0}"#, "/kwargs/a~1b~0: t has no parameter 'a/b~'"),
  ])
  func `An unknown keyword is refused with the closest name there is`(kwargs: String, issue: String) throws {
    #expect(try Loan.issues(kwargs: kwargs) == [issue, "/kwargs/amount: is missing"])
  }

  @Test func `Of two names equally close the one declared first is meant, every time`() throws {
    struct Twins: TaskInput { var cat, bat, rat, hat: Int? }
    for _ in 0..<20 {
      #expect(
        try Twins.issues(kwargs: #"{"zat": 1}"#) == ["/kwargs/zat: t has no parameter 'zat'; did you mean 'cat'?"])
    }
  }

  @Test func `What is missing, given twice or too much is said at its place`() throws {
    #expect(try Loan.issues() == ["/kwargs/amount: is missing", "/kwargs/rate: is missing"])
    #expect(
      try Loan.issues(args: "[1]", kwargs: #"{"amount": 1, "rate": 0}"#) == ["/kwargs/amount: 'amount' is given twice"])
    #expect(
      try Loan.issues(kwargs: #"{"amount": 1, "principal": 1, "rate": 0}"#)
        == ["/kwargs/principal: 'principal' is given twice"])
    #expect(try Loan.issues(args: "[1, 0, 1, 4, 5]") == ["/args/3: t takes at most 3 positional arguments"])
    #expect(try Number.issues(args: "[1, 2]") == ["/args/1: t takes at most 1 positional argument"])
    #expect(try NoInput.issues(args: "[1]") == ["/args/0: t takes at most 0 positional arguments"])
    #expect(try NoInput.issues() == [])
  }

  @Test func `Arguments that are no array and no object are refused as such`() throws {
    #expect(
      try Letter.issues(args: "{}", kwargs: "[]").prefix(2) == [
        "/args: must be an array", "/kwargs: must be an object",
      ])
  }

  @Test(arguments: [
    ("[0, 0]", "/args/0: must be greater than 0"),
    ("[1, -1.5]", "/args/1: must be at least -1"),
    ("[1, 0.75]", "/args/1: must be at most 0.5"),
    ("[1, 0, 0]", "/args/2: must be at least 1"),
    ("[1, 0, 101]", "/args/2: must be at most 100"),
  ])
  func `A number beyond its bounds is refused`(args: String, issue: String) throws {
    #expect(try Loan.issues(args: args) == [issue])
  }

  @Test(arguments: ["[1e-300, -1, 1]", "[0.5, 0.5, 100]", "[5, -1.0]"])
  func `Bounds themselves are within, unless they are exclusive`(args: String) throws {
    #expect(try Loan.issues(args: args) == [])
  }

  @Test func `Bounds are said of the place the value was given at, all issues together`() throws {
    #expect(
      try Loan.issues(kwargs: #"{"principal": -1, "rate": 9, "yeers": 1}"#) == [
        "/kwargs/principal: must be greater than 0", "/kwargs/rate: must be at most 0.5",
        "/kwargs/yeers: t has no parameter 'yeers'; did you mean 'years'?",
      ])
  }

  @Test func `An error names the task and every issue`() throws {
    let table = try ParameterTable(task: "bank.loan", input: Loan.self)
    let error = #expect(throws: ArgumentError.self) { try table.bind(args: .emptyArray, kwargs: .emptyObject) }
    #expect(error?.description == "bank.loan: /kwargs/amount: is missing; /kwargs/rate: is missing")
    #expect(error?.taskFailure.type == "TypeError")
    #expect(error?.taskFailure.module == "builtins")
    #expect(error?.taskFailure.message == error?.description)
  }
}
