/// How much room texts take on a terminal.
enum DisplayWidth {
  /// Cells that `text` takes: two for a wide character, such as Chinese ones, none for marks that join.
  static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  /// `text` filled up with blanks to `width` cells, at its end or its beginning.
  static func padded(_ text: String, to width: Int, right: Bool) -> String {
    let blanks = String(repeating: " ", count: max(width - of(text), 0))
    return right ? blanks + text : text + blanks
  }

  /// `text` cut to at most `width` cells, with `…` where something is missing.
  static func clipped(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    var clipped = ""
    var room = width - 1
    for character in text {
      room -= Self.width(of: character)
      guard room >= 0 else { break }
      clipped.append(character)
    }
    return clipped + "…"
  }

  /// `text` without what would move the cursor or end the line: other people's words stay words.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || (0x2028...0x202E).contains(scalar.value)
      || (0x2066...0x2069).contains(scalar.value)
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    return wide.contains { $0.contains(first.value) } ? 2 : 1
  }

  // The blocks of Unicode's East Asian Width "W" and "F" that names are written in, and the emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
