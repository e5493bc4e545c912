/// Collects every wrong field of a value, so that a caller hears of all of them at once.
///
/// Paths of fields are made only for the wrong ones.
public struct FieldCheck {
  /// What was found so far.
  public private(set) var violations: [FieldViolation] = []

  /// Nothing found yet.
  public init() {}

  /// Notes a violation.
  public mutating func note(_ field: @autoclosure () -> String, _ problem: FieldProblem) {
    violations.append(FieldViolation(field(), problem))
  }

  /// Notes a text that is too long, or holds what cannot be printed; with `multiline`, line breaks and tabs may stand.
  public mutating func text(
    _ text: String, _ field: @autoclosure () -> String, max: Int, required: Bool = false, multiline: Bool = false
  ) {
    if text.isEmpty {
      if required { note(field(), .required) }
      return
    }
    // A character takes at least one byte, so most texts need no counting.
    if text.utf8.count > max, text.unicodeScalars.count > max {
      note(field(), .tooLong(max: max))
    }
    let isUnprintable = text.unicodeScalars.contains { scalar in
      guard scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) else { return false }
      return !(multiline && (scalar == "\n" || scalar == "\r" || scalar == "\t"))
    }
    if isUnprintable { note(field(), .notPrintable) }
  }

  /// Notes a number outside of a range.
  public mutating func range(_ number: Int64, _ field: @autoclosure () -> String, _ range: ClosedRange<Int64>) {
    if !range.contains(number) { note(field(), .outOfRange(min: range.lowerBound, max: range.upperBound)) }
  }

  /// Notes a list that is too long.
  public mutating func count(_ count: Int, _ field: @autoclosure () -> String, max: Int) {
    if count > max { note(field(), .tooMany(max: max)) }
  }

  /// The identifier, or nil with a violation noted.
  public mutating func identifier<ID: Identifier>(
    _ text: String, _ field: @autoclosure () -> String, as type: ID.Type = ID.self
  ) -> ID? {
    do {
      return try ID(validating: text)
    } catch {
      note(field(), error == .empty ? .required : .badIdentifier(error))
      return nil
    }
  }

  /// The identifier, nil for an empty text, or nil with a violation noted.
  public mutating func optionalIdentifier<ID: Identifier>(
    _ text: String, _ field: @autoclosure () -> String, as type: ID.Type = ID.self
  ) -> ID? {
    text.isEmpty ? nil : identifier(text, field())
  }

  /// The day, or nil with a violation noted.
  public mutating func date(_ text: String, _ field: @autoclosure () -> String) -> BusinessDate? {
    do {
      return try BusinessDate(iso: text)
    } catch {
      note(field(), text.isEmpty ? .required : .badDate(error))
      return nil
    }
  }

  /// The currency, or nil with a violation noted.
  public mutating func currency(_ code: String, _ field: @autoclosure () -> String) -> CurrencyCode? {
    do {
      return try CurrencyCode(validating: code)
    } catch {
      note(field(), code.isEmpty ? .required : .unknownCurrency(code))
      return nil
    }
  }

  /// Throws when anything was found.
  public func finish() throws(FieldViolations) {
    guard violations.isEmpty else { throw FieldViolations(violations) }
  }
}
