import CelerityCore
import CelerityJSON

/// The schemas of documents' data, for people and programs that fill them in. Sections are open: members that are not named
/// here are other names for those that are.
enum DataSchema {
  /// The schema of a type's data.
  static func schema(_ type: DocumentType) -> JSONSchema {
    let properties = [.init("personalInfo", personalInfo)] + (type == .resume ? resume : letter)
    return JSONSchema(.object(properties: properties, additional: .allowed))
  }

  /// The sections that a type may have besides what it must have.
  static func sections(_ type: DocumentType) -> [String] {
    (type == .resume ? resume : letter).filter { !$0.isRequired }.map(\.name)
  }

  private static func text(_ description: String? = nil) -> JSONSchema { JSONSchema(.string, description: description) }

  private static let personalInfo = JSONSchema(
    .object(
      properties: [
        .init("name", text()), .init("email", JSONSchema(.string, format: "email")),
      ]
        + [
          "phone", "location", "title", "website", "website_display", "linkedin", "linkedin_display", "github",
          "github_display", "twitter", "twitter_display", "x", "x_display",
        ].map { .init($0, text(), isRequired: false) }, additional: .allowed))

  private static let strings = JSONSchema(.array(text()))
  private static let categories = JSONSchema(.object(properties: [], additional: .of(strings)))
  private static let date = text("`YYYY-MM`, `MM-YYYY`, `YYYY-MM-DD`, `MM-DD-YYYY` or `Present`.")

  /// An object of texts and lists of texts.
  private static func item(_ texts: [String], lists: [String] = [], dates: [String] = []) -> JSONSchema {
    JSONSchema(
      .object(
        properties: texts.map { .init($0, text(), isRequired: false) }
          + dates.map { .init($0, date, isRequired: false) }
          + lists.map { .init($0, strings, isRequired: false) }, additional: .allowed))
  }

  private static func list(_ item: JSONSchema) -> JSONSchema { JSONSchema(.array(item)) }

  private static func textsOr(_ item: JSONSchema) -> JSONSchema { list(JSONSchema(.oneOf([text(), item]))) }

  private static let span = ["startDate", "endDate"]

  private static let resume: [JSONSchema.Property] = [
    ("professionalSummary", text()),
    ("coreCompetencies", strings),
    ("leadershipExperience", list(item(["title", "organization", "url"], lists: ["achievements"], dates: span))),
    (
      "experience",
      list(
        item(
          ["title", "company", "location", "url", "description"], lists: ["achievements", "technologies"], dates: span))
    ),
    (
      "education",
      list(
        item(
          ["degree", "institution", "location", "url", "focus", "gpa", "honors"],
          lists: ["notableCourseWorks", "projects"], dates: span))
    ),
    ("relevantCoursework", textsOr(item(["name", "description"]))),
    ("technicalSkills", categories),
    ("skillsMatrix", categories),
    ("technologiesAndSkills", JSONSchema(.oneOf([textsOr(item(["category"], lists: ["skills"])), categories]))),
    ("projects", list(item(["name", "url", "description"], lists: ["tools", "achievements"], dates: span))),
    ("openSourceContributions", list(item(["project", "description", "url"], lists: ["contributions"]))),
    ("researchExperience", list(item(["title", "institution", "description"], dates: span))),
    ("publications", list(item(["title", "venue", "date", "url", "doi"], lists: ["authors"]))),
    ("technicalWriting", list(item(["title", "platform", "date", "url"]))),
    ("articlesAndPublications", list(item(["title", "date"]))),
    ("speakingEngagements", list(item(["title", "event", "date", "location"]))),
    ("awardsAndHonors", textsOr(item(["title", "issuer", "date"]))),
    ("achievements", strings),
    (
      "certifications",
      JSONSchema(
        .oneOf([textsOr(item(["name", "url", "issuer", "date", "expiry", "credential_id"])), categories]))
    ),
    ("teachingExperience", list(item(["title", "institution"], lists: ["courses", "details"], dates: span))),
    ("mentorship", textsOr(item(["description", "duration"]))),
    ("volunteering", list(item(["role", "organization", "description"], dates: span))),
    ("languages", textsOr(item(["language", "proficiency"]))),
    ("professionalAffiliations", list(item(["organization", "role", "date"]))),
    ("patents", list(item(["title", "patentNumber", "status", "date"]))),
    ("industryExpertise", textsOr(item(["name", "description"]))),
    ("referral", item(["name", "title", "company", "relationship", "email"])),
    ("references", list(item(["name", "title", "company", "email", "phone"]))),
    ("referencesAvailable", text("Printed in place of a list of references.")),
    ("interests", strings),
  ].map { .init($0.0, $0.1, isRequired: false) }

  private static let letter: [JSONSchema.Property] = [
    .init("body", JSONSchema(.oneOf([text("An empty line ends a paragraph."), strings]))),
    .init(
      "recipient", item(["name", "title", "company", "department", "street", "city", "state", "zip", "country"]),
      isRequired: false),
    .init("date", text("As it shall stand there; the day when it is left out."), isRequired: false),
    .init("salutation", text(), isRequired: false), .init("closing", text(), isRequired: false),
  ]
}
