import CelerityCore
import CelerityJSON

/// What a verb on many tasks will ask for. A verb that asks for one entity after the other is run again, and waits for a round
/// trip, for each of them; what is known before is loaded together.
extension Draft {
  /// Makes sure that what the ends of these tasks will ask for is there; the tasks must be loaded.
  func needForEnds(of keys: [TaskKey]) throws(DraftError) {
    try need(entities(afterEndsOf: keys))
    try need(entities(completedByEndsOf: keys))
  }

  /// The groups that count the ends of these tasks, whether they have counted them, and what follows the ends.
  private func entities(afterEndsOf keys: [TaskKey]) -> [Entity] {
    records(keys).flatMap { record -> [Entity] in
      let extras = record.message.extras
      let next = (extras.callbacks ?? []) + (extras.chain ?? []).prefix(1)
      let followers = next.compactMap { task($0, record.message.tenant) }
      guard let name = record.groupName, let counted = record.countedName else { return followers }
      return followers + [.group(name), .counted(name, counted)]
    }
  }

  /// What is asked for when groups become complete by these ends; the groups must be loaded.
  private func entities(completedByEndsOf keys: [TaskKey]) -> [Entity] {
    let members = Dictionary(grouping: records(keys).filter { $0.groupName != nil }) { $0.groupName }
    return members.flatMap { name, records -> [Entity] in
      guard let name, let group = world.groups[name], group.claim == nil, let wanted = group.wanted,
        group.counted + records.count >= wanted
      else { return [] }
      if let declaration = group.declaration {
        return [.parts(name), .task(TaskKey(TaskID(stored: declaration.bodyID), tenant: name.tenant))]
      }
      return [.parts(name)] + records.compactMap { $0.message.extras.chord }.compactMap { task($0, name.tenant) }
    }
  }

  private func records(_ keys: [TaskKey]) -> [TaskRecord] { keys.compactMap { world.tasks[$0].flatMap { $0?.record } } }

  /// The task that a signature names.
  private func task(_ signature: Signature, _ tenant: Tenant) -> Entity? {
    signature.options["task_id"]?.stringValue.map { .task(TaskKey(TaskID(stored: $0), tenant: tenant)) }
  }
}

extension TaskRecord {
  /// The group that counts its end.
  var groupName: ScopedName? { message.extras.group.map { ScopedName($0.id, tenant: message.tenant) } }

  /// How the group notes that it has counted it.
  var countedName: String? {
    message.extras.group.map { "\(message.id.text):\($0.index == .max ? "+inf" : String($0.index))" }
  }
}
