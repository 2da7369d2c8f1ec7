// fuzz-sources: Sources/CelerityCron
//
// Input: one byte that selects a reader, eight bytes of a moment (big endian), one byte that selects a zone, the text.
// Oracle: nothing traps, no input takes 50 ms three times in a row, next is later than its moment, previous undoes
// next, and what is printed reads back as an equal value.

@testable import CelerityCron

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: start, count: count)
  guard input.count >= 10 else { return 0 }
  let moment = Int64(bitPattern: input[1..<9].reduce(0) { $0 << 8 | UInt64($1) })
  let zone = zones[Int(input[9]) % zones.count]
  let rest = Array(input[10...])
  // A busy machine can stop any input for a while; one that is really slow is slow each time.
  for attempt in 1...3 {
    let taken = ContinuousClock().measure { check(rest, with: input[0], moment, zone) }
    if taken < .milliseconds(50) { break }
    precondition(attempt < 3, "took \(taken)")
  }
  return 0
}

private func check(_ bytes: [UInt8], with reader: UInt8, _ moment: Int64, _ zone: CronZone) {
  switch reader % 4 {
  case 0: checkSchedule(String(decoding: bytes, as: UTF8.self), moment, zone)
  case 1: checkKeywords(bytes, moment, zone)
  case 2: checkZoneFile(bytes, moment)
  default: checkRule(bytes, moment)
  }
}

/// Zones with a table and a rule, with a rule only, with half-hour changes; those the machine lacks are left out.
///
/// The unknown name makes the list of all zones be read here, once, and not within the first measured input.
private let zones: [CronZone] =
  [.utc]
  + [
    "Unknown/Zone", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
    "Etc/GMT-14",
  ].compactMap { try? CronZone($0) }

private func checkSchedule(_ text: String, _ moment: Int64, _ zone: CronZone) {
  do {
    let schedule = try Schedule(text, zone: zone)
    precondition(!schedule.words.isEmpty)
    let printed = try? Schedule(schedule.description)
    precondition(printed == schedule, "\(schedule) reads back as something else")
    check(schedule, moment, anchor: moment &* 31)
    // Most moments of eight random bytes are outside the calendar; fold this one into the years 1653 to 2286.
    check(schedule, moment % 10_000_000_000, anchor: 0)
  } catch {
    precondition(error.position >= 0 && error.position <= 256 && !error.message.isEmpty)
    precondition(error.description.utf8.count < 1_000)
  }
}

private func check(_ schedule: Schedule, _ moment: Int64, anchor: Int64) {
  if let next = schedule.next(after: moment, anchor: anchor) {
    precondition(next > moment, "\(schedule): \(next) is not after \(moment)")
    precondition(schedule.previous(atOrBefore: next, anchor: anchor) == next, "\(schedule) after \(moment)")
  }
  if let previous = schedule.previous(atOrBefore: moment, anchor: anchor) {
    precondition(previous <= moment, "\(schedule): \(previous) is not before \(moment)")
    guard previous > .min else { return }
    precondition(schedule.next(after: previous - 1, anchor: anchor) == previous, "\(schedule) before \(moment)")
  }
}

private func checkKeywords(_ bytes: [UInt8], _ moment: Int64, _ zone: CronZone) {
  let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  guard fields.count == 5 else { return }
  do {
    let expression = try CronExpression(
      minute: fields[0], hour: fields[1], dayOfMonth: fields[2], monthOfYear: fields[3], dayOfWeek: fields[4])
    check(.cron(expression, zone: zone), moment % 10_000_000_000, anchor: 0)
  } catch {
    precondition(error.field != nil && error.position >= 0 && error.position <= 256)
  }
}

private func checkZoneFile(_ bytes: [UInt8], _ moment: Int64) {
  guard let rules = ZoneFile.rules(from: bytes) else { return }
  checkRules(rules, moment)
}

private func checkRule(_ bytes: [UInt8], _ moment: Int64) {
  guard let rule = PosixRule(bytes) else { return }
  checkRules(ZoneRules(transitions: [], offsets: [rule.standard], tail: rule), moment)
}

private func checkRules(_ rules: ZoneRules, _ moment: Int64) {
  let moment = moment % 10_000_000_000
  let span = rules.span(at: moment)
  precondition(span.start <= moment && moment < span.end)
  let zone = CronZone(identifier: "Fuzz/Zone", rules: rules)
  for text in ["30 2 * * *", "*/20 * * * *", "0 0 29 2 mon"] {
    guard let expression = try? CronExpression(text) else { continue }
    check(.cron(expression, zone: zone), moment, anchor: 0)
  }
}
