import CelerityCore
import Synchronization

// Who computes and who waits.
extension CachedComputation {
  private enum Entry {
    case known(Outcome)
    case waits(isFirst: Bool)
    case cancelled
  }

  /// How many wait for a computation under way.
  func waiting(_ name: String) -> Int {
    state.withLock { $0.places[ByteText(name)]?.flight?.waiting.count ?? 0 }
  }

  /// Begins to ask; answers how many computations of the name have ended by now.
  func enter(_ name: String) -> Int {
    state.withLock { state in
      state.places[ByteText(name), default: Place()].askers += 1
      return state.places[ByteText(name)]?.ended ?? 0
    }
  }

  /// Asks no more; with the last one all that is known goes.
  func leave(_ name: String) {
    state.withLock { state in
      state.places[ByteText(name)]?.askers -= 1
      if state.places[ByteText(name)]?.askers == 0 { state.places[ByteText(name)] = nil }
    }
  }

  /// The outcome of a computation that ended since, of the one under way, or of a new one.
  func join(
    _ name: String, after ended: Int, compute: @escaping @Sendable () async throws -> Blob
  ) async throws -> Answer {
    let place = ByteText(name)
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    var source = Source.shared
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        switch wait(place, number, after: ended, continuation) {
        case .known(let outcome): continuation.resume(returning: outcome)
        case .cancelled: continuation.resume(returning: nil)
        case .waits(isFirst: true):
          source = .computed
          start(place, number, compute)
        case .waits(isFirst: false): break
        }
      }
    } onCancel: {
      abandon(place, number)
    }
    guard let outcome else { throw CancellationError() }
    return Answer(blob: try outcome.get(), source: source)
  }

  private func wait(
    _ place: ByteText, _ number: Int, after ended: Int, _ continuation: CheckedContinuation<Outcome?, Never>
  ) -> Entry {
    state.withLock { state in
      if Task.isCancelled { return .cancelled }
      if let known = state.places[place], known.ended > ended, let outcome = known.last { return .known(outcome) }
      let isFirst = state.places[place]?.flight == nil
      if isFirst { state.places[place]?.flight = Flight(number: number) }
      state.places[place]?.flight?.waiting[number] = continuation
      return .waits(isFirst: isFirst)
    }
  }

  /// Computes in a task of its own, which belongs to all who wait.
  private func start(
    _ place: ByteText, _ number: Int, _ compute: @escaping @Sendable () async throws -> Blob
  ) {
    let task = Task {
      let outcome: Outcome
      do {
        outcome = .success(try await compute())
      } catch {
        outcome = .failure(error)
      }
      land(place, number, outcome)
    }
    let isOver = state.withLock { state in
      guard state.places[place]?.flight?.number == number else { return true }
      state.places[place]?.flight?.task = task
      return false
    }
    // Everybody was cancelled before it was known whom to cancel with them; or it is done.
    if isOver { task.cancel() }
  }

  private func land(_ place: ByteText, _ number: Int, _ outcome: Outcome) {
    let waiting = state.withLock { state -> [CheckedContinuation<Outcome?, Never>] in
      guard let flight = state.places[place]?.flight, flight.number == number else { return [] }
      state.places[place]?.flight = nil
      state.places[place]?.ended += 1
      state.places[place]?.last = outcome
      return Array(flight.waiting.values)
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }

  /// Waits no more; the last one takes the computation with him.
  private func abandon(_ place: ByteText, _ number: Int) {
    let (continuation, task) = state.withLock { state in
      let continuation = state.places[place]?.flight?.waiting.removeValue(forKey: number)
      guard continuation != nil, let flight = state.places[place]?.flight, flight.waiting.isEmpty else {
        return (continuation, nil as Task<Void, Never>?)
      }
      state.places[place]?.flight = nil
      return (continuation, flight.task)
    }
    task?.cancel()
    continuation?.resume(returning: nil)
  }
}
