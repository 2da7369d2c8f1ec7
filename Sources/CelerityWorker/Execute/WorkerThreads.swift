import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads of their own for the code of tasks: a task may block or compute for minutes without holding up the HTTP
/// server, which lives on Swift's cooperative pool. They run at a lower scheduling priority than that pool for the same
/// reason. A thread is made when there is work and none to do it, and ends with `stop`.
final class WorkerThreads: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var next = 0
    /// How many threads there may be.
    var limit: Int
    var alive = 0
    /// Threads that sleep and that nobody has signalled yet.
    var asleep = 0
    var isStopped = false

    mutating func takeJob() -> UnownedJob? {
      guard next < jobs.count else { return nil }
      let job = jobs[next]
      next += 1
      if next == jobs.count {
        jobs.removeAll(keepingCapacity: true)
        next = 0
      } else if next >= 1024 {
        jobs.removeFirst(next)
        next = 0
      }
      return job
    }
  }

  private let state: Mutex<State>
  private let wakeUp = DispatchSemaphore(value: 0)
  private let niceness: Int32

  /// As many threads as tasks may run at once.
  init(count: Int, niceness: Int32 = 5) {
    self.niceness = niceness
    state = Mutex(State(limit: count))
  }

  /// How many threads there are.
  var count: Int { state.withLock { $0.alive } }

  /// Allows one thread more, perhaps in place of one that an abandoned task holds.
  func lend() {
    perform(
      state.withLock { state in
        state.limit += 1
        return state.next < state.jobs.count ? Self.muster(&state) : .nothing
      })
  }

  /// One thread fewer, as soon as one has nothing to do: a task has ended that was abandoned, or a slot has gone.
  func takeBack() {
    perform(
      state.withLock { state in
        state.limit -= 1
        return state.alive > state.limit ? Self.wakeOne(&state) : .nothing
      })
  }

  /// Allows so many threads more, or fewer.
  func adjust(by difference: Int) {
    for _ in 0..<max(0, difference) { lend() }
    for _ in 0..<max(0, -difference) { takeBack() }
  }

  /// Lets the threads end when there is nothing to do. Abandoned code that goes on later still gets a thread.
  func stop() {
    let sleepers = state.withLock { state in
      state.isStopped = true
      defer { state.asleep = 0 }
      return state.asleep
    }
    for _ in 0..<sleepers { wakeUp.signal() }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    perform(
      state.withLock { state in
        state.jobs.append(job)
        return Self.muster(&state)
      })
  }

  private enum Effect {
    case wake
    case start
    case nothing
  }

  /// Who does the work that waits: a thread that sleeps, a new one, or those at work when they have time.
  private static func muster(_ state: inout State) -> Effect {
    if case .wake = wakeOne(&state) { return .wake }
    guard state.alive < state.limit else { return .nothing }
    state.alive += 1
    return .start
  }

  private static func wakeOne(_ state: inout State) -> Effect {
    guard state.asleep > 0 else { return .nothing }
    state.asleep -= 1
    return .wake
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .wake: wakeUp.signal()
    case .start: start()
    case .nothing: break
    }
  }

  private func start() {
    let isStarted = startThread { [self] in
      // On Linux a process id of 0 names the calling thread here (setpriority(2), "C library/kernel differences").
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
      work()
    }
    guard !isStarted else { return }
    let left = state.withLock { state in
      state.alive -= 1
      return state.alive
    }
    precondition(left > 0, "the system gives no thread")  // fewer than wanted still do the work
  }

  private func work() {
    enum Step {
      case run(UnownedJob)
      case sleep
      case end
    }
    while true {
      let step = state.withLock { state -> Step in
        if let job = state.takeJob() { return .run(job) }
        if state.isStopped || state.alive > state.limit {
          state.alive -= 1
          return .end
        }
        state.asleep += 1
        return .sleep
      }
      switch step {
      case .run(let job): job.runSynchronously(on: asUnownedTaskExecutor())
      case .sleep: wakeUp.wait()
      case .end: return
      }
    }
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a detached POSIX thread; `false` when the system gives none.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  var thread = pthread_t()
  let box = Unmanaged.passRetained(ThreadBody(body))
  let code = pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, box.toOpaque())
  guard code == 0 else {
    box.release()
    return false
  }
  pthread_detach(thread)
  return true
}
