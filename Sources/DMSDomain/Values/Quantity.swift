/// A number of base units of a product (pieces, grams, millilitres); signed, so that it can be a change too.
public struct Quantity: CheckedInteger, CustomStringConvertible {
  /// Base units.
  public let value: Int64

  /// Takes a number of base units.
  public init(_ value: Int64) {
    self.value = value
  }

  /// The number, without a unit.
  public var description: String { String(value) }
}
