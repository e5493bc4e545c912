import NIOCore
import ProtobufC
import TestAPI
import Testing

@Suite("Bad bytes")
struct BadBytesTests {
  /// Bytes that no implementation may take for a message, each with what is wrong with it.
  static let malformed: [(String, [UInt8])] = [
    ("a tag without a value", [0x18]),
    ("a tag that does not end", [0x80]),
    ("a tag of more than 32 bits", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00]),
    ("a varint that does not end", [0x18, 0x80]),
    ("a varint of eleven bytes", [0x18] + [UInt8](repeating: 0x80, count: 10) + [0x01]),
    ("a 32-bit value cut short", [0x4D, 1, 2, 3]),
    ("a 64-bit value cut short", [0x51, 1, 2, 3, 4, 5, 6, 7]),
    ("a length without content", [0x72, 0x05]),
    ("a length beyond the end", [0x72, 0x05, 0x61]),
    ("a length that does not end", [0x72, 0x80]),
    ("a length of 4 GiB", [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x61]),
    ("a length that is negative", [0x72, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x61]),
    ("wire type 6", [0x1E, 0x00]),
    ("wire type 7", [0x1F, 0x00]),
    ("the start of a group", [0x1B]),
    ("the end of a group", [0x1C]),
    ("a number sent as text", [0x1A, 0x01, 0x61]),
    ("a text sent as a number", [0x70, 0x01]),
    ("a text sent as 32 bits", [0x75, 1, 2, 3, 4]),
    ("a 32-bit number sent as a varint", [0x48, 0x01]),
    ("a double sent as 32 bits", [0x0D, 1, 2, 3, 4]),
  ]

  @Test("Malformed scalars are an error", arguments: malformed)
  func malformedScalars(_ what: String, _ bytes: [UInt8]) {
    #expect(throws: DecodingError.malformed, "\(what)") { try Scalars(decoding: bytes) }
  }

  @Test(
    "Malformed lists are an error",
    arguments: [
      ("a packed varint cut short", [0x1A, 0x01, 0x80]),
      ("packed 32-bit values that do not fill the length", [0x4A, 0x05, 1, 2, 3, 4, 5]),
      ("packed 64-bit values that do not fill the length", [0x52, 0x0C, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      ("a packed list of the wrong wire type", [0x19, 1, 2, 3, 4, 5, 6, 7, 8]),
      ("a message that is malformed inside", [0x8A, 0x01, 0x01, 0x18]),
    ] as [(String, [UInt8])])
  func malformedLists(_ what: String, _ bytes: [UInt8]) {
    #expect(throws: DecodingError.malformed, "\(what)") { try Repeated(decoding: bytes) }
  }

  @Test(
    "Text that is not UTF-8 is an error",
    arguments: [
      [0xFF], [0xC3], [0xC3, 0x28], [0xA0], [0xE2, 0x82], [0xE2, 0x28, 0xA1],
      // Overlong forms, a surrogate, beyond the last code point.
      [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
      Array("thirty letters, then one bad.. ".utf8) + [0xFE],
    ] as [[UInt8]])
  func invalidText(_ text: [UInt8]) {
    let field = [UInt8(text.count)] + text
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Scalars.string_value")) {
      try Scalars(decoding: [0x72] + field)
    }
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Repeated.string_values")) {
      try Repeated(decoding: [0x72, 0x00, 0x72] + field)
    }
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Optionals.string_value")) {
      try Optionals(decoding: [0x72] + field)
    }
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Choice.string_value")) {
      try Choice(decoding: [0x2A] + field)
    }
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Maps.StringToInt64Entry.key")) {
      try Maps(decoding: [0x4A, UInt8(field.count + 1), 0x0A] + field)
    }
    #expect(throws: DecodingError.invalidUTF8(field: "test.v1.Scalars.string_value")) {
      try Optionals(decoding: [0x8A, 0x01, UInt8(field.count + 1), 0x72] + field)
    }
  }

  @Test("Bytes that are not text stay as they are in a bytes field")
  func bytesAreNotChecked() throws {
    #expect(try Scalars(decoding: [0x7A, 0x03, 0xFF, 0x00, 0xC0] as [UInt8]).bytesValue == [0xFF, 0x00, 0xC0])
  }

  @Test("Empty sub-messages cannot take more memory than the limit", arguments: [1_000, 100_000, 2_000_000])
  func amplification(count: Int) {
    // Two bytes each on the wire, more than two hundred in memory.
    let bytes = [UInt8]((0..<count).flatMap { _ in [0x0A, 0x00] as [UInt8] })
    let limit = max(bytes.count * 32, 64 * 1024)
    #expect(throws: DecodingError.memoryLimit(bytes: limit)) { try Amplifier(decoding: bytes) }
    #expect(DecodingError.memoryLimit(bytes: limit).isResourceLimit)
    #expect(!DecodingError.malformed.isResourceLimit)
  }

  @Test("A caller may allow more memory, or less")
  func limits() throws {
    let bytes = [UInt8]((0..<1_000).flatMap { _ in [0x0A, 0x00] as [UInt8] })
    #expect(try Amplifier(decoding: bytes, limits: DecodingLimits(memoryMultiple: 2_000)).items.count == 1_000)
    let text = try Scalars.with { $0.stringValue = String(repeating: "a", count: 100_000) }.encodedBytes()
    #expect(throws: DecodingError.memoryLimit(bytes: text.count)) {
      try Scalars(decoding: text, limits: DecodingLimits(memoryMultiple: 1, memoryFloorBytes: 0))
    }
  }

  @Test("Every beginning of a good message either decodes or is an error", arguments: Golden.all)
  func truncated(_ golden: Golden) throws {
    let bytes = try golden.bytes
    for count in 0..<bytes.count { try checkHarmless(golden, Array(bytes[..<count])) }
  }

  @Test("A good message with bytes changed, lost or added either decodes or is an error", arguments: Golden.all)
  func mutated(_ golden: Golden) throws {
    let good = try golden.bytes
    var numbers = SeededGenerator(seed: 42)
    for _ in 0..<2_000 {
      var bytes = good
      for _ in 0...(numbers.next() % 3) {
        let place = bytes.isEmpty ? 0 : Int(numbers.next() % UInt64(bytes.count))
        switch numbers.next() % 4 {
        case 0 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
        case 1 where !bytes.isEmpty: bytes[place] ^= 1 << UInt8(numbers.next() % 8)
        case 2 where !bytes.isEmpty: bytes.remove(at: place)
        default: bytes.insert(UInt8(truncatingIfNeeded: numbers.next()), at: place)
        }
      }
      try checkHarmless(golden, bytes)
    }
  }

  /// What decodes must encode, and decode again to bytes that stay the same; what does not must be a `DecodingError`.
  private func checkHarmless(_ golden: Golden, _ bytes: [UInt8]) throws {
    do {
      let once = try golden.reencoded(bytes)
      #expect(try golden.reencoded(once) == once, "\(golden.name): \(bytes)")
    } catch is DecodingError {}
  }
}
