import ArgumentParser
import CelerityCore

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Looks over the installation and says how to mend what is wrong.",
    discussion: """
      celerity doctor
      celerity doctor --data /srv/celerity --port 8080
      celerity doctor --engine redis://127.0.0.1:6379/0   # whether Redis is fit for it
      celerity doctor --url http://127.0.0.1:8080   # whether that gateway answers, too
      celerity doctor --json   # for monitoring: the exit code is 1 when there are errors

      Nothing is changed, apart from a file of a few kilobytes in the data directory, which measures how long the disk takes
      to keep something and is removed again. A store that a process owns is left to that process.
      """)

  @OptionGroup(title: "Settings to look at") var options: SettingOptions
  @Option(help: ArgumentHelp("The gateway that must answer; else CELERITY_URL.", valueName: "url")) var url: String?
  @Flag(help: "As JSON.") var json = false

  func run() async throws {
    let variable = SettingOptions.environment()["CELERITY_URL"].flatMap { $0.isEmpty ? nil : $0 }
    let report = DoctorReport(findings: await Doctor(options, gateway: url ?? variable).findings())
    let output = Output.standard(isJSON: json)
    if json {
      try output.json(report.json)
    } else if output.isForPeople {
      try output.lines(report.lines(TextLayout(output)))
    } else {
      try output.table(report.table, empty: "")
    }
    if report.errors > 0 { throw ExitCode(ExitStatus.failed.rawValue) }
  }
}

/// Looks at everything, one check after the other; none hides another.
struct Doctor {
  let options: SettingOptions
  /// The gateway that client verbs would talk to, where one is named.
  let gateway: String?

  init(_ options: SettingOptions, gateway: String?) {
    self.options = options
    self.gateway = gateway
  }

  func findings() async -> [Finding] {
    let clocks = ClockCheck.begin()
    let (settings, settingFindings) = SettingsCheck.run(options)
    var findings = VersionCheck.findings + settingFindings
    var owner: Int32?
    var isShared = false
    switch Result(catching: { () throws(UsageError) in try EngineChoice(settings) }) {
    case .success(.sqlite(let path)):
      let directory = DirectoryCheck(settings)
      findings += directory.findings
      let store = await StoreInspectionCheck(path: path).run()
      findings += store.findings
      findings += directory.isWritable ? DiskCheck(directory: directory.nearest).findings : []
      owner = store.owner
    case .success(.redis(let endpoint)):
      findings += await RedisCheck(endpoint: endpoint).findings()
      isShared = true
    case .failure(let error):
      findings.append(.error("engine", error.message, fix: error.hint ?? "celerity config explain engine"))
    }
    findings += ClockCheck.end(clocks)
    findings += LimitsCheck.findings(settings)
    findings += await PortCheck(settings, owner: owner, isShared: isShared).findings()
    if let gateway { findings += await GatewayCheck(gateway).findings() }
    findings += TemporaryDirectoryCheck.findings
    findings += await ResourcesCheck(settings: settings).findings()
    return findings
  }
}
