import CelerityJSON

/// What is told of templates.
enum TemplateCatalog {
  /// Where it shows a person's work.
  static func description(_ template: DocumentTemplate, for type: DocumentType) -> String {
    switch (template, type) {
    case (.classic, .resume):
      "One column: the name large and centred, a rule under each heading, dates at the right edge."
    case (.classic, .coverLetter): "One column: the name centred above a letter."
    case (.twoColumn, .resume):
      "A dark column with contact, skills, education and certifications beside one with the experience."
    case (.twoColumn, .coverLetter): "A dark column with the contact beside the letter."
    }
  }

  /// What the data must have.
  static func requiredFields(_ type: DocumentType) -> [String] {
    switch type {
    case .resume: ["personalInfo", "personalInfo.name", "personalInfo.email"]
    case .coverLetter: ["personalInfo", "personalInfo.name", "personalInfo.email", "body"]
    }
  }

  /// Where a template's preview is, below the service.
  static func preview(_ template: DocumentTemplate, for type: DocumentType) -> String {
    "/templates/\(type.rawValue)/\(template.rawValue)/preview"
  }
}
