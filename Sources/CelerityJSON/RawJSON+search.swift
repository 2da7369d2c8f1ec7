extension RawJSON {
  /// The beginning of the text with the escapes of its strings resolved: no JSON any more, but what people search in.
  public func searchableText(first limit: Int) -> [UInt8] {
    bytes.withUnsafeBufferPointer { UnsafeBufferPointer(rebasing: $0.prefix(limit)).unescaped }
  }
}
