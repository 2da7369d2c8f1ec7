/// The parts of the platform that one process runs.
struct RoleSet: OptionSet, Hashable {
  let rawValue: Int

  static let gateway = RoleSet(rawValue: 1)
  static let worker = RoleSet(rawValue: 2)
  static let scheduler = RoleSet(rawValue: 4)
  static let all: RoleSet = [.gateway, .worker, .scheduler]

  /// `gateway, worker and scheduler`.
  var names: String {
    let names = [(RoleSet.gateway, "gateway"), (.worker, "worker"), (.scheduler, "scheduler")]
    return CommandLineCheck.list(names.filter { contains($0.0) }.map(\.1))
  }
}
