/// The sections of a resume in the order they are printed in.
enum SectionKind: Sendable, Hashable, CaseIterable {
  case summary, competencies, leadership, experience, education, coursework, technicalSkills, skillsMatrix, technologies
  case projects, openSource, research, publications, technicalWriting, articles, speaking, awards, achievements
  case certifications, teaching, mentorship, volunteering, languages, affiliations, patents, industry, referral
  case references, interests
  /// Whatever else was given.
  case other

  /// Whether it stands in the narrow column where there is one.
  var isInSideColumn: Bool {
    switch self {
    case .competencies, .education, .coursework, .technicalSkills, .skillsMatrix, .technologies, .certifications,
      .languages, .interests:
      true
    case .summary, .leadership, .experience, .projects, .openSource, .research, .publications, .technicalWriting,
      .articles, .speaking, .awards, .achievements, .teaching, .mentorship, .volunteering, .affiliations, .patents,
      .industry, .referral, .references, .other:
      false
    }
  }
}
