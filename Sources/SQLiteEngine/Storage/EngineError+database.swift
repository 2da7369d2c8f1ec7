import CelerityCore
import GRDB

/// What an error under a write means for those who wait for it.
enum FaultScope {
  /// The disk refused a write or a sync: what this connection wrote last can't be trusted to be, or not to be, on it.
  case connection
  /// The transaction can't succeed now, whatever is in it.
  case transaction
  /// This one write is at fault.
  case write

  init(_ error: any Error) {
    guard let code = (error as? DatabaseError)?.resultCode else {
      self = .write
      return
    }
    switch code {
    case .SQLITE_IOERR: self = .connection
    case .SQLITE_FULL, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_NOMEM,
      .SQLITE_INTERRUPT, .SQLITE_PROTOCOL, .SQLITE_MISUSE:
      self = .transaction
    default: self = .write
    }
  }
}

extension EngineError {
  /// What an error of the database means to a caller.
  init(describing error: any Error) {
    guard let error = error as? DatabaseError else {
      self = error as? EngineError ?? EngineError(.invalid, "\(error)")
      return
    }
    let detail = error.message ?? "\(error.resultCode)"
    switch error.resultCode {
    case .SQLITE_FULL:
      self.init(.storageFull, "the disk is full", hint: "free space; the store goes on by itself")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(.corrupt, "the store's file is damaged: \(detail)", hint: Self.restoreHint)
    case .SQLITE_IOERR:
      self.init(.unavailable, "the disk failed: \(detail)")
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .unavailable, "another program has locked the store's file", hint: "end it, and use the HTTP API instead")
    default:
      self.init(.unavailable, "the store can't be used now: \(detail)")
    }
  }

  /// The store was closed.
  static var storeIsClosed: EngineError { EngineError(.closed, "the store is closed") }
}
