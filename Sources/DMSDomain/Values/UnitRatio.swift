/// A unit of measure as an exact ratio: one of it is `numerator / denominator` base units.
public struct UnitRatio: Hashable, Sendable {
  /// Base units in `denominator` of this unit; at least 1.
  public let numerator: Int64
  /// At least 1.
  public let denominator: Int64

  /// Takes a ratio; throws unless both numbers are at least 1.
  public init(numerator: Int64, denominator: Int64) throws(UnitError) {
    guard numerator >= 1, denominator >= 1 else { throw .badRatio }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The same quantity in base units; throws when it is no whole number of them or does not fit.
  public func baseQuantity(of entered: Quantity) throws(UnitError) -> Quantity {
    let product = Int128(entered.value) * Int128(numerator)
    guard product % Int128(denominator) == 0 else { throw .notWhole(entered, self) }
    guard let value = Int64(exactly: product / Int128(denominator)) else { throw .overflow }
    return Quantity(value)
  }
}

/// A unit of measure that a product has beside its base unit.
public struct UnitOfMeasure: Hashable, Sendable {
  /// Name of the unit, unique in the product.
  public var name: UnitName
  /// How it relates to the base unit.
  public var ratio: UnitRatio

  /// A unit of this name and ratio.
  public init(name: UnitName, ratio: UnitRatio) {
    self.name = name
    self.ratio = ratio
  }
}

/// Why a quantity cannot be turned into base units.
public enum UnitError: Error, Hashable, Sendable {
  /// A ratio's numbers are at least 1.
  case badRatio
  /// The product has no such unit.
  case unknownUnit(String)
  /// The quantity is no whole number of base units.
  case notWhole(Quantity, UnitRatio)
  /// The number of base units does not fit into 64 bits.
  case overflow
}
