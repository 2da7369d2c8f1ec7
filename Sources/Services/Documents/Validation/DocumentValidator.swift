import CelerityJSON

/// Checks a document's data, and at the levels that normalise rewrites them.
///
/// Checking twice gives the same: what a task finds in its queue was checked before, and is checked again because anybody
/// can submit a task.
struct DocumentValidator {
  let type: DocumentType
  let level: ValidationLevel
  var tree: JSONTree
  var report: ValidationReport

  /// Checks data, which must be an object.
  ///
  /// - Parameter today: the day a letter is dated with when it has no date of its own: what is made from one order must
  ///   not depend on when it is made.
  static func report(
    on data: RawJSON, of type: DocumentType, level: ValidationLevel, today: String
  ) -> ValidationReport {
    var validator = DocumentValidator(type: type, level: level, data: data)
    if level.normalises { validator.normalise() }
    validator.checkPersonalInfo()
    switch type {
    case .resume: validator.checkResume()
    case .coverLetter: validator.checkLetter(today)
    }
    validator.report.data = validator.tree.raw
    return validator.report
  }

  private init(type: DocumentType, level: ValidationLevel, data: RawJSON) {
    self.type = type
    self.level = level
    tree = JSONTree(data)
    report = ValidationReport(data: data)
  }

  // MARK: Findings

  /// Notes what no level lets pass.
  mutating func refuse(_ code: DocumentError.Code, _ field: String, _ message: String, fix: String? = nil) {
    report.note(DocumentError(code, message, field: field, suggestedFix: fix), isWarning: false)
  }

  /// Notes a value of a form that can't be read: an error, unless the level is permissive.
  mutating func complain(_ code: DocumentError.Code, _ field: String, _ message: String, fix: String? = nil) {
    report.note(DocumentError(code, message, field: field, suggestedFix: fix), isWarning: level == .permissive)
  }

  /// Notes what looks odd: a warning, unless the level is strict.
  mutating func doubt(_ code: DocumentError.Code, _ field: String, _ message: String, fix: String? = nil) {
    report.note(DocumentError(code, message, field: field, suggestedFix: fix), isWarning: level != .strict)
  }
}
