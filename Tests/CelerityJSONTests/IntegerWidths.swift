/// One integer of every width, so that each container's own method for the type is called, not the generic one.
struct IntegerWidths: Codable, Equatable {
  var int = Int.min
  var int8 = Int8.min
  var int16 = Int16.min
  var int32 = Int32.min
  var int64 = Int64.min
  var int128 = Int128.min
  var uint = UInt.max
  var uint8 = UInt8.max
  var uint16 = UInt16.max
  var uint32 = UInt32.max
  var uint64 = UInt64.max
  var uint128 = UInt128.max

  static let text = [
    "\(Int.min)", "-128", "-32768", "-2147483648", "\(Int64.min)", "\(Int128.min)",
    "\(UInt.max)", "255", "65535", "4294967295", "\(UInt64.max)", "\(UInt128.max)",
  ].joined(separator: ",")
}

/// The same integers as elements of an array.
struct IntegerWidthList: Codable, Equatable {
  var widths = IntegerWidths()

  init() {}

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    widths.int = try list.decode(Int.self)
    widths.int8 = try list.decode(Int8.self)
    widths.int16 = try list.decode(Int16.self)
    widths.int32 = try list.decode(Int32.self)
    widths.int64 = try list.decode(Int64.self)
    widths.int128 = try list.decode(Int128.self)
    widths.uint = try list.decode(UInt.self)
    widths.uint8 = try list.decode(UInt8.self)
    widths.uint16 = try list.decode(UInt16.self)
    widths.uint32 = try list.decode(UInt32.self)
    widths.uint64 = try list.decode(UInt64.self)
    widths.uint128 = try list.decode(UInt128.self)
  }

  func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(widths.int)
    try list.encode(widths.int8)
    try list.encode(widths.int16)
    try list.encode(widths.int32)
    try list.encode(widths.int64)
    try list.encode(widths.int128)
    try list.encode(widths.uint)
    try list.encode(widths.uint8)
    try list.encode(widths.uint16)
    try list.encode(widths.uint32)
    try list.encode(widths.uint64)
    try list.encode(widths.uint128)
  }
}
