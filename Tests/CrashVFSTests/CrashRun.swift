import CCrashVFS
import Testing

/// One run of the ledger with crash points at random operations, and what the images held.
struct CrashRun {
  /// An image together with what the process knew at its moment.
  struct Image {
    let operation: Int64
    let seed: UInt64
    let acknowledged: Int
    let attempted: Int
    let finding: Finding

    /// Whether a commit that had been reported as done is missing.
    var lostCommits: Bool {
      switch finding {
      case .entries(let count): count < acknowledged
      case .empty: acknowledged > 0
      case .damaged: false
      }
    }

    var isDamaged: Bool {
      if case .damaged = finding { true } else { false }
    }

    /// Whether the image has a commit that had not even begun.
    var hasUnknownCommits: Bool {
      if case .entries(let count) = finding { count > attempted } else { false }
    }
  }

  /// The operation counts between which a commit happened.
  private typealias Commit = (begun: Int64, acknowledged: Int64)

  let images: [Image]

  /// Runs `commits` commits twice: to count the operations, then with `points` crash points among them.
  init(_ settings: Ledger.Settings, _ mode: CrashMode, points: Int, commits: Int = 60, seed: UInt64) throws {
    let total = try Self.countOperations(settings, commits: commits)
    let disk = try Disk()
    defer { disk.remove() }
    var random = SplitMix64(state: seed)
    let crashes = (0..<points).map { _ in
      (operation: Int64.random(in: 1...total, using: &random), seed: random.next())
    }
    for (index, crash) in crashes.enumerated() {
      let code = crash_materialise_at(
        disk.identifier, crash.operation, disk.image("\(index)"), crash.seed, mode.code)
      try #require(code == 0)
    }
    let history = try Self.commit(commits, on: disk, settings)
    try #require(disk.stats.pending_points == 0)
    try #require(disk.stats.images == Int64(points))
    images = crashes.enumerated().map { index, crash in
      Image(
        operation: crash.operation, seed: crash.seed,
        acknowledged: history.count { $0.acknowledged <= crash.operation },
        attempted: history.count { $0.begun < crash.operation },
        finding: Finding.of(imageAt: disk.image("\(index)")))
    }
  }

  private static func commit(_ commits: Int, on disk: Disk, _ settings: Ledger.Settings) throws -> [Commit] {
    let ledger = try Ledger(disk.path(), settings)
    return try (1...commits).map { number in
      let begun = disk.operations
      try ledger.commit(number)
      return (begun, disk.operations)
    }
  }

  private static func countOperations(_ settings: Ledger.Settings, commits: Int) throws -> Int64 {
    let disk = try Disk()
    defer { disk.remove() }
    return try commit(commits, on: disk, settings)[commits - 1].acknowledged
  }

  /// Every image is sound and holds what was acknowledged, and nothing that was not attempted.
  func expectDurable(sourceLocation: SourceLocation = #_sourceLocation) {
    expectConsistent(sourceLocation: sourceLocation)
    for image in images where image.lostCommits {
      Issue.record("acknowledged commits are missing: \(image)", sourceLocation: sourceLocation)
    }
  }

  /// Every image is the state after some commit, though perhaps an older one.
  func expectConsistent(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(!images.isEmpty, sourceLocation: sourceLocation)
    for image in images where image.isDamaged || image.hasUnknownCommits {
      Issue.record("not a state of the database: \(image)", sourceLocation: sourceLocation)
    }
  }
}
