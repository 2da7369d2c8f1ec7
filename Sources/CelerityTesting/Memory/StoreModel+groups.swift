import CelerityCore
import CelerityJSON

/// A declared group and the members that have ended.
struct GroupState: Sendable {
  struct Member: Sendable {
    var id: TaskID
    var index: Int
    var state: TaskState
    var result: RawJSON?
    var message: String?
  }

  let declaration: GroupDeclaration
  var members: [TaskID: Member] = [:]

  /// Members in the order of their places.
  var ordered: [Member] { members.values.sorted { ($0.index, $0.id) < ($1.index, $1.id) } }
}

extension StoreModel {
  /// Begins a group; a group of this id that exists already stays as it is.
  mutating func declare(_ group: GroupDeclaration, tenant: Tenant) {
    let name = ScopedName(group.id, tenant: tenant)
    if groups[name] == nil { groups[name] = GroupState(declaration: group) }
  }

  /// Counts the end of a member, once per member however often it ends; the last one sends the body.
  mutating func countInGroup(_ record: TaskRecord, at moment: Moment) {
    guard let membership = record.message.extras.group else { return }
    let name = ScopedName(membership.id, tenant: record.message.tenant)
    guard groups[name] != nil, groups[name]?.members[record.message.id] == nil else { return }
    groups[name]?.members[record.message.id] = GroupState.Member(
      id: record.message.id, index: membership.index, state: record.state, result: record.result,
      message: record.failure?.message ?? record.reason)
    guard let group = groups[name], group.members.count == group.declaration.size, let body = group.declaration.body
    else { return }
    send(body, of: group, at: moment)
  }

  private mutating func send(_ body: TaskMessage, of group: GroupState, at moment: Moment) {
    guard slots[body.key] == nil else { return }
    let members = group.ordered
    if let failed = members.first(where: { $0.state != .success }) {
      var record = TaskRecord(accepting: body, at: moment.now)
      record.phase = .finished
      record.state = .failure
      record.finished = moment.now
      record.due = nil
      record.failure = .chord(member: failed.id, message: failed.message ?? failed.state.rawValue)
      insert(record, at: moment)
      return
    }
    var body = body
    if group.declaration.passesResults {
      let results = RawJSON.array(members.map { $0.result ?? .null })
      body.args = .array([results] + (body.args.elements() ?? []))
    }
    _ = submit(Submission(body), at: moment)
  }

  /// Forgets groups that are complete and whose members are all forgotten.
  mutating func forgetGroups() {
    for (name, group) in groups where group.members.count >= group.declaration.size {
      let isKnown = group.members.keys.contains { slots[TaskKey($0, tenant: name.tenant)] != nil }
      if !isKnown { groups[name] = nil }
    }
  }
}
