import Yams

/// The values of a configuration file by dotted name, and what is wrong with it as a file.
struct SettingsFile {
  struct Value {
    var text: String
    var line: Int
  }

  let path: String
  private(set) var values: [String: Value] = [:]
  private(set) var problems: [String] = []

  init(_ file: (path: String, text: String)?) {
    path = file?.path ?? ""
    guard let file else { return }
    do {
      guard let root = try Yams.compose(yaml: file.text) else { return }
      guard case .mapping = root else {
        problems.append("\(path) holds no settings: it must be a mapping such as `port: 8000`")
        return
      }
      flatten(root, path: [])
    } catch {
      problems.append("\(path) is no YAML: \(error)")
    }
  }

  /// The file and the line a value stands on.
  func place(of name: String) -> String { values[name].map { "\(path):\($0.line)" } ?? path }

  private mutating func flatten(_ node: Node, path names: [String]) {
    let name = names.joined(separator: ".")
    let line = node.mark?.line ?? 0
    switch node {
    case .scalar(let scalar):
      values[name] = Value(text: scalar.string, line: line)
    case .sequence(let sequence):
      let words = sequence.compactMap(\.scalar?.string)
      if words.count < sequence.count { problems.append("\(path):\(line): '\(name)' must be a list of words") }
      values[name] = Value(text: words.joined(separator: ","), line: line)
    case .mapping(let mapping):
      for (key, value) in mapping {
        guard let word = key.scalar?.string else {
          problems.append("\(path):\(line): a key below '\(name)' is no text")
          continue
        }
        flatten(value, path: names + [word])
      }
    case .alias:
      problems.append("\(path):\(line): aliases are not supported, at '\(name)'")
    }
  }
}
