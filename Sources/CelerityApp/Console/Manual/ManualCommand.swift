import ArgumentParser

struct ManualCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Prints the manual of the whole command line.",
    discussion: """
      celerity manual | man -l -   # read it now
      celerity manual > ~/.local/share/man/man1/celerity.1   # for man celerity
      celerity manual --format markdown > docs/reference/cli.md
      """)

  @Option(help: "The form: man for the manual page, markdown for the reference page.") var format = ManualFormat.man

  func run() async throws {
    ConsoleLine.write(format == .man ? ManualPage.text : CommandReference.markdown)
  }
}

/// A form of the manual.
enum ManualFormat: String, CaseIterable, ExpressibleByArgument {
  case man, markdown
}
