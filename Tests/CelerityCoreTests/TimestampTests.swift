import CelerityCore
import CelerityTesting
import Testing

@Suite struct TimestampTests {
  /// Texts and microseconds since the epoch, from `date -u -d … +%s` of GNU coreutils.
  static let readable: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00.000001Z", 1),
    ("1969-12-31T23:59:59.999999Z", -1),
    ("2026-11-21T05:28:07.123456Z", 1_795_238_887_123_456),
    ("2026-11-21t05:28:07z", 1_795_238_887_000_000),
    ("2026-11-21 05:28:07", 1_795_238_887_000_000),
    ("2026-11-21T05:28:07", 1_795_238_887_000_000),
    ("2026-11-21T05:28", 1_795_238_880_000_000),
    ("2026-11-21T05:28Z", 1_795_238_880_000_000),
    ("2026-11-21T06:28:07+01:00", 1_795_238_887_000_000),
    ("2026-11-21T06:28:07+0100", 1_795_238_887_000_000),
    ("2026-11-21T06:28:07+01", 1_795_238_887_000_000),
    ("2026-11-20T23:58:07-05:30", 1_795_238_887_000_000),
    ("2026-11-21T05:28:07.1Z", 1_795_238_887_100_000),
    ("2026-11-21T05:28:07.123456789Z", 1_795_238_887_123_456),
    ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
    ("2000-02-29T12:00:00Z", 951_825_600_000_000),
    ("2016-12-31T23:59:60Z", 1_483_228_799_000_000),
    ("0001-01-01T00:00:00Z", -62_135_596_800_000_000),
    ("0000-01-01T00:01:00+00:01", -62_167_219_200_000_000),
    ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
  ]

  @Test(arguments: readable)
  func `Texts of RFC 3339 and of Python are read`(_ text: String, _ microseconds: Int64) {
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-11-21", "2026-11-21T", "2026-11-21T05", "2026-11-21T05:2", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-11-00T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T05:60:00Z", "2026-11-21T05:28:61Z",
    "2026-11-21T05:28:07.Z", "2026-11-21T05:28:07.1234567890Z", "2026-11-21T05:28:07+24:00",
    "2026-11-21T05:28:07+01:60", "2026-11-21T05:28:07+1", "2026-11-21T05:28:07ZZ", "2026-11-21T05:28:07 Z",
    " 2026-11-21T05:28:07Z", "2026-11-21X05:28:07Z", "+2026-11-21T05:28:07Z", "２026-11-21T05:28:07Z",
    "2026-11-21T05:28:07,5Z", "2026-11-21T-5:28:07Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
  ])
  func `What is no time is refused`(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `A time is written in UTC with microseconds`() {
    #expect(Timestamp(microseconds: 1_795_238_887_123_456).rfc3339 == "2026-11-21T05:28:07.123456Z")
    #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
    #expect("\(Timestamp(seconds: 0))" == "1970-01-01T00:00:00.000000Z")
  }

  @Test func `What is written is read again as it was`() {
    var random = SeededRandom(seed: 3)
    for _ in 0..<20_000 {
      // The years 1 to 9999.
      let moment = Timestamp(
        microseconds: Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random))
      #expect(Timestamp(moment.rfc3339) == moment)
    }
  }

  @Test func `Days follow each other over four centuries`() {
    let first = Timestamp("1999-12-31T23:59:59.999999Z")?.microseconds ?? 0
    var last = ""
    for day in 0..<Int64(146_097) {
      let text = Timestamp(microseconds: first + 1 + day * 86_400_000_000).rfc3339
      #expect(text > last && text.hasSuffix("T00:00:00.000000Z"))
      last = text
    }
    #expect(last == "2399-12-31T00:00:00.000000Z")
  }

  @Test func `Sums and differences saturate`() {
    let end = Timestamp(microseconds: .max)
    #expect(end + .seconds(1) == end)
    #expect(Timestamp(microseconds: .min) + .seconds(-1) == Timestamp(microseconds: .min))
    #expect(end - Timestamp(microseconds: .min) == .microseconds(Int64.max))
    #expect(Timestamp(seconds: .max) == end)
    #expect(Timestamp(seconds: .min) == Timestamp(microseconds: .min))
    #expect(Timestamp(seconds: 5) - Timestamp(seconds: 7) == .seconds(-2))
    #expect(StoreTime(microseconds: .max) + .seconds(1) == StoreTime(microseconds: .max))
    #expect(StoreTime(microseconds: 5) - StoreTime(microseconds: 3) == .microseconds(2))
    #expect(Duration.seconds(Int64.max).microseconds == .max)
    #expect(Duration.seconds(Int64.min).microseconds == .min)
  }

  @Test func `Whole seconds lie before the moment, also before the epoch`() {
    #expect(Timestamp(microseconds: 1_999_999).wholeSeconds == 1)
    #expect(Timestamp(microseconds: -1).wholeSeconds == -1)
    #expect(Timestamp(microseconds: -1_000_000).wholeSeconds == -1)
    #expect(Timestamp(microseconds: 1_500_000).seconds == 1.5)
  }

  @Test func `Durations of clients are finite and below a century`() {
    #expect(Duration(clientSeconds: 1.5) == .milliseconds(1500))
    #expect(Duration(clientSeconds: -0.000001) == .microseconds(-1))
    for bad in [Double.nan, .infinity, -.infinity, 3.2e9, -1e300] { #expect(Duration(clientSeconds: bad) == nil) }
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
  }

  @Test func `The machine's clocks run forward`() async throws {
    let time = SystemTime()
    let (now, uptime) = (time.now, time.uptime)
    #expect(now > Timestamp(seconds: 1_700_000_000))
    try await time.sleep(for: .microseconds(1))
    #expect(time.uptime > uptime)
  }
}
