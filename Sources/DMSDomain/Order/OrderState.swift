/// The states in which an order rests. Raw values are those of the store and the wire.
public enum OrderState: Int, Hashable, Sendable, CaseIterable {
  /// Being written; nothing is reserved.
  case draft = 1
  /// Submitted, and waiting for a reviewer; stock and credit are held.
  case inReview = 2
  /// Accepted.
  case approved = 3
  /// Some of it has shipped.
  case partiallyShipped = 4
  /// All that will ship has shipped.
  case shipped = 5
  /// All that shipped is accounted for by the dealer.
  case delivered = 6
  /// Claims are closed and the return window has passed.
  case completed = 7
  /// Refused by a reviewer.
  case rejected = 8
  /// Cancelled before anything shipped.
  case cancelled = 9

  /// The state in capitals, such as `IN_REVIEW`.
  public var code: String {
    switch self {
    case .draft: "DRAFT"
    case .inReview: "IN_REVIEW"
    case .approved: "APPROVED"
    case .partiallyShipped: "PARTIALLY_SHIPPED"
    case .shipped: "SHIPPED"
    case .delivered: "DELIVERED"
    case .completed: "COMPLETED"
    case .rejected: "REJECTED"
    case .cancelled: "CANCELLED"
    }
  }

  /// The state of a code; nil when there is none.
  public init?(code: String) {
    guard let state = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = state
  }

  /// Stock and credit are held for it, and it counts as a live order.
  public var holdsStockAndCredit: Bool {
    self == .inReview || self == .approved || self == .partiallyShipped
  }

  /// It has not ended in a refusal or a cancellation.
  public var isLive: Bool {
    self != .rejected && self != .cancelled
  }

  /// The state that the lines of an approved order explain.
  ///
  /// Fulfilment is derived, never set: nothing shipped is APPROVED, something shipped and something open is
  /// PARTIALLY_SHIPPED, nothing open is SHIPPED, and DELIVERED once all that shipped is accounted for.
  public static func fulfilment(of lines: [LineQuantities]) -> OrderState {
    guard lines.contains(where: { $0.shipped.isPositive }) else { return .approved }
    guard lines.allSatisfy({ $0.open.isZero }) else { return .partiallyShipped }
    return lines.allSatisfy { $0.inTransit.isZero } ? .delivered : .shipped
  }
}

/// What somebody may do to an order.
public enum OrderAction: String, Hashable, Sendable, CaseIterable {
  /// Change a draft.
  case update
  /// Submit a draft.
  case submit
  /// Approve an order in review.
  case approve
  /// Refuse an order in review.
  case reject
  /// Give an order in review back to its author.
  case returnToAuthor = "return"
  /// Cancel an order of which nothing has shipped.
  case cancel

  /// The states in which it is allowed.
  public var allowedStates: [OrderState] {
    switch self {
    case .update, .submit: [.draft]
    case .approve, .reject, .returnToAuthor: [.inReview]
    case .cancel: [.draft, .inReview, .approved]
    }
  }

  /// The states to which it may lead.
  public var resultingStates: [OrderState] {
    switch self {
    case .update: [.draft]
    case .submit: [.draft, .inReview, .approved]
    case .approve: [.approved]
    case .reject: [.rejected]
    case .returnToAuthor: [.draft]
    case .cancel: [.cancelled]
    }
  }
}
