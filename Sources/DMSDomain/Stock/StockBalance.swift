/// The balance of a product at a place: the sum of its movements, and what of it is promised.
public struct StockBalance: Hashable, Sendable {
  /// On hand and sellable; below zero only where a dealer reports it.
  public var onHand: Quantity
  /// Promised to orders, at least 0.
  public var reserved: Quantity

  /// Nothing, unless more is said.
  public init(onHand: Quantity = 0, reserved: Quantity = 0) {
    self.onHand = onHand
    self.reserved = reserved
  }

  /// On hand less reserved; below zero only where a dealer reports it.
  public func available() throws(ArithmeticError) -> Quantity {
    try onHand - reserved
  }

  /// The dealer reports less than nothing.
  public var isNegative: Bool { onHand.isNegative }
}

/// Why stock cannot move.
public enum StockError: Error, Hashable, Sendable {
  /// The change has the wrong sign for its kind, or is 0.
  case badQuantity(MovementKind, Quantity)
  /// Brand stock would fall below zero.
  case belowZero(onHand: Quantity, change: Quantity)
  /// Brand stock would fall below what is promised.
  case belowReserved(onHand: Quantity, reserved: Quantity, change: Quantity)
  /// More would be released than is reserved.
  case notReserved(reserved: Quantity, released: Quantity)
  /// The balance is not what the caller believed.
  case balanceMismatch(expected: Quantity, actual: Quantity)
  /// A brand's balance cannot be set below zero.
  case negativeBalance(Quantity)
  /// The place's stock is kept by the dealer's own feed.
  case feedIsAuthority
  /// The place's stock is kept by DMS, not by a feed.
  case dmsIsAuthority
  /// The balance does not fit into 64 bits.
  case overflow
}

/// A balance after a movement.
public struct StockPosting: Hashable, Sendable {
  /// What moves; 0 when a set or count found what was booked, which posts no movement.
  public var change: Quantity
  /// The balance after it. `reserved` still holds what `excess` says must be withdrawn.
  public var balance: StockBalance
  /// Reserved beyond what is there: to be withdrawn in the same commit.
  public var excess: Quantity
}

extension StockBalance {
  /// The balance once a movement is posted.
  ///
  /// The brand's stock never falls below zero. A physical fact (count, damage, adjustment) may bring it below what is
  /// reserved, and then says by how much; other movements may not. A dealer's may be reported below zero.
  public func posting(
    _ kind: MovementKind, change: Quantity, owner: StockOwner
  ) throws(StockError) -> StockPosting {
    guard kind.allows(change) else { throw .badQuantity(kind, change) }
    let (sum, overflow) = onHand.value.addingReportingOverflow(change.value)
    guard !overflow else { throw .overflow }
    let after = StockBalance(onHand: Quantity(sum), reserved: reserved)
    guard owner == .brand else { return StockPosting(change: change, balance: after, excess: 0) }
    guard !after.onHand.isNegative else { throw .belowZero(onHand: onHand, change: change) }
    // Neither is below zero, so the difference fits.
    let excess = max(0, reserved.value - sum)
    guard excess == 0 || kind.isPhysicalFact else {
      throw .belowReserved(onHand: onHand, reserved: reserved, change: change)
    }
    return StockPosting(change: change, balance: after, excess: Quantity(excess))
  }

  /// The balance once it is set to a quantity, by a movement over the difference.
  ///
  /// Throws `balanceMismatch` when `expected` is given and is not what is on hand.
  public func setting(
    to quantity: Quantity, expected: Quantity?, owner: StockOwner
  ) throws(StockError) -> StockPosting {
    if let expected, expected != onHand { throw .balanceMismatch(expected: expected, actual: onHand) }
    if owner == .brand, quantity.isNegative { throw .negativeBalance(quantity) }
    let (change, overflow) = quantity.value.subtractingReportingOverflow(onHand.value)
    guard !overflow else { throw .overflow }
    guard change != 0 else { return StockPosting(change: 0, balance: self, excess: 0) }
    return try posting(.count, change: Quantity(change), owner: owner)
  }

  /// The balance once a quantity is promised; throws when it is not there.
  public func reserving(_ quantity: Quantity) throws(StockError) -> StockBalance {
    guard quantity.isPositive else { throw .badQuantity(.issue, quantity) }
    let (sum, overflow) = reserved.value.addingReportingOverflow(quantity.value)
    guard !overflow else { throw .overflow }
    guard sum <= onHand.value else {
      throw .belowReserved(onHand: onHand, reserved: reserved, change: quantity)
    }
    return StockBalance(onHand: onHand, reserved: Quantity(sum))
  }

  /// The balance once a promise is taken back; throws when less is promised.
  public func releasing(_ quantity: Quantity) throws(StockError) -> StockBalance {
    guard quantity.isPositive else { throw .badQuantity(.issue, quantity) }
    guard quantity <= reserved else { throw .notReserved(reserved: reserved, released: quantity) }
    return StockBalance(onHand: onHand, reserved: Quantity(reserved.value - quantity.value))
  }
}
