import DMSDomain
import Foundation
import Testing

@Suite("Identifiers")
struct IdentifierTests {
  @Test(
    "Real keys are taken as they are",
    arguments: ["A", "10/24", "C++", "HY-VEE #1", "华东-01", "ẹ́kọ́", "é", "한국", "ABC 12", "Ω"])
  func realKeys(text: String) throws {
    #expect(try SKU(validating: text.precomposedStringWithCanonicalMapping).value.unicodeScalars.count >= 1)
  }

  @Test("64 characters fit, 65 do not, whatever their bytes", arguments: ["x", "华", "😀"])
  func length(character: String) throws {
    #expect(try SKU(validating: String(repeating: character, count: 64)).value.count == 64)
    #expect(throws: IdentifierError.tooLong(max: 64)) {
      try SKU(validating: String(repeating: character, count: 65))
    }
  }

  @Test(
    "What is no identifier is refused with the reason",
    arguments: [
      ("", IdentifierError.empty),
      (" A", .blankAtEnd),
      ("A ", .blankAtEnd),
      ("\u{3000}华", .blankAtEnd),
      ("A\u{0}B", .notPrintable(position: 1, scalar: 0)),
      ("AB\n", .notPrintable(position: 2, scalar: 10)),
      ("A\u{7F}", .notPrintable(position: 1, scalar: 0x7F)),
      ("A\u{200B}B", .notPrintable(position: 1, scalar: 0x200B)),
      ("A\u{202E}B", .notPrintable(position: 1, scalar: 0x202E)),
      ("A\u{E000}", .notPrintable(position: 1, scalar: 0xE000)),
      ("e\u{301}", .notNormalized),
      ("\u{212B}", .notNormalized),
      ("\u{1112}\u{1161}\u{11AB}", .notNormalized),
      ("a\u{302}\u{323}", .notNormalized),
      ("\u{1E0B}\u{327}", .notNormalized),
      ("\u{1E0B}\u{323}", .notNormalized),
    ])
  func refused(text: String, error: IdentifierError) {
    #expect(throws: error) { try DealerID(validating: text) }
  }

  @Test("Case counts")
  func caseSensitive() throws {
    #expect(try SKU(validating: "a") != SKU(validating: "A"))
  }

  @Test("Form C is told as Foundation tells it, over random texts", arguments: seeds)
  func normalForm(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pool: [ClosedRange<UInt32>] = [
      0x41...0x7A, 0xC0...0x17F, 0x300...0x34E, 0x1E00...0x1EF9, 0x1F00...0x1F15, 0x1100...0x1112, 0x1161...0x1175,
      0xAC00...0xAC40, 0x3041...0x3096, 0x3099...0x309A, 0x915...0x939, 0x93C...0x93C, 0x9BE...0x9C4,
      0x9C7...0x9C8, 0x4E00...0x4E20, 0x2126...0x212B,
    ]
    for _ in 0..<4_000 {
      var text = ""
      for _ in 0..<random.number(1...6) {
        guard let range = pool.randomElement(using: &random) else { continue }
        guard let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) else { continue }
        guard scalar.properties.generalCategory != .unassigned else { continue }
        text.unicodeScalars.append(scalar)
      }
      guard !text.isEmpty else { continue }
      let normal = Array(text.precomposedStringWithCanonicalMapping.unicodeScalars)
      let isNormal = normal == Array(text.unicodeScalars)
      #expect(isTaken(text) == isNormal, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
    }
  }

  // Foundation leaves a syllable and a trailing consonant apart, against section 3.12 of the standard.
  @Test("A Korean syllable is taken whole, never with its trailing consonant apart")
  func trailingConsonants() throws {
    for trail in UInt32(0x11A8)...0x11C2 {
      for syllable in stride(from: UInt32(0xAC00), through: 0xD788, by: 28) {
        let whole = try #require(Unicode.Scalar(syllable + trail - 0x11A7))
        let apart = [syllable, trail].compactMap { Unicode.Scalar($0) }.map { String($0) }.joined()
        guard apart == String(whole), isTaken(String(whole)), !isTaken(apart) else {
          Issue.record("\(String(syllable, radix: 16)) \(String(trail, radix: 16))")
          return
        }
      }
    }
  }

  private func isTaken(_ text: String) -> Bool {
    do {
      _ = try SKU(validating: text)
      return true
    } catch {
      return error != .notNormalized
    }
  }

  @Test("A request id is a UUID, and one spelling of it is kept")
  func requestID() throws {
    let id = try RequestID(validating: "3F2B8C1E-0D4A-4F6B-9A77-5F0E1C2D3B4A")
    #expect(id.value == "3f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d3b4a")
    let bad = [
      "", "3f2b8c1e", "3f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d3b4", "3f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d3b4ab",
      "3f2b8c1e00d4a-4f6b-9a77-5f0e1c2d3b4a", "3f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d3b4g",
      "{f2b8c1e-0d4a-4f6b-9a77-5f0e1c2d}",
    ]
    for text in bad {
      #expect(throws: RequestIDError.malformed) { try RequestID(validating: text) }
    }
  }
}
