import HummingbirdCore
import NIOCore
import ServiceLifecycle
import Synchronization

/// A body that is written piece by piece, at the pace at which the client takes it.
struct StreamedBody: Sendable {
  let pieces: AsyncStream<[UInt8]>
  /// What clients get last that are there when the gateway stops.
  let farewell: [UInt8]?
  /// The connection it goes over.
  let channel: any Channel
  let written = ByteCount()

  /// Writes to the end of the pieces, of the connection, or of the gateway; what waits for the next piece is cancelled
  /// when the client leaves. The connection has no further request.
  @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
    let (closed, close) = AsyncStream.makeStream(of: Void.self)
    channel.closeFuture.whenComplete { _ in close.finish() }
    let target = Handed(writer)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pump(to: target) }
      group.addTask { for await _ in closed {} }
      defer { group.cancelAll() }
      try await group.next()
    }
    close.finish()
  }

  @concurrent private func pump(to target: Handed) async throws {
    var writer = target.writer
    // An open stream would hold a graceful shutdown for ever.
    for await piece in pieces.cancelOnGracefulShutdown() {
      // Who does not read is cut off by the connection's `Delivery`, which ends this wait.
      try await writer.write(ByteBuffer(bytes: piece))
      written.add(piece.count)
    }
    try Task.checkCancellation()
    if let farewell, Task.isShuttingDownGracefully { try await writer.write(ByteBuffer(bytes: farewell)) }
    try await writer.finish(nil)
  }
}

/// The library's writer on its way to a child task.
// lint:allow the child alone uses it, while the parent waits for the child
private struct Handed: @unchecked Sendable {
  let writer: any ResponseBodyWriter

  init(_ writer: any ResponseBodyWriter) { self.writer = writer }
}

/// Counts the bytes of one answer while it is written.
final class ByteCount: Sendable {
  private let count = Atomic<Int>(0)

  func add(_ number: Int) { count.wrappingAdd(number, ordering: .relaxed) }

  var value: Int { count.load(ordering: .relaxed) }
}
