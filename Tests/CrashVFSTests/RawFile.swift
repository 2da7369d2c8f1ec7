import CCrashVFS
import Foundation

/// A file opened through the VFS without SQLite's pager, to test the disk model alone.
final class RawFile {
  private let name: sqlite3_filename
  private let file: UnsafeMutablePointer<sqlite3_file>

  /// Opens or creates `path` as a main database or, on request, as a WAL.
  init(_ path: String, kind: Int32 = SQLITE_OPEN_MAIN_DB) throws {
    let vfs = try Self.vfs()
    guard let name = sqlite3_create_filename(path, path + "-journal", path + "-wal", 0, nil) else {
      throw SQLiteError(code: SQLITE_NOMEM, message: path)
    }
    self.name = name
    let memory = UnsafeMutableRawPointer.allocate(byteCount: Int(vfs.pointee.szOsFile), alignment: 16)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: Int(vfs.pointee.szOsFile))
    file = memory.assumingMemoryBound(to: sqlite3_file.self)
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | kind
    let code = vfs.pointee.xOpen(vfs, name, file, flags, nil)
    if code != SQLITE_OK { throw SQLiteError(code: code, message: path) }
  }

  deinit {
    _ = file.pointee.pMethods?.pointee.xClose(file)
    UnsafeMutableRawPointer(file).deallocate()
    sqlite3_free_filename(name)
  }

  /// Deletes a file, with or without making that durable.
  static func delete(_ path: String, syncingDirectory: Bool) throws {
    let vfs = try vfs()
    let code = vfs.pointee.xDelete(vfs, path, syncingDirectory ? 1 : 0)
    if code != SQLITE_OK { throw SQLiteError(code: code, message: path) }
  }

  /// Whether the VFS has its own methods in front of those of the real one.
  var isTracked: Bool { file.pointee.pMethods.pointee.iVersion == 2 }

  func write(_ bytes: [UInt8], at offset: Int64) throws {
    try check(file.pointee.pMethods.pointee.xWrite(file, bytes, Int32(bytes.count), offset))
  }

  func truncate(to size: Int64) throws {
    try check(file.pointee.pMethods.pointee.xTruncate(file, size))
  }

  func sync() throws {
    try check(file.pointee.pMethods.pointee.xSync(file, SQLITE_SYNC_NORMAL))
  }

  private func check(_ code: Int32) throws {
    if code != SQLITE_OK { throw SQLiteError(code: code, message: String(cString: sqlite3_errstr(code))) }
  }

  private static func vfs() throws -> UnsafeMutablePointer<sqlite3_vfs> {
    try requireCrashVFS()
    guard let vfs = sqlite3_vfs_find("crash") else { throw SQLiteError(code: SQLITE_NOTFOUND, message: "crash") }
    return vfs
  }
}

extension Disk {
  /// The bytes of a file in a fresh image, or nil if the image lacks it.
  func survivor(_ name: String, seed: UInt64 = 0, _ mode: CrashMode) throws -> [UInt8]? {
    let image = "image-\(UUID().uuidString)"
    try materialise(image, seed: seed, mode)
    return FileManager.default.contents(atPath: "\(self.image(image))/\(name)").map { [UInt8]($0) }
  }
}
