// fuzz-sources: Sources/CelerityJSON
@testable import CelerityJSON

/// The entry libFuzzer calls (LLVM documentation, "libFuzzer", section "Fuzz Target").
///
/// Beyond "no trap": an accepted text is UTF-8, stays the same when validated again, walks to its last leaf, and written
/// anew from what was read it is accepted again and written the same. A refused text has its fault within its bounds.
/// Bytes that were not validated are walked as well.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  exercise(RawJSON(unchecked: bytes))
  checkScan(bytes)
  do {
    try checkAccepted(RawJSON(validating: bytes), from: bytes)
  } catch {
    precondition((0...bytes.count).contains(error.offset), "the fault is outside the text")
    precondition(error.code != .tooLarge || bytes.count > 1 << 20)
  }
  return 0
}

/// Two ways to read an array find the same elements or refuse it both.
private func checkScan(_ bytes: [UInt8]) {
  let whole = JSONLimits(maximumBytes: .max, maximumDepth: 65, maximumMembers: .max, maximumStringBytes: .max)
  let one = JSONLimits(maximumBytes: .max, maximumDepth: 64, maximumMembers: .max, maximumStringBytes: .max)
  let ranges = try? RawJSON.elementRanges(ofArray: bytes, maximumCount: .max, elementLimits: one)
  let elements = (try? RawJSON(validating: bytes, limits: whole))?.elements()
  precondition(ranges?.map { Array(bytes[$0]) } == elements?.map(\.bytes), "the scan agrees with the validator")
}

private func checkAccepted(_ json: RawJSON, from bytes: [UInt8]) {
  precondition(String(validating: bytes, as: UTF8.self) != nil, "accepted text is UTF-8")
  precondition((try? RawJSON(validating: json.bytes)) == json, "accepted text is accepted again")
  precondition((try? RawJSONDecoder().decode(RawJSON.self, from: json)) == json, "a decoder passes the text on")
  precondition((try? RawJSONEncoder().encode(json)) == json, "an encoder passes the text on")
  let copy = written(json)
  guard let checked = try? RawJSON(validating: copy.bytes, limits: .trusted) else {
    preconditionFailure("what is written is accepted")
  }
  precondition(written(checked) == copy, "what is written reads back the same")
}

/// The value written from what the readers say about it; numbers keep their text.
private func written(_ json: RawJSON) -> RawJSON {
  var writer = JSONWriter()
  write(json, to: &writer)
  return writer.finish()
}

private func write(_ json: RawJSON, to writer: inout JSONWriter) {
  switch json.kind {
  case .null: writer.null()
  case .boolean: writer.bool(json.boolValue!)
  case .number:
    precondition(json.doubleValue != nil, "an accepted number has a finite value")
    writer.raw(json)
  case .string: writer.string(json.stringValue!)
  case .array:
    writer.beginArray()
    for element in json.elements()! { write(element, to: &writer) }
    writer.endArray()
  case .object:
    writer.beginObject()
    for member in json.members()! {
      precondition(json[member.name] == member.value, "a member is found by its name")
      writer.key(member.name)
      write(member.value, to: &writer)
    }
    writer.endObject()
  }
}

/// Calls every reader on bytes that may be anything; only a trap or a read out of bounds can fail here.
private func exercise(_ json: RawJSON) {
  for member in json.members()?.prefix(50) ?? [] { _ = member.value.elements() }
  for element in json.elements()?.prefix(50) ?? [] { _ = element.members() }
  _ = (json["a"], json.stringValue, json.boolValue, json.int64Value, json.doubleValue)
  _ = try? RawJSONDecoder().decode([String: [Int128]].self, from: json)
  _ = try? RawJSONDecoder().decode([Double?].self, from: json)
}
