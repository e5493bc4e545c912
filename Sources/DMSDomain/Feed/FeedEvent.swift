/// What a dealer's system reports of one balance.
public enum FeedChange: Hashable, Sendable {
  /// The balance changed.
  case movement(kind: MovementKind, quantity: Quantity)
  /// The balance is this; another one than `expected` was believed to be booked before it.
  case set(quantity: Quantity, expected: Quantity?)
}

/// A well-formed stock event of a dealer's system.
public struct FeedEvent: Hashable, Sendable {
  /// When it happened.
  public var eventTime: InstantMicros
  /// The dealer's own name of the place.
  public var place: LocationID
  /// The product.
  public var sku: SKU
  /// What happened.
  public var change: FeedChange
  /// Business date, when the dealer states it.
  public var businessDate: BusinessDate?
  /// The document behind it, such as a shipment; empty when none is named.
  public var document: String

  /// An event at a place.
  public init(
    eventTime: InstantMicros, place: LocationID = .main, sku: SKU, change: FeedChange,
    businessDate: BusinessDate? = nil, document: String = ""
  ) {
    self.eventTime = eventTime
    self.place = place
    self.sku = sku
    self.change = change
    self.businessDate = businessDate
    self.document = document
  }
}

/// Why an event of a dealer's stream is not applied, while the stream goes on.
public enum FeedRejection: Error, Hashable, Sendable {
  /// A field is wrong.
  case malformed(FieldViolation)
  /// The product is not known.
  case unknownSKU(String)
  /// The quantity is 0, or has the wrong sign for its kind.
  case badQuantity(MovementKind, Quantity)
  /// Movements of this kind belong to documents and are not reported by themselves.
  case kindNotReportable(MovementKind)
  /// What is booked is not what the dealer's system believed.
  case balanceMismatch(expected: Quantity, actual: Quantity)
  /// The balance would not fit into 64 bits.
  case overflow

  /// The reason code, which never changes with the language.
  public var code: String {
    switch self {
    case .malformed: "INVALID_FIELD"
    case .unknownSKU: "UNKNOWN_SKU"
    case .badQuantity: "INVALID_QUANTITY"
    case .kindNotReportable: "INVALID_KIND"
    case .balanceMismatch: "BALANCE_MISMATCH"
    case .overflow: "OVERFLOW"
    }
  }

  /// What is wrong and what would be right, in English.
  public var sentence: String {
    switch self {
    case .malformed(let violation): "The field \(violation.field) \(violation.problem.sentence)."
    case .unknownSKU(let sku): "The product \(sku.debugDescription) is not known; it must be created first."
    case .badQuantity(let kind, let quantity) where kind.direction == .inward:
      "A \(kind.code) must be above 0; it is \(quantity)."
    case .badQuantity(let kind, let quantity) where kind.direction == .outward:
      "A \(kind.code) must be below 0; it is \(quantity)."
    case .badQuantity(let kind, _): "The quantity of a \(kind.code) must not be 0."
    case .kindNotReportable(let kind):
      "A \(kind.code) belongs to a document; report RECEIPT, SALE, CUSTOMER_RETURN, ISSUE, ADJUST or DAMAGE."
    case .balanceMismatch(let expected, let actual):
      "The balance was expected to be \(expected) and is \(actual); report the true balance without an expectation."
    case .overflow: "The balance would be too large."
    }
  }
}

/// An event as it stands in a batch: its sequence, and what it says or what is wrong with it.
public struct ReportedEvent: Hashable, Sendable {
  /// Counts up by 1, from 1 in each epoch.
  public var sequence: Int64
  /// The event, or why it cannot be understood.
  public var content: Result<FeedEvent, FeedRejection>

  /// An event at a place of the sequence.
  public init(sequence: Int64, content: Result<FeedEvent, FeedRejection>) {
    self.sequence = sequence
    self.content = content
  }
}

extension FeedEvent {
  /// The dealer's balance once the event is applied; throws why it is rejected.
  public func applied(to balance: StockBalance, of dealer: DealerID) throws(FeedRejection) -> StockPosting {
    if case .movement(let kind, _) = change, !kind.isReportable { throw .kindNotReportable(kind) }
    do {
      return try posting(on: balance, of: dealer)
    } catch {
      throw FeedRejection(error)
    }
  }

  private func posting(on balance: StockBalance, of dealer: DealerID) throws(StockError) -> StockPosting {
    switch change {
    case .movement(let kind, let quantity):
      try balance.posting(kind, change: quantity, owner: .dealer(dealer))
    case .set(let quantity, let expected):
      try balance.setting(to: quantity, expected: expected, owner: .dealer(dealer))
    }
  }
}

extension FeedRejection {
  fileprivate init(_ error: StockError) {
    switch error {
    case .badQuantity(let kind, let quantity): self = .badQuantity(kind, quantity)
    case .balanceMismatch(let expected, let actual): self = .balanceMismatch(expected: expected, actual: actual)
    default: self = .overflow
    }
  }
}
