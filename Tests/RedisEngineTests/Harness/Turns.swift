/// Lets a few tests run at a time: hundreds at once are each so slow that they seem to hang.
actor Turns {
  static let shared = Turns(6)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  /// Does something when it is its turn.
  func take(_ body: @Sendable () async throws -> Void) async throws {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
    defer { pass() }
    try await body()
  }

  private func pass() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
