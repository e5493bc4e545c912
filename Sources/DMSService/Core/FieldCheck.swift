package import DMSDomain
package import ProtobufC

/// Collects everything that is wrong with a request, so that the caller learns of all of it at once.
///
/// Each check returns the value it was asked for, or nil after it has noted a violation. Work goes on with
/// ``finish()``, which throws when anything was noted.
package struct FieldCheck {
  package private(set) var violations: [FieldViolation] = []

  package init() {}

  /// Notes that `field` is wrong.
  package mutating func fail(_ field: String, _ description: String) {
    // A request may hold thousands of bad lines; more than this helps nobody and would not fit into a header.
    guard violations.count < Self.violationsMax else { return }
    violations.append(FieldViolation(field, description))
  }

  /// Violations that one answer names at most.
  package static let violationsMax = 50

  /// Throws `ServiceError.invalidFields` when a violation was noted.
  package func finish() throws {
    guard violations.isEmpty else { throw ServiceError.invalidFields(violations) }
  }

  /// A text of at most `limit` characters without control characters.
  package mutating func text(_ value: String, _ field: String, limit: Int, required: Bool = false) -> String {
    if required, value.isEmpty { fail(field, "It is required.") }
    if value.utf8.count > limit, value.unicodeScalars.count > limit {
      fail(field, "It is \(value.unicodeScalars.count) characters long; at most \(limit) are allowed.")
    } else if value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }) {
      fail(field, "It has a control character; remove it.")
    }
    return value
  }

  /// A whole number within `range`.
  package mutating func number(_ value: Int64, _ field: String, in range: ClosedRange<Int64>) -> Int64 {
    if !range.contains(value) {
      fail(field, "\(value) is out of range; it must be from \(range.lowerBound) to \(range.upperBound).")
    }
    return value
  }

  /// A count of items within `range`.
  package mutating func count(_ value: Int, _ field: String, in range: ClosedRange<Int>, of noun: String) {
    if !range.contains(value) {
      fail(field, "There are \(value) \(noun); \(range.lowerBound) to \(range.upperBound) are allowed.")
    }
  }

  /// A date `YYYY-MM-DD`, or nil when it is empty.
  package mutating func date(_ value: String, _ field: String) -> BusinessDate? {
    guard !value.isEmpty else { return nil }
    do {
      return try BusinessDate(iso: value)
    } catch {
      fail(field, "«\(value.prefix(20))» is no date; write it as YYYY-MM-DD.")
      return nil
    }
  }

  /// A currency, or nil when it is empty.
  package mutating func currency(_ value: String, _ field: String, required: Bool = false) -> CurrencyCode? {
    guard !value.isEmpty else {
      if required { fail(field, "It is required; name an ISO 4217 code such as USD.") }
      return nil
    }
    do {
      return try CurrencyCode(validating: value)
    } catch {
      fail(field, "«\(value.prefix(10))» is no ISO 4217 currency code, such as USD.")
      return nil
    }
  }

  /// A moment, or nil when it is unset.
  package mutating func instant(_ value: Timestamp?, _ field: String, required: Bool = false) -> InstantMicros? {
    guard let value else {
      if required { fail(field, "It is required.") }
      return nil
    }
    guard let instant = value.instant else {
      fail(field, "It is no time between the years 1 and 9999.")
      return nil
    }
    return instant
  }

  /// An enum value that this server knows and that is not `unspecified`.
  package mutating func known<Value: CaseIterable & Equatable>(_ value: Value, _ field: String) -> Value? {
    guard Value.allCases.contains(where: { $0 == value }) else {
      fail(field, "\(value) is not a value that this server knows.")
      return nil
    }
    return value
  }
}
