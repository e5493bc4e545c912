import DMSDomain

@testable import DMSService
@testable import DMSStorage

extension FuzzTarget {
  /// The filter language of lists.
  static let filter = FuzzTarget(
    "filter", inputBytesMax: 2500,
    texts: [
      "state", "dealer_id", "business_date", "customer_reference", "total_micros", "create_time", " AND ", " = ",
      "!=", "<=", ">=", "<", ">", "\"", "\\\"", "\\", "\"4711\"", "\"2026-01-31\"", "DRAFT", "IN_REVIEW",
      "2026-01-31T12:00:00Z", "9223372036854775807", "-9223372036854775808", "\u{301}", "🇩🇪", "=\u{338}",
      "state = DRAFT", "total_micros >= 5", "dealer_id = \"a b\"", "9999999999-01-01T00:00:00Z",
    ]
  ) { input in
    try FilterChecks.check(FuzzTarget.text(input))
  }

  /// Tokens of pages: a byte chooses how many columns there are, the rest is the token.
  static let pageToken = FuzzTarget("page-token", inputBytesMax: 5000, texts: PageTokenChecks.words) { input in
    var reader = InputReader(input)
    let columns = Int(reader.byte()) % 5
    try PageTokenChecks.check(FuzzTarget.text(reader.bytes), columns: columns)
    try PageTokenChecks.check(bytes: reader.bytes, columns: columns)
  }
}

enum FilterChecks {
  static func check(_ text: String) throws {
    let filter: OrderFilter
    do {
      filter = try OrderFilter(text)
    } catch ServiceError.invalidFilter(let position, let problem) {
      try require(position >= 1, "the position \(position) is before the text")
      try require(
        position <= text.count + 1 || position == OrderFilter.lengthMax + 1, "the position \(position) is past the end")
      try require(!problem.isEmpty, "no problem is named")
      try require(problem.utf8.count < 8 * OrderFilter.lengthMax, "the problem has \(problem.utf8.count) bytes")
      return
    }
    var clause = ConditionBuilder()
    filter.apply(to: &clause)
    try require(clause.parameters.count <= OrderFilter.comparisonsMax, "there are too many comparisons")
    // No byte of the filter reaches the statement: it is made of names and signs of ours.
    let numbers = (0..<clause.parameters.count).map { "?\($0 + 1)" }
    let parts = clause.text.split(separator: " ").map(String.init)
    let names = ["state", "dealer_id", "business_date", "customer_reference", "total_micros", "create_time"]
    let known = Set(names.map { "o.\($0)" } + ["=", "<>", "<", "<=", ">", ">=", "AND", "1"] + numbers)
    try require(parts.allSatisfy(known.contains), "the statement has \(clause.text)")
    for case .text(let value) in clause.parameters {
      try require(!value.unicodeScalars.contains("\0"), "a value holds U+0000")
    }
  }
}

enum PageTokenChecks {
  private static let binding = "orders"

  static let words: [String] = [
    PageToken(position: [], revision: 1).encoded(binding: binding),
    PageToken(position: [.integer(-1), .text("4711")], revision: .max).encoded(binding: binding),
    PageToken(position: [.blob([0, 1])], revision: .min).encoded(binding: binding),
  ]

  /// A text is either the token that its content makes, or refused.
  static func check(_ text: String, columns: Int) throws {
    guard let token = try? PageToken(decoding: text, binding: binding, columnCount: columns) else { return }
    try require(token.position.count == columns, "a token of \(token.position.count) columns")
    try require(token.encoded(binding: binding) == text, "another text is the same token")
    try require(
      (try? PageToken(decoding: text, binding: binding + "x", columnCount: columns)) == nil, "another list takes it")
  }

  /// The same for bytes behind a good beginning, which a text by chance never has.
  static func check(bytes: [UInt8], columns: Int) throws {
    guard let beginning = Base64URL.decode(words[0]) else {
      throw BrokenProperty(description: "a token is no Base64")
    }
    let text = Base64URL.encode(Array(beginning + bytes))
    try require(Base64URL.decode(text) == beginning + bytes, "Base64 changed the bytes")
    try check(text, columns: columns)
  }
}
