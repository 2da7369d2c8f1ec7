import CelerityJSON
import NIOHTTP1
import Testing

/// An operation of `/v1` as the gateway's own description names it.
struct Operation: Sendable, CustomStringConvertible {
  var method: HTTPMethod
  /// The path with its parameters in braces.
  var template: String
  /// What it may be sent; `nil` when it takes no body.
  var body: RawJSON?

  var description: String { "\(method) \(template)" }

  /// The path with a value for every parameter.
  func path(_ value: String = "nobody") -> String {
    template.replacing(#/\{[^}]*\}/#, with: value)
  }

  /// Whether its answer has no end.
  var isStream: Bool { template.hasSuffix("/events") }

  /// All of a gateway.
  static func all(_ gateway: RunningGateway) async throws -> [Operation] {
    let description = try await gateway.get("/openapi.json").json
    let paths = try #require(description["paths"]?.members())
    return paths.filter { $0.name.hasPrefix("/v1") }.flatMap { path in
      (path.value.members() ?? []).compactMap { member -> Operation? in
        guard ["get", "post", "put", "patch", "delete"].contains(member.name) else { return nil }
        let content = member.value["requestBody"]?["content"]?["application/json"]
        let example = content?["example"] ?? content?["examples"]?.members()?.first?.value["value"]
        return Operation(
          method: HTTPMethod(rawValue: member.name.uppercased()), template: path.name,
          body: content == nil ? nil : example ?? .emptyObject)
      }
    }
  }
}
