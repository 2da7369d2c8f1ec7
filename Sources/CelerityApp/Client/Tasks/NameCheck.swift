import CelerityCore
import CelerityJSON

/// Looks whether the names of a filter that found nothing are known at all.
struct NameCheck: Sendable {
  let gateway: GatewayClient

  /// A check that asks a gateway.
  init(_ gateway: GatewayClient) { self.gateway = gateway }

  /// A line for each name that is unknown, with the one that may have been meant.
  func strangers(task: String?, queue: String?) async -> [String] {
    var lines: [String] = []
    if let task, let line = await stranger(task, "task", "/v1/kinds", "kinds", "task") { lines.append(line) }
    if let queue, let line = await stranger(queue, "queue", "/v1/queues", "queues", "name") { lines.append(line) }
    return lines
  }

  private func stranger(
    _ name: String, _ noun: String, _ path: String, _ list: String, _ member: String
  ) async -> String? {
    guard let entries = try? await gateway.json(.get(path))[list]?.elements() else { return nil }
    let known = entries.compactMap { $0[member]?.stringValue }
    guard !known.contains(name) else { return nil }
    let meant = closestMatch(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return SafeText.line("no \(noun) is called '\(name)'\(meant)")
  }
}

extension ClientSession {
  /// So many characters of an id are enough.
  private static var shortest: Int { 6 }

  /// The whole id of a task for its beginning, or for an id as tables shorten it (`019812ab-4c1d…9f3e`). What looks like
  /// neither, or belongs to no task, is left as it is, for the gateway to judge.
  func taskID(_ text: String) async throws(ClientError) -> String {
    let parts = text.split(separator: "…", omittingEmptySubsequences: false)
    let isHexadecimal = parts.joined().allSatisfy { $0.isHexDigit && $0.isASCII || $0 == "-" }
    guard parts.count <= 2, isHexadecimal, parts[0].count >= Self.shortest, text.count < 36 else { return text }
    let pattern = parts.count == 2 ? "\(parts[0])*\(parts[1])" : "\(parts[0])*"
    let request = GatewayRequest.get("/v1/tasks", query: [("q", "id:\(pattern)"), ("limit", "2")])
    guard let found = try? await gateway.json(request)["tasks"]?.elements() else { return text }
    let ids = found.compactMap { $0["id"]?.stringValue }
    guard ids.count < 2 else {
      throw ClientError(
        "several tasks have an id like '\(text)'", cause: ids.joined(separator: "\n"),
        hint: "celerity task list --query 'id:\(pattern)'", status: .usage)
    }
    return ids.first ?? text
  }
}
