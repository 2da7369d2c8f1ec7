import CelerityCore
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A run whose words and names were looked at: what `prlimit` is told.
struct ProgramOrder: Sendable {
  let run: ProgramRun
  /// Where the program that sets limits is.
  let prlimit: String
  /// Its words: limits, the program, and the program's own words.
  let words: [String]
  private let path: String

  /// Refuses what is not installed, and texts that the system would read otherwise than they are written.
  init(_ run: ProgramRun, path: String, find: (String) -> String?) throws(ProgramError) {
    guard let program = find(run.program) else {
      throw ProgramError(.notInstalled, "\(run.program) is not installed: it is not in PATH")
    }
    guard let prlimit = find("prlimit") else {
      throw ProgramError(.notInstalled, "prlimit (util-linux) is not installed, and nothing is run without limits")
    }
    try Self.check(run)
    self.run = run
    self.path = path
    self.prlimit = prlimit
    let limits = run.limits
    words =
      [
        "--as=\(Self.allowed(limits.memory, RLIMIT_AS))", "--cpu=\(Self.allowed(limits.cpuSeconds, RLIMIT_CPU))",
        "--fsize=\(Self.allowed(limits.fileSize, RLIMIT_FSIZE))", "--core=0", program,
      ] + run.arguments
  }

  /// What is asked for, and where programs are and may leave things.
  func environment(home: String) -> [Environment.Key: String] {
    var all = Dictionary(
      uniqueKeysWithValues: run.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
    all["PATH"] = path
    all["HOME"] = home
    all["TMPDIR"] = home
    return all
  }

  private static func check(_ run: ProgramRun) throws(ProgramError) {
    let texts = run.arguments + run.environment.flatMap { [$0.key, $0.value] }
    guard !texts.contains(where: { $0.utf8.contains(0) }), !run.environment.keys.contains(where: { $0.contains("=") })
    else {
      throw ProgramError(.failed, "what \(run.program) is told holds a NUL, or a variable's name an equals sign")
    }
    for name in run.files.map(\.name) + run.outputs where !isName(name) {
      throw ProgramError(.failed, "'\(name)' can't name a file of a program: no path, 1 to 255 bytes")
    }
  }

  /// Whether a text is the name of a file and no path.
  static func isName(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...255).contains(bytes.count) && !bytes.contains(0x2F) && !bytes.contains(0) && text != "." && text != ".."
  }

  #if canImport(Darwin)
    private typealias Resource = Int32
  #else
    private typealias Resource = __rlimit_resource
  #endif

  /// What is asked for, or what this process itself may use if that is less: nobody may raise his limit.
  private static func allowed(_ asked: Int, _ resource: Resource) -> UInt64 {
    var own = rlimit()
    #if canImport(Darwin)
      let isKnown = getrlimit(resource, &own) == 0
    #else
      let isKnown = getrlimit(__rlimit_resource_t(resource.rawValue), &own) == 0
    #endif
    let asked = UInt64(max(1, asked))
    return isKnown ? min(asked, UInt64(own.rlim_max)) : asked
  }
}
