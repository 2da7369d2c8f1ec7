import CBzip2
import CZlib
import CZstd

/// A compressed stream on its way out of a library of C, which keeps its state behind a pointer.
protocol PackedStream: AnyObject {
  /// The library's step: takes and writes up to as many bytes as the two counts say, and says in them how many it were.
  func step(
    _ from: UnsafePointer<UInt8>?, _ taken: inout Int, _ to: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) -> Int32
}

extension PackedStream {
  /// Takes from a source and appends at most `room` bytes; the state is 0 at the stream's end and 1 before it.
  func step(
    _ source: UnsafeBufferPointer<UInt8>, into result: inout [UInt8], room: Int
  ) -> (state: Int32, taken: Int, written: Int) {
    var taken = source.count
    var written = room
    var state: Int32 = -1
    let piece = [UInt8](unsafeUninitializedCapacity: room) { target, count in
      guard let to = target.baseAddress else { return }
      state = step(source.baseAddress, &taken, to, &written)
      count = written
    }
    result += piece
    return (state, taken, piece.count)
  }
}

/// zlib's and gzip's streams.
final class ZlibStream: PackedStream {
  private let stream: OpaquePointer

  init?() {
    guard let stream = celerity_inflate_open() else { return nil }
    self.stream = stream
  }

  deinit { celerity_inflate_close(stream) }

  func step(
    _ from: UnsafePointer<UInt8>?, _ taken: inout Int, _ to: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) -> Int32 { celerity_inflate_step(stream, from, &taken, to, &written) }
}

/// bzip2's streams.
final class Bzip2Stream: PackedStream {
  private let stream: OpaquePointer

  init?() {
    guard let stream = celerity_bunzip2_open() else { return nil }
    self.stream = stream
  }

  deinit { celerity_bunzip2_close(stream) }

  func step(
    _ from: UnsafePointer<UInt8>?, _ taken: inout Int, _ to: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) -> Int32 { celerity_bunzip2_step(stream, from, &taken, to, &written) }
}

/// zstd's frames.
final class ZstdStream: PackedStream {
  private let stream: OpaquePointer

  /// A frame in one piece has a window of its own size; 8 MiB are what the highest of zstd's usual levels asks for.
  init?(maximumBytes: Int) {
    let sizeLog = Int.bitWidth - max(1, maximumBytes - 1).leadingZeroBitCount
    guard let stream = celerity_unzstd_open(Int32(min(max(sizeLog, 23), 27))) else { return nil }
    self.stream = stream
  }

  deinit { celerity_unzstd_close(stream) }

  func step(
    _ from: UnsafePointer<UInt8>?, _ taken: inout Int, _ to: UnsafeMutablePointer<UInt8>, _ written: inout Int
  ) -> Int32 { celerity_unzstd_step(stream, from, &taken, to, &written) }
}
