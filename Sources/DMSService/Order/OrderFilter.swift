internal import DMSDomain
internal import DMSStorage
internal import Foundation

/// The filter of `ListOrders`: comparisons joined by AND, a part of the language of AIP-160.
///
/// Errors name the position, from 1, and the remedy. At most ``lengthMax`` characters and ``comparisonsMax``
/// comparisons.
struct OrderFilter: Sendable {
  /// Characters of a filter at most.
  static let lengthMax = 2_000
  /// Comparisons of a filter at most.
  static let comparisonsMax = 20

  private enum Field: String, CaseIterable {
    case state
    case dealerID = "dealer_id"
    case businessDate = "business_date"
    case customerReference = "customer_reference"
    case totalMicros = "total_micros"
    case createTime = "create_time"
  }

  private struct Comparison: Sendable {
    let column: String
    let sign: String
    let value: SQLValue
  }

  private let comparisons: [Comparison]
  /// What decides which orders the list has.
  let text: String

  /// Reads a filter; an empty one lets everything through.
  init(_ text: String) throws {
    self.text = text
    guard text.unicodeScalars.count <= Self.lengthMax else {
      throw ServiceError.invalidFilter(
        position: Self.lengthMax + 1, problem: "A filter has at most \(Self.lengthMax) characters.")
    }
    var scanner = FilterScanner(text)
    var comparisons: [Comparison] = []
    while let name = try scanner.word() {
      guard comparisons.count < Self.comparisonsMax else {
        throw ServiceError.invalidFilter(
          position: name.position, problem: "A filter has at most \(Self.comparisonsMax) comparisons.")
      }
      comparisons.append(try Self.comparison(name, &scanner))
      guard let joint = try scanner.word() else { break }
      guard joint.text == "AND" else {
        throw ServiceError.invalidFilter(
          position: joint.position, problem: "«\(joint.text)» cannot stand here; join comparisons with AND.")
      }
      guard !scanner.isAtEnd else {
        throw ServiceError.invalidFilter(position: joint.position + 3, problem: "AND must be followed by a comparison.")
      }
    }
    self.comparisons = comparisons
  }

  /// Adds the comparisons to a statement over `sales_order o`.
  func apply(to clause: inout ConditionBuilder) {
    for comparison in comparisons {
      clause.add("o.\(comparison.column) \(comparison.sign) \(clause.bind(comparison.value))")
    }
  }

  private static func comparison(_ name: FilterScanner.Token, _ scanner: inout FilterScanner) throws -> Comparison {
    guard let field = Field(rawValue: name.text) else {
      let known = Field.allCases.map(\.rawValue).joined(separator: ", ")
      throw ServiceError.invalidFilter(
        position: name.position, problem: "There is no field «\(name.text.prefix(40))»; use one of \(known).")
    }
    let sign = try scanner.sign()
    let value = try scanner.value()
    func refuse(_ problem: String) -> ServiceError { .invalidFilter(position: value.position, problem: problem) }
    func requireEquality() throws {
      guard sign.text == "=" || sign.text == "!=" else {
        throw ServiceError.invalidFilter(
          position: sign.position, problem: "\(field.rawValue) can be compared by = and != only.")
      }
    }
    let bound: SQLValue
    switch field {
    case .state:
      try requireEquality()
      guard let state = OrderState(code: value.text) else {
        let known = OrderState.allCases.map(\.code).joined(separator: ", ")
        throw refuse("There is no state «\(value.text.prefix(40))»; use one of \(known).")
      }
      bound = .integer(Int64(state.rawValue))
    case .dealerID, .customerReference:
      try requireEquality()
      guard !value.text.unicodeScalars.contains("\0") else { throw refuse("A text cannot hold U+0000.") }
      bound = .text(value.text)
    case .businessDate:
      guard let date = try? BusinessDate(iso: value.text) else {
        throw refuse("«\(value.text.prefix(40))» is no date; write it as \"YYYY-MM-DD\".")
      }
      bound = .integer(Int64(date.daysSinceEpoch))
    case .totalMicros:
      guard let number = Int64(value.text) else {
        throw refuse("«\(value.text.prefix(40))» is no whole number of millionths.")
      }
      bound = .integer(number)
    case .createTime:
      guard let time = Self.instant(value.text) else {
        throw refuse("«\(value.text.prefix(40))» is no time; write it as \"2026-01-31T12:00:00Z\".")
      }
      bound = .integer(time.value)
    }
    return Comparison(column: field.rawValue, sign: sign.text == "!=" ? "<>" : sign.text, value: bound)
  }

  private static func instant(_ text: String) -> InstantMicros? {
    guard let date = try? Date(text, strategy: .iso8601) else { return nil }
    let seconds = date.timeIntervalSince1970
    guard seconds.magnitude < 1e11 else { return nil }
    return InstantMicros(Int64((seconds * 1_000_000).rounded()))
  }
}

/// Cuts a filter into words, signs and values.
struct FilterScanner {
  struct Token {
    var text: String
    /// Where it begins, from 1.
    var position: Int
  }

  private let characters: [Character]
  private var index = 0

  init(_ text: String) {
    characters = Array(text)
  }

  /// Whether only blanks are left.
  var isAtEnd: Bool { !characters[index...].contains { !$0.isWhitespace } }

  /// The next name, or nil at the end.
  mutating func word() throws -> Token? {
    skipBlanks()
    guard index < characters.count else { return nil }
    let start = index
    while index < characters.count, characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
    {
      index += 1
    }
    guard index > start else {
      throw ServiceError.invalidFilter(
        position: start + 1, problem: "«\(characters[start])» cannot stand here; a field's name is expected.")
    }
    return Token(text: String(characters[start..<index]), position: start + 1)
  }

  /// The next comparison sign.
  mutating func sign() throws -> Token {
    skipBlanks()
    let start = index
    for sign in ["<=", ">=", "!=", "<", ">", "="] where characters[index...].starts(with: sign) {
      index += sign.count
      return Token(text: sign, position: start + 1)
    }
    throw ServiceError.invalidFilter(position: start + 1, problem: "One of = != < <= > >= is expected here.")
  }

  /// The next value: in quotation marks, with \" and \\ inside, or up to the next blank.
  mutating func value() throws -> Token {
    skipBlanks()
    let start = index
    guard index < characters.count else {
      throw ServiceError.invalidFilter(position: start + 1, problem: "A value is expected here.")
    }
    guard characters[index] == "\"" else {
      while index < characters.count, !characters[index].isWhitespace { index += 1 }
      return Token(text: String(characters[start..<index]), position: start + 1)
    }
    index += 1
    var text = ""
    while index < characters.count, characters[index] != "\"" {
      if characters[index] == "\\", index + 1 < characters.count { index += 1 }
      text.append(characters[index])
      index += 1
    }
    guard index < characters.count else {
      throw ServiceError.invalidFilter(
        position: start + 1, problem: "The quotation mark that opens here is never closed.")
    }
    index += 1
    return Token(text: text, position: start + 1)
  }

  private mutating func skipBlanks() {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
  }
}
