#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Removes directories that somebody else has filled. No link is followed, and however deep they nest, two descriptors do:
/// what is in a directory is moved up before the directory goes.
enum DirectoryTree {
  /// Removes a directory with everything in it; whether it is gone.
  static func remove(_ path: String) -> Bool {
    let root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard root >= 0 else { return errno == ENOENT }
    _ = fchmod(root, 0o700)
    var moved = 0
    var isStuck = false
    while !isStuck, case let names = names(in: path), !names.isEmpty {
      isStuck = true
      for name in names where unlinkat(root, name, 0) == 0 || flatten(name, in: root, path, &moved) {
        isStuck = false
      }
    }
    close(root)
    return rmdir(path) == 0
  }

  /// Removes a directory in the root whose own directories become neighbours of it.
  private static func flatten(_ name: String, in root: Int32, _ path: String, _ moved: inout Int) -> Bool {
    _ = fchmodat(root, name, 0o700, 0)
    let folder = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard folder >= 0 else { return false }
    defer { close(folder) }
    for inner in names(in: "\(path)/\(name)") where unlinkat(folder, inner, 0) != 0 {
      // To be moved, a directory must be writable: its entry for its parent changes.
      _ = fchmodat(folder, inner, 0o700, 0)
      repeat {
        moved += 1
      } while renameat(folder, inner, root, ".moved-\(moved)") != 0
        && [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno)
    }
    return unlinkat(root, name, AT_REMOVEDIR) == 0
  }

  /// The names in a directory, without itself and its parent.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
