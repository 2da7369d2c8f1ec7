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
/// reason.
final class WorkerThreads: TaskExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var next = 0
    var isStopped = false
  }

  private let state = Mutex(State())
  private let wakeUp = Semaphore()
  private let niceness: Int32

  /// As many threads as tasks may run at once.
  init(count: Int, niceness: Int32 = 5) {
    self.niceness = niceness
    for _ in 0..<count { addThread() }
  }

  /// Adds a thread in place of one that an abandoned task holds.
  func addThread() {
    let body = ThreadBody { [self] in
      // On Linux a process id of 0 names the calling thread here (setpriority(2), "C library/kernel differences").
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
      runLoop()
    }
    body.start()
  }

  /// Lets the threads end when their queue is empty.
  func stop() {
    state.withLock { $0.isStopped = true }
    wakeUp.signal()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    wakeUp.signal()
  }

  private func runLoop() {
    while true {
      wakeUp.wait()
      let (job, isStopped) = state.withLock { state -> (UnownedJob?, Bool) in
        guard state.next < state.jobs.count else { return (nil, state.isStopped) }
        let job = state.jobs[state.next]
        state.next += 1
        if state.next == state.jobs.count {
          state.jobs.removeAll(keepingCapacity: true)
          state.next = 0
        } else if state.next >= 1024 {
          state.jobs.removeFirst(state.next)
          state.next = 0
        }
        return (job, false)
      }
      if let job {
        job.runSynchronously(on: asUnownedTaskExecutor())
      } else if isStopped {
        wakeUp.signal()  // the next thread sees it too
        return
      }
    }
  }
}

/// A counting semaphore of the C library; `sem_t` must not move, so it lives on the heap.
private final class Semaphore: Sendable {
  // lint:allow the pointer is set once and the C library guards what it points to
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() { sem_post(semaphore) }

  func wait() {
    while sem_wait(semaphore) != 0 {}  // EINTR
  }
}

/// A detached POSIX thread.
private final class ThreadBody: Sendable {
  private let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }

  func start() {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(self)
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    precondition(code == 0, "the system gives no more threads")
    pthread_detach(thread)
  }
}
