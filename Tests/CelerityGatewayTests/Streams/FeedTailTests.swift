import CelerityCore
import CelerityTesting
import Testing

@testable import CelerityGateway

@Suite struct FeedTailTests {
  private func items(_ range: ClosedRange<Int64>) -> [FeedItem] { range.map { .make("t\($0)", seq: $0) } }

  private func seqs(_ reading: FeedTail.Reading) -> [ChangeNumber] {
    if case .items(let items, _) = reading { items.map(\.seq) } else { [] }
  }

  @Test("A tail gives each reader what comes after its place, in pages")
  func pages() {
    var tail = FeedTail(at: 10)
    #expect(tail.read(after: 10, limit: 5) == .current)
    tail.append(items(11...16), upTo: 20)
    #expect(seqs(tail.read(after: 10, limit: 4)) == [11, 12, 13, 14])
    #expect(tail.read(after: 14, limit: 4) == .items(items(15...16), next: 20))
    #expect(tail.read(after: 12, limit: 4) == .items(items(13...16), next: 20))
    #expect(tail.read(after: 18, limit: 4) == .items([], next: 20), "numbers that no record has any more")
    #expect(tail.read(after: 20, limit: 4) == .current)
    #expect(tail.read(after: 25, limit: 4) == .current, "a reader can be ahead of the tail")
    #expect(tail.read(after: 9, limit: 4) == .behind)
  }

  @Test("A tail keeps a bounded number of changes; who is further back is sent to the store")
  func bounded() {
    var tail = FeedTail(at: 0, capacity: 10)
    for seq in 1...1000 { tail.append(items(Int64(seq)...Int64(seq)), upTo: Int64(seq)) }
    #expect(tail.end == 1000)
    #expect(tail.start >= 979 && tail.start <= 990)
    #expect(seqs(tail.read(after: tail.start, limit: 100)) == Array((tail.start + 1)...1000))
    #expect(tail.read(after: tail.start - 1, limit: 100) == .behind)
  }

  @Test("Nobody reads over a place where changes are gone")
  func skipped() {
    var tail = FeedTail(at: 0)
    tail.append(items(1...3), upTo: 3)
    tail.skip(to: 8)
    #expect(tail.read(after: 3, limit: 9) == .behind)
    #expect(tail.read(after: 7, limit: 9) == .behind)
    #expect(tail.read(after: 8, limit: 9) == .current)
    tail.append(items(9...9), upTo: 9)
    #expect(seqs(tail.read(after: 8, limit: 9)) == [9])
  }
}

extension FeedItem {
  static func make(_ id: String, seq: ChangeNumber, _ state: TaskState = .pending, queue: String = "q") -> FeedItem {
    var record = TaskRecord(
      accepting: TaskMessage(id: TaskID(stored: id), task: "demo.add", queue: queue), at: Timestamp(seconds: 0))
    record.seq = seq
    record.state = state
    return FeedItem(record)
  }
}
