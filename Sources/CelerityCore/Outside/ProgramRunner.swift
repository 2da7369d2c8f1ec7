/// Runs helper programs over untrusted input: each in a process group and a scratch directory of its own, with caps, and killed
/// as a group when it is over, cancelled, or too slow.
public protocol ProgramRunner: Sendable {
  /// Runs a program to its end and reads the files it made. Cancelling kills it.
  func run(_ run: ProgramRun) async throws(ProgramError) -> ProgramResult

  /// Where a program is, or `nil` if it is not installed.
  func find(_ program: String) -> String?
}

/// What is to be run.
public struct ProgramRun: Sendable {
  /// Looked for in PATH.
  public var program: String
  public var arguments: [String]
  /// The whole environment besides PATH, HOME and TMPDIR; the last two are the scratch directory.
  public var environment: [String: String]
  /// Written into the scratch directory before.
  public var files: [(name: String, bytes: [UInt8])]
  /// Read from it afterwards; those that are not there are left out of the result.
  public var outputs: [String]
  public var limits: ProgramLimits

  /// A run.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    files: [(name: String, bytes: [UInt8])] = [], outputs: [String] = [], limits: ProgramLimits = ProgramLimits()
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.files = files
    self.outputs = outputs
    self.limits = limits
  }
}

/// What a program may use.
public struct ProgramLimits: Sendable, Hashable {
  public var time: Duration
  /// Seconds on a processor, of each process.
  public var cpuSeconds: Int
  /// Address space of each process.
  public var memory: Int
  /// Largest file it may write.
  public var fileSize: Int
  /// Most bytes of standard output and error that are kept, the last ones.
  public var log: Int

  /// Limits.
  public init(
    time: Duration = .seconds(60), cpuSeconds: Int = 60, memory: Int = 2 << 30, fileSize: Int = 64 << 20,
    log: Int = 64 << 10
  ) {
    self.time = time
    self.cpuSeconds = cpuSeconds
    self.memory = memory
    self.fileSize = fileSize
    self.log = log
  }
}

/// What a program left behind.
public struct ProgramResult: Sendable {
  /// `nil` when a signal ended it.
  public var exitCode: Int?
  public var signal: Int?
  public var outputs: [String: [UInt8]]
  public var log: [UInt8]

  /// A result.
  public init(exitCode: Int?, signal: Int? = nil, outputs: [String: [UInt8]] = [:], log: [UInt8] = []) {
    self.exitCode = exitCode
    self.signal = signal
    self.outputs = outputs
    self.log = log
  }
}

/// Why a program did not run to its end.
public struct ProgramError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure.
  public enum Code: String, Sendable {
    case notInstalled = "not_installed"
    case timedOut = "timed_out"
    case cancelled
    case failed
  }

  public var code: Code
  public var message: String

  /// A failure.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
