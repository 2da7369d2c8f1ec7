extension SectionPlan {
  /// All sections with names of their own, in the order they are printed in. A name that two sections could go by belongs to
  /// the first, so nothing is printed twice.
  static let all: [SectionPlan] = work + learning + writing + recognition + service + rest

  private static let achievements = ["achievements", "details", "responsibilities", "duties"]
  private static let skillGroup = (label: ["category", "name", "type"], values: ["skills", "items", "technologies"])

  private static let work = [
    SectionPlan(
      .summary, "Professional Summary", ["professionalSummary", "summary"], texts: .paragraphs,
      EntryFields(title: ["title"])),
    SectionPlan(
      .competencies, "Core Competencies", ["coreCompetencies", "competencies", "keySkills", "expertise"], texts: .row,
      EntryFields(title: ["name", "title"], group: skillGroup)),
    SectionPlan(
      .leadership, "Leadership Experience", ["leadershipExperience", "leadership"], texts: .points,
      EntryFields(
        title: ["title", "position", "role"], organization: ["organization", "company"], points: achievements)),
    SectionPlan(
      .experience, "Experience", ["experience"], texts: .points,
      EntryFields(
        title: ["title", "position", "role"], organization: ["company", "employer", "organization"],
        points: achievements, facts: [("Technologies", ["technologies"])], openEnd: "Present")),
  ]

  private static let learning = [
    SectionPlan(
      .education, "Education", ["education"], texts: .points,
      EntryFields(
        title: ["degree", "title", "qualification"],
        organization: ["institution", "school", "university", "college"],
        facts: [
          ("Focus", ["focus", "major", "specialization", "concentration"]), ("GPA", ["gpa"]), ("Honors", ["honors"]),
          ("Coursework", ["notableCourseWorks", "courses", "coursework", "details"]),
          ("Projects", ["projects", "academicProjects"]),
        ], date: ["graduationDate"])),
    SectionPlan(
      .coursework, "Relevant Coursework", ["relevantCoursework", "coursework", "courses"], texts: .row,
      EntryFields(title: ["name", "title"])),
    SectionPlan(
      .technicalSkills, "Technical Skills", ["technicalSkills", "techSkills"], texts: .row,
      EntryFields(title: ["title"], group: skillGroup)),
    SectionPlan(
      .skillsMatrix, "Skills Matrix", ["skillsMatrix", "skillsByProficiency"], texts: .row,
      EntryFields(title: ["title"], group: (label: ["level", "proficiency"] + skillGroup.label, skillGroup.values))),
    SectionPlan(
      .technologies, "Technologies & Skills",
      ["technologiesAndSkills", "skills", "technologies"], texts: .row,
      EntryFields(title: ["title"], group: skillGroup)),
    SectionPlan(
      .projects, "Projects", ["projects"], texts: .points,
      EntryFields(
        title: ["name", "title", "project_name"], points: ["achievements", "accomplishments", "results", "outcomes"],
        facts: [("Technologies", ["tools", "technologies", "tech_stack", "stack"])])),
    SectionPlan(
      .openSource, "Open Source Contributions", ["openSourceContributions", "openSource", "ossContributions"],
      texts: .points,
      EntryFields(title: ["project", "name", "repository"], points: ["contributions", "details"])),
    SectionPlan(
      .research, "Research Experience", ["researchExperience", "research"], texts: .points,
      EntryFields(title: ["title"], organization: ["institution", "organization", "lab"], points: achievements)),
  ]

  private static let writing = [
    SectionPlan(
      .publications, "Publications", ["publications", "academicPublications", "papers"], texts: .points,
      EntryFields(
        title: ["title", "name"], organization: ["venue", "journal", "conference"],
        facts: [("Authors", ["authors"]), ("DOI", ["doi"])], date: ["year", "published"])),
    SectionPlan(
      .technicalWriting, "Technical Writing", ["technicalWriting", "articles", "blogPosts"], texts: .points,
      EntryFields(title: ["title", "name"], organization: ["platform"], date: ["year", "published"])),
    SectionPlan(
      .articles, "Articles & Publications", ["articlesAndPublications"], texts: .points,
      EntryFields(title: ["title", "name"], organization: ["platform", "venue"], date: ["published_date", "year"])),
    SectionPlan(
      .speaking, "Speaking Engagements", ["speakingEngagements", "speaking", "talks", "conferences"], texts: .points,
      EntryFields(title: ["title", "name", "topic"], organization: ["event", "conference", "venue"])),
  ]

  private static let recognition = [
    SectionPlan(
      .awards, "Awards & Honors", ["awardsAndHonors", "awards", "honors", "recognition"], texts: .points,
      EntryFields(title: ["title", "name"], organization: ["issuer", "organization"], date: ["year"])),
    SectionPlan(
      .achievements, "Achievements", ["achievements", "accomplishments"], texts: .points,
      EntryFields(title: ["title", "name"], organization: ["issuer"], date: ["year"])),
    SectionPlan(
      .certifications, "Certifications", ["certifications", "certificates", "credentials", "licenses"], texts: .points,
      EntryFields(
        title: ["name", "title", "certification"], organization: ["issuer", "organization"],
        facts: [("Expires", ["expiry", "expires", "expiryDate"]), ("Credential ID", ["credential_id"])],
        date: ["year"])),
  ]

  private static let service = [
    SectionPlan(
      .teaching, "Teaching Experience", ["teachingExperience", "teaching"], texts: .points,
      EntryFields(
        title: ["title", "role"], organization: ["institution", "organization"], points: achievements,
        facts: [("Courses", ["courses"])])),
    SectionPlan(
      .mentorship, "Mentorship", ["mentorship", "mentoringExperience"], texts: .points,
      EntryFields(
        title: ["title", "role"], organization: ["organization", "program"], points: achievements,
        facts: [("Mentees", ["menteeCount"]), ("Duration", ["duration"])])),
    SectionPlan(
      .volunteering, "Volunteering & Community Service",
      ["volunteering", "volunteerExperience", "communityService"], texts: .points,
      EntryFields(title: ["role", "title", "position"], organization: ["organization"], points: achievements)),
    SectionPlan(
      .languages, "Languages", ["languages", "spokenLanguages"], texts: .row,
      EntryFields(title: ["title"], group: (label: ["language", "name"], values: ["proficiency", "level", "fluency"]))),
    SectionPlan(
      .affiliations, "Professional Affiliations", ["professionalAffiliations", "affiliations", "memberships"],
      texts: .points,
      EntryFields(title: ["organization", "name"], organization: ["role", "title"], date: ["year"])),
  ]

  private static let rest = [
    SectionPlan(
      .patents, "Patents & Intellectual Property", ["patents", "intellectualProperty"], texts: .points,
      EntryFields(
        title: ["title", "name"], facts: [("Patent number", ["patentNumber", "number"]), ("Status", ["status"])],
        date: ["year"])),
    SectionPlan(
      .industry, "Industry Expertise", ["industryExpertise", "industryExperience", "domains"], texts: .row,
      EntryFields(title: ["name", "industry", "title"], facts: [("Years", ["years"])])),
    SectionPlan(
      .referral, "Referral", ["referral", "referredBy"], texts: .paragraphs,
      EntryFields(
        title: ["name"], organization: ["title"],
        facts: [
          ("Company", ["company"]), ("Relationship", ["relationship"]), ("Email", ["email"]), ("Phone", ["phone"]),
        ])),
    SectionPlan(
      .references, "References", ["references", "professionalReferences", "referencesAvailable"], texts: .paragraphs,
      EntryFields(
        title: ["name"], organization: ["title"],
        facts: [
          ("Company", ["company"]), ("Relationship", ["relationship"]), ("Email", ["email"]), ("Phone", ["phone"]),
        ])),
    SectionPlan(
      .interests, "Interests", ["interests"], texts: .row, EntryFields(title: ["name", "title"])),
  ]

  /// How anything else is read that stands in the data.
  static func other(_ name: String) -> SectionPlan {
    SectionPlan(
      .other, FieldName.label(name), [name], texts: .points,
      EntryFields(
        title: ["title", "name", "role", "position"],
        organization: ["organization", "company", "institution", "issuer"],
        points: achievements))
  }
}
