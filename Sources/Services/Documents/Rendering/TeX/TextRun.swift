/// A part of a text whose characters need the same fonts and are set the same way.
struct TextRun {
  var kind: Kind
  var scalars: String.UnicodeScalarView

  enum Kind {
    /// What the text fonts have.
    case plain
    /// Chinese and Japanese, between whose characters lines may end.
    case ideographs
    /// Hebrew, Arabic and their relatives.
    case rightToLeft
    /// Whatever some font may have.
    case other
  }

  /// The runs of a text on one line.
  static func runs(of text: String) -> [TextRun] {
    var runs: [TextRun] = []
    for scalar in text.unicodeScalars {
      guard let visible = visible(scalar, after: runs.last?.scalars.last) else { continue }
      let isJoiner = visible == "\u{200C}" || visible == "\u{200D}"
      let kind = isJoiner ? runs.last?.kind ?? .other : kind(of: visible)
      if visible.properties.generalCategory == .nonspacingMark, kind == .other, joinMark(visible, to: &runs) {
        continue
      }
      if let last = runs.last, last.kind == kind {
        runs[runs.count - 1].scalars.append(visible)
      } else {
        runs.append(TextRun(kind: kind, scalars: String.UnicodeScalarView([visible])))
      }
    }
    return joined(runs)
  }

  /// A mark is set with its letter, by the font of both.
  private static func joinMark(_ mark: Unicode.Scalar, to runs: inout [TextRun]) -> Bool {
    guard let last = runs.last, let letter = last.scalars.last else { return false }
    if last.kind != .plain {
      runs[runs.count - 1].scalars.append(mark)
      return true
    }
    guard letter.properties.isAlphabetic || letter.properties.numericType != nil else { return false }
    runs[runs.count - 1].scalars.removeLast()
    if runs[runs.count - 1].scalars.isEmpty { runs.removeLast() }
    runs.append(TextRun(kind: .other, scalars: String.UnicodeScalarView([letter, mark])))
    return true
  }

  /// Words that run from right to left keep their order only if the spaces between them do too.
  private static func joined(_ runs: [TextRun]) -> [TextRun] {
    var joined: [TextRun] = []
    for (index, run) in runs.enumerated() {
      let isBetween =
        run.kind == .plain && run.scalars.allSatisfy { $0 == " " } && joined.last?.kind == .rightToLeft
        && index + 1 < runs.count && runs[index + 1].kind == .rightToLeft
      if isBetween || (run.kind == .rightToLeft && joined.last?.kind == .rightToLeft) {
        joined[joined.count - 1].scalars.append(contentsOf: run.scalars)
      } else {
        joined.append(run)
      }
    }
    return joined
  }

  /// What of a scalar is set: spaces of all widths are one, what nobody can see is left out.
  private static func visible(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: return " "
    case 0xA0, 0x202F: return "\u{A0}"
    // Joiners change letters in the scripts from Arabic to Malayalam; elsewhere no font draws them.
    case 0x200C, 0x200D: return previous.map { (0x600...0xDFF).contains($0.value) } == true ? scalar : nil
    case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return nil
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return nil
    case .spaceSeparator: return " "
    default: return scalar
    }
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x17F, 0x386, 0x388...0x38A, 0x38C, 0x38E...0x3A1, 0x3A3...0x3CE,
      0x400...0x45F, 0x1E00...0x1E9B, 0x1E9E, 0x1EA0...0x1EF9, 0x2012...0x2022, 0x2026, 0x2030, 0x2039...0x203A,
      0x2044, 0x20AC, 0x2116, 0x2122, 0x2212:
      // What all faces of the documents' fonts have.
      .plain
    case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC: .rightToLeft
    case 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x20000...0x3FFFF:
      .ideographs
    default: .other
    }
  }
}
