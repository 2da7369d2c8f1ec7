import ArgumentParser
import CelerityCore
import CelerityJSON

/// A verb that talks to a gateway.
protocol ClientCommand: AsyncParsableCommand, Sendable {
  /// The common options.
  var options: ClientOptions { get }
  /// Does what the verb is for. Ctrl-C cancels it; what it throws decides the exit code.
  func run(_ session: ClientSession) async throws
}

extension ClientCommand {
  /// Runs the verb with a client and an output made from the options.
  func run() async throws {
    let session = try ClientSession(options)
    do {
      try await Interrupt.cancelling { try await run(session) }
    } catch is CancellationError {
      await session.gateway.close()
      throw ClientError.interrupted
    } catch {
      await session.gateway.close()
      guard var error = error as? ClientError else { throw error }
      let terminal = session.output.terminal
      error.isColoured = terminal.isErrorTerminal && terminal.allowsColour
      throw error
    }
    await session.gateway.close()
  }
}

/// What a verb has at hand.
struct ClientSession: Sendable {
  let gateway: GatewayClient
  let output: Output
  let time: any TimeSource
  /// Whether everything was agreed to beforehand.
  let agreed: Bool

  /// A session of the options and of this process.
  init(_ options: ClientOptions) throws(ClientError) {
    let environment = SettingOptions.environment()
    gateway = GatewayClient(try options.address(environment), timeout: try options.limit())
    output = Output(
      terminal: .current(colour: options.noColor ? .never : options.color, environment: environment),
      environment: environment, isJSON: options.json)
    time = SystemTime()
    agreed = options.yes
  }

  /// Asks before an act on many things. Where there is nobody to ask, the act must have been agreed to beforehand.
  func confirm(_ question: String) throws(ClientError) {
    if agreed { return }
    guard output.terminal.isInputTerminal, output.terminal.isErrorTerminal else {
      throw ClientError(
        "not done without agreement: \(question)", cause: "standard input is no terminal, so nobody can be asked",
        hint: "add --yes", status: .usage)
    }
    output.talk(SafeText.line(question) + " [y/N] ")
    do { try InputText.awaitInput() } catch {
      output.note("")
      throw error
    }
    let answer = readLine()?.lowercased() ?? ""
    guard answer == "y" || answer == "yes" else {
      throw ClientError.chosen("nothing was done", status: .failed)
    }
  }
}
