import CelerityCore
import CelerityJSON

/// Results of named steps.
enum StepCases {
  static let all = [
    ConformanceCase("A step that was saved is there for the next attempt", nextAttempt),
    ConformanceCase("The first value of a step stays", firstStays),
    ConformanceCase("Steps are fenced by the lease, and a refused one is counted", fenced),
    ConformanceCase("A redriven task begins without steps", generationsApart),
    ConformanceCase("Steps come in the order of their names' bytes", byName),
    ConformanceCase("Steps of an unknown task are none", unknown),
    ConformanceCase("Concurrent saves of one step keep one value", concurrent),
  ]

  private static func save(
    _ run: ConformanceRun, _ delivery: Delivery, _ name: String, _ value: RawJSON
  ) async throws -> Bool {
    try await run.store.save(StepResult(name: name, value: value), for: delivery.key, token: delivery.lease.token)
  }

  static func nextAttempt(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try run.equal(try await save(run, first, "one", .text("[1.0]")), true, "saved")
    try await run.loseLeases()
    let second = try await run.take("a")
    try run.equal(
      try await run.store.steps(of: second.key, generation: 0), [StepResult(name: "one", value: .text("[1.0]"))],
      "steps")
  }

  static func firstStays(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    try run.equal(try await save(run, delivery, "one", .text("1")), true, "saved")
    try run.equal(try await save(run, delivery, "one", .text("2")), true, "saved again")
    try run.equal(
      try await run.store.steps(of: delivery.key, generation: 0), [StepResult(name: "one", value: .text("1"))], "steps")
  }

  static func fenced(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    try await run.loseLeases()
    try run.equal(try await save(run, first, "one", .true), false, "while the task waits")
    let second = try await run.take("a")
    try run.equal(try await save(run, first, "one", .true), false, "while another runs")
    try run.equal(try await run.store.steps(of: second.key, generation: 0), [], "steps")
    try run.equal(try await run.store.counters().staleReports, 2, "counted")
  }

  static func generationsApart(_ run: ConformanceRun) async throws {
    let first = try await run.start("a")
    _ = try await save(run, first, "one", .text("1"))
    try await run.settle(first, .failure(.boom))
    _ = try await run.control(.redrive(first.key))
    let second = try await run.take("a")
    try run.equal(try await run.store.steps(of: first.key, generation: second.generation), [], "steps")
    _ = try await save(run, second, "one", .text("2"))
    try run.equal(
      try await run.store.steps(of: first.key, generation: second.generation),
      [StepResult(name: "one", value: .text("2"))], "steps of the second generation")
  }

  static func byName(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    for name in ["z", "é", "a", "e\u{301}", "Z", "😀", "\u{FFFD}"] { _ = try await save(run, delivery, name, .true) }
    let names = try await run.store.steps(of: delivery.key, generation: 0).map { Array($0.name.utf8) }
    try run.equal(
      names, ["Z", "a", "e\u{301}", "z", "é", "\u{FFFD}", "😀"].map { Array($0.utf8) }, "names")
  }

  static func unknown(_ run: ConformanceRun) async throws {
    try run.equal(try await run.store.steps(of: TaskKey("none"), generation: 0), [], "steps")
    let saved = try await run.store.save(StepResult(name: "s", value: .true), for: TaskKey("none"), token: 1)
    try run.equal(saved, false, "saved")
  }

  static func concurrent(_ run: ConformanceRun) async throws {
    let delivery = try await run.start("a")
    let saved = try await run.together(8) { try await save(run, delivery, "one", .integer(Int64($0))) }
    try run.equal(Set(saved), [true], "saved")
    try run.equal(try await run.store.steps(of: delivery.key, generation: 0).count, 1, "steps")
  }
}
