/// What is held, and what is known of how it moves.
public struct Portfolio: Codable, Hashable, Sendable {
  /// A quantity of one instrument at its price.
  public struct Position: Codable, Hashable, Sendable {
    /// The instrument's name.
    public var symbol: String
    /// How many are held; short positions are not taken.
    public var quantity: Double
    /// The price of one.
    public var price: Double

    /// Makes a position.
    public init(symbol: String, quantity: Double, price: Double) {
      self.symbol = symbol
      self.quantity = quantity
      self.price = price
    }

    var value: Double { quantity * price }
  }

  /// The yearly volatility of a symbol that `volatilities` leaves out.
  public static let defaultVolatility = 0.20

  /// What is held, each symbol once.
  public var positions: [Position]
  /// The yearly volatility of each symbol; 0.25 is 25 %. Symbols that are not held are ignored.
  public var volatilities: [String: Double]
  /// The correlations of the positions' returns, in the order of the positions; without them they are independent.
  public var correlations: [[Double]]?

  /// Makes a portfolio.
  public init(positions: [Position], volatilities: [String: Double] = [:], correlations: [[Double]]? = nil) {
    self.positions = positions
    self.volatilities = volatilities
    self.correlations = correlations
  }

  private enum CodingKeys: String, CodingKey { case positions, volatilities, correlations }

  /// Reads a portfolio; only the positions must be there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      positions: try values.decode([Position].self, forKey: .positions),
      volatilities: try values.decodeIfPresent([String: Double].self, forKey: .volatilities) ?? [:],
      correlations: try values.decodeIfPresent([[Double]].self, forKey: .correlations))
  }

  /// The sum of the positions' values.
  var value: Double { positions.reduce(0) { $0 + $1.value } }

  /// The symbols whose volatility had to be assumed.
  var symbolsWithoutVolatility: [String] { positions.map(\.symbol).filter { volatilities[$0] == nil } }

  /// The money each position gains in a move of one yearly standard deviation.
  var yearlyDeviations: [Double] {
    positions.map { $0.value * (volatilities[$0.symbol] ?? Self.defaultVolatility) }
  }

  /// Refuses values that make no sense or are too large; `field` is where the portfolio stands.
  func validate(at field: FieldPath) throws(FinanceError) {
    let list = field["positions"]
    try requireCount(positions.count, in: 1...FinanceLimits.positions, of: "positions", at: list)
    try requireNames(positions.map(\.symbol), of: "position") { list[$0]["symbol"] }
    for (index, position) in positions.enumerated() {
      try requireNumber(
        position.quantity, above: 0, through: FinanceLimits.amount, at: list[index]["quantity"])
      try requireNumber(position.price, above: 0, through: FinanceLimits.amount, at: list[index]["price"])
    }
    guard value <= FinanceLimits.portfolioValue else {
      throw FinanceError(.outOfRange, at: list, "must be worth at most \(plain(FinanceLimits.portfolioValue))")
    }
    try requireCount(
      volatilities.count, in: 0...FinanceLimits.volatilities, of: "entries", at: field["volatilities"])
    // Sorted, so that of several wrong entries always the same one is named.
    for (symbol, volatility) in volatilities.sorted(by: { $0.key < $1.key }) {
      try requireNumber(
        volatility, from: 0, through: FinanceLimits.volatility, at: field["volatilities"][symbol])
    }
    if let correlations {
      try requireCorrelations(correlations, count: positions.count, at: field["correlations"])
    }
  }
}

/// Where a body keeps its portfolio: `portfolio`, its older name `portfolio_data`, or spread over the body itself.
enum PortfolioPlace: String, CodingKey {
  case portfolio
  case portfolioData = "portfolio_data"

  /// Reads the portfolio and tells where it stood.
  static func decode(from decoder: any Decoder) throws -> (portfolio: Portfolio, field: FieldPath) {
    let values = try decoder.container(keyedBy: PortfolioPlace.self)
    for place in [PortfolioPlace.portfolio, .portfolioData] where values.contains(place) {
      return (try values.decode(Portfolio.self, forKey: place), FieldPath.root[place.rawValue])
    }
    return (try Portfolio(from: decoder), .root)
  }
}
