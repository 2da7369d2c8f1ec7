/// How much is asked of the data, and what is done to it.
enum ValidationLevel: String, Sendable, Hashable, CaseIterable {
  /// What a document can't do without must be there; nothing is rewritten.
  case standard
  /// Texts are cleaned and normalised; whatever looks odd is refused.
  case strict
  /// Texts are cleaned and normalised; what is wrong is refused, what looks odd is told.
  case lenient
  /// Texts are cleaned and normalised; addresses and dates that can't be read are only told.
  case permissive

  /// A level by its word; `ultra` is the lenient one.
  init?(word: String) {
    if word == "ultra" {
      self = .lenient
    } else {
      self.init(rawValue: word)
    }
  }

  /// What may stand for a level in a request.
  static let words = ["standard", "ultra", "strict", "lenient", "permissive"]

  /// Whether texts are rewritten.
  var normalises: Bool { self != .standard }
}
