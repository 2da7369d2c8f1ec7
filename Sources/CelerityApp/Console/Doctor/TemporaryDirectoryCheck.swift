#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory for temporary files: SQLite sorts large results there, and tasks put what they like.
enum TemporaryDirectoryCheck {
  static var findings: [Finding] {
    let path = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let name = "temporary files"
    guard let status = FileStatus(path), status.isDirectory else {
      return [.error(name, "\(path) is no directory", fix: "make it, or set TMPDIR to one that is there")]
    }
    guard access(path, W_OK | X_OK) == 0 else {
      return [.error(name, "\(path) can't be written to", fix: "set TMPDIR to a directory that can")]
    }
    // With the sticky bit only the owner of a file can remove it.
    if status.permissions & 0o002 != 0, status.permissions & 0o1000 == 0 {
      return [.warning(name, "anybody can replace files in \(path)", fix: "chmod +t \(ShellWords.quoted(path))")]
    }
    return [.ok(name, path)]
  }
}
