import ArgumentParser

struct ManualCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Prints the manual of the whole command line.",
    discussion: """
      celerity manual   # read it now
      celerity manual > ~/.local/share/man/man1/celerity.1   # for man celerity
      celerity manual --format markdown > docs/reference/cli.md
      """)

  @Option(
    help: "The form: man for man(1), markdown for the reference page, or text; on a terminal it is shown at once.")
  var format: ManualFormat?

  func run() async throws {
    switch format {
    case nil where Terminal.current(colour: .auto, environment: [:]).isOutputTerminal: ManualReader.show()
    case nil, .man: ConsoleLine.write(ManualPage.text)
    case .markdown: ConsoleLine.write(CommandReference.markdown)
    case .text: ConsoleLine.write(ManualReader.plain)
    }
  }
}

/// A form of the manual.
enum ManualFormat: String, CaseIterable, ExpressibleByArgument {
  case man, markdown, text
}
