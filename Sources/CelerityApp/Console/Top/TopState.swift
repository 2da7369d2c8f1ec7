import CelerityCore
import CelerityJSON

/// What `top` knows and what of it is looked at. Keys change it, and say what is to be done outside.
struct TopState {
  enum Panel: Int, CaseIterable {
    case queues, workers, tasks
  }

  enum Mode: Hashable {
    case list, help, detail
    /// Typing a search; what is typed so far.
    case typing(String)
    /// Asking before an act.
    case asking(String, Effect)
  }

  /// What is to be done outside.
  indirect enum Effect: Hashable {
    case quit, suspend, redraw, refresh
    case open(task: String)
    case act(path: String, done: String)
  }

  private(set) var snapshot: TopSnapshot?
  private(set) var processedPerSecond: Double?
  var detail: TopDetail?
  /// What went wrong last, or was done last.
  var notice: (text: String, isError: Bool)?
  private(set) var mode = Mode.list
  private(set) var panel = Panel.tasks
  private(set) var filter = ""
  private(set) var isFrozen = false
  private var selected = [Panel: String]()

  /// Nothing known yet; `filter` is the search to begin with.
  init(filter: String = "") { self.filter = filter }

  /// Rows of a panel by what tells them apart.
  func rows(_ panel: Panel) -> [RawJSON] {
    guard let snapshot else { return [] }
    switch panel {
    case .queues: return snapshot.queues
    case .workers: return snapshot.workers
    case .tasks: return snapshot.tasks
    }
  }

  private func key(_ row: RawJSON, _ panel: Panel) -> String { row.text(panel == .tasks ? "id" : "name") ?? "" }

  /// The selected row of a panel. It is remembered by name, so that it stays with what it was put on while rows come and
  /// go above it.
  func selection(_ panel: Panel) -> Int? {
    let rows = rows(panel)
    guard !rows.isEmpty else { return nil }
    return selected[panel].flatMap { name in rows.firstIndex { key($0, panel) == name } } ?? 0
  }

  // MARK: News

  mutating func on(_ new: TopSnapshot) {
    if let old = snapshot {
      let seconds = (new.time - old.time).inSeconds
      let names = Set(old.workers.compactMap { $0.text("name") })
      let same = new.workers.filter { names.contains($0.text("name") ?? "") }
      let count = new.sum("processed", of: same) - old.sum("processed", of: old.workers)
      if seconds > 0, count >= 0 { processedPerSecond = Double(count) / seconds }
    }
    // A selection belongs to a row and not to a place: rows that come above it don't push it on to another.
    for panel in Panel.allCases {
      if let place = selection(panel) { selected[panel] = key(rows(panel)[place], panel) }
    }
    snapshot = new
    if notice?.isError == true { notice = nil }
  }

  mutating func on(failure: ClientError) {
    notice = ([failure.what, failure.cause].compactMap { $0 }.joined(separator: ": "), true)
  }

  mutating func open(_ detail: TopDetail) {
    self.detail = detail
    mode = .detail
  }

  // MARK: Keys

  mutating func on(_ key: TopKey) -> Effect? {
    if key == .interrupt { return .quit }
    if key == .suspend { return .suspend }
    if key == .redraw { return .redraw }
    switch mode {
    case .typing(let text): return type(key, text)
    case .asking(_, let effect):
      mode = .list
      return key == .character("y") || key == .character("Y") ? effect : nil
    case .help, .detail:
      let isQuit = key == .character("q") && mode == .help
      mode = .list
      return isQuit ? .quit : nil
    case .list: return command(key)
    }
  }

  private mutating func command(_ key: TopKey) -> Effect? {
    switch key {
    case .character("q"), .escape: return .quit
    case .character("?"), .character("h"): mode = .help
    case .character("j"), .down: move(by: 1)
    case .character("k"), .up: move(by: -1)
    case .pageDown: move(by: 10)
    case .pageUp: move(by: -10)
    case .character("g"), .home: move(by: -.max / 2)
    case .character("G"), .end: move(by: .max / 2)
    case .tab: panel = Panel(rawValue: (panel.rawValue + 1) % Panel.allCases.count) ?? .tasks
    case .character("/"): mode = .typing(filter)
    case .character(" "): isFrozen.toggle()
    case .character("r"): askAboutTask("retry", done: "sent on its way again")
    case .character("c"): askAboutTask("cancel", done: "cancelled, or asked to stop")
    case .character("p"): askAboutQueue()
    case .enter: return openSelected()
    default: break
    }
    return nil
  }

  private mutating func move(by step: Int) {
    guard let place = selection(panel) else { return }
    let rows = rows(panel)
    selected[panel] = key(rows[min(max(0, place + step), rows.count - 1)], panel)
  }

  private mutating func type(_ key: TopKey, _ text: String) -> Effect? {
    switch key {
    case .enter:
      filter = text
      mode = .list
      return .refresh
    case .escape: mode = .list
    case .backspace: mode = .typing(String(text.dropLast()))
    case .character(let character) where text.count < 200: mode = .typing(text + String(character))
    default: break
    }
    return nil
  }

  private var selectedTask: (id: String, name: String)? {
    guard panel == .tasks, let place = selection(.tasks) else { return nil }
    let row = rows(.tasks)[place]
    return row.text("id").map { ($0, row.text("task") ?? "") }
  }

  private mutating func askAboutTask(_ verb: String, done: String) {
    guard let (id, name) = selectedTask else {
      notice = ("choose a task first: Tab goes to the tasks", true)
      return
    }
    let path = TaskPath.of(id) + ":\(verb)"
    mode = .asking("\(verb) \(name) \(id)?", .act(path: path, done: "\(id) \(done)"))
  }

  private mutating func askAboutQueue() {
    guard panel == .queues, let place = selection(.queues), let name = rows(.queues)[place].text("name") else {
      notice = ("choose a queue first: Tab goes to the queues", true)
      return
    }
    let verb = rows(.queues)[place]["paused"]?.boolValue == true ? "resume" : "pause"
    let path = "/v1/queues/" + name.percentEncoded + ":\(verb)"
    mode = .asking("\(verb) queue \(name)?", .act(path: path, done: "queue \(name): \(verb)d"))
  }

  private func openSelected() -> Effect? { selectedTask.map { .open(task: $0.id) } }
}
