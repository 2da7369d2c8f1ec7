import CelerityCore
import Synchronization
import Testing

@testable import SQLiteEngine

@Suite struct HintStreamsTests {
  private final class End: Sendable {
    let isOver = Atomic(false)
  }

  /// Waking a reader takes the lock of its task; cancelling the reader takes that one too, and then tells the streams.
  @Test(.timeLimit(.minutes(1))) func readersMayBeCancelledWhileChangesAreAnnounced() async {
    let streams = HintStreams()
    let end = End()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        var seq = ChangeNumber(0)
        while !end.isOver.load(ordering: .relaxed) {
          seq += 1
          streams.announce([], logged: [], seq: seq)
          if seq % 3 == 0 { await Task.yield() }
        }
      }
      group.addTask {
        for number in 0..<5000 { await Self.readAndBeCancelled(streams, after: number % 7) }
        end.isOver.store(true, ordering: .relaxed)
      }
    }
    streams.close()
  }

  private static func readAndBeCancelled(_ streams: HintStreams, after yields: Int) async {
    await withTaskGroup(of: Void.self) { group in
      let stream = streams.stream()
      group.addTask { for await _ in stream {} }
      for _ in 0..<yields { await Task.yield() }
      group.cancelAll()
    }
  }

  @Test func aReaderHearsOfEveryChangeInOrderUntilTheStreamsAreClosed() async {
    let streams = HintStreams()
    let stream = streams.stream()
    for seq in 1...100 { streams.announce([], logged: [], seq: ChangeNumber(seq)) }
    streams.close()
    var heard: [Int64] = []
    for await hint in stream { heard.append(hint.batch) }
    #expect(heard == Array(1...100))
  }

  @Test func aStreamOfClosedStreamsEndsAtOnce() async {
    let streams = HintStreams()
    streams.close()
    for await _ in streams.stream() { Issue.record("nothing is announced any more") }
  }
}
