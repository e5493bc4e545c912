/// Why a rule speaks, in the order in which the rules are run. The code never changes with the language.
public enum ReasonCode: String, Hashable, Sendable, CaseIterable {
  // Authority
  /// The principal may not order for this dealer, or not at an agreed price.
  case notAuthorised = "NOT_AUTHORISED"
  /// The total is above what the principal may order without review.
  case aboveOrderLimit = "ABOVE_ORDER_LIMIT"
  // Catalogue
  /// The dealer is suspended or closed.
  case dealerInactive = "DEALER_INACTIVE"
  /// The product is unknown, blocked or discontinued.
  case productNotSellable = "PRODUCT_NOT_SELLABLE"
  /// The product is not for this dealer.
  case productNotAuthorised = "PRODUCT_NOT_AUTHORISED"
  // Quantity
  /// Less than the product's minimum.
  case belowMinimum = "BELOW_MINIMUM"
  /// No multiple of what the product comes in.
  case notAMultiple = "NOT_A_MULTIPLE"
  /// More than the product's maximum.
  case aboveMaximum = "ABOVE_MAXIMUM"
  // Price
  /// Order, dealer, account or price list are of different currencies.
  case currencyMismatch = "CURRENCY_MISMATCH"
  /// No published list has a price.
  case noPrice = "NO_PRICE"
  /// The price differs from the one that the client expected.
  case priceChanged = "PRICE_CHANGED"
  /// The price is below the product's floor.
  case belowFloorPrice = "BELOW_FLOOR_PRICE"
  // Credit
  /// The account is stopped.
  case creditStop = "CREDIT_STOP"
  /// The account has expired.
  case creditExpired = "CREDIT_EXPIRED"
  /// The account is on hold.
  case creditHold = "CREDIT_HOLD"
  /// The total is above what is available.
  case creditExceeded = "CREDIT_EXCEEDED"
  /// Too much is overdue, or for too long.
  case creditOverdue = "CREDIT_OVERDUE"
  // Stock
  /// There is less than the order asks for.
  case insufficientStock = "INSUFFICIENT_STOCK"
  // Duplicate
  /// A live order of the dealer has the same customer reference.
  case duplicateReference = "DUPLICATE_REFERENCE"
  /// A recent order of the dealer has the same lines.
  case duplicateContent = "DUPLICATE_CONTENT"

  /// The code on the wire, such as `CREDIT_EXCEEDED`.
  public var code: String { rawValue }

  /// What follows unless a rule set says otherwise.
  public func defaultOutcome(for policy: ShipPolicy) -> VerdictOutcome {
    switch self {
    case .notAuthorised, .dealerInactive, .productNotSellable, .productNotAuthorised, .currencyMismatch, .noPrice,
      .belowMinimum, .aboveMaximum, .priceChanged, .creditStop, .creditExpired, .duplicateReference:
      .block
    case .aboveOrderLimit: .review(ReviewRequirement(role: .orderReviewer, level: 1))
    case .belowFloorPrice: .review(ReviewRequirement(role: .orderReviewer, level: 2))
    case .creditExceeded, .creditOverdue, .creditHold:
      .review(ReviewRequirement(role: .creditController, level: 1))
    case .notAMultiple, .duplicateContent: .warn
    case .insufficientStock:
      switch policy {
      case .reject: .block
      case .complete: .review(ReviewRequirement(role: .orderReviewer, level: 1))
      case .partial: .warn
      }
    }
  }

  /// Who reviews by default when a rule set asks for a review without naming a role.
  public var defaultReviewRole: Role {
    switch self {
    case .creditStop, .creditExpired, .creditHold, .creditExceeded, .creditOverdue: .creditController
    default: .orderReviewer
    }
  }
}
