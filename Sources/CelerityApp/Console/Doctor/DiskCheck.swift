import CelerityCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How long the disk takes to keep something. Every accepted task waits for that once, together with the others of its
/// moment.
struct DiskCheck {
  let directory: String

  private static let name = "durability"
  private static let writes = 16

  var findings: [Finding] {
    switch measured() {
    case .failure(let problem):
      return [.error(Self.name, problem.text, fix: "check the disk and the permissions of \(directory)")]
    case .success(let times): return [judged(times.sorted())]
    }
  }

  private struct Problem: Error {
    var text: String

    init(_ call: String, _ path: String) { text = "can't \(call) \(path): \(String(cString: strerror(errno)))" }
  }

  private func measured() -> Result<[Duration], Problem> {
    let path = directory + "/.celerity-doctor-\(getpid())"
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return .failure(Problem("make", path)) }
    defer {
      close(descriptor)
      unlink(path)
    }
    let page = [UInt8](repeating: 0x5A, count: 4096)
    var times: [Duration] = []
    for index in 0..<Self.writes {
      let start = ContinuousClock.now
      guard pwrite(descriptor, page, page.count, off_t(index * page.count)) == page.count else {
        return .failure(Problem("write", path))
      }
      guard fsync(descriptor) == 0 else { return .failure(Problem("sync", path)) }
      times.append(ContinuousClock.now - start)
    }
    return .success(times)
  }

  private func judged(_ times: [Duration]) -> Finding {
    let median = times[times.count / 2]
    let text =
      "4 KiB are kept after \(HumanText.duration(median)), at worst \(HumanText.duration(times[times.count - 1]))"
    if median > .milliseconds(30) {
      return .warning(
        Self.name, text + ": a submission waits that long",
        fix: "put the data directory on a faster disk, best one of flash")
    }
    // A write that goes to a medium or its protected memory takes longer than this; only memory answers so fast.
    if median < .microseconds(5) {
      return .warning(
        Self.name, text + ": too fast for a disk, so a power cut may lose what was accepted",
        fix: "put the data directory on a disk, and check that its write cache is safe")
    }
    return .ok(Self.name, text)
  }
}
