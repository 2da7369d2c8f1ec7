import CelerityCore
import CelerityJSON
import CelerityRoutes

/// Submits the items of a bulk submission in their order, a thousand per transaction.
struct BulkRun {
  /// Items of one transaction.
  static let batchSize = 1000

  private let body: BulkBody
  private let reader: SubmissionReader
  /// The request's idempotency key; each item has one made from it.
  private let key: String?
  private var answer: BulkAnswer
  /// What was said of tasks that nobody knows: a body often names the same one again and again.
  private var unknown: [String: RouteError] = [:]

  init(_ body: BulkBody, _ reader: SubmissionReader, key: String?) {
    self.body = body
    self.reader = reader
    self.key = key
    answer = BulkAnswer(traceID: reader.request.traceID)
  }

  /// Submits all that can be. A store that fails before anything was accepted fails the request; later it fails the
  /// items that are left, because what was accepted must be told.
  mutating func run() async throws -> RouteResponse {
    var start = 0
    while start < body.count {
      let batch = start..<min(start + Self.batchSize, body.count)
      do {
        for outcome in try await submit(batch) { answer.append(outcome) }
      } catch {
        guard answer.accepted > 0, let refusal = RouteError(foreseen: error) else { throw error }
        for _ in start..<body.count { answer.append(.failure(refusal)) }
        break
      }
      start = batch.upperBound
    }
    return answer.response()
  }

  private mutating func submit(_ batch: Range<Int>) async throws -> [Result<AcceptedTask, RouteError>] {
    var outcomes: [Result<AcceptedTask, RouteError>?] = []
    var works: [WantedWork] = []
    for index in batch {
      do {
        works.append(try await work(index))
        outcomes.append(nil)
      } catch let error as EngineError {
        throw error
      } catch {
        guard let refusal = RouteError(foreseen: error) else { throw error }
        outcomes.append(.failure(refusal))
      }
    }
    guard !works.isEmpty else { return outcomes.compactMap { $0 } }
    var results = try await AcceptedTask.submit(works, reader.environment).makeIterator()
    return outcomes.compactMap { $0 ?? results.next() }
  }

  private mutating func work(_ index: Int) async throws -> WantedWork {
    let item = try body.item(index)
    let task = item["task"]?.stringValue
    if let refusal = task.flatMap({ unknown[$0] }) { throw refusal }
    let idempotency = key.map { IdempotencyField.key($0, item: index, body: item) }
    do {
      return try await reader.work(item, idempotency: idempotency)
    } catch let error as RouteError where error.code == "unknown-task" {
      if let task { unknown[task] = error }
      throw error
    }
  }
}
