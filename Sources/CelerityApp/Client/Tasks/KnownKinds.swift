import CelerityCore
import CelerityJSON

/// Turns a refused submission into the line that should have been typed.
struct KnownKinds: Sendable {
  let gateway: GatewayClient

  /// Adds the command with the closest known name in place of the mistyped one.
  func hint(_ error: ClientError, for body: RawJSON) async -> ClientError {
    var error = error
    let name = body["task"]?.stringValue ?? ""
    error.hint = "celerity kinds list"
    guard let kinds = try? await gateway.json(.get("/v1/kinds"))["kinds"]?.elements() else { return error }
    guard let meant = closestMatch(to: name, among: kinds.compactMap { $0["task"]?.stringValue }) else { return error }
    let words = CommandLine.arguments.dropFirst().map { $0 == name ? meant : $0 }
    error.hint = "celerity " + ShellWords.joined(words)
    return error
  }

  /// Says where the arguments are explained.
  static func arguments(_ error: ClientError, of body: RawJSON) -> ClientError {
    var error = error
    error.hint = error.hint ?? "celerity kinds show \(ShellWords.quoted(body["task"]?.stringValue ?? "TASK"))"
    return error
  }
}
