/// A value that is bound to a statement's parameter.
package enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  /// Text without U+0000, which PostgreSQL cannot store; binding such text throws.
  case text(String)
  case blob([UInt8])

  /// The integer, or NULL when there is none.
  package static func integer(_ value: Int64?) -> SQLValue {
    value.map { .integer($0) } ?? .null
  }

  /// The text, or NULL when there is none.
  package static func text(_ value: String?) -> SQLValue {
    value.map { .text($0) } ?? .null
  }

  /// The bytes, or NULL when there are none.
  package static func blob(_ value: [UInt8]?) -> SQLValue {
    value.map { .blob($0) } ?? .null
  }

  /// 1 or 0, as truth is kept in the tables.
  package static func bool(_ value: Bool) -> SQLValue {
    .integer(value ? Int64(1) : 0)
  }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
  package init(integerLiteral value: Int64) {
    self = .integer(value)
  }

  package init(stringLiteral value: String) {
    self = .text(value)
  }

  package init(nilLiteral: ()) {
    self = .null
  }
}
