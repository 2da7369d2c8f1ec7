import CelerityCore
import CelerityJSON

/// Rows under headings, each cell with an exact text for programs and one for people.
struct Table: Sendable {
  /// What becomes of a column when the terminal is too narrow.
  enum Fit: Sendable {
    /// Shortened last.
    case whole
    /// Shortened before all others, in its middle: the beginning of an id finds the task, its end tells tasks apart.
    case identifier
    /// Shortened first.
    case elastic
    /// Left out after the elastic ones are as short as they may be.
    case optional
  }

  /// A heading; its name is in lower case with underscores, as the same thing is called in JSON.
  struct Column: Sendable {
    var name: String
    /// What people read; the name where that says it.
    var title: String
    var fit = Fit.whole
    var isNumeric = false

    /// A column of this name.
    init(_ name: String, _ fit: Fit = .whole, numeric: Bool = false, title: String? = nil) {
      self.name = name
      self.title = title ?? name.replacing("_", with: " ")
      self.fit = fit
      isNumeric = numeric
    }
  }

  /// One value. `exact` is what programs get, `shown` what a terminal shows.
  struct Cell: Sendable, Hashable {
    var exact: String
    var shown: String
    var tone: Tone

    /// A text, made safe for both.
    init(_ text: String, shown: String? = nil, tone: Tone = .plain) {
      exact = SafeText.field(text)
      self.shown = SafeText.line(shown ?? text)
      self.tone = tone
    }

    /// A cell of nothing: empty for programs, a dash for people.
    static let none = Cell("", shown: "–", tone: .faint)
  }

  var columns: [Column]
  var rows: [[Cell]] = []

  /// A table without rows.
  init(_ columns: [Column], rows: [[Cell]] = []) {
    self.columns = columns
    self.rows = rows
  }
}

extension Table.Cell {
  /// A text that may be absent.
  init(ifPresent text: String?, tone: Tone = .plain) {
    self = text.map { Table.Cell($0, tone: tone) } ?? .none
  }

  /// A number.
  init(number: (some BinaryInteger)?) {
    self = number.map { Table.Cell(String($0), shown: HumanText.grouped($0)) } ?? .none
  }

  /// A length of time, exact in seconds.
  init(duration: Duration?) {
    self = duration.map { Table.Cell($0.inSeconds.description, shown: HumanText.duration($0)) } ?? .none
  }

  /// A moment given in RFC 3339, as people see it from `now`.
  init(moment: String?, now: Timestamp) {
    guard let moment else {
      self = .none
      return
    }
    self = Table.Cell(moment, shown: Timestamp(moment).map { HumanText.relative($0, to: now) })
  }

  /// A task's state.
  init(state: String) { self = Table.Cell(state, tone: Tone(state: state)) }

  /// A JSON value, a string without its quotes.
  init(textOf json: RawJSON?) {
    if let text = json?.stringValue { self = Table.Cell(text) } else { self.init(json: json) }
  }

  /// A JSON value on one line. JSON has escapes of its own, so a backslash is not doubled.
  init(json: RawJSON?) {
    guard let json, !json.isNull else {
      self = .none
      return
    }
    let text = JSONText.line(json, escaping: true)
    self.init(text)
    exact = text
  }
}
