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

  /// What the end of a task brings about: its group counts it, and what follows it is submitted.
  mutating func follow(_ record: TaskRecord, at moment: Moment) {
    countInGroup(record, at: moment)
    for submission in Continuation(of: record).submissions { _ = submit(submission, at: moment) }
  }

  /// Counts the end of a member, once per member however often it ends; the last one sends the body.
  private mutating func countInGroup(_ record: TaskRecord, at moment: Moment) {
    guard let membership = record.message.extras.group else { return }
    let name = ScopedName(membership.id, tenant: record.message.tenant)
    guard groups[name] != nil, groups[name]?.members[record.message.id] == nil else { return }
    groups[name]?.members[record.message.id] = GroupState.Member(
      id: record.message.id, index: membership.index, state: record.state, result: record.result,
      message: record.endingFailure?.message)
    guard let group = groups[name], group.members.count == group.declaration.size else { return }
    complete(group, by: record, at: moment)
  }

  private mutating func complete(_ group: GroupState, by last: TaskRecord, at moment: Moment) {
    guard let body = group.declaration.body, slots[body.key].map({ rows[$0].record.isPromise(of: body) }) ?? true
    else { return }
    let members = group.ordered.map {
      GroupMember(id: $0.id, state: $0.state, result: $0.result, message: $0.message)
    }
    for submission in group.declaration.completion(members, last: last, now: moment.now) {
      _ = submit(submission, at: moment)
    }
  }

  /// Forgets groups that are complete and whose members are all forgotten.
  mutating func forgetGroups() {
    for (name, group) in groups where group.members.count >= group.declaration.size {
      let isKnown = group.members.keys.contains { slots[TaskKey($0, tenant: name.tenant)] != nil }
      if !isKnown { groups[name] = nil }
    }
  }
}
