/// How much of a page stays white, by how many words stand on it.
struct WhiteSpace: Sendable, Hashable {
  var wordsPerPage: Double

  /// The share of the page in percent.
  var percent: Double {
    switch wordsPerPage {
    case ..<400: min(50, 40 + (400 - wordsPerPage) / 20)
    case ..<600: 30 + (600 - wordsPerPage) / 10
    default: max(10, 30 - (wordsPerPage - 600) / 20)
    }
  }

  /// What that makes of the page.
  var quality: String {
    switch percent {
    case 45...: "sparse"
    case 30..<45: "balanced"
    case 20..<30: "dense"
    default: "crowded"
    }
  }

  /// What to change.
  var recommendations: [String] {
    switch percent {
    case 45...: ["much of the page is white: add to it, or choose wider spacing"]
    case 30..<45: []
    case 20..<30: ["the page is full: wider spacing would make it easier to read"]
    default: ["the page is crowded: shorten the text, or let it have another page"]
    }
  }
}
