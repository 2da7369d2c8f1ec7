// fuzz-sources: Fuzz/Support/HeapWatch Fuzz/RESP/NIOCore Sources/RESPClient/Codec
//
// Replies of a Redis server, as they come from the network.
//
// Input: one byte that says in how large pieces the rest arrives, then replies.
// Oracle: nothing traps or needs more than 64 MiB; replies are the same in whatever pieces they arrive, and so is the
// fault that ends them; a command that is written is read as its words.

import HeapWatch
import NIOCore

@testable import RESPClient

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRESP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = input.first else { return 0 }
  HeapWatch.within(64 << 20) {
    let text = Array(input[1...])
    let whole = replies(text, piece: max(1, text.count))
    precondition(replies(text, piece: Int(first % 16) + 1) == whole, "pieces make a difference")
    checkCommand(text)
  }
  return 0
}

/// What was read of a text, and how it ended.
private func replies(_ text: [UInt8], piece: Int) -> [String] {
  var parser = RESPParser(limits: RESPLimits(maximumStringBytes: 1 << 20, maximumElements: 1 << 16))
  var buffer = ByteBuffer()
  var said: [String] = []
  for start in stride(from: 0, to: text.count, by: piece) {
    buffer.writeBytes(text[start..<min(start + piece, text.count)])
    do {
      while let value = try parser.next(&buffer) {
        _ = (value.bytes, value.string, value.integer, value.double, value.elements, value.isNull)
        // Two that are no numbers are not equal, but look the same.
        said.append(String(describing: value))
      }
    } catch {
      return said + ["fault"]
    }
  }
  return said + [parser.isIdle && buffer.readableBytes == 0 ? "idle" : "unfinished"]
}

private func checkCommand(_ text: [UInt8]) {
  let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).prefix(50)
  let numbers: [Int64] = [0, -1, 9, 10, .max, .min, Int64(text.count)]
  let command = RESPCommand(
    words.map { .bytes(ByteBuffer(bytes: Array($0))) } + numbers.map { .number($0) } + [.text("é")])
  var buffer = ByteBuffer()
  command.write(to: &buffer)
  var parser = RESPParser()
  let expected = words.map { Array($0) } + numbers.map { Array(String($0).utf8) } + [Array("é".utf8)]
  guard case .array(let values)?? = try? parser.next(&buffer), parser.isIdle, buffer.readableBytes == 0 else {
    preconditionFailure("a command is an array")
  }
  precondition(values.map { $0.bytes.map { Array($0.readableBytesView) } } == expected)
}
