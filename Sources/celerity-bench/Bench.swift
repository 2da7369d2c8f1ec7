import ArgumentParser
import CelerityCore
import CelerityJSON
import CelerityTasks
import CelerityWorker
import Logging
import SQLiteEngine
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures the platform from inside; `Benchmarks/run` calls it beside other systems. Each verb prints one JSON object.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "celerity-bench", abstract: "Measures the store and the worker from inside.",
    subcommands: [Empty.self, Bulk.self, Pickup.self, Depth.self, Drain.self])
}

/// An empty task: what the platform costs without work.
struct EmptyTask: TaskDefinition {
  static let name = "bench.empty"
  static let options = TaskOptions(queue: "bench")
  func run(_ input: NoInput, _ context: TaskContext) async throws -> Bool { true }
}

/// A store in a directory of its own, removed at the end.
struct BenchStore {
  let store: SQLiteStore
  let directory: String

  static func with<T>(_ body: (BenchStore) async throws -> T) async throws -> T {
    let base = getenv("CELERITY_BENCH_DIRECTORY").map { String(cString: $0) } ?? "/tmp"
    let directory = "\(base)/celerity-bench-\(getpid())"
    mkdir(directory, 0o700)
    defer { remove(directory) }
    let store = try await SQLiteStore.open(SQLiteConfiguration(path: directory + "/celerity.db"))
    let bench = BenchStore(store: store, directory: directory)
    let result = try await body(bench)
    await store.close()
    return result
  }

  private static func remove(_ directory: String) {
    for ending in ["", "-wal", "-shm", ".lock"] { unlink(directory + "/celerity.db" + ending) }
    rmdir(directory)
  }

  /// Messages of a typical size: 300 bytes of arguments.
  static func messages(_ count: Int, ids: UUIDv7, task: String = EmptyTask.name, payload: Bool = false) -> [Submission]
  {
    let kwargs = payload ? RawJSON.object([("text", .string(String(repeating: "x", count: 288)))]) : .emptyObject
    return (0..<count).map { _ in
      Submission(TaskMessage(id: TaskID(stored: ids.next()), task: task, queue: "bench", kwargs: kwargs))
    }
  }
}

/// Prints figures as one JSON object.
func report(_ figures: [(String, Double)]) {
  var writer = JSONWriter(reservingCapacity: 256)
  writer.beginObject()
  for (name, value) in figures { writer.member(name, value) }
  writer.endObject()
  print(writer.finish().description)
}

extension Duration {
  static func measured(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return ContinuousClock.now - start
  }
}

extension Array<Double> {
  /// The value below which this share of the sorted values lies.
  func percentile(_ share: Double) -> Double {
    isEmpty ? 0 : self[Swift.min(count - 1, Int(Double(count) * share))]
  }
}
