import CelerityCore
import CelerityJSON
import CelerityRoutes
import Logging

/// Writes the entries of services into the document store, where everybody sees them and people pause them, and withdraws
/// those whose service or entry is gone. What is the same already is not written.
struct SchedulePublication: Sendable {
  /// Entries by the name of their service.
  let entries: [String: [ScheduleEntry]]
  let documents: any DocumentStore
  let tenant: Tenant
  let time: any TimeSource
  let logger: Logger

  /// Publishes definitions; throws when the store can't, and may then be called again.
  func publish(_ definitions: [String: ScheduleDefinition]) async throws(EngineError) {
    while !Task.isCancelled {
      let writes = try await changes(to: definitions)
      if writes.isEmpty { return }
      // Where a document changed meanwhile all are looked at anew.
      if case .written = try await documents.write(writes) { return }
    }
  }

  /// The entries' definitions by name; what is wrong with others is said and does not stop these.
  func definitions() -> [String: ScheduleDefinition] {
    var sound: [String: ScheduleDefinition] = [:]
    for (service, entries) in entries.sorted(by: { $0.key < $1.key }) {
      for entry in entries {
        do throws(ScheduleDefinitionError) {
          let definition = try ScheduleDefinition(entry, source: .service(service), at: time.now)
          if sound[entry.name] == nil {
            sound[entry.name] = definition
          } else {
            refuse(entry.name, service, "another entry has its name")
          }
        } catch {
          refuse(entry.name, service, "\(error)")
        }
      }
    }
    return sound
  }

  private func refuse(_ name: String, _ service: String, _ fault: String) {
    logger.error(
      "a service's schedule is not published and does not fire",
      metadata: ["schedule": "\(name)", "service": "\(service)", "error": "\(fault)"])
  }

  private func changes(to wanted: [String: ScheduleDefinition]) async throws(EngineError) -> [DocumentWrite] {
    var writes: [DocumentWrite] = []
    var missing = wanted
    try await documents.eachDocument(in: ScheduleDefinition.collection, of: tenant) { document in
      let name = document.key.name
      let found = try? ScheduleDefinition(document: document.value)
      if let definition = missing.removeValue(forKey: name) {
        writes += change(name, from: document, found, to: definition)
      } else if case .service = found?.source {
        writes += ScheduleDefinition.deletion(of: name, tenant: tenant, expecting: document.version)
      }
    }
    for (name, definition) in missing.sorted(by: { $0.key < $1.key }) {
      writes += write(name, definition, expecting: 0)
    }
    return writes
  }

  private func change(
    _ name: String, from document: Document, _ found: ScheduleDefinition?, to definition: ScheduleDefinition
  ) -> [DocumentWrite] {
    guard let found else { return write(name, definition, expecting: document.version) }
    if found.source == .api {
      refuse(name, "\(definition.source)", "somebody has added another one under its name; delete or rename that")
      return []
    }
    let new = definition.replacing(found, keepingPause: true)
    return new == found ? [] : write(name, new, expecting: document.version)
  }

  private func write(_ name: String, _ definition: ScheduleDefinition, expecting version: Int64) -> [DocumentWrite] {
    guard let value = try? definition.document else { return [] }  // checked, so that it can be written
    return [DocumentWrite(ScheduleDefinition.key(name, tenant: tenant), value, expecting: version)]
  }
}

extension DocumentStore {
  /// Reads a collection from its first name to its last, a page at a time.
  func eachDocument(
    in collection: String, of tenant: Tenant, _ body: (Document) -> Void
  ) async throws(EngineError) {
    let limit = 500
    var last: String?
    while true {
      let page = try await documents(in: collection, of: tenant, prefix: "", after: last, limit: limit)
      for document in page { body(document) }
      guard page.count == limit, let end = page.last else { return }
      last = end.key.name
    }
  }
}
