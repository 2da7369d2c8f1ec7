import CelerityCore

/// The header field that names a document's file: RFC 6266, with the second form of RFC 8187 where the name needs it.
enum ContentDisposition {
  /// The field's value for a file's name.
  static func attachment(_ filename: String) -> String {
    let ascii = String(
      String.UnicodeScalarView(
        filename.unicodeScalars.map { scalar -> Unicode.Scalar in
          let isPlain = (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\"
          return isPlain ? scalar : "_"
        }))
    let plain = "attachment; filename=\"\(ascii)\""
    return ascii == filename ? plain : "\(plain); filename*=UTF-8''\(filename.percentEncoded)"
  }
}
