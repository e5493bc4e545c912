@testable import DMSDomain
@testable import DMSStorage

extension FuzzTarget {
  /// What is kept as bytes, and could come back from a damaged file: decisions, verdicts, and an export's tables.
  static let storedBytes = FuzzTarget("stored-bytes", inputBytesMax: 2048, words: StoredBytesChecks.words) { input in
    let bytes = Array(input)
    if let decision = try? Decision(bytes: bytes) {
      try require((try? Decision(bytes: decision.bytes)) == decision, "the decision is not read back")
    }
    if let verdicts = try? CanonicalReader.verdicts(bytes) {
      let written = CanonicalWriter.bytes(of: verdicts)
      try require((try? CanonicalReader.verdicts(written)) == verdicts, "the verdicts are not read back")
      guard let currency = StoredBytesChecks.currency else { return }
      for verdict in verdicts {
        for language in Language.allCases { _ = verdict.sentence(in: language, currency: currency) }
      }
    }
    try StoredBytesChecks.checkTable(bytes)
    var reader = CanonicalReader(bytes)
    while let number = try? reader.int64() {
      var writer = CanonicalWriter()
      writer.write(number)
      var again = CanonicalReader(writer.bytes)
      try require((try? again.int64()) == number, "the number \(number) is not read back")
    }
  }
}

enum StoredBytesChecks {
  static let words: [[UInt8]] = {
    var words: [[UInt8]] = (0...12).map { number in
      var writer = CanonicalWriter()
      writer.write(Int64(number))
      return writer.bytes
    }
    for number in [Int64.max, .min, 1 << 31, 1 << 40] {
      var writer = CanonicalWriter()
      writer.write(number)
      words.append(writer.bytes)
    }
    for text in ["", "A", "EUR", "4711"] {
      var writer = CanonicalWriter()
      writer.write(text)
      words.append(writer.bytes)
    }
    let verdicts = ReasonCode.allCases.map { reason in
      Verdict(reason, .block, line: 1, sku: SKU(unchecked: "A"), figures: [])
    }
    return words + verdicts.map { CanonicalWriter.bytes(of: [$0]) }
  }()

  /// A table's head is written as it was read, and its rows end with the bytes.
  static func checkTable(_ bytes: [UInt8]) throws {
    var decoder = RowDecoder(bytes)
    guard let head = try? decoder.head() else { return }
    var written: [UInt8] = []
    try RowCoding.append(head, to: &written)
    try require(bytes.starts(with: written), "the head of \(head.name) is written otherwise")
    var count = 0
    while !decoder.isAtEnd, let row = try? decoder.row(of: head) {
      count += 1
      try require(row.count == head.columns.count, "a row of \(row.count) values")
    }
    try require(count <= bytes.count, "\(bytes.count) bytes hold \(count) rows")
  }

  static let currency: CurrencyCode? = try? CurrencyCode(validating: "EUR")
}
