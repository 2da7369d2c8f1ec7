import Testing

@testable import Messages

@Suite struct PersonalDataTests {
  private func found(_ text: String) -> [String] {
    PersonalDataFinding.all(in: SegmentedText(text)).map(\.kind.rawValue)
  }

  private func digits(_ text: String) -> [Int] { text.compactMap(\.wholeNumberValue) }

  @Test(
    "Luhn's formula takes right numbers and no others",
    arguments: [
      ("79927398713", true), ("4111111111111111", true), ("5555555555554444", true), ("378282246310005", true),
      ("6011111111111117", true), ("30569309025904", true), ("79927398710", false), ("4111111111111112", false),
      ("5555555555554445", false), ("0", false), ("", false),
    ])
  func luhn(number: String, isValid: Bool) {
    #expect(CardNumberScan.luhn(digits(number)) == isValid)
  }

  @Test("Luhn's formula notices every wrong digit and nearly every swap of neighbours")
  func luhnNotices() {
    let number = digits("4539148803436467")
    #expect(CardNumberScan.luhn(number))
    for place in number.indices {
      for other in 0...9 where other != number[place] {
        var wrong = number
        wrong[place] = other
        #expect(!CardNumberScan.luhn(wrong))
      }
      guard place > 0, Set([number[place], number[place - 1]]) != [0, 9] else { continue }
      var swapped = number
      swapped.swapAt(place, place - 1)
      #expect(CardNumberScan.luhn(swapped) == (number[place] == number[place - 1]))
    }
  }

  @Test(
    "Card numbers are found as they are written",
    arguments: [
      "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "card:4111111111111111.", "378282246310005",
      "3782 822463 10005", "4111 1111 1111 1111 123", "2024 4111 1111 1111 1111", "４１１１１１１１１１１１１１１１",
      "(5555555555554444)",
      "٤١١١١١١١١١١١١١١١", "2200 0000 0000 0004",
    ])
  func cards(text: String) {
    #expect(found(text) == ["card_number"])
  }

  @Test(
    "What only looks like a card number is none",
    arguments: [
      "4111111111111112", "411111111111111", "41111111111111111111", "ID4111111111111111", "4111111111111111x",
      "4111.1111.1111.1111", "9111111111111111", "1234 5678 9012 3456", "order 2024-11-27-000123", "0000000000000000",
    ])
  func noCards(text: String) {
    #expect(!found(text).contains("card_number"))
  }

  @Test(
    "Account numbers prove themselves",
    arguments: [
      ("GB82 WEST 1234 5698 7654 32", true), ("GB82WEST12345698765432", true), ("gb82west12345698765432", true),
      ("UA213223130000026007233566001", true), ("PL61109010140000071219812874", true), ("NO9386011117947", true),
      ("FR1420041010050500013M02606", true), ("GB82WEST12345698765433", false), ("GB82WEST1234569876543", false),
      ("XX82WEST12345698765432", false), ("GB82WEST12345698765432A", false), ("GB82  WEST  1234", false),
    ])
  func ibans(text: String, isThere: Bool) {
    #expect(found(text).contains("iban") == isThere)
  }

  @Test(
    "Addresses are found where they begin and end",
    arguments: [
      ("ann@example.org", "ann@example.org"), ("Write to <ann.b+c@mail.example.co.uk>.", "ann.b+c@mail.example.co.uk"),
      ("пошта: ірина@приклад.укр!", "ірина@приклад.укр"), ("..ann@a.org.", "ann@a.org"),
      ("x@1.org", "x@1.org"), ("a@b.cc@d.ee", "a@b.cc"),
    ])
  func emails(text: String, address: String) throws {
    let segments = SegmentedText(text)
    let finding = try #require(PersonalDataFinding.all(in: segments).first)
    #expect(finding.kind == .email)
    #expect(segments.text(finding.range) == address)
    #expect(finding.masked == "\(try #require(address.first))***@***")
  }

  @Test(
    "What only looks like an address is none",
    arguments: ["a@b", "@example.org", "ann@", "ann.@example.org", "a@1.2", "a b@ c.org", "5 @ 3.50 each", "@@@"])
  func noEmails(text: String) {
    #expect(found(text) == [])
  }

  @Test(
    "Telephone numbers are found",
    arguments: [
      "+380671234567", "+38 (067) 123-45-67", "(+380) 67 123 45 67", "0671234567", "067 123 45 67", "(050) 123-45-67",
      "555-234-5678", "(555) 234-5678", "+1 555 234 5678", "01 23 45 67 89", "phone: 5551234", "тел. 1234567",
      "Call me 123 45 67", "600-700-800", "+49 30 901820",
    ])
  func phones(text: String) {
    #expect(found(text) == ["phone"])
  }

  @Test(
    "What only looks like a telephone number is none",
    arguments: [
      "2026-11-27", "10:30", "192.168.1.1", "1 234 567", "+123", "3.14159", "+1234567890123456", "ISBN 978", "1234567",
      "555 1234", "100 200 300", "v+380671234567x", "0001234567",
    ])
  func noPhones(text: String) {
    #expect(found(text) == [])
  }

  @Test(
    "Told passwords are found",
    arguments: [
      ("password: x", "x"), ("Password = hunter2", "hunter2"), ("my password is hunter2 ok", "hunter2"),
      ("пароль: Тигр", "Тигр"), ("Мій пароль це qwerty1", "qwerty1"), ("hasło: tajne", "tajne"),
      ("Das Passwort lautet geheim42", "geheim42"), ("contraseña: perro", "perro"),
      ("mot de passe : soleil", "soleil"), ("pwd=a b", "a"), ("PIN: 1234", "1234"),
      ("password is p@ssword", "p@ssword"),
    ])
  func passwords(text: String, secret: String) throws {
    let segments = SegmentedText(text)
    let finding = try #require(PersonalDataFinding.all(in: segments).first)
    #expect(finding.kind == .password)
    #expect(segments.text(finding.range) == secret)
    #expect(finding.masked == "***")
  }

  @Test(
    "Talk of passwords is no password",
    arguments: [
      "I forgot my password", "the password is wrong", "password is secret.", "password:", "password:\nnext line",
      "passwords: many", "пароль не підходить",
    ])
  func noPasswords(text: String) {
    #expect(found(text) == [])
  }

  @Test(
    "National numbers prove themselves, and where a digit proves little they must be announced",
    arguments: [
      ("078-05-1120", true), ("000-12-3456", false), ("666-12-3456", false), ("900-12-3456", false),
      ("078 05 1120", false), ("44051401359", true), ("44051401358", false), ("44991401359", false),
      ("12345678Z", true), ("12345678-Z", true), ("12345678A", false), ("2 55 08 14 168 025 38", true),
      ("255081416802538", true), ("255081416802539", false), ("ІПН 3175901238", true), ("ІПН 3175901239", false),
      ("номер 3175901238", false), ("Steuer-ID: 86095742719", true), ("Steuer-ID: 86095742718", false),
      ("86095742719", false), ("ИНН 500100732259", true), ("ИНН 500100732258", false),
    ])
  func nationalIDs(text: String, isThere: Bool) {
    #expect(found(text).contains("national_id") == isThere)
  }

  @Test("Findings are in order, do not overlap, and show at most a trace")
  func order() {
    let text = "a@b.cc 4111 1111 1111 1111, +380671234567 password: a@b.cc DE89370400440532013000"
    let findings = PersonalDataFinding.all(in: SegmentedText(text))
    #expect(findings.map(\.kind) == [.email, .cardNumber, .phone, .email, .iban])
    #expect(findings.map(\.masked) == ["a***@***", "****1111", "****67", "a***@***", "DE****3000"])
    for (first, second) in zip(findings, findings.dropFirst()) {
      #expect(first.range.upperBound <= second.range.lowerBound)
    }
  }

  @Test("Findings are bounded, however many there are")
  func bounded() {
    let analysis = MessageAnalysis(of: String(repeating: "a@b.cc ", count: 1000))
    #expect(analysis.personalData.count == MessageAnalysis.findingLimit)
    #expect(analysis.keywords.isEmpty)
  }
}
