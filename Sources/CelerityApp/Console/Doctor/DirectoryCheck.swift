#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory of the store: there, a directory, ours, private, writable, on a file system that keeps things, with
/// room.
struct DirectoryCheck {
  let path: String
  /// Whether it is the data directory; that of a store which `engine` puts elsewhere may hold other things, too.
  let isOurs: Bool

  private static let name = "data directory"

  init(_ settings: ResolvedSettings) {
    let engine = settings[Settings.engine]
    isOurs = !engine.hasPrefix("sqlite:")
    guard !isOurs else {
      path = settings[Settings.data]
      return
    }
    let file = engine.dropFirst("sqlite:".count)
    path = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
  }

  private var quoted: String { ShellWords.quoted(path) }

  var findings: [Finding] {
    place + (FileStatus(nearest) == nil ? [] : space + medium)
  }

  /// The directory itself, or what there is of the way to it.
  var nearest: String {
    var path = path
    while FileStatus(path) == nil, let slash = path.lastIndex(of: "/") { path = String(path[..<slash]) }
    if FileStatus(path) != nil { return path }
    return self.path.hasPrefix("/") ? "/" : "."
  }

  var isWritable: Bool { access(nearest, W_OK | X_OK) == 0 }

  private var place: [Finding] {
    guard let status = FileStatus(path) else { return [absent] }
    guard status.isDirectory else {
      return [.error(Self.name, "\(path) is no directory", fix: "name another with --data, or move the file away")]
    }
    guard isWritable else {
      return [
        .error(
          Self.name, "\(path) can't be written to by \(Self.user(geteuid())): it belongs to \(Self.user(status.owner))",
          fix: "chown -R \(Self.user(geteuid())) \(quoted), or run celerity as \(Self.user(status.owner))")
      ]
    }
    var findings: [Finding] = []
    if isOurs, status.permissions & 0o077 != 0 {
      findings.append(
        .warning(
          Self.name, "others on this machine can look into \(path): its permissions are \(status.permissionText)",
          fix: "chmod 700 \(quoted)"))
    }
    if status.owner != geteuid() {
      findings.append(
        .warning(
          Self.name,
          "\(path) belongs to \(Self.user(status.owner)), and this is run by \(Self.user(geteuid())): "
            + "files of both would mix",
          fix: "run celerity as \(Self.user(status.owner))"))
    }
    return findings.isEmpty ? [.ok(Self.name, "\(path), \(isOurs ? "private and " : "")writable")] : findings
  }

  private var absent: Finding {
    let parent = nearest
    if parent == path || FileStatus(parent)?.isDirectory != true || !isWritable {
      return .error(
        Self.name, "\(path) is not there and can't be made in \(parent)",
        fix: "make it: mkdir -p -m 700 \(quoted), or name another with --data")
    }
    // The start makes one directory, not the way to it.
    let rest = path.dropFirst(parent == "." ? 0 : parent.count).split(separator: "/").filter { $0 != "." }
    if rest.count > 1 {
      return .error(Self.name, "\(path) is not there, nor is what it is in", fix: "mkdir -p -m 700 \(quoted)")
    }
    return .ok(Self.name, "\(path) will be made at the first start")
  }

  private var space: [Finding] {
    var status = statvfs()
    guard statvfs(nearest, &status) == 0 else { return [] }
    let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    let text = "\(ByteCountText.short(free)) free"
    let fix = "free space, or shorten retention.success and retention.failure"
    if free < 100 << 20 { return [.error("disk space", text + ": the store stops when it is full", fix: fix)] }
    if free < 1 << 30 { return [.warning("disk space", text, fix: fix)] }
    if status.f_files > 0, UInt64(status.f_favail) * 100 < UInt64(status.f_files) {
      return [.warning("disk space", "\(text), but hardly any files can be made (inodes)", fix: "remove small files")]
    }
    return [.ok("disk space", text)]
  }

  private var medium: [Finding] {
    guard let type = Mounts.type(of: nearest) else { return [] }
    switch type {
    case "tmpfs", "ramfs":
      return [
        .warning(
          "file system", "\(nearest) is kept in memory (\(type)): a restart of the machine loses everything",
          fix: "name a directory on a disk with --data")
      ]
    case "overlay":
      return [
        .warning(
          "file system", "\(nearest) is in the layer of a container: it goes when the container goes",
          fix: "mount a volume and name it with --data")
      ]
    case "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "fuse.sshfs":
      return [
        .error(
          "file system", "\(nearest) is on a network file system (\(type)): SQLite can't lock and share memory there",
          fix: "name a directory on a local disk with --data")
      ]
    default: return [.ok("file system", type)]
    }
  }

  private static func user(_ id: uid_t) -> String {
    getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "user \(id)"
  }
}

/// What the system says of a file.
struct FileStatus {
  var owner: uid_t
  var permissions: mode_t
  var isDirectory: Bool

  /// `nil` when there is nothing at the path.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    owner = status.st_uid
    permissions = status.st_mode & 0o7777
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
  }

  /// As `chmod` takes them.
  var permissionText: String { String(permissions, radix: 8) }
}

/// The mounted file systems, from `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
enum Mounts {
  /// The type of the file system that holds a path; `nil` where that can't be found out.
  static func type(of path: String) -> String? {
    guard let resolved = realpath(path, nil), let text = SmallFile.text("/proc/self/mountinfo") else { return nil }
    defer { free(resolved) }
    let path = String(cString: resolved)
    var best: (length: Int, type: String)?
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count, fields.count > 4 else { continue }
      let point = fields[4].replacing("\\040", with: " ")
      guard point == "/" || path == point || path.hasPrefix(point + "/") else { continue }
      // Of two mounts on one place the later one is seen.
      if best.map({ point.count >= $0.length }) ?? true { best = (point.count, String(fields[dash + 1])) }
    }
    return best?.type
  }
}

/// Files of the system that are read in one go.
enum SmallFile {
  static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < 16 << 20, case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The first line without blanks around it.
  static func line(_ path: String) -> String? {
    text(path)?.split(separator: "\n").first.map { $0.filter { !$0.isWhitespace } }
  }
}

/// Numbers of bytes for people.
enum ByteCountText {
  static func short(_ bytes: some BinaryInteger) -> String {
    let units: [(Double, String)] = [
      (0x1p40, "TiB"), (0x1p30, "GiB"), (0x1p20, "MiB"), (0x1p10, "KiB"),
    ]
    for (size, name) in units where Double(bytes) >= size {
      let tenths = Int((Double(bytes) / size * 10).rounded())
      return tenths >= 100 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(bytes) bytes"
  }
}
