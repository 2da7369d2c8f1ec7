import CelerityCore
import CelerityTesting
import Testing

@Suite struct UUIDv7Tests {
  private let time = TestTime()

  private func source(_ seed: UInt64 = 1) -> UUIDv7 { UUIDv7(time: time, random: SeededRandom(seed: seed)) }

  @Test func `Ids have the form, version and variant of RFC 9562`() throws {
    let source = source()
    for _ in 0..<1000 {
      let id = source.next()
      #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
      #expect(TaskID(id) != nil)
    }
  }

  @Test func `Ids begin with the milliseconds of the wall clock`() {
    let id = source().next().filter { $0 != "-" }
    #expect(Int64(id.prefix(12), radix: 16) == time.now.microseconds / 1000)
  }

  @Test func `Ids are ordered and unique, also when the clock stands still or steps back`() {
    let source = source()
    var last = ""
    var seen: Set<String> = []
    for round in 0..<20_000 {
      if round % 500 == 0 { time.jump(by: .milliseconds(round % 1000 == 0 ? 3 : -2)) }
      let id = source.next()
      #expect(id > last)
      seen.insert(id)
      last = id
    }
    #expect(seen.count == 20_000)
  }

  @Test func `Two sources at one time give different ids`() {
    let (one, two) = (source(1), source(2))
    let ids = (0..<1000).flatMap { _ in [one.next(), two.next()] }
    #expect(Set(ids).count == 2000)
  }

  @Test func `Concurrent callers never get the same id`() async {
    let source = UUIDv7()
    let ids = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<8 { group.addTask { (0..<2000).map { _ in source.next() } } }
      return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
    }
    #expect(ids.count == 16_000)
  }
}
