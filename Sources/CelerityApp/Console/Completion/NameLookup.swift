import CelerityCore
import CelerityJSON

extension CompletionAnswer {
  /// Answers a shell. Names that only a gateway knows are asked for; one that does not answer at once is not waited for,
  /// because somebody has pressed a key.
  static func make(_ request: CompletionRequest) async -> CompletionAnswer {
    var candidates = Completer(words: request.words).candidates()
    if let source = candidates.source {
      candidates.list += await NameLookup(source: source, words: request.words).names()
    }
    return CompletionAnswer(request: request, candidates: candidates)
  }
}

/// Asks a gateway for names of things.
private struct NameLookup {
  private static let patience = Duration.milliseconds(300)

  let source: NameSource
  let words: [String]

  func names() async -> [Candidate] {
    guard let (path, list, name, meaning) = place, let address = try? GatewayAddress(url) else { return [] }
    let gateway = GatewayClient(address, timeout: Self.patience)
    let answer = try? await gateway.json(.get(path))
    await gateway.close()
    return (answer?.list(list) ?? []).compactMap { row in
      row.text(name).map { Candidate($0, meaning.flatMap(row.text) ?? "") }
    }
  }

  /// Where the names are: path, list, member of the name and of what tells more about it.
  private var place: (path: String, list: String, name: String, meaning: String?)? {
    switch source {
    case .queue: ("/v1/queues", "queues", "name", nil)
    case .task: ("/v1/kinds", "kinds", "task", "summary")
    case .worker: ("/v1/workers", "workers", "name", "version")
    case .schedule: ("/v1/schedules", "schedules", "name", "description")
    case .setting: nil
    }
  }

  /// The gateway of the line that is being typed, else of the environment.
  private var url: String {
    if let index = words.firstIndex(of: "--url"), index + 1 < words.count { return words[index + 1] }
    if let joined = words.first(where: { $0.hasPrefix("--url=") }) { return String(joined.dropFirst(6)) }
    let variable = SettingOptions.environment()["CELERITY_URL"].flatMap { $0.isEmpty ? nil : $0 }
    return variable ?? GatewayAddress.standard
  }
}
