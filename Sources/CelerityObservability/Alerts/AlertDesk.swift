public import CelerityCore
public import Logging
import Synchronization

/// Where alerts go: each into a report file of its own, into the store, and on to a webhook where there is one.
public final class AlertDesk: AlertSink {
  /// After so many alerts, those beyond the bound are forgotten.
  private static let trimEvery = 100
  private let folder: ReportFolder
  private let shelf: AlertShelf
  private let bound: Int
  private let webhook: AlertWebhook?
  private let logger: Logger
  private let raised = Mutex(0)

  /// A desk over a folder and a store, in which so many alerts are kept.
  public init(
    folder: String, documents: any DocumentStore, tenant: Tenant, bound: Int, webhook: AlertWebhook? = nil,
    logger: Logger
  ) {
    self.folder = ReportFolder(folder)
    shelf = AlertShelf(documents, tenant: tenant)
    self.bound = bound
    self.webhook = webhook
    self.logger = logger
  }

  /// Returns when the alert is written down, in the file, in the store, or in both; throws when neither took it.
  public func raise(_ alert: Alert) async throws(EngineError) {
    let alert = alert.onOneLine
    logger.warning("alert", metadata: ["kind": "\(alert.kind)", "service": "\(alert.service)"])
    webhook?.tell(alert)
    let inFile = await Result { () async throws(EngineError) in
      _ = try await folder.write(alert.report, named: alert.fileName)
    }
    let inStore = await Result { () async throws(EngineError) in try await shelf.keep(alert) }
    for (place, result) in [("file", inFile), ("store", inStore)] {
      guard case .failure(let error) = result else { continue }
      logger.error("an alert is not in its \(place)", metadata: ["error": "\(error)"])
    }
    if case (.failure(let error), .failure) = (inFile, inStore) { throw error }
    await trim()
  }

  public func alerts(kind: String?, limit: Int) async throws(EngineError) -> [Alert] {
    try await shelf.newest(kind: kind, limit: limit)
  }

  private func trim() async {
    let isDue = raised.withLock { raised in
      raised += 1
      return raised % Self.trimEvery == 0
    }
    guard isDue else { return }
    do {
      try await shelf.trim(to: bound)
    } catch {
      logger.warning("old alerts are not forgotten", metadata: ["error": "\(error)"])
    }
  }
}

extension Result where Failure == EngineError {
  fileprivate init(_ work: () async throws(EngineError) -> Success) async {
    do {
      self = .success(try await work())
    } catch {
      self = .failure(error)
    }
  }
}
