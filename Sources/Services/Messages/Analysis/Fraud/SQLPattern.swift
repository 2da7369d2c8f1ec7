/// Text that is meant for a database: the forms of injection that OWASP's "Testing for SQL Injection" (WSTG-INPV-05) lists.
/// Each pattern asks for more than a verb, because "select", "update" and "drop" are English words.
enum SQLPattern: String, CaseIterable {
  /// A second statement behind a semicolon: `; DROP …`.
  case stackedStatement = "sql-stacked-statement"
  /// `UNION [ALL | DISTINCT] SELECT`
  case unionSelect = "sql-union-select"
  /// `DROP | TRUNCATE | ALTER TABLE | DATABASE | SCHEMA | VIEW`
  case changedSchema = "sql-schema-change"
  /// `DELETE FROM name`, then WHERE, a semicolon or the end.
  case delete = "sql-delete"
  /// `INSERT INTO name … VALUES` or `… SELECT`
  case insert = "sql-insert"
  /// `UPDATE name SET name =`
  case update = "sql-update"
  /// `SELECT * FROM`, `SELECT a, b FROM`, `SELECT a FROM b WHERE`
  case select = "sql-select"
  /// `OR` or `AND` with two sides that are the same: `' OR '1'='1`
  case tautology = "sql-tautology"
  /// A quote that ends a value, and a comment that hides the rest: `admin'--`
  case comment = "sql-quote-comment"
  /// `SLEEP(5)`, `BENCHMARK(…)`, `PG_SLEEP(…)`, `WAITFOR DELAY`
  case delay = "sql-time-delay"
  /// Names of a database's own tables and commands.
  case catalogue = "sql-catalogue"

  /// What the patterns find, each pattern once: more would say nothing more.
  static func findings(in tokens: [SQLToken]) -> [FraudFinding] {
    // In a tautology quotes come and go: `or 'a'='a`.
    let unquoted = tokens.filter { !["'", "\"", "`", "(", ")"].contains($0.text) }
    return allCases.compactMap { pattern in
      let row = pattern == .tautology ? unquoted : tokens
      for start in row.indices {
        guard let end = pattern.end(row, start) else { continue }
        return FraudFinding(.sql, pattern.rawValue, row[start].range.lowerBound..<row[end - 1].range.upperBound)
      }
      return nil
    }
  }

  private static let objects: Set<String> = ["table", "database", "schema", "view"]
  private static let statements: Set<String> = [
    "drop", "delete", "insert", "update", "alter", "truncate", "exec", "execute", "create", "shutdown", "grant",
  ]
  private static let catalogueNames: Set<String> = [
    "information_schema", "xp_cmdshell", "sqlite_master", "sqlite_schema", "pg_catalog", "pg_shadow", "load_file",
    "sysobjects", "syscolumns",
  ]

  /// Behind the tokens that fit from a place on; `nil` when they don't fit.
  private func end(_ row: [SQLToken], _ start: Int) -> Int? {
    func text(_ offset: Int) -> String { row.indices.contains(start + offset) ? row[start + offset].text : "" }
    func isWord(_ offset: Int) -> Bool { row.indices.contains(start + offset) && row[start + offset].isWord }
    switch (self, text(0)) {
    case (.stackedStatement, ";"):
      guard Self.statements.contains(text(1)) else { return nil }
      return ["table", "database", "from", "into", "view", "user", "schema"].contains(text(2))
        || text(1) == "shutdown" || ["exec", "execute"].contains(text(1)) || text(1) == "update" && text(3) == "set"
        ? start + 2 : nil
    case (.unionSelect, "union"):
      if text(1) == "select" { return start + 2 }
      return (text(1) == "all" || text(1) == "distinct") && text(2) == "select" ? start + 3 : nil
    case (.changedSchema, "drop"), (.changedSchema, "truncate"), (.changedSchema, "alter"):
      return Self.objects.contains(text(1)) && isWord(2) ? start + 3 : nil
    case (.delete, "delete"):
      guard text(1) == "from", isWord(2) else { return nil }
      return ["where", ";", "", "--"].contains(text(3)) ? start + 3 : nil
    case (.insert, "insert"):
      guard text(1) == "into", isWord(2) else { return nil }
      // Columns in brackets may come first.
      let next = text(3) == "(" ? Self.find([")"], row, from: start + 4) ?? row.count : start + 3
      return next < row.count && ["values", "select"].contains(row[next].text) ? next + 1 : nil
    case (.update, "update"): return isWord(1) && text(2) == "set" && isWord(3) && text(4) == "=" ? start + 5 : nil
    case (.select, "select"): return Self.select(row, start)
    case (.tautology, "or"), (.tautology, "and"):
      return isWord(1) && text(2) == "=" && text(1) == text(3) ? start + 4 : nil
    case (.comment, "'"):
      var index = start + 1
      while index < row.count, index - start < 4, [")", ";"].contains(row[index].text) { index += 1 }
      guard index < row.count, row[index].text == "--" else { return nil }
      // A dash between words in quotes is typography.
      let touches = row[index - 1].range.upperBound == row[index].range.lowerBound
      return touches || index == row.count - 1 ? index + 1 : nil
    case (.delay, "sleep"), (.delay, "benchmark"), (.delay, "pg_sleep"):
      return text(1) == "(" && isWord(2) ? start + 3 : nil
    case (.delay, "waitfor"): return text(1) == "delay" ? start + 2 : nil
    case (.catalogue, _): return Self.catalogueNames.contains(text(0)) ? start + 1 : nil
    default: return nil
    }
  }

  /// How far a statement is looked through.
  private static let reach = 60

  private static func find(_ words: Set<String>, _ row: [SQLToken], from start: Int) -> Int? {
    guard start < row.count else { return nil }
    return row[start..<min(row.count, start + reach)].firstIndex { words.contains($0.text) }.map { $0 + 1 }
  }

  private static func select(_ row: [SQLToken], _ start: Int) -> Int? {
    guard let end = find(["from"], row, from: start + 1) else { return nil }
    let columns = row[start + 1..<end - 1].map(\.text)
    let hasTable = end < row.count && row[end].isWord
    guard hasTable, !columns.isEmpty else { return nil }
    if columns.contains("*") || columns.contains("@") { return end + 1 }
    let isList =
      columns.count > 1 && columns.enumerated().allSatisfy { ($0.element == ",") != $0.offset.isMultiple(of: 2) }
    let next = end + 1 < row.count ? row[end + 1].text : ""
    return isList || columns.count == 1 && ["where", ";", "--", "limit", "order"].contains(next) ? end + 1 : nil
  }
}

/// Text that would run in a browser that shows it unescaped: the first forms of OWASP's "XSS Filter Evasion Cheat Sheet".
enum ScriptPattern {
  private static let handlers: Set<String> = ["onerror", "onload", "onclick", "onmouseover", "onfocus"]

  static func findings(in tokens: [SQLToken]) -> [FraudFinding] {
    for start in tokens.indices {
      func text(_ offset: Int) -> String {
        tokens.indices.contains(start + offset) ? tokens[start + offset].text : ""
      }
      let rule: String? =
        switch text(0) {
        case "<" where text(1) == "script" || text(1) == "iframe": "script-element"
        case "javascript" where text(1) == ":": "script-address"
        case let word where handlers.contains(word) && text(1) == "=": "script-handler"
        default: nil
        }
      if let rule {
        let range = tokens[start].range.lowerBound..<tokens[start + 1].range.upperBound
        return [FraudFinding(.script, rule, range)]
      }
    }
    return []
  }
}
