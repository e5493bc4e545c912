import NIOCore
import ProtobufC
import TestAPI
import Testing

@Suite("Round trips")
struct RoundTripTests {
  /// Encodes and decodes 300 random messages of type `M`, and encodes them once more.
  private func check<M: Message>(_ make: (inout SeededGenerator) -> M) throws {
    for seed in UInt64(0)..<300 {
      var numbers = SeededGenerator(seed: seed)
      let message = make(&numbers)
      let bytes = try message.encodedBytes()
      let decoded = try M(decoding: bytes)
      #expect(decoded == message, "seed \(seed)")
      #expect(try decoded.encodedBytes() == bytes, "seed \(seed)")
    }
  }

  @Test("Any values of scalar fields survive") func scalars() throws { try check { Scalars.random(&$0) } }
  @Test("Presence and values of optional fields survive") func optionals() throws {
    try check { Optionals.random(&$0) }
  }
  @Test("Packed lists survive") func repeated() throws { try check { Repeated.random(&$0) } }
  @Test("Unpacked lists survive") func unpacked() throws { try check { Unpacked.random(&$0) } }
  @Test("Maps survive") func maps() throws { try check { Maps.random(&$0) } }
  @Test("The chosen member of a oneof survives") func choices() throws { try check { Choice.random(&$0) } }

  @Test("A message larger than any block of the arena survives")
  func large() throws {
    var message = Repeated()
    message.stringValues = (0..<20_000).map { "text number \($0)" }
    message.bytesValues = [[UInt8](repeating: 7, count: 9_000_000)]
    message.messageValues = (0..<20_000).map { number in Scalars.with { $0.int64Value = number } }
    #expect(try Repeated(decoding: message.encodedBytes()) == message)
    // The thread's arena is as it was: small messages still work.
    #expect(try Scalars(decoding: Scalars.with { $0.int32Value = 5 }.encodedBytes()).int32Value == 5)
  }

  @Test("Encoding appends to what a buffer holds")
  func appends() throws {
    var buffer = ByteBuffer(string: "before")
    try Scalars.with { $0.stringValue = "after" }.encode(into: &buffer)
    #expect(buffer.readString(length: 6) == "before")
    #expect(try Scalars(decoding: buffer).stringValue == "after")
    #expect(buffer == (try Scalars.with { $0.stringValue = "after" }.encoded()))
  }

  @Test("Only the readable bytes of a buffer are decoded")
  func readsSlice() throws {
    var buffer = ByteBuffer(bytes: [0xFF, 0xFF])
    try Scalars.with { $0.int32Value = 3 }.encode(into: &buffer)
    buffer.moveReaderIndex(forwardBy: 2)
    #expect(try Scalars(decoding: buffer).int32Value == 3)
    #expect(buffer.readableBytes == 2)
  }

  @Test("An empty message has no bytes, and no bytes are an empty message")
  func empty() throws {
    #expect(try Nothing().encodedBytes() == [])
    #expect(try Repeated(decoding: [UInt8]()) == Repeated())
    #expect(try Repeated(decoding: ByteBuffer()) == Repeated())
    #expect(try Repeated(decoding: UnsafeRawBufferPointer(start: nil, count: 0)) == Repeated())
  }

  @Test("Many tasks encode and decode at the same time")
  func concurrent() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for task in UInt64(0)..<16 {
        group.addTask {
          for seed in 0..<100 {
            var numbers = SeededGenerator(seed: task << 32 | UInt64(seed))
            let message = Repeated.random(&numbers)
            if try Repeated(decoding: message.encoded()) != message { return false }
            await Task.yield()
          }
          return true
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
