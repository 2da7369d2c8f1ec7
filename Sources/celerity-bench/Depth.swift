import ArgumentParser
import CelerityCore
import SQLiteEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether a deep queue is slower than a short one.
struct Depth: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Claims a second from a deep queue and from a short one.")

  @Option(help: "Tasks in the deep queue.") var deep = 1_000_000
  @Option(help: "Tasks claimed for each figure.") var claims = 20_000

  func run() async throws {
    let (short, long, memory) = try await BenchStore.with { bench in
      let ids = UUIDv7()
      var short = 0.0
      for _ in 0..<(claims / 1000) {
        try await fill(bench.store, 1000, ids)
        short += try await claim(bench.store, 1000)
      }
      try await fill(bench.store, deep, ids)
      let long = try await claim(bench.store, claims)
      return (short, long, Self.residentMegabytes())
    }
    report([
      ("claims_per_second_at_1000", Double(claims) / short), ("claims_per_second_deep", Double(claims) / long),
      ("ratio", short / long), ("deep", Double(deep)), ("resident_megabytes", memory),
    ])
  }

  private func fill(_ store: SQLiteStore, _ count: Int, _ ids: UUIDv7) async throws {
    for start in stride(from: 0, to: count, by: 1000) {
      _ = try await store.submit(BenchStore.messages(min(1000, count - start), ids: ids, payload: true))
    }
  }

  /// Seconds to claim a number of tasks, fifty at a time.
  private func claim(_ store: SQLiteStore, _ count: Int) async throws -> Double {
    let request = FetchRequest(queues: ["bench"], limit: 50, worker: "bench@localhost", lease: .seconds(3600))
    return try await Duration.measured {
      var claimed = 0
      while claimed < count { claimed += try await store.fetch(request).count }
    }.inSeconds
  }

  /// Resident memory of this process, proc(5).
  private static func residentMegabytes() -> Double {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = fread(&buffer, 1, buffer.count, file)
    let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Double(fields[1]) ?? 0 : 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }
}
