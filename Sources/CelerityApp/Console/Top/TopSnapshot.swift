import CelerityCore
import CelerityJSON

/// What `top` shows, as it was at one moment.
struct TopSnapshot: Sendable {
  var queues: [RawJSON] = []
  var workers: [RawJSON] = []
  var tasks: [RawJSON] = []
  var time: Timestamp

  /// Tasks that are asked for; more than a screen has lines.
  private static let tasks = 200

  /// Asks for all three at once.
  static func read(
    _ gateway: GatewayClient, filter: String, time: any TimeSource
  ) async throws(ClientError) -> TopSnapshot {
    var query = [(name: "limit", value: String(tasks))]
    if !filter.isEmpty { query.append((name: "q", value: filter)) }
    let tasksRequest = GatewayRequest.get("/v1/tasks", query: query)
    do {
      async let queues = gateway.json(.get("/v1/queues"))
      async let workers = gateway.json(.get("/v1/workers"))
      async let tasks = gateway.json(tasksRequest)
      return TopSnapshot(
        queues: busyFirst(try await queues.list("queues")), workers: try await workers.list("workers"),
        tasks: try await tasks.list("tasks"), time: time.now)
    } catch {
      throw error as? ClientError ?? ClientError("\(error)")
    }
  }

  /// Queues in which something waits or runs before those that are empty, each by name: not all may have room.
  static func busyFirst(_ queues: [RawJSON]) -> [RawJSON] {
    let isBusy = { (queue: RawJSON) in ["ready", "running", "delayed"].contains { queue.number($0) ?? 0 > 0 } }
    return queues.filter(isBusy) + queues.filter { !isBusy($0) }
  }

  /// `read`, with its failure as a value.
  static func look(
    _ gateway: GatewayClient, filter: String, time: any TimeSource
  ) async -> Result<TopSnapshot, ClientError> {
    do {
      return .success(try await read(gateway, filter: filter, time: time))
    } catch {
      return .failure(error)
    }
  }

  var json: RawJSON {
    .object([
      ("time", .string(time.rfc3339)), ("queues", .array(queues)), ("workers", .array(workers)),
      ("tasks", .array(tasks)),
    ])
  }

  func sum(_ member: String, of rows: [RawJSON]) -> Int64 { rows.reduce(0) { $0 + ($1.number(member) ?? 0) } }
}

/// One task looked at closely.
struct TopDetail: Sendable {
  var task: RawJSON
  var reasons: RawJSON?

  static func read(_ gateway: GatewayClient, id: String) async throws(ClientError) -> TopDetail {
    let path = TaskPath.of(id)
    let task = try await gateway.json(.get(path))
    return TopDetail(task: task, reasons: try? await gateway.json(.get(path + "/why")))
  }
}
