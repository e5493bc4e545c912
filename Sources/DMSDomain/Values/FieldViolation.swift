/// One field of a value from outside that is wrong, and how.
public struct FieldViolation: Error, Hashable, Sendable {
  /// Path of the field in lower snake case, such as `lines[3].quantity`.
  public var field: String
  /// What is wrong with it.
  public var problem: FieldProblem

  /// A violation at a field.
  public init(_ field: String, _ problem: FieldProblem) {
    self.field = field
    self.problem = problem
  }
}

/// Every field of a value that is wrong; never empty when thrown.
public struct FieldViolations: Error, Hashable, Sendable {
  /// The violations, in the order of the fields.
  public var violations: [FieldViolation]

  /// Takes the violations found.
  public init(_ violations: [FieldViolation]) {
    self.violations = violations
  }
}

/// What can be wrong with a field.
public enum FieldProblem: Hashable, Sendable {
  /// It must be there.
  case required
  /// It must not be there together with, or without, something else; the text names what.
  case conflicting(with: String)
  /// It has more characters than allowed.
  case tooLong(max: Int)
  /// It has more items than allowed.
  case tooMany(max: Int)
  /// It lies outside of a range.
  case outOfRange(min: Int64, max: Int64)
  /// It holds a character that cannot be printed, or a line break where none may be.
  case notPrintable
  /// It is no identifier.
  case badIdentifier(IdentifierError)
  /// It is no day.
  case badDate(DateError)
  /// It is no currency.
  case unknownCurrency(String)
  /// It is no known value; the text is what was given.
  case unknownValue(String)
  /// It cannot be converted into base units.
  case badUnit(UnitError)
  /// It occurs before.
  case duplicate
  /// It cannot change.
  case immutable
  /// Amounts computed from it do not fit into 64 bits.
  case overflow
  /// It is no whole number of the currency's minor unit.
  case notMinorUnits(CurrencyCode)
}

extension FieldProblem {
  /// What is wrong and what would be right, in English, to follow the field's name.
  public var sentence: String {
    switch self {
    case .required: "is required"
    case .conflicting(let other): "does not go together with \(other)"
    case .tooLong(let max): "has more than \(max) characters"
    case .tooMany(let max): "has more than \(max) items"
    case .outOfRange(let min, .max): "must be at least \(min)"
    case .outOfRange(let min, let max): "must be from \(min) to \(max)"
    case .notPrintable: "holds a character that cannot be printed"
    case .badIdentifier(let error): error.sentence
    case .badDate(.malformed): "must be a date of the form YYYY-MM-DD"
    case .badDate(.noSuchDay): "is a day that the calendar does not have"
    case .badDate(.outOfRange): "must lie from 0001-01-01 to 9999-12-31"
    case .unknownCurrency(let code): "must be an ISO 4217 currency code; \(code.debugDescription) is none"
    case .unknownValue(let value): "has no value \(value.debugDescription)"
    case .badUnit(let error): error.sentence
    case .duplicate: "occurs more than once"
    case .immutable: "cannot change"
    case .overflow: "leads to an amount that is too large"
    case .notMinorUnits(let currency):
      "must be a multiple of \(currency.minorUnitMicros), the minor unit of \(currency)"
    }
  }
}

extension IdentifierError {
  /// What is wrong and what would be right, in English, to follow the field's name.
  public var sentence: String {
    switch self {
    case .empty: "is required"
    case .tooLong(let max): "has more than \(max) characters"
    case .notPrintable(let position, let scalar):
      "holds a character that cannot be printed: U+\(String(scalar, radix: 16, uppercase: true)) at \(position + 1)"
    case .blankAtEnd: "must not begin or end with a blank"
    case .notNormalized: "must be in Unicode Normalization Form C"
    }
  }
}

extension UnitError {
  /// What is wrong and what would be right, in English, to follow the field's name.
  public var sentence: String {
    switch self {
    case .badRatio: "must be a ratio of two numbers of at least 1"
    case .unknownUnit(let unit): "names the unit \(unit.debugDescription), which the product does not have"
    case .notWhole(let quantity, let ratio):
      "is no whole number of base units: \(quantity) × \(ratio.numerator) ÷ \(ratio.denominator)"
    case .overflow: "is too large in base units"
    }
  }
}
