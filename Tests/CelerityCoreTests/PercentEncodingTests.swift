import CelerityCore
import Testing

@Suite struct PercentEncodingTests {
  @Test func everythingButTheUnreservedIsEscaped() {
    #expect("aZ0-._~".percentEncoded == "aZ0-._~")
    #expect("a/b?c%\u{e9}\u{7}".percentEncoded == "a%2Fb%3Fc%25%C3%A9%07")
    #expect("".percentEncoded.isEmpty)
  }
}
