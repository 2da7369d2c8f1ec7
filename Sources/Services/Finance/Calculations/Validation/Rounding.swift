/// Rounds to a number of decimals, halves away from zero.
///
/// A number so large that its neighbours are further apart than the last decimal is left as it is.
func rounded(_ value: Double, places: Int) -> Double {
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = value * scale
  guard abs(scaled) < 0x1p52 else { return value }
  return scaled.rounded() / scale
}

/// Rounds an amount of money to cents.
func roundedToCents(_ amount: Double) -> Double { rounded(amount, places: 2) }
