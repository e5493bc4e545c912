/// An amount in millionths of a currency's unit. The currency stands beside it once, on what holds the amount.
public struct Micros: CheckedInteger, CustomStringConvertible {
  /// Millionths of the currency's unit.
  public let value: Int64

  /// Takes millionths of the currency's unit.
  public init(_ value: Int64) {
    self.value = value
  }

  /// The number of millionths, without a currency.
  public var description: String { String(value) }

  /// This unit price times a quantity, rounded half-even, once, to the currency's minor unit.
  ///
  /// The product is formed in 128 bits, so only the rounded result can overflow.
  public func times(_ quantity: Quantity, in currency: CurrencyCode) throws(ArithmeticError) -> Micros {
    try currency.rounded(Int128(value) * Int128(quantity.value), over: 1)
  }

  /// This share of the amount, rounded half-even, once, to the currency's minor unit.
  public func share(_ rate: BasisPoints, in currency: CurrencyCode) throws(ArithmeticError) -> Micros {
    try currency.rounded(Int128(value) * Int128(rate.value), over: 10_000)
  }

  /// True when the amount is a whole number of the currency's minor unit.
  public func isWhole(in currency: CurrencyCode) -> Bool {
    value % currency.minorUnitMicros == 0
  }
}

/// A share in hundredths of a per cent.
public struct BasisPoints: CheckedInteger, CustomStringConvertible {
  /// Hundredths of a per cent: 1,900 are 19 %.
  public let value: Int64

  /// Takes hundredths of a per cent.
  public init(_ value: Int64) {
    self.value = value
  }

  /// The whole.
  public static let whole = BasisPoints(10_000)

  /// The number of basis points.
  public var description: String { String(value) }
}
