import CelerityJSON

/// What validation found, and the data as it left them.
struct ValidationReport: Sendable, Hashable {
  /// One thing that was found.
  struct Finding: Sendable, Hashable {
    var error: DocumentError
    /// Whether the document can be made all the same.
    var isWarning: Bool
  }

  var data: RawJSON
  var findings: [Finding] = []
  /// Whether more was found than is told.
  var isCut = false

  /// How many findings are told: what an answer costs must not grow with what is wrong.
  static let findingLimit = 50

  var errors: [DocumentError] { findings.filter { !$0.isWarning }.map(\.error) }
  var warnings: [DocumentError] { findings.filter(\.isWarning).map(\.error) }
  var isValid: Bool { errors.isEmpty }

  /// The data, if they are good enough to make a document of; throws the first error otherwise.
  func valid() throws(DocumentError) -> RawJSON {
    if let first = errors.first { throw first }
    return data
  }

  /// Notes something. An error is told whatever was found before, because it decides.
  mutating func note(_ error: DocumentError, isWarning: Bool) {
    guard findings.count < Self.findingLimit else {
      isCut = true
      if !isWarning, isValid { findings[findings.count - 1] = Finding(error: error, isWarning: false) }
      return
    }
    findings.append(Finding(error: error, isWarning: isWarning))
  }
}
