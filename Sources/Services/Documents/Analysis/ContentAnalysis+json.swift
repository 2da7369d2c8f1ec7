import CelerityJSON

extension ContentAnalysis {
  /// Words, characters, lines, and the pages they suggest.
  func writeTotals(to writer: inout JSONWriter) {
    writer.member("total_words", words)
    writer.member("total_characters", characters)
    writer.member("total_lines_estimate", lines)
    writer.member("estimated_pages", estimatedPages)
  }

  /// The sections, each with its measures.
  func writeSections(to writer: inout JSONWriter) {
    for section in sections {
      writer.beginObject()
      writer.member("section_name", section.name)
      writer.member("word_count", section.words)
      writer.member("character_count", section.characters)
      writer.member("estimated_lines", section.lines)
      writer.member("average_word_length", section.averageWordLength)
      writer.member("density", section.density)
      writer.endObject()
    }
  }

  /// What was found in data alone.
  func write(to writer: inout JSONWriter) {
    writer.member("spacing_config", object: { spacing.writeMeasures(to: &$0) })
    writer.member("total_metrics", object: { writeTotals(to: &$0) })
    writer.member("section_analysis", array: { writeSections(to: &$0) })
    writer.member(
      "recommendations",
      array: { writer in
        for advice in recommendations(pages: estimatedPages) { writer.string(advice) }
      })
  }
}

extension SpacingMode {
  /// The mode's distances with their unit.
  func writeMeasures(to writer: inout JSONWriter) {
    let measures = measures
    writer.member("mode", rawValue)
    writer.member("lines_per_page", linesPerPage)
    for (name, length) in [
      ("margin_top", measures.topMargin), ("margin_bottom", measures.bottomMargin),
      ("margin_left", measures.leftMargin), ("margin_right", measures.rightMargin),
      ("section_spacing_before", measures.beforeSection), ("section_spacing_after", measures.afterSection),
      ("item_sep", measures.betweenItems),
    ] {
      writer.member(name, "\(length)cm")
    }
  }
}
