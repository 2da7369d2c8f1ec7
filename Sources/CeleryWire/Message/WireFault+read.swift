import CelerityCore
import CelerityJSON

extension WireFault.Context {
  /// What an envelope's headers and properties tell.
  init(_ envelope: Envelope) {
    self.init(WireHeaders(envelope.rawHeaders), properties: envelope.rawProperties, embed: nil)
  }

  /// What headers, properties and embedded signatures tell; nothing in them needs to be right.
  init(_ headers: WireHeaders, properties: RawJSON, embed: RawJSON?) {
    self.init()
    id = headers.string(.id)
    task = headers.string(.task)
    rootID = headers.string(.rootID)
    parentID = headers.string(.parentID)
    group = headers.string(.group).map { .init(id: $0, index: headers.int(.groupIndex) ?? .max) }
    ignoreResult = headers[.ignoreResult]?.boolValue
    replyTo = properties["reply_to"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    for member in embed?.members() ?? [] {
      let signatures = (member.value.elements() ?? [member.value]).compactMap(WireSignature.read)
      switch member.name {
      case "errbacks": errbacks = signatures
      case "chain": chain = signatures.reversed()
      case "chord": chord = signatures.first
      default: break
      }
    }
  }
}
