import Testing

/// A well-formed body that is refused, with the code and the place of the fault.
struct Refused: Sendable, CustomTestStringConvertible {
  var body: String
  var pointer: String
  var code = "VALIDATION_ERROR"

  var testDescription: String { body }

  init(_ body: String, _ pointer: String, _ code: String = "VALIDATION_ERROR") {
    self.body = body
    self.pointer = pointer
    self.code = code
  }
}

private let good = #""data":{"amount":1,"rate":0.05}"#
private let option = #""strike_price":105,"risk_free_rate":0.05,"time_to_maturity":1"#

extension Refused {
  static let all = shapes + kinds + interest + outer + others

  static let shapes: [Refused] = [
    .init("[]", ""), .init("null", ""), .init("7", ""), .init(#""amount""#, ""),
    .init(#"{"data":null}"#, "/data"), .init(#"{"data":[]}"#, "/data"), .init(#"{"data":"amount=1"}"#, "/data"),
    .init(#"{"data":null,"amount":1,"rate":0.1}"#, "/data"),
  ]

  static let kinds: [Refused] = [
    .init("{}", "", "INVALID_TASK"), .init(#"{"data":{}}"#, "/data", "INVALID_TASK"),
    .init(#"{"data":{"amount":1}}"#, "/data", "INVALID_TASK"),
    .init(#"{"data":{"Amount":1,"Rate":0.1}}"#, "/data", "INVALID_TASK"),
    .init(#"{"task_type":"compound",\#(good)}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"task_type":"",\#(good)}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"task_type":5,\#(good)}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"task_type":["optimize"],\#(good)}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"task_type":"Compound_Interest",\#(good)}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"data":{"task_type":"var","amount":1,"rate":0}}"#, "/data/task_type", "INVALID_TASK"),
    .init(#"{"task_type":"wrong","amount":1,"rate":0}"#, "/task_type", "INVALID_TASK"),
    .init(#"{"task_type":"finance.compound_interest",\#(good)}"#, "/task_type", "INVALID_TASK"),
  ]

  static let interest: [Refused] = [
    .init(#"{"data":{"amount":"10000","rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":"<script>","rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":"NaN","rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":1,"rate":"Infinity"}}"#, "/data/rate"),
    .init(#"{"data":{"amount":-1,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":0,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":1000000000001,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":1e308,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":null,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":true,"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":[1],"rate":0.05}}"#, "/data/amount"),
    .init(#"{"data":{"amount":1,"rate":1.01}}"#, "/data/rate"),
    .init(#"{"data":{"amount":1,"rate":-0.01}}"#, "/data/rate"),
    .init(#"{"amount":1,"rate":5}"#, "/rate"),
    .init(#"{"amount":1,"interest_rate":"5%"}"#, "/interest_rate"),
    .init(#"{"data":{"amount":1,"rate":0.1,"periods":0}}"#, "/data/periods"),
    .init(#"{"data":{"amount":1,"rate":0.1,"periods":1.5}}"#, "/data/periods"),
    .init(#"{"data":{"amount":1,"rate":0.1,"periods":99999999999999999999}}"#, "/data/periods"),
    .init(#"{"data":{"amount":1,"rate":0.1,"years":0}}"#, "/data/years"),
    .init(#"{"data":{"amount":1,"rate":0.1,"years":1001}}"#, "/data/years"),
    .init(#"{"data":{"amount":1,"rate":0.1,"compounding":"weekly"}}"#, "/data/compounding"),
    .init(#"{"task_type":"compound_interest","data":{"amount":1}}"#, "/data/rate"),
    .init(#"{"task_type":"compound_interest","rate":0.1}"#, "/amount"),
  ]

  static let outer: [Refused] = [
    .init(#"{\#(good),"priority":"urgent"}"#, "/priority"), .init(#"{\#(good),"priority":9}"#, "/priority"),
    .init(#"{\#(good),"priority":""}"#, "/priority"), .init(#"{\#(good),"priority":"HIGH"}"#, "/priority"),
    .init(#"{\#(good),"queue":""}"#, "/queue"), .init(#"{\#(good),"queue":7}"#, "/queue"),
    .init(#"{\#(good),"queue":"a/b"}"#, "/queue"), .init(#"{\#(good),"queue":"a\nb"}"#, "/queue"),
    .init(#"{\#(good),"queue":"\#(String(repeating: "q", count: 51))"}"#, "/queue"),
    // One letter to the eye, 61 code points to a store.
    .init(#"{\#(good),"queue":"e\#(String(repeating: "\u{301}", count: 60))"}"#, "/queue"),
  ]

  static let others: [Refused] = [
    .init(#"{"data":{"positions":[]}}"#, "/data/positions"),
    .init(#"{"data":{"portfolio":{"positions":[]}}}"#, "/data/portfolio/positions"),
    .init(
      #"{"portfolio_data":{"positions":[{"symbol":"A","quantity":-1,"price":1}]}}"#,
      "/portfolio_data/positions/0/quantity"),
    .init(#"{"data":{"portfolio":{"positions":[{"symbol":"A","quantity":1}]}}}"#, "/data/portfolio/positions/0/price"),
    .init(
      #"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"confidence_level":1}}"#,
      "/data/confidence_level"),
    .init(
      #"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"simulations":5000001}}"#, "/data/simulations"),
    .init(#"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"seed":-1}}"#, "/data/seed"),
    .init(
      #"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"volatilities":{"a/b":-1}}}"#,
      "/data/volatilities/a~1b"),
    .init(#"{"data":{"spot_price":100,"volatility":0,\#(option)}}"#, "/data/volatility"),
    .init(#"{"data":{"spot_price":100,"volatility":0.2,"simulations":3,\#(option)}}"#, "/data/simulations"),
    .init(#"{"data":{"spot_price":100,"volatility":0.2,"option_type":"both",\#(option)}}"#, "/data/option_type"),
    .init(#"{"data":{"spot_price":100}}"#, "/data/strike_price"),
    .init(#"{"data":{"assets":["A","B"],"returns":[[0.1,0.2],[0.1]]}}"#, "/data/returns/1"),
    .init(#"{"data":{"assets":["A"],"returns":[[0.1],["x"]]}}"#, "/data/returns/1/0"),
    .init(
      #"{"data":{"assets":["A","B"],"returns":[[0,0],[0,0]],"constraints":{"max_weight":0.4}}}"#,
      "/data/constraints/max_weight"),
    .init(#"{"data":{"scenarios":[{"name":"c"}]}}"#, "/data/positions"),
    .init(
      #"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"scenarios":[{"equity_shock":-1}]}}"#,
      "/data/scenarios/0/name"),
    .init(
      #"{"data":{"positions":[{"symbol":"A","quantity":1,"price":1}],"scenarios":[{"name":"c","equity_shock":-2}]}}"#,
      "/data/scenarios/0/equity_shock"),
    .init(#"{"task_type":"fixed_seconds","data":{"seconds":-1}}"#, "/data/seconds"),
    .init(#"{"task_type":"fixed_seconds","seconds":3601}"#, "/seconds"),
    .init(#"{"task_type":"fixed_seconds"}"#, "/seconds"),
    .init(#"{"task_type":"optimize",\#(good)}"#, "/data/assets"),
  ]
}
