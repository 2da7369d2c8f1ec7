import Foundation

/// The price of a European option in closed form, without dividends: Black and Scholes, "The pricing of options and
/// corporate liabilities", Journal of Political Economy 81 (1973).
func blackScholesPrice(_ option: OptionPricingCalculation.Input) -> Double {
  let deviation = option.volatility * option.timeToMaturity.squareRoot()
  let discountedStrike = option.strikePrice * exp(-option.riskFreeRate * option.timeToMaturity)
  guard deviation > 0 else {
    let gain = option.spotPrice - discountedStrike
    return max(0, option.optionType == .call ? gain : -gain)
  }
  let d1 = log(option.spotPrice / discountedStrike) / deviation + deviation / 2
  let d2 = d1 - deviation
  switch option.optionType {
  case .call:
    return option.spotPrice * standardNormalCDF(d1) - discountedStrike * standardNormalCDF(d2)
  case .put:
    return discountedStrike * standardNormalCDF(-d2) - option.spotPrice * standardNormalCDF(-d1)
  }
}
