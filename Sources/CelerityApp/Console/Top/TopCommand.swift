import ArgumentParser
import CelerityCore
import Dispatch
import UnixSignals

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct TopCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Shows queues, workers and tasks live, on the whole terminal.",
    discussion: """
      celerity top
      celerity top --search 'state:FAILURE' --interval 5
      celerity top --json   # what it would show now, once

      j and k move, Enter shows all about a task, / searches, r retries, c cancels, p pauses, q quits; ? lists all keys.
      """)

  @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds")) var interval: Double = 2
  @Option(help: ArgumentHelp("Only tasks that a search finds, such as state:FAILURE.", valueName: "search"))
  var search: String?
  @OptionGroup(title: "Common options") var options: ClientOptions

  func run(_ session: ClientSession) async throws {
    if session.output.isJSON {
      let snapshot = try await TopSnapshot.read(session.gateway, filter: search ?? "", time: session.time)
      return try session.output.json(snapshot.json)
    }
    guard (0.2...3600).contains(interval) else {
      throw ClientError(
        "--interval is \(interval)", cause: "it must be from 0.2 to 3600 seconds", hint: "celerity top --interval 2",
        status: .usage)
    }
    let terminal = session.output.terminal
    guard terminal.isOutputTerminal, terminal.isInputTerminal, session.output.environment["TERM"] != "dumb" else {
      throw ClientError(
        "top needs a terminal",
        cause: "standard input or output is none, or TERM says that it can't be redrawn",
        hint: "celerity top --json, celerity queue list or celerity task list", status: .usage)
    }
    let top = Top(session: session, interval: .seconds(interval), filter: search ?? "")
    try await top.run()
  }
}

/// The loop of `top`: what happens outside changes the state, and the state is drawn.
private struct Top {
  private enum Event: Sendable {
    case keys([UInt8])
    case resized
    case ended(UnixSignal)
    case snapshot(Result<TopSnapshot, ClientError>)
    case tick
  }

  let session: ClientSession
  let interval: Duration
  let filter: String

  func run() async throws {
    let screen = FullScreen()
    // First the signals, so that none finds the terminal changed and nobody to put it back.
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sighup, .sigquit, .sigwinch)
    guard screen.enter() else { throw ClientError("the terminal can't be used", status: .failed) }
    defer { screen.leave() }
    let (events, sink) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingOldest(256))
    let keyboard = DispatchSource.makeReadSource(fileDescriptor: 0, queue: DispatchQueue(label: "celerity.keyboard"))
    keyboard.setEventHandler {
      var buffer = [UInt8](repeating: 0, count: 256)
      let count = read(0, &buffer, buffer.count)
      sink.yield(count > 0 ? .keys(Array(buffer[..<count])) : .ended(.sighup))
    }
    keyboard.activate()
    defer { keyboard.cancel() }
    let ending = await withDiscardingTaskGroup { group in
      group.addTask { for await signal in signals { sink.yield(signal == .sigwinch ? .resized : .ended(signal)) } }
      group.addTask {
        while !Task.isCancelled {
          sink.yield(.tick)
          try? await Task.sleep(for: interval)
        }
      }
      defer {
        // Before what is under way ends: a gateway that does not answer must not keep the terminal.
        screen.leave()
        group.cancelAll()
      }
      return await watch(events, sink, screen, &group)
    }
    try Task.checkCancellation()
    if let ending { Self.end(by: ending) }
  }

  /// Ends the process as the signal would have, so that the shell sees what ended it. Whoever traps a signal blocks it.
  private static func end(by ending: UnixSignal) -> Never {
    signal(ending.rawValue, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, ending.rawValue)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(ending.rawValue)
    ConsoleLine.end(status: 128 + ending.rawValue)
  }

  /// Until a key or a signal ends it; answers the signal.
  private func watch(
    _ events: AsyncStream<Event>, _ sink: AsyncStream<Event>.Continuation, _ screen: FullScreen,
    _ group: inout DiscardingTaskGroup
  ) async -> UnixSignal? {
    var state = TopState(filter: filter)
    var isAsking = false
    draw(state, screen)
    for await event in events {
      switch event {
      case .ended(let signal): return signal
      case .resized: break
      case .tick:
        guard !isAsking, !state.isFrozen else { continue }
        isAsking = true
        ask(state.filter, sink, &group)
      case .snapshot(let result):
        isAsking = false
        switch result {
        case .success(let snapshot): state.on(snapshot)
        case .failure(let error): state.on(failure: error)
        }
      case .keys(let bytes):
        for key in TopKey.keys(in: bytes) {
          guard let effect = state.on(key) else { continue }
          if effect == .quit { return nil }
          if await perform(effect, &state, screen) {
            isAsking = true
            ask(state.filter, sink, &group)
          }
        }
      }
      draw(state, screen)
    }
    return nil
  }

  private func ask(
    _ filter: String, _ sink: AsyncStream<Event>.Continuation, _ group: inout DiscardingTaskGroup
  ) {
    group.addTask { sink.yield(.snapshot(await TopSnapshot.look(session.gateway, filter: filter, time: session.time))) }
  }

  /// Whether what is shown is out of date afterwards.
  private func perform(_ effect: TopState.Effect, _ state: inout TopState, _ screen: FullScreen) async -> Bool {
    do {
      switch effect {
      case .quit, .redraw: return false
      case .refresh: return true
      case .suspend:
        screen.leave()
        raise(SIGTSTP)
        _ = screen.enter()
        return true
      case .open(let id):
        state.open(try await TopDetail.read(session.gateway, id: id))
        return false
      case .act(let path, let done):
        _ = try await session.gateway.json(.post(path))
        state.notice = (done, false)
        return true
      }
    } catch {
      state.on(failure: error)
      return false
    }
  }

  private func draw(_ state: TopState, _ screen: FullScreen) {
    let (width, height) = FullScreen.size()
    guard width >= 20, height >= 5 else { return screen.draw(["too small"]) }
    screen.draw(
      TopScreen(
        state: state, width: width, height: height, colours: session.output.terminal.coloursOutput,
        address: "\(session.gateway.address)"
      ).lines())
  }
}
