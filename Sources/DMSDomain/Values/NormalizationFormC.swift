/// Unicode Normalization Form C: one spelling for each text, so that equal identifiers have equal bytes.
///
/// Follows UAX #15. ASCII is recognised at once; other text is judged by the quick check, and only text with a mark
/// that might join the scalar before it is decomposed and composed.
enum NormalizationFormC {
  /// True when the text is its own Form C. Costs time in proportion to its length.
  static func isNormalized(_ text: String) -> Bool {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return true }
    var lastClass: UInt8 = 0
    var mayJoin = false
    for scalar in text.unicodeScalars where scalar.value >= 0xC0 {
      if scalar.properties.isFullCompositionExclusion { return false }
      if isJamo(scalar.value) || CanonicalCompositions.marks.contains(scalar.value) { mayJoin = true }
    }
    for scalar in text.unicodeScalars {
      let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
      if combiningClass != 0, combiningClass < lastClass { return false }
      lastClass = combiningClass
    }
    guard mayJoin else { return true }
    let scalars = text.unicodeScalars.map(\.value)
    return composed(decomposed(scalars)) == scalars
  }

  private struct Piece {
    var scalar: UInt32
    var combiningClass: UInt8
  }

  /// The canonical decomposition in canonical order, of scalars none of which is excluded from composition.
  private static func decomposed(_ scalars: [UInt32]) -> [Piece] {
    var pieces: [Piece] = []
    pieces.reserveCapacity(scalars.count * 2)
    for scalar in scalars {
      append(scalar, to: &pieces)
    }
    // Insertion sort within each run of marks: it is stable, and runs are short.
    for index in pieces.indices where pieces[index].combiningClass != 0 {
      var place = index
      while place > 0, pieces[place - 1].combiningClass > pieces[place].combiningClass {
        pieces.swapAt(place - 1, place)
        place -= 1
      }
    }
    return pieces
  }

  private static func append(_ scalar: UInt32, to pieces: inout [Piece]) {
    if let (starter, mark) = CanonicalCompositions.decomposed[scalar] {
      append(starter, to: &pieces)
      append(mark, to: &pieces)
    } else if Hangul.syllables.contains(scalar) {
      let index = scalar - Hangul.syllables.lowerBound
      pieces.append(Piece(scalar: Hangul.leads.lowerBound + index / Hangul.syllablesPerLead, combiningClass: 0))
      let vowel = index % Hangul.syllablesPerLead / Hangul.syllablesPerVowel
      pieces.append(Piece(scalar: Hangul.vowels.lowerBound + vowel, combiningClass: 0))
      let trail = index % Hangul.syllablesPerVowel
      if trail != 0 { pieces.append(Piece(scalar: Hangul.trails.lowerBound + trail - 1, combiningClass: 0)) }
    } else {
      let combiningClass = Unicode.Scalar(scalar)?.properties.canonicalCombiningClass.rawValue ?? 0
      pieces.append(Piece(scalar: scalar, combiningClass: combiningClass))
    }
  }

  /// Joins each mark to the starter before it where Unicode has a scalar for both and no mark between them blocks it.
  private static func composed(_ pieces: [Piece]) -> [UInt32] {
    var result: [UInt32] = []
    var starterIndex: Int?
    var lastClass: UInt8 = 0
    for piece in pieces {
      if let starterIndex {
        let isAdjacent = starterIndex == result.count - 1
        let isUnblocked = isAdjacent || (lastClass != 0 && lastClass < piece.combiningClass)
        if isUnblocked, let joined = pair(result[starterIndex], piece.scalar) {
          result[starterIndex] = joined
          continue
        }
      }
      if piece.combiningClass == 0 { starterIndex = result.count }
      lastClass = piece.combiningClass
      result.append(piece.scalar)
    }
    return result
  }

  private static func pair(_ starter: UInt32, _ mark: UInt32) -> UInt32? {
    if Hangul.leads.contains(starter), Hangul.vowels.contains(mark) {
      let lead = starter - Hangul.leads.lowerBound
      let vowel = mark - Hangul.vowels.lowerBound
      return Hangul.syllables.lowerBound + lead * Hangul.syllablesPerLead + vowel * Hangul.syllablesPerVowel
    }
    if Hangul.syllables.contains(starter), Hangul.trails.contains(mark),
      (starter - Hangul.syllables.lowerBound) % Hangul.syllablesPerVowel == 0
    {
      return starter + mark - Hangul.trails.lowerBound + 1
    }
    return CanonicalCompositions.composed[CanonicalCompositions.key(starter, mark)]
  }

  private static func isJamo(_ scalar: UInt32) -> Bool {
    Hangul.vowels.contains(scalar) || Hangul.trails.contains(scalar)
  }

  /// Korean syllables are composed by a formula (The Unicode Standard, section 3.12).
  private enum Hangul {
    static let leads: ClosedRange<UInt32> = 0x1100...0x1112
    static let vowels: ClosedRange<UInt32> = 0x1161...0x1175
    static let trails: ClosedRange<UInt32> = 0x11A8...0x11C2
    static let syllables: ClosedRange<UInt32> = 0xAC00...0xD7A3
    static let syllablesPerVowel: UInt32 = 28
    static let syllablesPerLead: UInt32 = 588
  }
}
