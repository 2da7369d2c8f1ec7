/// The mean and variance of numbers seen one by one, and of such samples put together.
///
/// Welford's recurrence ("Note on a method for calculating corrected sums of squares and products", 1962) and its
/// pairwise form by Chan, Golub and LeVeque (1979): neither subtracts large sums of squares.
struct RunningMoments: Equatable, Sendable {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private var squares = 0.0

  /// Takes one number.
  mutating func add(_ value: Double) {
    count += 1
    let difference = value - mean
    mean += difference / count
    squares += difference * (value - mean)
  }

  /// Takes another sample.
  mutating func merge(_ other: RunningMoments) {
    guard other.count > 0 else { return }
    let total = count + other.count
    let difference = other.mean - mean
    mean += difference * other.count / total
    squares += other.squares + difference * difference * count * other.count / total
    count = total
  }

  /// The standard error of the mean, from the unbiased sample variance; at least two numbers must have been seen.
  var standardError: Double { (squares / (count - 1) / count).squareRoot() }
}
