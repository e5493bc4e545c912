/// Kinds of movement. Raw values are those of the store and the wire; they are kept for ever.
public enum MovementKind: Int, Hashable, Sendable, CaseIterable {
  /// Goods came in.
  case receipt = 1
  /// Sold to a customer.
  case sale = 2
  /// Came back from a customer.
  case customerReturn = 3
  /// Left for a dealer or for own use.
  case issue = 4
  /// Left for another location.
  case transferOut = 5
  /// Came from another location.
  case transferIn = 6
  /// Corrected.
  case adjust = 7
  /// Damaged or lost.
  case damage = 8
  /// Put on hold.
  case hold = 9
  /// Taken off hold.
  case unhold = 10
  /// Counted.
  case count = 11

  /// The kind in capitals, such as `CUSTOMER_RETURN`.
  public var code: String {
    switch self {
    case .receipt: "RECEIPT"
    case .sale: "SALE"
    case .customerReturn: "CUSTOMER_RETURN"
    case .issue: "ISSUE"
    case .transferOut: "TRANSFER_OUT"
    case .transferIn: "TRANSFER_IN"
    case .adjust: "ADJUST"
    case .damage: "DAMAGE"
    case .hold: "HOLD"
    case .unhold: "UNHOLD"
    case .count: "COUNT"
    }
  }

  /// Which way a movement of this kind changes the sellable balance.
  public enum Direction: Hashable, Sendable {
    /// Up only.
    case inward
    /// Down only.
    case outward
    /// Either way.
    case either
  }

  /// Which way it goes.
  public var direction: Direction {
    switch self {
    case .receipt, .customerReturn, .transferIn, .unhold: .inward
    case .sale, .issue, .transferOut, .damage, .hold: .outward
    case .adjust, .count: .either
    }
  }

  /// It tells of what the world has done to the goods, so it is recorded even where stock is reserved; the others ask
  /// for goods, and may not take what is promised.
  public var isPhysicalFact: Bool {
    switch self {
    case .adjust, .damage, .count: true
    default: false
    }
  }

  /// People and dealers' systems may report it by itself; the others belong to documents.
  public var isReportable: Bool {
    switch self {
    case .receipt, .sale, .customerReturn, .issue, .adjust, .damage: true
    default: false
    }
  }

  /// True when a change has the sign that the kind asks for, and is not 0.
  public func allows(_ change: Quantity) -> Bool {
    switch direction {
    case .inward: change.isPositive
    case .outward: change.isNegative
    case .either: !change.isZero
    }
  }
}
