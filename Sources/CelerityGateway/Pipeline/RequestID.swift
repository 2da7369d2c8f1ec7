/// The grammar of `X-Request-ID`: what may be echoed and logged as it came.
enum RequestID {
  /// The value when it is 1 to 128 of letters, digits, `.`, `_` and `-`; otherwise the gateway makes its own.
  static func accepted(_ value: String) -> String? {
    let isLegal = value.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
      default: false
      }
    }
    return isLegal && (1...128).contains(value.utf8.count) ? value : nil
  }
}
