/// What a subscription wants to be done.
enum StreamEffect: Sendable, Hashable {
  case send(ServerSentEvent)
  /// An event that was encoded for several streams.
  case sendEncoded([UInt8])
  /// Nothing follows.
  case finish
}

extension [StreamEffect] {
  /// What goes over the wire.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for effect in self {
      switch effect {
      case .send(let event): event.write(to: &bytes)
      case .sendEncoded(let event): bytes += event
      case .finish: break
      }
    }
    return bytes
  }
}
