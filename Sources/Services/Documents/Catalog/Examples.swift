import CelerityJSON

/// Data and requests that work as they stand.
enum Examples {
  /// Data with every section of a type.
  static func data(_ type: DocumentType) -> RawJSON {
    switch type {
    case .resume: resume
    case .coverLetter: letter
    }
  }

  /// A short request. LaTeX, because that needs no typesetter on the server.
  static func request(_ type: DocumentType) -> RawJSON {
    .object([
      ("document_type", .string(type.rawValue)), ("template", .string(DocumentTemplate.classic.rawValue)),
      ("format", .string(DocumentFormat.latex.rawValue)), ("data", type == .resume ? shortResume : letter),
    ])
  }

  static let requestInYAML = RawJSON.object([
    ("document_type", .string(DocumentType.resume.rawValue)),
    ("template", .string(DocumentTemplate.classic.rawValue)),
    ("format", .string(DocumentFormat.latex.rawValue)), ("yaml_data", .string(YAMLText.text(shortResume))),
  ])

  static let batch = RawJSON.object([("documents", .array([request(.resume), request(.coverLetter)]))])

  static let validation = RawJSON.object([
    ("document_type", .string(DocumentType.resume.rawValue)), ("data", shortResume),
    ("validation_level", .string("ultra")),
  ])

  static let shortResume = RawJSON(
    unchecked: Array(
      #"""
      {"personalInfo":{"name":"Jane Doe","email":"jane.doe@example.com","phone":"+1 (555) 123-4567",
      "location":"Springfield"},"professionalSummary":"Engineer with ten years of experience in distributed systems.",
      "experience":[{"title":"Staff Engineer","company":"Example Corp","startDate":"2019-03","endDate":"Present",
      "achievements":["Cut the cost of a million tasks to a third"]}],
      "education":[{"degree":"B.Sc. Computer Science","institution":"Example University","startDate":"2009-09",
      "endDate":"2013-06"}],"skills":{"Languages":["Swift","Python"],"Tools":["Linux","Redis"]}}
      """#.utf8))

  private static let letter = RawJSON(
    unchecked: Array(
      #"""
      {"personalInfo":{"name":"Jane Doe","email":"jane.doe@example.com","phone":"+1 (555) 123-4567",
      "location":"Springfield","website":"https://jane.example.com","website_display":"jane.example.com"},
      "recipient":{"name":"John Smith","title":"Hiring Manager","company":"Example Corp","department":"Engineering",
      "address":["1 Example Street"],"city":"Springfield","state":"IL","zip":"62701","country":"USA"},
      "date":"November 27, 2026","salutation":"Dear Mr. Smith,",
      "body":["I am writing to apply for the position of Staff Engineer.",
      "For ten years I have built systems that keep going when parts of them do not.",
      "I would be glad to tell you more."],"closing":"Sincerely,"}
      """#.utf8))

  private static let resume = RawJSON(unchecked: Array(resumeText.utf8))
}
