import CCrashVFS
import Synchronization
import Testing

@Suite("Images of a live database")
struct ConcurrencyTests {
  /// What the writer has done so far. `begun` runs ahead of `acknowledged` by at most one.
  private final class Progress: Sendable {
    let begun = Atomic(0)
    let acknowledged = Atomic(0)
    let imagesTaken = Atomic(0)
  }

  @Test("An image taken from another thread holds what was acknowledged before it", arguments: ["WAL", "TRUNCATE"])
  func imagesWhileWriting(journal: String) async throws {
    let disk = try Disk()
    defer { disk.remove() }
    let progress = Progress()
    let images = 60
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await Self.write(to: disk, journal, progress, until: images) }
      group.addTask { try await Self.takeImages(images, of: disk, progress) }
      try await group.waitForAll()
    }
    #expect(progress.acknowledged.load(ordering: .relaxed) >= images)
  }

  /// Commits at least as often as images are wanted, and until they have been taken.
  @concurrent
  private static func write(to disk: Disk, _ journal: String, _ progress: Progress, until images: Int) async throws {
    let ledger = try Ledger(disk.path(), .init(journal: journal, synchronous: "FULL"))
    var number = 0
    while number < images || progress.imagesTaken.load(ordering: .acquiring) < images {
      try Task.checkCancellation()
      number += 1
      progress.begun.store(number, ordering: .releasing)
      try ledger.commit(number)
      progress.acknowledged.store(number, ordering: .releasing)
      await Task.yield()
    }
  }

  @concurrent
  private static func takeImages(_ images: Int, of disk: Disk, _ progress: Progress) async throws {
    var random = SplitMix64(state: 6)
    for index in 0..<images {
      let mode = CrashMode.allCases[index % 4]
      let acknowledged = progress.acknowledged.load(ordering: .acquiring)
      try disk.materialise("\(index)", seed: random.next(), mode)
      let begun = progress.begun.load(ordering: .acquiring)
      let finding = Finding.of(imageAt: disk.image("\(index)"))
      switch finding {
      case .entries(let count): #expect((acknowledged...begun).contains(count), "\(mode)")
      case .empty: #expect(acknowledged == 0, "\(mode)")
      case .damaged: Issue.record("image \(index), \(mode): \(finding)")
      }
      progress.imagesTaken.store(index + 1, ordering: .releasing)
      await Task.yield()
    }
  }
}
