/// Why a document was refused or could not be made, with all that the service's envelope says of it.
struct DocumentError: Error, Sendable, Hashable {
  var code: Code
  /// What happened this time.
  var message: String
  /// The path of the value at fault, `personalInfo.email` or `experience[0].startDate`.
  var field: String?
  /// What to do about it.
  var suggestedFix: String?
  /// More about this time: names of what there is, numbers.
  var context: [Detail]

  /// One thing more that is worth knowing.
  struct Detail: Sendable, Hashable {
    var name: String
    var value: String
  }

  /// An error of a code.
  init(
    _ code: Code, _ message: String, field: String? = nil, suggestedFix: String? = nil, context: [Detail] = []
  ) {
    self.code = code
    self.message = message
    self.field = field
    self.suggestedFix = suggestedFix
    self.context = context
  }

  var category: Category { code.facts.category }
  var severity: Severity { code.facts.severity }
  var title: String { code.facts.title }
  /// The HTTP status of an answer that is this error.
  var status: Int { code.facts.status }

  /// What an error is about.
  enum Category: String, Sendable, Hashable {
    case validation, template, api, system, security, file
  }

  /// How bad it is.
  enum Severity: String, Sendable, Hashable {
    case critical, error, warning, info
  }
}
