import CelerityCore
import CelerityJSON
import CelerityRoutes

/// What an accepted submission of more than one task is told by.
struct Workflow: Sendable {
  /// What ends last: the last task, or the group.
  let id: String
  /// The group it ends with, or begins with.
  let groupID: String?
  /// Ids of all tasks that are known by now, in their order.
  let children: [String]
  /// Whether nothing comes behind the group: then there is no task that stands for the whole.
  let isGroup: Bool

  init(_ result: ResultNode) {
    id = result.id
    isGroup = result.members != nil
    var groups: [String] = []
    var children: [String] = []
    var node: ResultNode? = result
    while let part = node {
      if part.members != nil { groups.append(part.id) }
      children = part.taskIDs + children
      node = part.parent
    }
    groupID = groups.first
    self.children = children
  }

  /// Where its end can be read.
  var path: String {
    isGroup
      ? "/v1/tasks?q=group:" + id.percentEncoded : TaskView.path(of: TaskID(stored: id))
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("group", ifPresent: groupID)
    writer.member("children", array: { writer in for child in children { writer.string(child) } })
  }
}

/// What a client asked for, as submissions that belong together: the first of them stands for the request.
struct WantedWork: Sendable {
  var submissions: [Submission]
  var workflow: Workflow?

  /// The message that begins it.
  var message: TaskMessage { submissions[0].message }
}
