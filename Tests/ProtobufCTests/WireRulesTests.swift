import ProtobufC
import TestAPI
import Testing

@Suite("Rules of the wire format")
struct WireRulesTests {
  @Test("Fields that the schema does not know are skipped, whatever their wire type")
  func unknownFields() throws {
    let unknown: [UInt8] = [
      0xA0, 0x06, 0x05,  // 100: a varint
      0xA9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8,  // 101: 64 bits
      0xB2, 0x06, 0x02, 0xFF, 0xFE,  // 102: bytes
      0xBD, 0x06, 1, 2, 3, 4,  // 103: 32 bits
    ]
    let message = try Scalars(decoding: unknown + [0x18, 0x07] + unknown)
    #expect(message == .with { $0.int32Value = 7 })
    #expect(try message.encodedBytes() == [0x18, 0x07])
  }

  @Test("Of a field that comes twice the last value counts")
  func lastWins() throws {
    #expect(try Scalars(decoding: [0x18, 0x01, 0x18, 0x02] as [UInt8]).int32Value == 2)
    #expect(try Scalars(decoding: [0x72, 0x01, 0x61, 0x72, 0x01, 0x62] as [UInt8]).stringValue == "b")
    #expect(try Choice(decoding: [0x10, 0x01, 0x2A, 0x01, 0x61] as [UInt8]).choice == .stringValue("a"))
  }

  @Test("A message field that comes twice is merged field by field, at any depth")
  func merges() throws {
    let first = Scalars.with {
      $0.int32Value = 1
      $0.doubleValue = 2
      $0.bytesValue = [1]
    }
    let second = Scalars.with {
      $0.stringValue = "a"
      $0.bytesValue = [2]
    }
    let both = Scalars.with {
      $0.int32Value = 1
      $0.doubleValue = 2
      $0.stringValue = "a"
      $0.bytesValue = [2]
    }
    let optionals =
      try Optionals.with { $0.messageValue = first }.encodedBytes()
      + Optionals.with { $0.messageValue = second }.encodedBytes()
    #expect(try Optionals(decoding: optionals).messageValue == both)

    let nested =
      try Nested.with { $0.inner = .with { $0.level = .low } }.encodedBytes()
      + Nested.with { $0.inner = .with { $0.levels = [.high] } }.encodedBytes()
      + Nested.with { $0.inner = .with { $0.text = "a" } }.encodedBytes()
    #expect(try Nested(decoding: nested).inner == .with { ($0.level, $0.levels, $0.text) = (.low, [.high], "a") })

    let chosen =
      try Choice.with { $0.choice = .messageValue(first) }.encodedBytes()
      + Choice.with { $0.choice = .messageValue(second) }.encodedBytes()
    #expect(try Choice(decoding: chosen).choice == .messageValue(both))

    let inMap: [UInt8] = [0x5A, 0x09, 0x12, 0x02, 0x18, 0x01, 0x12, 0x03, 0x72, 0x01, 0x61]
    #expect(try Maps(decoding: inMap).stringToMessage == ["": .with { ($0.int32Value, $0.stringValue) = (1, "a") }])
  }

  @Test("A member of a oneof that another has replaced in between is not merged")
  func replacesOneof() throws {
    let bytes =
      try Choice.with { $0.choice = .messageValue(.with { $0.int32Value = 1 }) }.encodedBytes()
      + Choice.with { $0.choice = .int32Value(5) }.encodedBytes()
      + Choice.with { $0.choice = .messageValue(.with { $0.stringValue = "a" }) }.encodedBytes()
    #expect(try Choice(decoding: bytes).choice == .messageValue(.with { $0.stringValue = "a" }))
  }

  @Test("Of a map key that comes twice the last value counts, and missing keys and values are defaults")
  func mapEntries() throws {
    let bytes: [UInt8] = [
      0x0A, 0x04, 0x08, 0x01, 0x10, 0x02, 0x0A, 0x04, 0x08, 0x01, 0x10, 0x03, 0x0A, 0x00, 0x5A, 0x00,
    ]
    let message = try Maps(decoding: bytes)
    #expect(message.int32ToInt32 == [1: 3, 0: 0])
    #expect(message.stringToMessage == ["": Scalars()])
  }

  @Test("Lists are read packed and unpacked, whatever the schema says")
  func packing() throws {
    let packed: [UInt8] = [0x1A, 0x03, 0x01, 0x96, 0x01]
    let unpacked: [UInt8] = [0x18, 0x01, 0x18, 0x96, 0x01]
    for bytes in [packed, unpacked, packed + unpacked] {
      let expected: [Int32] = bytes.count > 5 ? [1, 150, 1, 150] : [1, 150]
      #expect(try Repeated(decoding: bytes).int32Values == expected)
      #expect(try Unpacked(decoding: bytes).int32Values == expected)
    }
  }

  @Test("A value that is too wide for its field is cut, as protobuf does")
  func narrowing() throws {
    #expect(try Scalars(decoding: [0x18, 0x81, 0x80, 0x80, 0x80, 0x10] as [UInt8]).int32Value == 1)
    #expect(try Scalars(decoding: [0x68, 0x02] as [UInt8]).boolValue)
  }

  @Test("A number that an enumeration does not name is kept")
  func unknownEnum() throws {
    let message = try Scalars(decoding: [0x80, 0x01, 0x63] as [UInt8])
    #expect(message.colorValue == .unrecognized(99))
    #expect(try message.encodedBytes() == [0x80, 0x01, 0x63])
  }

  @Test("Equal maps encode to equal bytes, however they were filled")
  func mapOrder() throws {
    let keys = (0..<500).map { "key \($0)" }
    var (forwards, backwards) = (Maps(), Maps())
    for (number, key) in keys.enumerated() { forwards.stringToInt64[key] = Int64(number) }
    for (number, key) in keys.enumerated().reversed() { backwards.stringToInt64[key] = Int64(number) }
    #expect(try forwards.encodedBytes() == backwards.encodedBytes())
  }

  @Test("A NUL in a text, a key or a list is kept")
  func nul() throws {
    var message = Maps()
    message.stringToInt64 = ["a\0b": 1]
    message.boolToString = [true: "\0"]
    #expect(try Maps(decoding: message.encodedBytes()) == message)
    let list = Repeated.with { $0.stringValues = ["\0", "a\0", ""] }
    #expect(try Repeated(decoding: list.encodedBytes()) == list)
  }
}
