import CelerityCore
import Testing

@Suite struct ClosestMatchTests {
  static let names = ["finance.calculate_var", "finance.price_option", "send_mail", "ping"]

  @Test(arguments: [
    ("finance.calculate_vra", "finance.calculate_var"), ("Finance.Calculate_VAR", "finance.calculate_var"),
    ("finance.price_options", "finance.price_option"), ("sendmail", "send_mail"), ("pign", "ping"), ("pin", "ping"),
  ])
  func `A mistyped name is recognised`(_ word: String, _ wanted: String) {
    #expect(closestMatch(to: word, among: Self.names) == wanted)
  }

  @Test(arguments: ["", "zzzz", "xy", "something.entirely.different", String(repeating: "a", count: 500)])
  func `A word that is like none gets no suggestion`(_ word: String) {
    #expect(closestMatch(to: word, among: Self.names) == nil)
  }

  @Test func `The nearest wins, and among equals the first`() {
    #expect(closestMatch(to: "abcdef", among: ["abcdxx", "abcdex", "abcdey"]) == "abcdex")
    #expect(closestMatch(to: "abc", among: [String]()) == nil)
    #expect(closestMatch(to: "é", among: ["e"]) == "e")
  }
}
