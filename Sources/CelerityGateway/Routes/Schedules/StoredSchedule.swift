import CelerityCore
import CelerityCron
import CelerityJSON
import CelerityRoutes

/// A schedule as it is kept, with what is remembered of its firings.
struct StoredSchedule: Sendable {
  let name: String
  let definition: ScheduleDefinition
  /// Counts the definition's writes.
  let version: Int64
  let machine: PeriodicMachine?

  init?(_ document: Document, _ memory: Document?) {
    guard let definition = try? ScheduleDefinition(document: document.value) else { return nil }
    name = document.key.name
    version = document.version
    self.definition = definition
    machine = memory.flatMap { try? RawJSONDecoder().decode(PeriodicMachine.self, from: $0.value) }
  }

  init(_ name: String, _ definition: ScheduleDefinition, version: Int64, machine: PeriodicMachine? = nil) {
    self.name = name
    self.definition = definition
    self.version = version
    self.machine = machine
  }

  /// As `/v1` shows it.
  func json(at now: Timestamp) -> RawJSON {
    var writer = JSONWriter(reservingCapacity: 512)
    write(to: &writer, at: now)
    return writer.finish()
  }

  /// As an element of a list.
  func write(to writer: inout JSONWriter, at now: Timestamp) {
    let path = "/v1/schedules/" + name.percentEncoded
    writer.beginObject()
    writer.member("name", name)
    writer.member("schedule", definition.schedule.description)
    writer.member("description", definition.schedule.words)
    writer.member("timezone", definition.schedule.zoneName)
    writer.member("task", definition.task)
    writer.member("args", definition.args)
    writer.member("kwargs", definition.kwargs)
    writer.member("queue", definition.queue)
    writer.member("priority", orNull: definition.priority?.value)
    writer.member("paused", definition.isPaused)
    writer.member("source", definition.source.description)
    writer.member("last_fired_at", orNull: machine?.lastFired.map { Timestamp(seconds: $0).rfc3339 })
    writer.member(
      "next_fire_at",
      array: { if let next = definition.next(after: now, machine) { $0.string(next.rfc3339) } })
    writer.member(
      "links",
      object: { writer in
        writer.member("self", path)
        for verb in ["pause", "resume", "run"] { writer.member(verb, path + ":" + verb) }
      })
    writer.endObject()
  }

  /// The representation's tag: the definition's version, and a part that changes with what is derived from it.
  func tag(_ body: RawJSON) -> EntityTag { EntityTag(version: version, body) }
}

extension Schedule {
  /// Name of the zone whose clocks it goes by.
  var zoneName: String {
    switch self {
    case .cron(_, let zone): zone.identifier
    case .interval, .once: CronZone.utc.identifier
    }
  }
}
