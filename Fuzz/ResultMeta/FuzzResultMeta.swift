// fuzz-sources: Sources/CelerityJSON Sources/CelerityYAML Sources/CelerityCore Fuzz/Support/HeapWatch
// fuzz-sources: Sources/CZlib Sources/CBzip2 Sources/CZstd Sources/CeleryWire
//
// What other workers leave in Celery's result backend: records, chord members, saved groups, result tuples.
//
// Input: one stored value.
// Oracle: nothing traps or needs more than 64 MiB; what is read is written in a form that is read as the same; an exception
// that is read is an exception when it is written.

import CelerityCore
import CelerityJSON
import HeapWatch

@testable import CeleryWire

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzResultMeta(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  HeapWatch.within(64 << 20) {
    guard let json = try? ResultPayload.json(input, maximumBytes: 4 << 20) else { return }
    checkMeta(json)
    checkTuple(json)
    checkPart(json)
  }
  return 0
}

private func valid(_ json: RawJSON) -> RawJSON {
  guard (try? RawJSON(validating: json.bytes, limits: .trusted)) == json else {
    preconditionFailure("what is written is no JSON: \(json.description.prefix(200))")
  }
  return json
}

private func checkMeta(_ json: RawJSON) {
  guard let meta = ResultMeta(json) else { return }
  let written = valid(meta.json)
  guard let again = ResultMeta(written) else { preconditionFailure("what is written is no record") }
  precondition(again.json == written)
  precondition(again.result == meta.result && again.childResults == meta.childResults)
  checkFailure(meta.failure)
  precondition(ChordPart(ChordPart(meta).json) == ChordPart(meta))
}

private func checkFailure(_ failure: TaskFailure?) {
  guard let failure else { return }
  let again = WireException.failure(valid(WireException.json(failure)), traceback: failure.traceback)
  precondition(again?.type == failure.type && again?.arguments == failure.arguments)
  precondition(PythonRepr.exception(failure).unicodeScalars.count <= PythonRepr.maximumLength)
}

private func checkTuple(_ json: RawJSON) {
  if let tuple = ResultTuple(json) { precondition(ResultTuple(valid(tuple.json)) == tuple) }
  if let group = ResultTuple(savedGroup: json) {
    precondition(ResultTuple(savedGroup: valid(group.savedGroup)) == group)
  }
}

private func checkPart(_ json: RawJSON) {
  guard let part = ChordPart(json) else { return }
  precondition(ChordPart(valid(part.json)) == part)
  precondition(!part.chordFailure.message.isEmpty)
  checkFailure(part.failure)
}
