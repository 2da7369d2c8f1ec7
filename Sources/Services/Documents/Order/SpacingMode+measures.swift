/// The distances of a spacing mode, in centimetres, on US Letter at 10 points.
struct SpacingMeasures: Sendable, Hashable {
  var topMargin: Double
  var bottomMargin: Double
  var leftMargin: Double
  var rightMargin: Double
  var beforeSection: Double
  var afterSection: Double
  var betweenItems: Double
}

extension SpacingMode {
  /// The mode's distances.
  var measures: SpacingMeasures {
    switch self {
    case .normal:
      SpacingMeasures(
        topMargin: 0.8, bottomMargin: 0.8, leftMargin: 0.8, rightMargin: 0.8, beforeSection: 0.3, afterSection: 0.2,
        betweenItems: 0.1)
    case .compact:
      SpacingMeasures(
        topMargin: 0.5, bottomMargin: 0.5, leftMargin: 0.6, rightMargin: 0.6, beforeSection: 0.2, afterSection: 0.15,
        betweenItems: 0.05)
    case .ultraCompact:
      SpacingMeasures(
        topMargin: 0.4, bottomMargin: 0.4, leftMargin: 0.5, rightMargin: 0.5, beforeSection: 0.15, afterSection: 0.1,
        betweenItems: 0.03)
    }
  }
}
