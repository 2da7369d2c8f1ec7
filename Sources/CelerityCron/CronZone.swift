// Zone data come from the system's tz database, read here as RFC 8536 files. FoundationEssentials was measured first
// (Swift 6.3.1, Linux): its `TimeZone(identifier:)` knows no zone there, not even "UTC", because the data are part of
// the full Foundation's ICU, which this module does without. It is used for reading files only.
internal import FoundationEssentials

/// A time zone by its name in the tz database, such as `Europe/Berlin`, with all its offsets loaded.
///
/// `utc` needs no zone data on the machine. Two zones are equal when their identifiers are. A zone keeps the data it
/// was made with; after an update of the system's tz database make it again.
public struct CronZone: Sendable, Hashable, CustomStringConvertible {
  /// The name in the tz database; `UTC` for all names of Coordinated Universal Time.
  public let identifier: String
  let rules: ZoneRules

  /// Coordinated Universal Time.
  public static let utc = CronZone(identifier: "UTC", rules: .utc)

  /// Loads a zone; the file is read once, here.
  public init(_ identifier: String) throws(CronError) {
    if Self.namesOfUTC.contains(String(decoding: identifier.utf8.prefix(16), as: UTF8.self).uppercased()) {
      self = .utc
      return
    }
    guard Self.isWellFormed(identifier), let bytes = ZoneDatabase.file(named: identifier) else {
      throw Self.unknown(identifier)
    }
    guard let rules = ZoneFile.rules(from: bytes) else {
      throw CronError(
        position: 0, message: "the zone data for \(quoted(identifier)) are broken", hint: "reinstall tzdata")
    }
    self.init(identifier: identifier, rules: rules)
  }

  init(identifier: String, rules: ZoneRules) {
    self.identifier = identifier
    self.rules = rules
  }

  /// The identifier.
  public var description: String { identifier }

  /// Seconds to add to UTC to get the local time at an instant.
  public func secondsFromUTC(at instant: Int64) -> Int {
    Int(rules.span(at: min(max(instant, Instant.earliest), Instant.latest)).offset)
  }

  /// Equal when the identifiers are.
  public static func == (left: CronZone, right: CronZone) -> Bool { left.identifier == right.identifier }

  /// Hashes the identifier.
  public func hash(into hasher: inout Hasher) { hasher.combine(identifier) }

  private static let namesOfUTC: Set<String> = [
    "UTC", "Z", "ZULU", "UCT", "UNIVERSAL", "ETC/UTC", "ETC/ZULU", "ETC/UCT", "ETC/UNIVERSAL",
  ]

  /// Names of the tz database only: the identifier becomes a part of a path.
  private static func isWellFormed(_ identifier: String) -> Bool {
    guard identifier.utf8.count <= 64 else { return false }
    let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 3 && ZoneDatabase.isZoneDirectory(parts[0])
      && parts.allSatisfy { part in
        part.utf8.first?.isLetter == true
          && part.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_+-".utf8.contains($0) }
      }
  }

  /// The name with the fewest slips; or, for a bare city such as "Berlin", the zone that ends with it.
  private static func nearestName(to identifier: String) -> String? {
    let word = String(decoding: identifier.utf8.prefix(64), as: UTF8.self).lowercased()
    if let near = closest(to: word, among: ZoneDatabase.names) { return near }
    let city = "/" + String(word.map { $0 == " " ? "_" : $0 })
    return ZoneDatabase.names.first { $0.lowercased().hasSuffix(city) }
  }

  private static func unknown(_ identifier: String) -> CronError {
    let hint: String
    if ZoneDatabase.names.isEmpty {
      hint = "this machine has no zone data (package tzdata); only UTC is known"
    } else if let near = nearestName(to: identifier) {
      hint = "did you mean '\(near)'?"
    } else {
      hint = "use a name such as Europe/Berlin, or UTC"
    }
    return CronError(position: 0, message: "unknown time zone \(quoted(identifier))", hint: hint)
  }
}

/// Where the system keeps its compiled zones: the directories CPython's `zoneinfo` looks in.
private enum ZoneDatabase {
  private static let directories = [
    "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo",
  ]

  static func file(named identifier: String) -> [UInt8]? {
    for directory in directories {
      let path = "\(directory)/\(identifier)"
      var isDirectory = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory else { continue }
      if let data = FileManager.default.contents(atPath: path) { return [UInt8](data) }
    }
    return nil
  }

  /// `posix` repeats every zone and `right` counts leap seconds; neither is a place.
  static func isZoneDirectory(_ name: Substring) -> Bool {
    !["posix", "right", "posixrules", "localtime"].contains(name.lowercased())
  }

  /// All names, for suggestions only; read once.
  static let names: [String] = {
    for directory in directories {
      guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: directory) else { continue }
      let folders = Set(paths.compactMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } })
      let zones = paths.filter { path in
        path.first?.isUppercase == true && !path.contains(".") && !folders.contains(path)
      }
      if !zones.isEmpty { return zones.sorted() }
    }
    return []
  }()
}
