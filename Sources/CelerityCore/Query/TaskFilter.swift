/// Which tasks are wanted, in the words people search with: the `q=` of lists and the `--query` of the command line.
///
/// The grammar, in ABNF (RFC 5234; `WORD` is anything but blanks, parentheses and quotation marks):
///
///     filter      = *blank [ alternative ] *blank          ; nothing: every task
///     alternative = conjunction *( "OR" conjunction )
///     conjunction = factor *( [ "AND" ] factor )           ; terms beside each other must both hold
///     factor      = ( "NOT" / "-" ) factor / "(" alternative ")" / term
///     term        = [ qualifier ":" ] ( WORD / quoted )
///     quoted      = DQUOTE *( any / "\" DQUOTE / "\\" ) DQUOTE
///     qualifier   = "state" / "task" / "name" / "queue" / "worker" / "tag" / "id" / "reason" / "error"
///                 / "priority" / "attempts" / "created" / "started" / "finished"
///                 / ( "args" / "kwargs" / "result" ) *( "." segment )
///
/// `AND`, `OR` and `NOT` are written in capitals. `*` in an unquoted value stands for any text; in quotes everything
/// stands for itself. What each qualifier compares, and how, is told in `docs/reference/task-query.md`; a test holds
/// that page's tables against this type.
///
/// A term without qualifier is searched in the task's name and id, in the type and message of its error and in the first
/// `searchedText` bytes of its arguments, without regard to case. Evaluation is linear in what is searched.
public struct TaskFilter: Sendable, Hashable, CustomStringConvertible {
  /// Most bytes of a filter's text.
  public static let longestText = 1024
  /// Most terms of a filter.
  public static let mostTerms = 64
  /// Deepest nesting of parentheses and negations.
  public static let deepestNesting = 16
  /// Most bytes of an error's and of the arguments' text in which words are searched.
  public static let searchedText = 65_536

  let condition: FilterCondition

  /// Reads a filter; ages (`created:<1h`) are counted back from the clock's present time.
  public init(_ text: String, time: any TimeSource = SystemTime()) throws(TaskFilterError) {
    guard text.utf8.count <= Self.longestText else {
      throw TaskFilterError("the filter is longer than \(Self.longestText) bytes", at: Self.longestText)
    }
    var lexer = FilterLexer(text)
    var parser = FilterParser(tokens: try lexer.tokens(), end: text.utf8.count, now: time.now)
    condition = try parser.filter()
  }

  /// Whether a record is wanted.
  public func matches(_ record: TaskRecord) -> Bool {
    var subject = FilterSubject(record)
    return condition.holds(for: &subject)
  }

  /// A text that reads back as the same filter, but for ages, which are counted anew.
  public var description: String { condition.text(inside: .alternative) }
}

extension TaskFilter {
  /// What holds for every task that a filter wants and stores have indexes for.
  struct Bounds: Sendable, Hashable {
    var states: Set<TaskState>?
    var task: String?
    var queue: String?
    var id: TaskID?
  }

  /// The bounds that the outermost terms set; `nil` leaves the choice open.
  var bounds: Bounds {
    var bounds = Bounds()
    for term in condition.required {
      switch term {
      case .state(let states): bounds.states = bounds.states.map { $0.intersection(states) } ?? states
      case .text(.task, let pattern): bounds.task = bounds.task ?? pattern.exactText
      case .text(.queue, let pattern): bounds.queue = bounds.queue ?? pattern.exactText
      case .text(.id, let pattern): bounds.id = bounds.id ?? pattern.exactText.map(TaskID.init(stored:))
      case .text, .error, .number, .time, .json, .word: break
      }
    }
    return bounds
  }
}
