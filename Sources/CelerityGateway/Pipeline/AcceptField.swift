/// What a client would like to get (RFC 9110, 12.5.1).
struct AcceptField: Sendable {
  /// A form that the gateway has.
  struct Offer: Sendable, Hashable {
    let mediaType: String
    /// A range that names another version does not mean it.
    var version: String?
  }

  private struct Range {
    var type: Substring
    var subtype: Substring
    var version: Substring?
    /// In thousandths.
    var quality: Int

    func includes(_ offer: Offer) -> Bool {
      let parts = offer.mediaType.split(separator: "/")
      guard parts.count == 2, type == "*" || type == parts[0], subtype == "*" || subtype == parts[1] else {
        return false
      }
      return version == nil || offer.version.map { $0[...] == version } ?? true
    }

    var precision: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) + (version == nil ? 0 : 1) }
  }

  private let ranges: [Range]

  /// A field's value; without one, everything is welcome. Ranges that can't be read are passed over.
  init(_ value: String?) {
    ranges = (value ?? "*/*").lowercased().split(separator: ",").compactMap(Self.range)
  }

  /// The index of the offer that is liked best; the first of several that are liked alike. A client that likes none
  /// gets the first all the same: it can read it or leave it.
  func best(of offers: [Offer]) -> Int {
    var best = (index: 0, quality: 0)
    for (index, offer) in offers.enumerated() {
      let quality = quality(of: offer)
      if quality > best.quality { best = (index, quality) }
    }
    return best.index
  }

  /// The most precise range decides.
  private func quality(of offer: Offer) -> Int {
    let including = ranges.filter { $0.includes(offer) }
    guard let precision = including.map(\.precision).max() else { return 0 }
    return including.filter { $0.precision == precision }.map(\.quality).max() ?? 0
  }

  private static func range(_ text: Substring) -> Range? {
    let parts = text.split(separator: ";").map(\.trimmed)
    let names = parts.first?.split(separator: "/", omittingEmptySubsequences: false) ?? []
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
    var range = Range(type: names[0], subtype: names[1], version: nil, quality: 1000)
    for part in parts.dropFirst() {
      if part.hasPrefix("q=") {
        guard let quality = Double(part.dropFirst(2)), (0...1).contains(quality) else { return nil }
        range.quality = Int(quality * 1000)
      } else if part.hasPrefix("version=") {
        range.version = part.dropFirst(8)
      }
    }
    return range
  }
}
