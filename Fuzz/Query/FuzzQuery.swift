// fuzz-sources: Sources/CelerityJSON Sources/CelerityCore
//
// Input: one byte that selects a reader, then the text. Of a filter, the parts behind the first NUL make a record.
// Oracle: nothing traps, no input takes 100 ms three times in a row; what is printed reads back as an equal value; a
// fault lies within the text; a query narrowed by its filter loses nothing that the filter wants; wildcards agree with
// the textbook's way of matching them.

import CelerityJSON

@testable import CelerityCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzQuery(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let selector = input.first else { return 0 }
  let rest = input[1...]
  for attempt in 1...3 {
    let taken = ContinuousClock().measure { check(rest, with: selector) }
    if taken < .milliseconds(100) { break }
    precondition(attempt < 3, "took \(taken)")
  }
  return 0
}

private func check(_ bytes: ArraySlice<UInt8>, with selector: UInt8) {
  switch selector % 4 {
  case 0: checkFilter(bytes)
  case 1: checkTime(String(decoding: bytes, as: UTF8.self))
  case 2: checkPattern(bytes)
  default: checkNames(String(decoding: bytes, as: UTF8.self))
  }
}

/// A clock that stands still, so that ages read back as they were.
private struct StoppedTime: TimeSource {
  let now = Timestamp(seconds: 1_795_237_200)
  let uptime = Duration.seconds(1000)
  func sleep(until uptime: Duration) async throws {}
}

private func checkFilter(_ bytes: ArraySlice<UInt8>) {
  let parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
  let text = String(decoding: parts[0], as: UTF8.self)
  do {
    let filter = try TaskFilter(text, time: StoppedTime())
    let printed = filter.description
    precondition(printed.utf8.count <= 4 * TaskFilter.longestText + 64, "\(printed) is much longer than \(text)")
    guard printed.utf8.count <= TaskFilter.longestText else { return }
    let again = try? TaskFilter(printed, time: StoppedTime())
    precondition(again == filter, "\(printed) reads back as something else")
    let record = record(parts.dropFirst().map { String(decoding: $0, as: UTF8.self) })
    let isWanted = filter.matches(record)
    let query = RecordQuery(filter: filter)
    precondition(!isWanted || query.narrowed?.matches(record) == true, "\(printed): the narrowed query loses a record")
    let opposite = try? TaskFilter("-(\(printed))", time: StoppedTime())
    precondition(
      printed.isEmpty || opposite == nil || opposite?.matches(record) == !isWanted, "\(printed) and its negation")
  } catch {
    precondition((0...text.utf8.count).contains(error.offset), "\(error): the place is outside the text")
    precondition(!error.message.isEmpty && error.hint?.isEmpty != true)
  }
}

/// A record made of texts, which may be anything where a client may write anything.
private func record(_ texts: [String]) -> TaskRecord {
  func text(_ index: Int) -> String { index < texts.count ? texts[index] : "" }
  func json(_ index: Int) -> RawJSON { (try? RawJSON(validating: text(index))) ?? .string(text(index)) }
  var message = TaskMessage(
    id: TaskID(stored: text(0)), task: text(1), queue: text(2), args: json(3), kwargs: json(4),
    priority: Priority(text(1).utf8.count))
  message.extras.tags = texts.count > 8 ? Array(texts[8...]) : nil
  var record = TaskRecord(accepting: message, at: Timestamp(text(5)) ?? Timestamp(seconds: 1_795_237_199))
  record.state = TaskState.allCases[text(2).utf8.count % TaskState.allCases.count]
  record.attempts = text(3).utf8.count
  record.worker = texts.count > 5 ? text(5) : nil
  record.result = texts.count > 6 ? json(6) : nil
  record.failure = texts.count > 7 ? TaskFailure(type: text(7), message: text(6)) : nil
  record.finished = texts.count > 6 ? record.created : nil
  return record
}

private func checkTime(_ text: String) {
  guard let time = Timestamp(text) else { return }
  let printed = time.rfc3339
  precondition(printed.utf8.count == 27 && printed.hasSuffix("Z"), "\(text) is printed as \(printed)")
  precondition(Timestamp(printed) == time, "\(printed) reads back as something else")
  let day = time.wholeSeconds / 86_400
  let (year, month, dayOfMonth) = Timestamp.civil(fromDay: day)
  precondition(Timestamp.day(fromCivil: year, month, dayOfMonth) == day)
  precondition((1...12).contains(month) && (1...Timestamp.days(inMonth: month, of: year)).contains(dayOfMonth))
}

/// Half of the input is the pattern, the other the text.
private func checkPattern(_ bytes: ArraySlice<UInt8>) {
  let sides = bytes.prefix(128).split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  guard sides.count == 2, let pattern = String(validating: sides[0], as: UTF8.self),
    let text = String(validating: sides[1], as: UTF8.self)
  else { return }
  let own = FilterPattern(pattern, isQuoted: false, isFolding: false)
  precondition(own.matches(text) == matches(Array(pattern.utf8), Array(text.utf8)), "\(pattern) in \(text)")
  precondition(!own.matches(text) || own.isFound(in: Array(text.utf8)), "\(pattern) is all of \(text) but not in it")
  let quoted = FilterPattern(pattern, isQuoted: true, isFolding: false)
  precondition(quoted.matches(text) == pattern.utf8.elementsEqual(text.utf8))
}

/// Wildcards by dynamic programming: row by row, whether the pattern so far is all of the text so far.
private func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
  var row = [true] + Array(repeating: false, count: text.count)
  for byte in pattern {
    var next = [byte == UInt8(ascii: "*") && row[0]] + Array(repeating: false, count: text.count)
    for index in text.indices {
      next[index + 1] = byte == UInt8(ascii: "*") ? next[index] || row[index + 1] : row[index] && text[index] == byte
    }
    row = next
  }
  return row[text.count]
}

private func checkNames(_ text: String) {
  if let id = TaskID(text) { precondition((1...255).contains(id.text.utf8.count) && id == TaskID(stored: text)) }
  if let tenant = Tenant(text) { precondition(tenant.name == text && text.utf8.count <= 63) }
  if QueueKey.isLegal(name: text) { precondition(!text.contains("/") && text.utf8.allSatisfy { $0 >= 0x20 }) }
  if let guess = closestMatch(to: text, among: FilterTerm.qualifiers) {
    precondition(FilterTerm.qualifiers.contains(guess))
  }
}
