// fuzz-sources: Sources/CelerityJSON Sources/CelerityCore Sources/CelerityCron Sources/CelerityTasks
// fuzz-sources: Sources/CelerityRoutes Sources/CelerityGateway/Streams/ServerSentEvent.swift
// fuzz-sources: Sources/CelerityApp/Client/Gateway/EventStreamParser.swift
// fuzz-sources: Sources/CelerityApp/Client/Tasks/JSONRepair.swift Sources/CelerityApp/Client/Tasks/TimeSpan.swift
// fuzz-sources: Sources/CelerityApp/Settings/SecretText.swift Sources/CelerityApp/Settings/Setting.swift
//
// What the command line reads: streams of events, settings, JSON that lost its quotes.
//
// Input: one byte that selects a reader, then the text.
// Oracle: nothing traps; a stream means the same however it is cut; an event that the gateway writes is the one that the
// client reads; a setting that is accepted keeps to its grammar; repaired JSON is JSON.

import CelerityCore
import CelerityJSON

@testable import CelerityApp
@testable import CelerityGateway

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzClient(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let selector = input.first else { return 0 }
  let rest = Array(input[1...])
  switch selector % 6 {
  case 0: checkStream(rest)
  case 1: checkWritten(rest)
  case 2: checkSettings(String(decoding: rest, as: UTF8.self))
  case 3: checkDuration(String(decoding: rest, as: UTF8.self))
  case 4: checkSpan(String(decoding: rest, as: UTF8.self))
  default: checkRepair(String(decoding: rest, as: UTF8.self))
  }
  return 0
}

/// The first byte says how the rest is cut.
private func checkStream(_ bytes: [UInt8]) {
  guard let cut = bytes.first.map({ Int($0) % 7 + 1 }) else { return }
  let stream = Array(bytes[1...])
  var whole = EventStreamParser(lastEventID: "before")
  guard let events = try? whole.feed(stream) else { preconditionFailure("a short stream is too long") }
  var parts = EventStreamParser(lastEventID: "before")
  var found: [StreamEvent] = []
  for start in stride(from: 0, to: stream.count, by: cut) {
    found += (try? parts.feed(stream[start..<min(start + cut, stream.count)])) ?? []
  }
  precondition(found == events, "cut into pieces of \(cut) it means something else")
  precondition(parts.lastEventID == whole.lastEventID && parts.retryMilliseconds == whole.retryMilliseconds)
  precondition(events.reduce(0) { $0 + $1.data.utf8.count } <= 3 * stream.count)
  precondition(events.allSatisfy { !$0.name.isEmpty && !$0.name.contains("\n") })
  precondition(whole.retryMilliseconds ?? 0 >= 0 && whole.lastEventID?.utf8.contains(0) != true)
}

/// Parts between NULs are an event's comment, id, name and data.
private func checkWritten(_ bytes: [UInt8]) {
  let parts = bytes.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false).map(Array.init)
  guard parts.count == 4, let data = String(validating: parts[3], as: UTF8.self) else { return }
  let texts = parts.map { String(decoding: $0, as: UTF8.self) }
  let event = ServerSentEvent(
    comment: texts[0].isEmpty ? nil : texts[0], retry: texts[0].utf8.count, id: texts[1], name: texts[2],
    data: Array(data.utf8))
  var parser = EventStreamParser()
  // Twice, so that the first one does not depend on being the first.
  let read = (try? parser.feed(event.encoded + event.encoded)) ?? []
  precondition(read.count == 2 && read[0] == read[1], "one event becomes \(read.count)")
  precondition(read[0].name == (texts[2].isEmpty ? "message" : lined(texts[2], by: " ")), "\(read[0].name)")
  precondition(read[0].data.utf8.elementsEqual(lined(data, by: "\n").utf8), "the data are others")
  precondition(parser.retryMilliseconds == texts[0].utf8.count)
  if !texts[1].isEmpty, texts[1].utf8.count <= EventStreamParser.maximumIDBytes {
    precondition(parser.lastEventID == lined(texts[1], by: " "), "the id is another")
  }
}

/// The text as a client must understand it: in data every line end becomes a line feed, elsewhere each of its characters
/// a blank.
private func lined(_ text: String, by separator: String) -> String {
  var result: [UInt8] = []
  let bytes = Array(text.utf8)
  for (index, byte) in bytes.enumerated() {
    let isSecondOfPair = byte == 0x0A && index > 0 && bytes[index - 1] == 0x0D
    if byte != 0x0A, byte != 0x0D {
      result.append(byte)
    } else if !isSecondOfPair || separator == " " {
      result += Array(separator.utf8)
    }
  }
  return String(decoding: result, as: UTF8.self)
}

private func checkSettings(_ text: String) {
  if let number = SettingType.integer(-5...70_000).parse(text) {
    precondition((-5...70_000).contains(number))
    precondition(SettingType.integer(-5...70_000).parse(String(number)) == number)
  }
  if let words = SettingType<[String]>.list.parse(text) {
    precondition(words.allSatisfy { !$0.isEmpty && !$0.contains(",") && $0.first?.isWhitespace == false })
    precondition(SettingType<[String]>.list.parse(words.joined(separator: " , ")) == words)
  }
  if let word = SettingType<String>.choice(["auto", "json"]).parse(text) {
    precondition(["auto", "json"].contains(word))
  }
  precondition(SettingType<String>.text.parse(text) == (text.isEmpty ? nil : text))
}

private func checkDuration(_ text: String) {
  guard let duration = SettingType<Duration>.duration.parse(text) else { return }
  precondition(duration >= .zero && duration <= .seconds(3_155_760_000))
  precondition(text.utf8.allSatisfy { "0123456789.smhd".utf8.contains($0) }, "\(text) is no duration")
  let again = SettingType<Duration>.duration.parse("\(duration.microseconds / 1000)ms")
  precondition(again.map { abs(($0 - duration).microseconds) < 1000 } == true, "\(text) in milliseconds is another")
}

private func checkSpan(_ text: String) {
  guard let span = TimeSpan(argument: text) else { return }
  precondition(span.duration >= .zero && span.duration <= .seconds(3_155_760_000))
  precondition(text.lowercased().utf8.allSatisfy { "0123456789.smhdwin".utf8.contains($0) }, "\(text) is no length")
  precondition(TimeSpan(argument: text.uppercased()) == span)
  let again = TimeSpan(argument: "\(span.duration.microseconds / 1000)ms")
  precondition(again.map { abs(($0.duration - span.duration).microseconds) < 1000 } == true, "\(text) in milliseconds")
}

private func checkRepair(_ text: String) {
  guard let guess = JSONRepair.guess(text) else { return }
  precondition((try? RawJSON(validating: guess.bytes)) == guess && (guess.kind == .object || guess.kind == .array))
  precondition(guess.bytes.count <= 8 * text.utf8.count + 16, "the guess is much longer than the text")
}
