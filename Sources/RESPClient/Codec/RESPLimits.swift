/// What a reply may need at most: a server that lies about a length must not make the client allocate it.
public struct RESPLimits: Sendable, Hashable {
  /// Bytes of one string; Redis itself allows 512 MiB.
  public var maximumStringBytes: Int
  /// Elements of one array, map or set.
  public var maximumElements: Int
  /// Arrays in arrays.
  public var maximumDepth: Int
  /// Bytes of one line: a simple string, an error, a length.
  public var maximumLineBytes: Int

  /// Limits, each with a default above what a task queue needs.
  public init(
    maximumStringBytes: Int = 512 << 20, maximumElements: Int = 4 << 20, maximumDepth: Int = 32,
    maximumLineBytes: Int = 64 << 10
  ) {
    self.maximumStringBytes = maximumStringBytes
    self.maximumElements = maximumElements
    self.maximumDepth = maximumDepth
    self.maximumLineBytes = maximumLineBytes
  }
}

/// What a server sent is not the protocol: the connection is of no more use.
public struct RESPProtocolError: Error, Sendable, Hashable, CustomStringConvertible {
  public var description: String

  init(_ description: String) { self.description = description }
}
