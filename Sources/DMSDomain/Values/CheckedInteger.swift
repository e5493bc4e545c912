/// A calculation whose result does not fit, or that has no result.
public enum ArithmeticError: Error, Hashable, Sendable {
  /// The result lies outside of what 64 bits hold.
  case overflow
}

/// A number with a meaning of its own whose arithmetic throws instead of trapping.
///
/// Quantities and amounts conform; the operators of two different kinds do not mix.
public protocol CheckedInteger: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral {
  /// The bare number.
  var value: Int64 { get }

  /// Gives a bare number its meaning.
  init(_ value: Int64)
}

extension CheckedInteger {
  /// Nothing.
  public static var zero: Self { Self(0) }

  /// Lets a literal stand for a value.
  public init(integerLiteral value: Int64) {
    self.init(value)
  }

  /// Orders by the bare number.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool {
    left.value < right.value
  }

  /// The sum; throws `ArithmeticError.overflow` when it does not fit.
  public static func + (left: Self, right: Self) throws(ArithmeticError) -> Self {
    let (sum, overflow) = left.value.addingReportingOverflow(right.value)
    guard !overflow else { throw .overflow }
    return Self(sum)
  }

  /// The difference; throws `ArithmeticError.overflow` when it does not fit.
  public static func - (left: Self, right: Self) throws(ArithmeticError) -> Self {
    let (difference, overflow) = left.value.subtractingReportingOverflow(right.value)
    guard !overflow else { throw .overflow }
    return Self(difference)
  }

  /// The value with its sign turned; throws `ArithmeticError.overflow` for the least number.
  public func negated() throws(ArithmeticError) -> Self {
    try Self.zero - self
  }

  /// The sum of all values; throws `ArithmeticError.overflow` when it, or a sum on the way, does not fit.
  public static func sum(_ values: some Sequence<Self>) throws(ArithmeticError) -> Self {
    var total = Self.zero
    for value in values {
      total = try total + value
    }
    return total
  }

  /// True above zero.
  public var isPositive: Bool { value > 0 }

  /// True below zero.
  public var isNegative: Bool { value < 0 }

  /// True at zero.
  public var isZero: Bool { value == 0 }
}
