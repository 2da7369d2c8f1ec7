import Testing

@testable import CelerityApp

@Suite struct SecretTextTests {
  @Test(arguments: [
    ("redis://localhost:6379/0", "redis://localhost:6379/0"), ("redis://:s3cret@host/0", "redis://:***@host/0"),
    ("amqp://user:p@ss,word@host", "amqp://user:***@host"), ("redis://user@host", "redis://user@host"),
    ("redis://u:a@h1,redis://u:b@h2", "redis://u:***@h1,redis://u:***@h2"),
    ("redis://h?password=a&x=1", "redis://h?password=***&x=1"), ("sqlite:./var/x.db", "sqlite:./var/x.db"), ("", ""),
    ("plain:text@not-an-address", "plain:text@not-an-address"),
  ]) func passwordsOfAddressesAreHidden(text: String, shown: String) {
    #expect(SecretText.masked(text) == shown)
  }
}

@Suite struct SettingsReaderTests {
  private func problems(_ text: String) -> [String] {
    SettingsReader(flags: [:], environment: [:], file: ("f.yaml", text)).problems().map(\.text)
  }

  @Test func aRightFileHasNoProblems() {
    #expect(problems("port: 8001\nworker: { concurrency: 4, queues: [a, b] }\n").isEmpty)
    #expect(problems("").isEmpty)
    #expect(problems("# only a comment\n").isEmpty)
  }

  @Test func everyProblemIsNamedWithItsLineAndTheClosestName() {
    let found = problems("prot: 1\nworker:\n  concurency: 3\n  lease: soon\n")
    #expect(found.count == 3)
    #expect(found.contains { $0.contains("'prot' in f.yaml:1") && $0.contains("'port'") })
    #expect(found.contains { $0.contains("f.yaml:3") && $0.contains("'worker.concurrency'") })
    #expect(found.contains { $0.contains("f.yaml:4") && $0.contains("duration") })
  }

  @Test func aNameWithoutItsHomeIsFound() {
    #expect(problems("concurrency: 3\n").first?.contains("'worker.concurrency'") == true)
  }

  @Test(arguments: [
    "just text", "- a\n- b\n", "port: [1\n", "a: &x 1\nb: *y\n", "? [a, b]\n: 1\n", "port: {a: {b: 1}}\n",
  ])
  func whatIsNoFileOfSettingsIsRefused(text: String) {
    #expect(!problems(text).isEmpty)
  }

  @Test func passwordsDoNotAppearInRefusals() {
    let reader = SettingsReader(
      flags: ["port": "redis://u:geheim@h"], environment: [:], file: nil)
    #expect(reader.problems().allSatisfy { !$0.text.contains("geheim") })
  }

  @Test func aSettingIsFoundByEachOfItsNames() throws {
    for name in ["worker.concurrency", "CELERITY_WORKER_CONCURRENCY"] {
      #expect(try Settings.named(name).name == "worker.concurrency")
    }
    #expect(try Settings.named("CELERY_BROKER_URL").name == "engine")
    let error = #expect(throws: ClientError.self) { try Settings.named("worker.concurency") }
    #expect(error?.hint == "celerity config explain worker.concurrency")
    #expect(error?.status == .usage)
  }
}
