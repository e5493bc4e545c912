import DMSDomain
import Testing

@Suite("Canonical bytes")
struct CanonicalBytesTests {
  @Test(
    "Numbers are read as they were written",
    arguments: [0, 1, -1, 63, 64, -64, -65, 8_191, 1 << 40, .max, .min, .max - 1, .min + 1] as [Int64])
  func numbers(number: Int64) throws {
    var writer = CanonicalWriter()
    writer.write(number)
    var reader = CanonicalReader(writer.bytes)
    #expect(try reader.int64() == number)
    try reader.finish()
  }

  @Test("Texts, flags, lists and what is missing are read as they were written")
  func values() throws {
    var writer = CanonicalWriter()
    writer.write("华东 é")
    writer.write(true)
    writer.write([Quantity(1), Quantity(2)]) { $0.write($1) }
    writer.write(SKU?.none) { $0.write($1) }
    writer.write(Sample.apples as SKU?) { $0.write($1) }
    var reader = CanonicalReader(writer.bytes)
    #expect(try reader.text() == "华东 é")
    #expect(try reader.flag())
    #expect(try reader.list { (reader) throws(CanonicalError) in try reader.number(Quantity.self) } == [1, 2])
    #expect(try reader.optional { (reader) throws(CanonicalError) in try reader.identifier(SKU.self) } == nil)
    let sku = try reader.optional { (reader) throws(CanonicalError) in try reader.identifier(SKU.self) }
    #expect(sku == Sample.apples)
    try reader.finish()
  }

  @Test("A decision is read as it was written, and cut or lengthened bytes are refused")
  func decision() throws {
    var facts = Sample.facts(limit: 0, onHand: 1)
    facts.submitter.orderLimit = 1
    facts.duplicates = DuplicateFacts(sameContent: OrderID(unchecked: "O7"))
    let decision = try Sample.judge(Sample.lines(5, 7), header: Sample.header(policy: .partial), facts: facts).decision
    let bytes = decision.bytes
    #expect(try Decision(bytes: bytes) == decision)
    for length in 0..<bytes.count {
      #expect(throws: CanonicalError.self) { try Decision(bytes: Array(bytes.prefix(length))) }
    }
    #expect(throws: CanonicalError.trailing) { try Decision(bytes: bytes + [0]) }
    #expect(try CanonicalReader.verdicts(CanonicalWriter.bytes(of: decision.findings)) == decision.findings)
  }

  @Test("Damaged and random bytes are refused or read, and never crash", arguments: seeds)
  func garbage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let good = try Sample.judge(Sample.lines(5)).decision.bytes
    for _ in 0..<2_000 {
      var bytes = good
      for _ in 0..<random.number(1...4) {
        bytes[Int(random.number(0...Int64(bytes.count - 1)))] = UInt8(random.number(0...255))
      }
      _ = try? Decision(bytes: bytes)
      let noise = (0..<random.number(0...60)).map { _ in UInt8(random.number(0...255)) }
      _ = try? Decision(bytes: noise)
      _ = try? CanonicalReader.verdicts(noise)
    }
  }
}
