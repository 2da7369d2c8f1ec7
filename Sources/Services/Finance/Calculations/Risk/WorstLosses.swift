/// The largest losses of a sample, kept without the rest of it.
struct WorstLosses {
  /// How many losses the tail is, counted in trials; it need not be whole.
  private let tailMass: Double
  private let capacity: Int
  private var kept: [Double] = []
  private var threshold = -Double.infinity

  /// Prepares for a sample of `trials`, of which the share `1 - confidence` is the tail.
  init(trials: Int, confidence: Double) {
    let mass = Double(trials) * (1 - confidence)
    // 1 - 0.95 is a little more than 0.05; the tail of 100,000 trials is 5,000 all the same.
    let whole = mass.rounded()
    tailMass = whole >= 1 && abs(mass - whole) < 1e-8 ? whole : mass
    capacity = min(trials, max(1, Int(tailMass.rounded(.up))))
  }

  /// Takes part of the sample. The order of the parts does not matter.
  mutating func absorb(_ losses: [Double]) {
    for loss in losses where loss > threshold { kept.append(loss) }
    if kept.count >= 2 * capacity + ChunkedSimulation.chunkSize { prune() }
  }

  private mutating func prune() {
    kept.sort(by: >)
    kept.removeLast(max(0, kept.count - capacity))
    if kept.count == capacity, let smallest = kept.last { threshold = smallest }
  }

  /// The loss at the confidence level and the mean of what is beyond.
  ///
  /// Value at risk is the lower quantile of the losses (McNeil, Frey and Embrechts, "Quantitative Risk Management",
  /// definition 2.8); expected shortfall is Acerbi and Tasche's estimator ("On the coherence of expected shortfall",
  /// 2002), which counts the loss at the boundary by the part of it that is in the tail.
  mutating func summary() -> (valueAtRisk: Double, expectedShortfall: Double) {
    prune()
    let whole = min(kept.count, Int(tailMass))
    var sum = kept[..<whole].reduce(0, +)
    if whole < kept.count { sum += (tailMass - Double(whole)) * kept[whole] }
    return (kept[kept.count - 1], sum / tailMass)
  }
}
