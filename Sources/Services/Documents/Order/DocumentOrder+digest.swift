import CelerityCore
import CelerityJSON

extension DocumentOrder {
  /// Stands in every digest: raised when renderers change what they make, so that nothing old is served for it.
  private static let version = "documents-1"

  /// Names the document that an order leads to: the SHA-256 of all of the order in hexadecimal digits. The order of members
  /// and the way strings are escaped play no role.
  var digest: String {
    var writer = JSONWriter(reservingCapacity: data.bytes.count + 128)
    writer.beginArray()
    for part in [Self.version, type.rawValue, template.rawValue, format.rawValue, spacing.rawValue] {
      writer.string(part)
    }
    writer.raw(JSONTree(data).canonical)
    writer.endArray()
    return SHA256.digest(writer.finish().bytes).hexadecimal
  }
}

extension [UInt8] {
  /// Two digits for each byte.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
