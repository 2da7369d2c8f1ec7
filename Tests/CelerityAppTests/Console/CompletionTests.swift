import Testing

@testable import CelerityApp

@Suite struct CompleterTests {
  private func words(_ line: String...) -> [String] { Completer(words: line).candidates().list.map(\.word) }

  @Test func verbsAreOfferedWithWhatTheyDo() {
    let candidates = Completer(words: [""]).candidates().list
    #expect(candidates.contains { $0.word == "dev" && $0.meaning.hasSuffix(".") })
    #expect(candidates.contains { $0.word == "help" })
  }

  @Test func verbsOfAGroupAreOffered() {
    #expect(words("queue", "").contains("pause"))
    #expect(words("help", "queue", "").contains("pause"))
  }

  @Test func optionsAreOfferedOnceUnlessTheyRepeat() {
    #expect(words("config", "show", "--").contains("--json"))
    #expect(!words("config", "show", "--json", "--").contains("--json"))
    #expect(words("config", "show", "--set", "a=b", "--").contains("--set"))
  }

  @Test func namesOfSettingsAreOffered() {
    #expect(words("config", "explain", "").contains("worker.concurrency"))
    #expect(words("config", "show", "--set", "").contains("worker.concurrency="))
  }

  @Test func valuesAreOfferedAfterTheirOption() {
    #expect(words("manual", "--format", "") == ["man", "markdown", "text"])
    #expect(words("manual", "--format=m") == ["--format=man", "--format=markdown", "--format=text"])
    #expect(words("completion", "") == ["bash", "zsh", "fish"])
  }

  @Test func nothingIsOfferedBehindAVerbThatIsNone() {
    #expect(words("nonsense", "").isEmpty)
    #expect(words("queue", "nonsense", "").isEmpty)
  }

  @Test func namesOnlyAGatewayKnowsAreLeftToIt() {
    #expect(Completer(words: ["queue", "pause", ""]).candidates().source == .queue)
    #expect(Completer(words: ["workers", "quiet", ""]).candidates().source == .worker)
    #expect(Completer(words: ["kinds", "show", ""]).candidates().source == .task)
  }
}

@Suite struct CompletionRequestTests {
  @Test func bashSendsTheLineAndKeepsWhatItPartsAtEqualsSigns() throws {
    let request = try #require(CompletionRequest(["__complete", "bash", "celerity manual --format=ma", "ma"]))
    #expect(request.words == ["manual", "--format=ma"])
    let answer = CompletionAnswer(request: request, candidates: Completer(words: request.words).candidates())
    #expect(answer.text.split(separator: "\n").map(String.init) == ["man", "markdown"])
  }

  @Test func aBlankAtTheEndBeginsANewWord() throws {
    #expect(try #require(CompletionRequest(["__complete", "bash", "celerity queue ", ""])).words == ["queue", ""])
    #expect(try #require(CompletionRequest(["__complete", "bash", "celerity", ""])).words == [""])
  }

  @Test func otherShellsSendWords() throws {
    #expect(try #require(CompletionRequest(["__complete", "zsh", "queue", "pa"])).words == ["queue", "pa"])
    #expect(try #require(CompletionRequest(["__complete", "fish"])).words == [""])
  }

  @Test(arguments: [["__complete"], ["__complete", "tcsh", ""], ["queue"], []]) func anythingElseIsNone(
    _ words: [String]
  ) {
    #expect(CompletionRequest(words) == nil)
  }
}
