/// How much one calculation takes: the bounds that keep its time and memory predictable.
public enum FinanceLimits {
  /// Positions of a portfolio.
  public static let positions = 500
  /// Assets to choose weights for.
  public static let assets = 200
  /// Rows of past returns.
  public static let returnRows = 10_000
  /// Scenarios of a stress test.
  public static let scenarios = 100
  /// Entries of a table of volatilities, which may name more symbols than the portfolio holds.
  public static let volatilities = 10_000
  /// Trials of a simulation.
  public static let simulations = 5_000_000
  /// Lines of a schedule of balances.
  public static let scheduleEntries = 100
  /// Characters of a symbol or a scenario's name.
  public static let nameLength = 200
  /// An amount of money, a price or a quantity.
  public static let amount = 1e12
  /// The value of a portfolio; cents are exact in a `Double` up to about ninety times this.
  public static let portfolioValue = 1e12
  /// A yearly volatility; ten is 1,000 %.
  public static let volatility = 10.0
  /// A risk horizon, in trading days.
  public static let horizonDays = 10_000.0
  /// A term, in years.
  public static let years = 1_000.0
}
