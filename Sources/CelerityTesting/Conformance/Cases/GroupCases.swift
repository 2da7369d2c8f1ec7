import CelerityCore
import CelerityJSON

/// Groups whose members all succeed.
enum GroupCases {
  static let all = [
    ConformanceCase("A chord's body is sent when all members have succeeded, with their results in order", bodyRuns),
    ConformanceCase("Results stand in the members' order, whatever the order of their ends", orderOfPlaces),
    ConformanceCase("The list of results is put before the body's own arguments", ownArgumentsFollow),
    ConformanceCase("A body that takes no results is sent as it is", immutableBody),
    ConformanceCase("A group without a body is counted and sends nothing", noBody),
    ConformanceCase("A member without a value counts with null", ignoredMember),
    ConformanceCase("A member that will run again does not count", retryDoesNotCount),
    ConformanceCase("Members settled in one array send the body", oneArray),
    ConformanceCase("Members settled at once by many workers send the body once", concurrentMembers),
    ConformanceCase("A group declared again stays as it was", declaredAgain),
    ConformanceCase("A submission that adds nothing declares no group", unacceptedDeclaresNothing),
    ConformanceCase("Groups of tenants are apart", tenantsApart),
    ConformanceCase("A body with an eta is delayed", delayedBody),
    ConformanceCase("A body may be a member of another group", nestedGroups),
    ConformanceCase("A body that was declared with a follow-up is sent", declaredByFollowUp),
    ConformanceCase("A body whose id exists already is not sent again", bodyExists),
    ConformanceCase("Members may be submitted one by one after the declaration", membersComeLater),
    ConformanceCase("A chord of one member sends its body", oneMember),
    ConformanceCase("Very many members of a chord may expire at once", manyExpire),
    ConformanceCase("One submission may begin several groups, one inside the other", severalGroups),
  ]

  /// Submits the members m0, m1 … of a chord with the body "body" and takes them.
  static func chord(
    _ run: ConformanceRun, _ size: Int, body: TaskMessage? = .make("body", queue: "bodies"), passesResults: Bool = true
  ) async throws -> [Delivery] {
    let group = GroupDeclaration(id: "g", size: size, body: body, passesResults: passesResults)
    _ = try await run.store.submit(
      (0..<size).map { place in
        Submission(.make("m\(place)", group: "g", index: place), group: place == 0 ? group : nil)
      })
    let deliveries = try await run.fetch(size)
    try run.equal(deliveries.count, size, "members fetched")
    return deliveries
  }

  static func expectNoBody(_ run: ConformanceRun, line: UInt = #line) async throws {
    try run.equal(try await run.lookUp(TaskKey("body")), .unknown, "the body", line: line)
  }

  static func bodyArguments(_ run: ConformanceRun) async throws -> [String] {
    try await run.fetch(9, queues: ["bodies"]).map { "\($0.message.id)\($0.message.args)" }
  }

  static func bodyRuns(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 3)
    for (place, member) in members.enumerated() {
      try await expectNoBody(run)
      try await run.settle(member, .success(.integer(Int64(place))))
    }
    try await run.expectRecord("body", .pending, .ready)
    try run.equal(try await bodyArguments(run), ["body[[0,1,2]]"], "bodies")
  }

  static func manyExpire(_ run: ConformanceRun) async throws {
    let size = 1100
    let group = GroupDeclaration(id: "g", size: size, body: .make("body", queue: "bodies"))
    for first in stride(from: 0, to: size, by: 100) {
      _ = try await run.store.submit(
        (first..<first + 100).map { place in
          var message = TaskMessage.make("m\(place)", group: "g", index: place)
          message.expires = run.now + .seconds(5)
          return Submission(message, group: place == 0 ? group : nil)
        })
    }
    run.time.advance(by: .seconds(5))
    try run.equal(try await run.maintain().expired + run.maintain().expired, size, "expired")
    try await run.expectRecord("body", .failure, .finished)
  }

  static func orderOfPlaces(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 4)
    for place in [2, 0, 3, 1] { try await run.settle(members[place], .success(.integer(Int64(place)))) }
    try run.equal(try await bodyArguments(run), ["body[[0,1,2,3]]"], "bodies")
  }

  static func ownArgumentsFollow(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 2, body: .make("body", queue: "bodies", args: .text(#"["x",1.0]"#)))
    for member in members { try await run.settle(member, .success(.text("[1]"))) }
    try run.equal(try await bodyArguments(run), [#"body[[[1],[1]],"x",1.0]"#], "bodies")
  }

  static func immutableBody(_ run: ConformanceRun) async throws {
    let members = try await chord(
      run, 2, body: .make("body", queue: "bodies", args: .text("[ 7 ]")), passesResults: false)
    for member in members { try await run.settle(member, .success(.true)) }
    try run.equal(try await bodyArguments(run), ["body[ 7 ]"], "bodies")
  }

  static func noBody(_ run: ConformanceRun) async throws {
    for member in try await chord(run, 2, body: nil) { try await run.settle(member, .success(.true)) }
    try run.equal(try await run.store.queues(of: nil).reduce(0) { $0 + $1.depth }, 0, "waiting tasks")
  }

  static func ignoredMember(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 2)
    try await run.settle(members[0], .ignored)
    try await run.settle(members[1], .success(.text("1")))
    try run.equal(try await bodyArguments(run), ["body[[null,1]]"], "bodies")
  }

  static func retryDoesNotCount(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 2)
    try await run.settle(members[0], .retry(after: .zero, .boom))
    try await run.settle(members[1], .success(.text("1")))
    try await expectNoBody(run)
    try await run.settle(try await run.take("m0"), .released(after: .zero, reason: .shutdown))
    _ = try await run.take("m0")
    try await run.loseLeases()
    try await expectNoBody(run)
    try await run.settle(try await run.take("m0"), .success(.text("0")))
    try run.equal(try await bodyArguments(run), ["body[[0,1]]"], "bodies")
  }

  static func oneArray(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 3)
    _ = try await run.store.settle(members.map { Settlement($0, .success(.true)) })
    try run.equal(try await bodyArguments(run), ["body[[true,true,true]]"], "bodies")
  }

  static func concurrentMembers(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 12)
    _ = try await run.together(12) { try await run.settle(members[$0], .success(.integer(Int64($0)))) }
    try run.equal(try await bodyArguments(run), ["body[[0,1,2,3,4,5,6,7,8,9,10,11]]"], "bodies")
  }

  static func declaredAgain(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 2)
    let again = GroupDeclaration(id: "g", size: 1, body: .make("other", queue: "bodies"))
    try await run.accept(.make("declarer", queue: "else"), group: again)
    for member in members { try await run.settle(member, .success(.true)) }
    try run.equal(try await bodyArguments(run), ["body[[true,true]]"], "bodies")
  }

  static func unacceptedDeclaresNothing(_ run: ConformanceRun) async throws {
    try await run.accept("taken")
    let wrong = GroupDeclaration(id: "g", size: 99, body: nil)
    _ = try await run.submit(Submission(.make("taken", task: "else"), group: wrong))
    try await run.take("taken")
    for member in try await chord(run, 2) { try await run.settle(member, .success(.true)) }
    try run.equal(try await bodyArguments(run), ["body[[true,true]]"], "bodies")
  }

  static func tenantsApart(_ run: ConformanceRun) async throws {
    let members = try await chord(run, 2)
    try await run.accept(.make("stranger", tenant: .other, group: "g", index: 0))
    let stranger = try run.unwrap(try await run.fetch().first, "the stranger")
    try await run.settle(stranger, .success(.false))
    try await run.settle(members[0], .success(.true))
    try await expectNoBody(run)
    try await run.settle(members[1], .success(.true))
    try run.equal(try await bodyArguments(run), ["body[[true,true]]"], "bodies")
  }

  static func delayedBody(_ run: ConformanceRun) async throws {
    let body = TaskMessage.make("body", queue: "bodies", eta: run.now + .seconds(10))
    for member in try await chord(run, 1, body: body) { try await run.settle(member, .success(.true)) }
    try await run.expectRecord("body", .pending, .delayed)
    run.time.advance(by: .seconds(10))
    try await run.maintain()
    try run.equal(try await bodyArguments(run), ["body[[true]]"], "bodies")
  }

  static func nestedGroups(_ run: ConformanceRun) async throws {
    let inner = TaskMessage.make("inner", group: "outer", index: 0)
    let outer = GroupDeclaration(id: "outer", size: 2, body: .make("end", queue: "bodies"))
    try await run.accept(.make("side", queue: "side", group: "outer", index: 1), group: outer)
    for member in try await chord(run, 2, body: inner) { try await run.settle(member, .success(.text("1"))) }
    try await run.settle(try await run.take("inner"), .success(.text("2")))
    let side = try run.unwrap(try await run.fetch(queues: ["side"]).first, "the other member")
    try await run.settle(side, .success(.text("3")))
    try run.equal(try await bodyArguments(run), ["end[[2,3]]"], "bodies")
  }

  static func declaredByFollowUp(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 1, body: .make("body", queue: "bodies"))
    let member = Submission(.make("m0", group: "g"), group: group)
    try await run.settle(try await run.start("a"), .success(.null), followUps: [member])
    try await run.settle(try await run.take("m0"), .success(.text("1")))
    try run.equal(try await bodyArguments(run), ["body[[1]]"], "bodies")
  }

  static func bodyExists(_ run: ConformanceRun) async throws {
    try await run.accept(.make("body", queue: "bodies", args: .text("[5]")))
    for member in try await chord(run, 1) { try await run.settle(member, .success(.true)) }
    try run.equal(try await bodyArguments(run), ["body[5]"], "bodies")
  }

  static func membersComeLater(_ run: ConformanceRun) async throws {
    let group = GroupDeclaration(id: "g", size: 2, body: .make("body", queue: "bodies"))
    try await run.accept(.make("m0", group: "g", index: 0), group: group)
    try await run.settle(try await run.take("m0"), .success(.text("0")))
    try await run.accept(.make("m1", group: "g", index: 1))
    try await run.settle(try await run.take("m1"), .success(.text("1")))
    try run.equal(try await bodyArguments(run), ["body[[0,1]]"], "bodies")
  }

  static func oneMember(_ run: ConformanceRun) async throws {
    for member in try await chord(run, 1) { try await run.settle(member, .success(.text("1"))) }
    try run.equal(try await bodyArguments(run), ["body[[1]]"], "bodies")
  }

  static func severalGroups(_ run: ConformanceRun) async throws {
    let outer = GroupDeclaration(id: "outer", size: 1, body: .make("end", queue: "bodies"))
    let inner = GroupDeclaration(id: "g", size: 1, body: .make("inner", group: "outer", index: 0))
    var member = Submission(.make("m0", group: "g", index: 0))
    member.groups = [outer, inner]
    _ = try await run.submit(member)
    try await run.settle(try await run.take("m0"), .success(.text("1")))
    try await run.settle(try await run.take("inner"), .success(.text("2")))
    try run.equal(try await bodyArguments(run), ["end[[2]]"], "bodies")
  }
}
