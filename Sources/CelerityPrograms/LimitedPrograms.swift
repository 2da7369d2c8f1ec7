public import CelerityCore
public import Logging
import NIOPosix
import Subprocess
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs helper programs under limits. `prlimit` of util-linux sets these between the start of the process and that of the
/// program (prlimit(1), setrlimit(2)); each run is a session of its own, which is killed as a group when its leader has
/// ended, and so is what has left the group but still carries the run's environment.
public final class LimitedPrograms: ProgramRunner {
  private let room: ProgramRoom
  private let path: String
  private let time: any TimeSource
  private let logger: Logger

  /// A runner that looks for programs in a PATH, and whose scratch directories are made in a directory of its own.
  public init(directory: String, path: String?, time: any TimeSource = SystemTime(), logger: Logger) {
    room = ProgramRoom(directory)
    self.path = path.flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/bin:/usr/bin:/bin"
    self.time = time
    self.logger = logger
  }

  /// Makes the directory and clears away what processes that died have left there, running programs too. Else the first
  /// run does that.
  public func prepare() async throws(ProgramError) {
    try await offThePool { [room] () throws(ProgramError) in try room.open() }
  }

  /// Gives the directory back; to be called when nothing runs any more.
  public func close() async {
    try? await offThePool { [room] () throws(ProgramError) in room.close() }
  }

  public func find(_ program: String) -> String? {
    guard !program.isEmpty, !program.utf8.contains(0x2F), !program.utf8.contains(0) else { return nil }
    for folder in path.split(separator: ":") where folder.hasPrefix("/") {
      let place = "\(folder)/\(program)"
      var status = stat()
      if stat(place, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(place, X_OK) == 0 { return place }
    }
    return nil
  }

  public func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult {
    let order = try ProgramOrder(run, path: path, find: find)
    let control = RunControl()
    // It ends in order even when nobody waits for it any more: what is killed is also cleared away.
    let result = await withTaskCancellationHandler {
      await withoutCancellation { await self.carryOut(order, control) }
    } onCancel: {
      control.end(.cancelled)
    }
    return try result.get()
  }

  private func carryOut(_ order: ProgramOrder, _ control: RunControl) async -> Result<ProgramResult, ProgramError> {
    do throws(ProgramError) {
      let scratch = try await offThePool { [room] () throws(ProgramError) in
        try Scratch(at: room.place(), files: order.run.files)
      }
      let result = await attempt(order, control, in: scratch)
      let isClear = try await offThePool { () throws(ProgramError) in scratch.remove() }
      if !isClear { logger.error("a scratch directory can't be removed", metadata: ["path": "\(scratch.path)"]) }
      return result
    } catch {
      return .failure(error)
    }
  }

  private func attempt(
    _ order: ProgramOrder, _ control: RunControl, in scratch: Scratch
  ) async -> Result<ProgramResult, ProgramError> {
    do throws(ProgramError) {
      let (status, log) = try await execute(order, control, in: scratch)
      if let ended = Self.ended(order, control) { throw ended }
      let outputs = try await offThePool { () throws(ProgramError) in
        try scratch.outputs(order.run.outputs, limit: order.run.limits.fileSize)
      }
      switch status {
      case .exited(let code): return .success(ProgramResult(exitCode: Int(code), outputs: outputs, log: log))
      case .signaled(let signal):
        return .success(ProgramResult(exitCode: nil, signal: Int(signal), outputs: outputs, log: log))
      }
    } catch {
      // Who is killed early enough fails to start: that is no failure of its own.
      return .failure(Self.ended(order, control) ?? error)
    }
  }

  private static func ended(_ order: ProgramOrder, _ control: RunControl) -> ProgramError? {
    switch control.ending {
    case .cancelled: return ProgramError(.cancelled, "\(order.run.program) was cancelled")
    case .timedOut:
      let limit = order.run.limits.time.inSeconds
      return ProgramError(.timedOut, "\(order.run.program) ran for more than \(limit) s and was killed")
    case nil: return nil
    }
  }

  /// Runs it until its leader and all that belongs to it are gone.
  private func execute(
    _ order: ProgramOrder, _ control: RunControl, in scratch: Scratch
  ) async throws(ProgramError) -> (TerminationStatus, [UInt8]) {
    var options = PlatformOptions()
    options.createSession = true
    do {
      let result = try await Subprocess.run(
        .path(FilePath(order.prlimit)), arguments: Arguments(order.words),
        environment: .custom(order.environment(home: scratch.path)), workingDirectory: FilePath(scratch.path),
        platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
      ) { execution in
        await self.watch(execution, order.run.limits, control, in: scratch)
      }
      return (result.terminationStatus, result.closureResult)
    } catch {
      throw ProgramError(.failed, "\(order.run.program) can't be run: \("\(error)".prefix(300))")
    }
  }

  private func watch<Input: InputProtocol, Failure: OutputProtocol>(
    _ execution: Execution<Input, SequenceOutput, Failure>, _ limits: ProgramLimits, _ control: RunControl,
    in scratch: Scratch
  ) async -> [UInt8] {
    control.started(execution.processIdentifier.value)
    async let log = Self.tail(of: execution.standardOutput, limit: limits.log)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.sound(after: limits.time, control) }
      // Returns when the leader has ended, which stays a zombie until this closure returns, so that the number of its
      // group is nobody else's. To go on is an order that changes nothing; the bound only matters if the alarm failed.
      await execution.teardown(using: [
        .send(signal: .resume, allowedDurationToNextStep: limits.time + .seconds(60))
      ])
      control.finish()
      group.cancelAll()
    }
    try? await offThePool { () throws(ProgramError) in StrayProcesses.kill(under: scratch.path) }
    return await log
  }

  private func sound(after limit: Duration, _ control: RunControl) async {
    guard (try? await time.sleep(for: limit)) != nil else { return }
    control.end(.timedOut)
  }

  private static func tail(of output: SubprocessOutputSequence, limit: Int) async -> [UInt8] {
    var tail = LogTail(limit)
    do {
      for try await buffer in output { buffer.withUnsafeBytes { tail.append($0) } }
    } catch {
      // What was read until then is the log.
    }
    return tail.bytes
  }
}

/// Does what blocks on threads that are meant for it.
func offThePool<Success: Sendable>(
  _ work: @escaping @Sendable () throws(ProgramError) -> Success
) async throws(ProgramError) -> Success {
  do {
    return try await NIOThreadPool.singleton.runIfActive {
      Result { () throws(ProgramError) in try work() }
    }.get()
  } catch let error as ProgramError {
    throw error
  } catch {
    throw ProgramError(.failed, "the threads for files have stopped")
  }
}
