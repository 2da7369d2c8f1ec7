import CCrashVFS
import CelerityCore
import CelerityTesting
import Testing

@testable import SQLiteEngine

@Suite("A power cut under load")
struct PowerCutTests {
  /// What was found in the images of one run.
  private struct Findings {
    var broken: [String] = []
    var images = 0
    var promises = 0
  }

  /// Puts a store under load, takes images at random operations of its disk, and opens each of them as a store.
  private func findings(
    _ mode: CrashMode, images: Int, seed: UInt64, durability: SQLiteConfiguration.Durability = .durable
  ) async throws -> Findings {
    let disk = try Disk()
    let stand = Stand()
    let time = TestTime()
    let store = try await stand.open(disk, disk.path, time) {
      $0.durability = durability
      $0.checkpointPages = 60
    }
    var random = SeededRandom(seed: seed)
    var operation = disk.operations
    let points = (0..<images).map { _ in
      operation += 1 + Int64(random.below(16))
      return operation
    }
    for (index, point) in points.enumerated() {
      let code = crash_materialise_at(disk.identifier, point, disk.imageDirectory("\(index)"), random.next(), mode.code)
      try #require(code == 0)
    }
    let promises = Acknowledgements(disk)
    try await Load(store: store, promises: promises, time: time, seed: seed).run { disk.stats.pending_points == 0 }
    #expect(try await promises.broken(in: store).isEmpty)
    #expect(promises.doubleResults.isEmpty)
    await stand.close()
    try #require(disk.stats.images == Int64(images))
    var findings = Findings(images: images, promises: promises.count)
    for (index, point) in points.enumerated() {
      let image = try await stand.open(disk, try disk.open("\(index)"), TestTime())
      findings.broken += try await promises.broken(in: image, upTo: point).map { "image \(index) at \(point): \($0)" }
      await stand.close()
    }
    return findings
  }

  @Test(
    "What was answered before the cut is there after it, and nothing is there in part", arguments: CrashMode.allCases)
  func durable(mode: CrashMode) async throws {
    let findings = try await findings(mode, images: 80, seed: 11)
    #expect(findings.broken == [])
    #expect(findings.images == 80 && findings.promises > 50)
  }

  @Test("A relaxed store comes back sound, but without its last promises: the cut does cost something")
  func relaxed() async throws {
    let findings = try await findings(.dropUnsynced, images: 30, seed: 12, durability: .relaxed)
    #expect(!findings.broken.isEmpty)
    #expect(!findings.broken.contains { $0.contains("counted") || $0.contains("twice") || $0.contains("nowhere") })
  }

  @Test("A relaxed store loses nothing when only its process dies")
  func relaxedKill() async throws {
    #expect(try await findings(.keepAll, images: 30, seed: 13, durability: .relaxed).broken == [])
  }
}
