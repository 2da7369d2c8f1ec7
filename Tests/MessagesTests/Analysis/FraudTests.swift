import Testing

@testable import Messages

@Suite struct FraudTests {
  private func rules(_ text: String) -> Set<String> {
    Set(FraudFinding.all(in: SegmentedText(text)).map(\.rule))
  }

  @Test(
    "Words for fraud are found in every language",
    arguments: [
      "This is FRAUD", "a scam!", "scammers", "це шахрайство", "аферисти", "to oszustwo", "Das ist Betrug",
      "una estafa",
      "une arnaque", "это мошенники", "fraudulent",
    ])
  func words(text: String) {
    #expect(rules(text) == ["fraud-word"])
  }

  @Test(
    "Phrases of those who fish for secrets are found",
    arguments: [
      ("Please VERIFY your   account now", "verify your account"), ("You've won a car", "you've won"),
      ("Ви виграли авто", "ви виграли"), ("Bitte bestätigen Sie Ihr Konto", "bestätigen sie ihr konto"),
      ("Vous avez gagné!", "vous avez gagné"), ("zweryfikuj swoje konto", "zweryfikuj swoje konto"),
      ("verifica tu cuenta", "verifica tu cuenta"), ("код из смс", "код из смс"),
    ])
  func phishing(text: String, phrase: String) {
    #expect(rules(text) == [phrase])
  }

  @Test(
    "Text for databases is found by its pattern",
    arguments: [
      ("1 UNION SELECT password FROM users", "sql-union-select"), ("1 union all select 1", "sql-union-select"),
      ("1 UNION/**/SELECT 1", "sql-union-select"), ("drop table users", "sql-schema-change"),
      ("TRUNCATE TABLE logs", "sql-schema-change"), ("; DELETE FROM users", "sql-stacked-statement"),
      ("DELETE FROM users WHERE 1=1", "sql-delete"), ("INSERT INTO t (a) VALUES (1)", "sql-insert"),
      ("update users set name = 'x'", "sql-update"), ("SELECT * FROM users", "sql-select"),
      ("select id, name from users", "sql-select"), ("select name from users where 1", "sql-select"),
      ("' OR '1'='1", "sql-tautology"), ("x' or 'a'='a", "sql-tautology"), ("1 OR 1=1", "sql-tautology"),
      ("1) and (2=2", "sql-tautology"), ("admin'--", "sql-quote-comment"), ("admin’ --", "sql-quote-comment"),
      ("a') --", "sql-quote-comment"), ("1; SELECT pg_sleep(5)", "sql-time-delay"),
      ("WAITFOR DELAY '0:0:5'", "sql-time-delay"), ("information_schema.tables", "sql-catalogue"),
      ("exec xp_cmdshell", "sql-catalogue"), ("; shutdown", "sql-stacked-statement"),
    ])
  func sql(text: String, rule: String) {
    #expect(rules(text).contains(rule))
  }

  @Test(
    "English is no SQL",
    arguments: [
      "Please select your seat from the list.", "Select items from the menu", "Drop me a line at the table",
      "Delete the file from my desk, then update the set", "We will insert into the story a union of select groups",
      "either this or that = fun", "He said 'no' -- and left.", "I sleep well; update me",
      "Let's select one or two from these.",
      "please delete from my cart the two books", "It's fine - really", "The union will select a leader",
    ])
  func english(text: String) {
    #expect(rules(text).isEmpty)
  }

  @Test(
    "Text for browsers is found",
    arguments: [
      ("<script>alert(1)</script>", "script-element"), ("< IFRAME src=x>", "script-element"),
      ("javascript:alert(1)", "script-address"), ("<img src=x onerror=alert(1)>", "script-handler"),
    ])
  func scripts(text: String, rule: String) {
    #expect(rules(text) == [rule])
  }

  @Test("A finding says where it is")
  func place() throws {
    let text = SegmentedText("😀 A scam, I say")
    let finding = try #require(FraudFinding.all(in: text).first)
    #expect(finding.kind == .word)
    #expect(text.text(finding.offset..<finding.offset + finding.length) == "scam")
  }
}
