import CelerityCore
import CelerityJSON
import Testing

@Suite struct CanvasTests {
  /// Where we differ on purpose: places in nested groups run through, so that each member has its own.
  private static let better = [
    "nested groups": ["w.a[] in G0/0", "w.b[] in G0/1", "w.c[] in G0/2", "w.d[] in G0/3"]
  ]

  private func publish(
    _ json: String, args: String = "[]", _ context: CanvasContext = CanvasContext()
  ) throws -> Publication {
    let signature = try RawJSONDecoder().decode(Signature.self, from: try RawJSON(validating: json))
    return try Canvas.publish(
      signature, args: try RawJSON(validating: args).elements() ?? [], context: context, ids: DerivedIDs("test"),
      now: Timestamp(microseconds: 1_000_000))
  }

  @Test(arguments: CeleryExpansions.cases)
  func `Signatures become the messages that Celery publishes`(_ sample: CeleryExpansions.Case) throws {
    let publication = try publish(sample.signature, args: sample.args)
    var described = Described()
    #expect(described.lines(publication) == Self.better[sample.name] ?? sample.messages)
  }

  @Test(arguments: CeleryExpansions.cases)
  func `Every id is given out once, and each message has its own`(_ sample: CeleryExpansions.Case) throws {
    let publication = try publish(sample.signature)
    let ids = publication.submissions.map(\.message.id)
    #expect(Set(ids).count == ids.count)
    #expect(!publication.result.id.isEmpty)
    #expect(Set(publication.result.taskIDs).count == publication.result.taskIDs.count)
  }

  @Test func `The ids of a workflow are known before anything has run`() throws {
    let publication = try publish(
      """
      {"task":"celery.chain","kwargs":{"tasks":[{"task":"a"},{"task":"celery.group","subtask_type":"group","kwargs":
      {"tasks":[{"task":"b"},{"task":"c"}]}},{"task":"d","options":{"task_id":"last"}}]},"subtask_type":"chain"}
      """)
    #expect(publication.result.id == "last")
    let group = try #require(publication.result.parent)
    #expect(group.members?.count == 2)
    let first = try #require(group.parent)
    #expect(publication.submissions.map(\.message.id.text) == [first.id])
    #expect(publication.children == [ResultNode(id: first.id)])
    let text = publication.result.tuple.description
    #expect(text.hasPrefix(#"[["last",[["\#(group.id)",[["\#(first.id)",null],null]],[[["#))
  }

  @Test func `A chord declares its size and its body before its first member`() throws {
    let publication = try publish(
      """
      {"task":"celery.chord","subtask_type":"chord","kwargs":{"kwargs":{},"header":[{"task":"a"},{"task":"celery.chain",
      "subtask_type":"chain","kwargs":{"tasks":[{"task":"b"},{"task":"c"}]}}],"body":{"task":"s","args":[1],
      "options":{"task_id":"body","queue":"sums"}}}}
      """)
    let declaration = try #require(publication.submissions.first?.groups.first)
    #expect(declaration.size == 2 && declaration.passesResults)
    #expect(declaration.body?.id.text == "body" && declaration.body?.queue == "sums")
    #expect(declaration.body?.args.description == "[1]")
    #expect(publication.submissions.map(\.groups.count) == [1, 0])
    let chained = publication.submissions[1].message.extras
    #expect(chained.group == nil && chained.chord == nil)
    #expect(chained.chain?[0].options["group_id"]?.stringValue == declaration.id)
    #expect(chained.chain?[0].options["group_index"]?.int64Value == 1)
  }

  @Test func `Chords inside chords are declared together, the outer one first`() throws {
    let inner =
      #"{"task":"celery.chord","subtask_type":"chord","kwargs":{"header":[{"task":"a"}],"body":{"task":"t"}}}"#
    let publication = try publish(
      """
      {"task":"celery.chord","subtask_type":"chord","kwargs":{"header":[\(inner),\(inner)],"body":{"task":"s"}}}
      """)
    #expect(publication.submissions.map { $0.groups.map { $0.body?.task ?? "" } } == [["s", "t"], ["t"]])
    let outer = publication.submissions[0].groups[0]
    #expect(publication.submissions[0].groups[1].body?.extras.group == .init(id: outer.id, index: 0))
    #expect(publication.submissions[1].groups[0].body?.extras.group == .init(id: outer.id, index: 1))
  }

  @Test func `Options say when, where and how`() throws {
    let message = try publish(
      """
      {"task":"a","options":{"task_id":"x","queue":"q","priority":7,"countdown":2.5,"expires":60,"time_limit":9,
      "soft_time_limit":8,"retries":2,"shadow":"shown","headers":{"h":1},"stamped_headers":["who"],"who":"me",
      "ignore_result":true,"serializer":"json","unknown":{"a":1}}}
      """
    ).submissions[0].message
    #expect(message.id.text == "x" && message.queue == "q" && message.priority?.value == 7 && message.retries == 2)
    #expect(message.eta?.microseconds == 3_500_000 && message.expires?.microseconds == 61_000_000)
    let extras = message.extras
    #expect(extras.timeLimit == 9 && extras.softTimeLimit == 8 && extras.shadow == "shown")
    #expect(extras.headers == ["h": .integer(1)] && extras.stamps == ["who": .string("me")])
    #expect(extras.ignoreResult == true)
  }

  @Test func `What a task sends is its child`() throws {
    var parent = TaskMessage(id: TaskID(stored: "p"), task: "parent", queue: "mine")
    parent.extras.rootID = "r"
    parent.extras.requestID = "request"
    parent.extras.stamps = ["who": .string("me")]
    let context = CanvasContext(childrenOf: parent) { $0 == "known" ? "theirs" : nil }
    let first = try publish(#"{"task":"other","options":{"link":{"task":"known"}}}"#, context).submissions[0].message
    #expect(first.queue == "mine" && first.extras.rootID == "r" && first.extras.parentID == "p")
    #expect(first.extras.requestID == "request" && first.extras.stamps == ["who": .string("me")])
    #expect(first.extras.callbacks?[0].options["queue"]?.stringValue == "theirs")
  }

  @Test(arguments: [
    (#"{"task":""}"#, ""), (#"{"task":"a","args":{}}"#, "/args"), (#"{"task":"a","kwargs":[]}"#, "/kwargs"),
    (#"{"task":"celery.chain","kwargs":{"tasks":[]}}"#, "/kwargs/tasks"),
    (#"{"task":"celery.group","kwargs":{"tasks":[{"task":"a"},7]}}"#, "/kwargs/tasks/1"),
    (#"{"task":"celery.chord","kwargs":{"header":[{"task":"a"}]}}"#, "/kwargs/body"),
    (#"{"task":"celery.chord","kwargs":{"header":7,"body":{"task":"a"}}}"#, "/kwargs/header"),
    (#"{"task":"celery.chunks","kwargs":{"task":{"task":"a"},"it":[1],"n":0}}"#, "/kwargs"),
    (#"{"task":"a","options":{"priority":10}}"#, "/options/priority"),
    (#"{"task":"a","options":{"eta":"soon"}}"#, "/options/eta"),
    (#"{"task":"a","options":{"queue":"a/b"}}"#, "/options/queue"),
    (#"{"task":"a","options":{"link":[7]}}"#, "/options/link/0"),
  ])
  func `What can't be sent is refused at its place`(json: String, pointer: String) throws {
    let error = try #require(throws: CanvasError.self) { try publish(json) }
    #expect(error.pointer == pointer)
  }

  @Test func `Nesting has an end`() {
    var json = #"{"task":"a"}"#
    for _ in 0..<40 { json = #"{"task":"celery.group","kwargs":{"tasks":[\#(json),\#(json.prefix(0)){"task":"b"}]}}"# }
    #expect(throws: (any Error).self) { try publish(json) }
  }

  @Test func `Derived ids are UUIDs of version 8, the same each time`() {
    let (first, again) = (DerivedIDs("a"), DerivedIDs("a"))
    let ids = (0..<50).map { _ in first.next() }
    #expect(ids == (0..<50).map { _ in again.next() })
    #expect(Set(ids).count == 50)
    #expect(
      ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil }
    )
  }

  @Test func `Priorities are counted the other way round in everything that is carried`() throws {
    var message = try publish(
      """
      {"task":"celery.chain","kwargs":{"tasks":[{"task":"a"},{"task":"celery.chord","kwargs":{"header":[{"task":"b",
      "options":{"priority":9}}],"body":{"task":"c","options":{"priority":0,"link":{"task":"d","options":{"priority":3}}}}}}]}}
      """
    ).submissions[0].message
    message.extras.chain = message.extras.chain?.map { $0.mappingPriorities { 9 - $0 } }
    let chord = try #require(message.extras.chain?.first?.kwargs)
    #expect(chord["header"]?["kwargs"]?["tasks"]?.elements()?[0]["options"]?["priority"]?.int64Value == 0)
    #expect(chord["body"]?["options"]?["priority"]?.int64Value == 9)
    #expect(chord["body"]?["options"]?["link"]?["options"]?["priority"]?.int64Value == 6)
  }
}
