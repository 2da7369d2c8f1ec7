import Testing

/// The slots that an expression has after a moment, as local times.
struct DaylightRow: Sendable, CustomTestStringConvertible {
  let zone: String
  let expression: String
  let after: String
  let expected: [String]

  init(_ zone: String, _ expression: String, after: String, _ expected: [String]) {
    (self.zone, self.expression, self.after, self.expected) = (zone, expression, after, expected)
  }

  var testDescription: String { "\(expression) in \(zone) after \(after)" }
}

/// Known answers around clock changes, by zone.
enum DaylightTable {
  // Berlin skips 02:00-03:00 on 2026-03-29 (01:00Z) and repeats it on 2026-10-25 (01:00Z).
  static let berlin = [
    DaylightRow(
      "Europe/Berlin", "30 2 * * *", after: "2026-03-28T00:00:00Z",
      ["2026-03-28 02:30 +0100", "2026-03-29 03:00 +0200", "2026-03-30 02:30 +0200"]),
    DaylightRow(
      "Europe/Berlin", "*/10 2 * * *", after: "2026-03-28T02:00:00Z",
      ["2026-03-29 03:00 +0200", "2026-03-30 02:00 +0200", "2026-03-30 02:10 +0200"]),
    DaylightRow(
      "Europe/Berlin", "0,30 2,3 * * *", after: "2026-03-28T23:00:00Z",
      ["2026-03-29 03:00 +0200", "2026-03-29 03:30 +0200", "2026-03-30 02:00 +0200"]),
    DaylightRow(
      "Europe/Berlin", "30 2 29 3 *", after: "2026-01-01T00:00:00Z",
      ["2026-03-29 03:00 +0200", "2027-03-29 02:30 +0200"]),
    DaylightRow(
      "Europe/Berlin", "*/30 * * * *", after: "2026-03-29T00:00:00Z",
      ["2026-03-29 01:30 +0100", "2026-03-29 03:00 +0200", "2026-03-29 03:30 +0200"]),
    DaylightRow(
      "Europe/Berlin", "15 * * * *", after: "2026-03-29T00:00:00Z",
      ["2026-03-29 01:15 +0100", "2026-03-29 03:15 +0200", "2026-03-29 04:15 +0200"]),
    DaylightRow(
      "Europe/Berlin", "30 2 * * *", after: "2026-10-24T12:00:00Z",
      ["2026-10-25 02:30 +0200", "2026-10-26 02:30 +0100"]),
    DaylightRow(
      "Europe/Berlin", "*/30 1-3 * * *", after: "2026-10-24T22:59:59Z",
      [
        "2026-10-25 01:00 +0200", "2026-10-25 01:30 +0200", "2026-10-25 02:00 +0200", "2026-10-25 02:30 +0200",
        "2026-10-25 03:00 +0100", "2026-10-25 03:30 +0100", "2026-10-26 01:00 +0100",
      ]),
    DaylightRow(
      "Europe/Berlin", "*/30 * * * *", after: "2026-10-25T00:00:00Z",
      [
        "2026-10-25 02:30 +0200", "2026-10-25 02:00 +0100", "2026-10-25 02:30 +0100", "2026-10-25 03:00 +0100",
      ]),
    DaylightRow(
      "Europe/Berlin", "0 0-23 * * sun", after: "2026-10-24T23:00:00Z",
      ["2026-10-25 02:00 +0200", "2026-10-25 02:00 +0100", "2026-10-25 03:00 +0100"]),
  ]

  // New York skips 02:00-03:00 on 2026-03-08 and repeats 01:00-02:00 on 2026-11-01.
  static let newYork = [
    DaylightRow(
      "America/New_York", "30 2 * * *", after: "2026-03-07T12:00:00Z",
      ["2026-03-08 03:00 -0400", "2026-03-09 02:30 -0400"]),
    DaylightRow(
      "America/New_York", "0 3 * * *", after: "2026-03-07T12:00:00Z",
      ["2026-03-08 03:00 -0400", "2026-03-09 03:00 -0400"]),
    DaylightRow(
      "America/New_York", "*/30 * * * *", after: "2026-03-08T06:00:00Z",
      ["2026-03-08 01:30 -0500", "2026-03-08 03:00 -0400", "2026-03-08 03:30 -0400"]),
    DaylightRow(
      "America/New_York", "30 1 * * *", after: "2026-10-31T12:00:00Z",
      ["2026-11-01 01:30 -0400", "2026-11-02 01:30 -0500"]),
    DaylightRow(
      "America/New_York", "0 * * * *", after: "2026-11-01T04:30:00Z",
      ["2026-11-01 01:00 -0400", "2026-11-01 01:00 -0500", "2026-11-01 02:00 -0500"]),
    DaylightRow(
      "America/New_York", "0 */2 * * *", after: "2026-11-01T03:59:00Z",
      ["2026-11-01 00:00 -0400", "2026-11-01 02:00 -0500", "2026-11-01 04:00 -0500"]),
    DaylightRow(
      "America/New_York", "@daily", after: "2026-10-31T12:00:00Z",
      ["2026-11-01 00:00 -0400", "2026-11-02 00:00 -0500"]),
  ]

  // Lord Howe moves by half an hour: 02:00 to 02:30 on 2026-10-04 (15:30Z the day before), back on 2026-04-05 (15:00Z).
  static let lordHowe = [
    DaylightRow(
      "Australia/Lord_Howe", "15 2 * * *", after: "2026-10-03T00:00:00Z",
      ["2026-10-04 02:30 +1100", "2026-10-05 02:15 +1100"]),
    DaylightRow(
      "Australia/Lord_Howe", "*/15 * * * *", after: "2026-10-03T15:00:00Z",
      ["2026-10-04 01:45 +1030", "2026-10-04 02:30 +1100", "2026-10-04 02:45 +1100"]),
    DaylightRow(
      "Australia/Lord_Howe", "45 1 * * *", after: "2026-04-04T00:00:00Z",
      ["2026-04-05 01:45 +1100", "2026-04-06 01:45 +1030"]),
    DaylightRow(
      "Australia/Lord_Howe", "*/15 * * * *", after: "2026-04-04T14:30:00Z",
      [
        "2026-04-05 01:45 +1100", "2026-04-05 01:30 +1030", "2026-04-05 01:45 +1030", "2026-04-05 02:00 +1030",
      ]),
    DaylightRow(
      "Australia/Lord_Howe", "*/15 1,2 * * *", after: "2026-04-04T14:30:00Z",
      ["2026-04-05 01:45 +1100", "2026-04-05 02:00 +1030", "2026-04-05 02:15 +1030"]),
  ]

  // The south: clocks go forward in October and back in April; Santiago and Asunción change at midnight.
  static let south = [
    DaylightRow(
      "Australia/Sydney", "30 2 * * *", after: "2026-10-03T00:00:00Z",
      ["2026-10-04 03:00 +1100", "2026-10-05 02:30 +1100"]),
    DaylightRow(
      "Australia/Sydney", "30 2 * * *", after: "2026-04-04T00:00:00Z",
      ["2026-04-05 02:30 +1100", "2026-04-06 02:30 +1000"]),
    DaylightRow(
      "America/Santiago", "@daily", after: "2026-09-05T12:00:00Z",
      ["2026-09-06 01:00 -0300", "2026-09-07 00:00 -0300"]),
    DaylightRow(
      "America/Santiago", "0 0 6 9 *", after: "2026-01-01T00:00:00Z",
      ["2026-09-06 01:00 -0300", "2027-09-06 00:00 -0300"]),
    DaylightRow(
      "Pacific/Auckland", "*/30 * * * *", after: "2026-04-04T13:00:00Z",
      ["2026-04-05 02:30 +1300", "2026-04-05 02:00 +1200", "2026-04-05 02:30 +1200", "2026-04-05 03:00 +1200"]),
  ]

  // Oddities: a whole day skipped (Samoa, 2011), midnight twice (Goose Bay, 2000), negative daylight saving (Dublin).
  static let oddities = [
    DaylightRow(
      "Pacific/Apia", "0 4 * * *", after: "2011-12-29T12:00:00Z",
      ["2011-12-29 04:00 -1000", "2011-12-31 00:00 +1400", "2011-12-31 04:00 +1400"]),
    DaylightRow(
      "Pacific/Apia", "0 * * * *", after: "2011-12-30T08:30:00Z",
      ["2011-12-29 23:00 -1000", "2011-12-31 00:00 +1400", "2011-12-31 01:00 +1400"]),
    DaylightRow(
      "America/Goose_Bay", "@daily", after: "2000-10-28T12:00:00Z",
      ["2000-10-29 00:00 -0300", "2000-10-30 00:00 -0400"]),
    DaylightRow(
      "Europe/Dublin", "30 1 * * *", after: "2045-03-25T12:00:00Z",
      ["2045-03-26 02:00 +0100", "2045-03-27 01:30 +0100"]),
    DaylightRow(
      "Africa/Cairo", "@daily", after: "2026-04-23T12:00:00Z",
      ["2026-04-24 01:00 +0300", "2026-04-25 00:00 +0300"]),
  ]
}
