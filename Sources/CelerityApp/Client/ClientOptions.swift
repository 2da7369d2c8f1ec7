import ArgumentParser
import CelerityCore

/// Options of every verb that talks to a gateway.
struct ClientOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The gateway; else CELERITY_URL, else \(GatewayAddress.standard).", valueName: "url"))
  var url: String?
  @Flag(help: "Data as the gateway's JSON.")
  var json = false
  @Option(help: ArgumentHelp("When to use colours: auto, always or never.", valueName: "when"))
  var color: Terminal.ColourChoice = .auto
  @Flag(help: "No colours; NO_COLOR in the environment says the same.")
  var noColor = false
  @Option(help: ArgumentHelp("Seconds to wait for each answer of the gateway.", valueName: "seconds"))
  var timeout: Double = 30
  @Flag(name: [.customShort("y"), .long], help: "Does not ask before an act on many things.")
  var yes = false

  /// Where the gateway is.
  func address(_ environment: [String: String]) throws(ClientError) -> GatewayAddress {
    let variable = environment["CELERITY_URL"].flatMap { $0.isEmpty ? nil : $0 }
    if let url { return try GatewayAddress(url) }
    if let variable { return try GatewayAddress(variable, from: .variable) }
    return try GatewayAddress(GatewayAddress.standard, from: .standard)
  }

  /// How long an answer may take.
  func limit() throws(ClientError) -> Duration {
    guard timeout > 0, let limit = Duration(clientSeconds: timeout) else {
      throw ClientError(
        "--timeout is \(timeout)", cause: "it must be a number of seconds above 0", hint: "--timeout 30",
        status: .usage)
    }
    return limit
  }
}

extension Terminal.ColourChoice: ExpressibleByArgument {}
