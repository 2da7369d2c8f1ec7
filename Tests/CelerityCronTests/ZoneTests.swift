import Foundation
import Testing

@testable import CelerityCron

@Suite("Zones")
struct ZoneTests {
  @Test("all names of UTC are one zone", arguments: ["UTC", "utc", "Etc/UTC", "Z", "Zulu", "Universal"])
  func utc(name: String) throws {
    #expect(try CronZone(name) == .utc)
    #expect(try CronZone(name).identifier == "UTC")
  }

  @Test(
    "an unknown zone is refused with the closest name",
    arguments: [
      ("Europe/Berln", "did you mean 'Europe/Berlin'?"),
      ("america/new_york", "did you mean 'America/New_York'?"),
      ("Berlin", "did you mean 'Europe/Berlin'?"),
      ("new york", "did you mean 'America/New_York'?"),
      ("Asia/Caclutta", "did you mean 'Asia/Calcutta'?"),
      ("Middle-Earth/Bree", "use a name such as Europe/Berlin, or UTC"),
      ("Europe", "use a name such as Europe/Berlin, or UTC"),
      ("", "use a name such as Europe/Berlin, or UTC"),
    ])
  func unknown(name: String, hint: String) throws {
    let error = try refusal { () throws(CronError) in _ = try CronZone(name) }
    #expect(error.hint == hint)
    #expect(error.field == nil)
  }

  @Test(
    "a name cannot leave the directory of zones",
    arguments: [
      "../../../etc/passwd", "Europe/../Europe/Berlin", "/etc/passwd", "Europe//Berlin", "right/Europe/Berlin",
      "posix/Europe/Berlin", "tzdata.zi", "zone.tab", "localtime", "Europe/Berlin\u{0}", "Europe/Berlin ",
    ])
  func traversal(name: String) {
    #expect(throws: CronError.self) { try CronZone(name) }
  }

  @Test("a hostile name is cut and cleaned before it is shown")
  func hostileName() throws {
    let name = "\u{1B}[31m" + String(repeating: "x", count: 1_000_000)
    let error = try refusal { () throws(CronError) in _ = try CronZone(name) }
    #expect(error.message.unicodeScalars.count < 80)
    #expect(!error.message.contains("\u{1B}"))
  }

  @Test("every zone of the system can be read")
  func allZones() throws {
    let root = "/usr/share/zoneinfo"
    let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { name in
      name.first?.isUppercase == true && !name.contains(".")
        && (try? FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")[.type] as? FileAttributeType)
          != .typeDirectory
    }
    #expect(names.count > 300)
    for name in names {
      let zone = try CronZone(name)
      #expect(abs(zone.secondsFromUTC(at: 1_780_000_000)) <= 14 * 3600, "\(name)")
    }
  }

  @Test(
    "offsets are those of Foundation",
    arguments: [
      "Europe/Berlin", "Europe/Dublin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
      "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo",
      "Pacific/Apia", "Africa/Lagos", "Etc/GMT-14",
    ])
  func foundation(name: String) throws {
    let zone = try CronZone(name)
    let reference = try #require(TimeZone(identifier: name))
    var generator = SeededGenerator(seed: 0xCE1E_0004)
    for _ in 0..<3_000 {
      let moment = Int64.random(in: 0...4_000_000_000, using: &generator)
      let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
      check(zone.secondsFromUTC(at: moment) == expected, Timestamp.format(moment))
    }
  }

  @Test("spans join without holes, in the table and after it")
  func spans() throws {
    for name in ["Europe/Berlin", "Africa/Casablanca", "America/Santiago", "Asia/Tokyo"] {
      let rules = try CronZone(name).rules
      var moment = Instant.earliest
      let end = try at("2500-01-01T00:00:00Z")
      while moment < end {
        let span = rules.span(at: moment)
        check(span.start <= moment && moment < span.end, "\(name) \(moment)")
        check(rules.span(at: span.end - 1) == span, "\(name) \(moment)")
        guard span.end < end else { break }
        check(rules.span(at: span.end).start == span.end, "\(name) \(moment)")
        moment = span.end
      }
    }
  }
}

@Suite("TZ rules and zone files")
struct ZoneRuleTests {
  @Test(
    "TZ texts are read",
    arguments: [
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", 7200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200),
      ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", -14_400),
      ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", -18_000),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-01T00:00:00Z", 0),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-06-01T00:00:00Z", 3600),
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-01-01T00:00:00Z", 39_600),
      ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-06-01T00:00:00Z", 37_800),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
      ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 7200),
      ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 10_800),
      ("AAA0BBB,J60/0,J365/0", "2028-02-29T23:59:59Z", 0),
      ("AAA0BBB,J60/0,J365/0", "2028-03-01T00:00:00Z", 3600),
      ("AAA0BBB,59/0,364/0", "2028-02-29T00:00:00Z", 3600),
      ("XXX3EDT4,0/0,J365/23", "2026-06-01T00:00:00Z", -14_400),
      ("XXX3EDT4,0/0,J365/23", "2027-01-01T03:30:00Z", -14_400),
      ("JST-9", "2026-06-01T00:00:00Z", 32_400),
    ])
  func rules(text: String, moment: String, expected: Int64) throws {
    let rule = try #require(PosixRule(text.utf8))
    #expect(try rule.span(at: at(moment)).offset == expected)
  }

  @Test(
    "texts that are no TZ rule are refused",
    arguments: [
      "", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
      "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365", "CET-1CEST,366,J365", "CET-25", "CET-1CEST,M3.5.0/168,M10.5.0",
      "<+01-1", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1:60",
    ])
  func badRules(text: String) {
    #expect(PosixRule(text.utf8) == nil)
  }

  /// A version 2 file with one transition and, in front, an empty version 1 block.
  private func file(
    transitions: [Int64] = [1_000], types: [Int32] = [0, 3600], leapSeconds: [Int64] = [], footer: String = "CET-1"
  ) -> [UInt8] {
    func word<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
    func header(_ counts: [UInt32]) -> [UInt8] {
      Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap(word)
    }
    var bytes = header([0, 0, 0, 0, 1, 4]) + word(Int32(0)) + [0, 0] + [0x55, 0x54, 0x43, 0]
    bytes += header([0, 0, UInt32(leapSeconds.count), UInt32(transitions.count), UInt32(types.count), 4])
    bytes += transitions.flatMap(word) + transitions.indices.map { UInt8(min($0 + 1, types.count - 1)) }
    bytes += types.flatMap { word($0) + [0, 0] } + [0x43, 0x45, 0x54, 0]
    bytes += leapSeconds.flatMap { word($0) + word(Int32(1)) }
    return bytes + Array("\n\(footer)\n".utf8)
  }

  @Test("a file gives its table and then its footer")
  func readsFile() throws {
    let rules = try #require(ZoneFile.rules(from: file()))
    #expect(rules.span(at: 999).offset == 0)
    #expect(rules.span(at: 1_000) == ZoneSpan(start: 1_000, end: ZoneSpan.forever, offset: 3600))
    let open = try #require(ZoneFile.rules(from: file(footer: "")))
    #expect(open.span(at: 5_000_000_000).offset == 3600)
  }

  @Test("a broken file is refused wherever it is cut or bent")
  func brokenFiles() {
    let good = file()
    for length in 0..<good.count {
      #expect(ZoneFile.rules(from: Array(good.prefix(length))) == nil, "cut to \(length)")
    }
    #expect(ZoneFile.rules(from: file(transitions: [1_000, 1_000])) == nil)
    #expect(ZoneFile.rules(from: file(types: [0, 100_000])) == nil)
    #expect(ZoneFile.rules(from: file(transitions: [.max])) == nil)
    #expect(ZoneFile.rules(from: file(footer: "nonsense")) == nil)
    #expect(ZoneFile.rules(from: file(leapSeconds: [78_796_800])) == nil)
    var generator = SeededGenerator(seed: 0xCE1E_0005)
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
      }
      guard let rules = ZoneFile.rules(from: bytes) else { continue }
      let span = rules.span(at: 2_000)
      check(span.start <= 2_000 && 2_000 < span.end, "\(bytes)")
    }
  }
}
