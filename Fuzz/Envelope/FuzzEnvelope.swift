// fuzz-sources: Sources/CelerityJSON Sources/CelerityYAML Sources/CelerityCore Fuzz/Support/HeapWatch
// fuzz-sources: Sources/CZlib Sources/CBzip2 Sources/CZstd Sources/CeleryWire
//
// What comes from Celery's queues: envelopes, bodies in every compression, JSON as Python writes it, events and commands.
// YAML is here without its parser, which is a package's.
//
// Input: one byte that selects a reader and its compression, then the text.
// Oracle: nothing traps or needs more than 64 MiB; a message that is read is written so that it is read again as the same;
// a fault tells no more than was there and has a failure; what is unpacked stays within the limit.

import CelerityCore
import CelerityJSON
import HeapWatch

@testable import CelerityYAML
@testable import CeleryWire

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEnvelope(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let selector = input.first else { return 0 }
  let text = Array(input[1...])
  HeapWatch.within(64 << 20) {
    switch selector % 4 {
    case 0: checkEnvelope(text)
    case 1: checkBody(text, compression: compressions[Int(selector / 4) % compressions.count])
    case 2: checkPython(text)
    default: checkTalk(text)
    }
  }
  return 0
}

private let compressions = [nil, "gzip", "application/x-bz2", "application/zstd", "application/x-lzma"]
private let maximumBytes = 4 << 20

private func checkEnvelope(_ text: [UInt8]) {
  do {
    let envelope = try Envelope(text)
    _ = (envelope.isRedelivered, envelope.deliveryTag, envelope.exchange, envelope.routingKey)
    precondition((0...9).contains(envelope.wirePriority))
    checkMessage(envelope)
  } catch {
    check(error)
  }
}

private func checkBody(_ body: [UInt8], compression: String?) {
  let headers = [
    JSONMember(name: "task", value: .string("t")), JSONMember(name: "id", value: .string("i")),
    JSONMember(name: "compression", value: compression.map(RawJSON.string) ?? .null),
  ]
  let envelope = Envelope(
    headers: headers, properties: [], contentType: "application/json", contentEncoding: "utf-8", body: body)
  checkMessage(envelope)
  if let bytes = try? Compression.undone(body, by: compression, maximumBytes: maximumBytes) {
    precondition(bytes.count <= maximumBytes || compression == nil)
  }
  _ = try? ResultMeta(stored: [0] + Array("celery-compressed".utf8) + [0] + body, maximumBytes: maximumBytes)
}

private func checkMessage(_ envelope: Envelope) {
  do {
    let message = try MessageReader(maximumBodyBytes: maximumBytes).message(envelope, queue: "q")
    precondition(message.args.kind == .array && message.kwargs.kind == .object)
    // Signatures are written in full, so a long list of short ones may grow beyond what is read.
    guard envelope.body.count < 16 << 10, message.args.bytes.count < 1 << 20 else { return }
    let written = MessageWriter(origin: "o").envelope(message, deliveryTag: "d")
    do {
      let again = try MessageReader(maximumBodyBytes: maximumBytes).message(try Envelope(written), queue: "q")
      precondition(again == message, "\(again) is not \(message)")
    } catch {
      preconditionFailure("what was written is not read: \(error)")
    }
  } catch {
    check(error)
  }
}

private func check(_ fault: WireFault) {
  precondition(!fault.detail.isEmpty && fault.detail.utf8.count < 2000)
  precondition(fault.taskFailure.arguments.count == 1)
}

private func checkPython(_ text: [UInt8]) {
  if let repaired = PythonJSON.repaired(text) {
    precondition(repaired.count <= text.count * 2)
    if (try? RawJSON(validating: repaired, limits: PythonJSON.limits)) != nil {
      precondition(PythonJSON.repaired(repaired) == nil, "repaired text needs no repair")
    }
  }
  precondition(Base64.bytes(Base64.json(text)) == text)
  if let bytes = Base64.bytes(text[...]) { precondition(bytes.count <= text.count) }
  if let time = WireTime.time(String(decoding: text, as: UTF8.self)) {
    precondition(WireTime.time(WireTime.text(time)) == WireTime.nearestWritable(time))
  }
  if let json = try? RawJSON(validating: text, limits: PythonJSON.limits) {
    precondition(PythonRepr.value(json).unicodeScalars.count <= PythonRepr.maximumLength)
    precondition(PythonRepr.tuple(json).unicodeScalars.count <= PythonRepr.maximumLength)
  }
  _ = YAMLScalar.value(String(decoding: text, as: UTF8.self))
}

private func checkTalk(_ text: [UInt8]) {
  guard let envelope = try? Envelope(text) else { return }
  _ = HeardEvent.events(in: envelope)
  _ = try? ControlRequest(envelope)
}
