import ArgumentParser
import CelerityCore
import CelerityJSON

struct ConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Shows, explains and checks settings.",
    discussion: """
      celerity config show   # what is in force, and why
      celerity config explain worker.concurrency
      celerity config check celerity.yaml
      """,
    subcommands: [Show.self, Explain.self, Check.self, Reference.self], aliases: ["setting", "settings"])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows the settings in force and where each comes from.",
      discussion: """
        celerity config show
        celerity config show worker   # those whose names begin so
        celerity config show --config celerity.yaml --set worker.concurrency=8
        """)

    @Argument(help: ArgumentHelp("Only settings whose names begin so.", valueName: "prefix")) var prefix: String?
    @OptionGroup var options: SettingOptions
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      let view = SettingsView(try options.resolve(), chosen: try Settings.beginning(with: prefix ?? ""))
      let output = Output.standard(isJSON: json)
      if json { return try output.json(view.json) }
      try output.table(view.table, empty: "")
    }
  }

  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells what a setting means, what it takes and where its value comes from.",
      discussion: """
        celerity config explain worker.concurrency
        celerity config explain CELERITY_WORKER_CONCURRENCY   # names of variables do, too
        celerity config explain sqlite.durability --json
        """)

    @Argument(help: ArgumentHelp("The setting's name.", valueName: "setting")) var key: String
    @OptionGroup var options: SettingOptions
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      let setting = try Settings.named(key)
      let view = SettingsView(try options.resolve())
      let output = Output.standard(isJSON: json)
      if json { return try output.json(view.json(of: setting)) }
      try output.fields(view.fields(of: setting))
    }
  }
}

extension ConfigCommand {
  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks a file with settings before a start would.",
      discussion: """
        celerity config check celerity.yaml
        celerity config check celerity.yaml --json   # the exit code is 2 when something is wrong
        """)

    @Argument(help: "The file, in YAML.", completion: .file(extensions: ["yaml", "yml"])) var file: String
    @Flag(help: "As JSON.") var json = false

    func run() async throws {
      // The file alone: what the environment says is not its fault.
      let reader = SettingsReader(flags: [:], environment: [:], file: (file, try SettingOptions.text(of: file)))
      let problems = reader.problems()
      let output = Output.standard(isJSON: json)
      if json {
        try output.json(
          .object([
            ("file", .string(file)), ("valid", .bool(problems.isEmpty)),
            ("settings", .integer(Int64(reader.settingsInFile))),
            ("problems", .array(problems.map { .string($0.text) })),
          ]))
      } else if problems.isEmpty {
        try output.line("\(SafeText.line(file)) is right: \(HumanText.count(reader.settingsInFile, "setting"))")
      }
      guard problems.isEmpty else {
        if json { throw ExitCode(ExitStatus.usage.rawValue) }
        throw SettingsError(problems: problems)
      }
    }
  }

  struct Reference: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the reference page of all settings, in Markdown.",
      discussion: """
        celerity config reference | less
        celerity config reference > docs/reference/settings.md
        """)

    func run() async throws { try Output.standard(isJSON: false).line(SettingsReference.markdown) }
  }
}

struct VersionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Prints the version.",
    discussion: """
      celerity version
      celerity version --json   # with the versions of what it is built on
      """)

  @Flag(help: "As JSON.") var json = false

  func run() async throws {
    let output = Output.standard(isJSON: json)
    guard json else { return try output.line(celerityVersion) }
    try output.json(VersionCheck.json)
  }
}
