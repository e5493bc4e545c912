/// A review that somebody must give.
public struct ReviewRequirement: Hashable, Sendable {
  /// Who reviews.
  public var role: Role
  /// From which level on, 1 to 9.
  public var level: Int32

  /// A review by a role.
  public init(role: Role, level: Int32) {
    self.role = role
    self.level = level
  }
}

/// What follows from a rule, from mild to strict.
public enum VerdictOutcome: Hashable, Sendable {
  /// Nothing to say.
  case pass
  /// The order goes on; somebody should know.
  case warn
  /// A reviewer decides.
  case review(ReviewRequirement)
  /// The order is refused.
  case block

  /// 0 for pass, 3 for block.
  public var severity: Int {
    switch self {
    case .pass: 0
    case .warn: 1
    case .review: 2
    case .block: 3
    }
  }

  /// The stricter of two; of two reviews the one of the higher level.
  public func stricter(_ other: VerdictOutcome) -> VerdictOutcome {
    if case .review(let mine) = self, case .review(let theirs) = other {
      return theirs.level > mine.level ? other : self
    }
    return other.severity > severity ? other : self
  }
}

/// Name of a figure that a verdict rests on; stable, and the same on the wire.
public enum FigureName: String, Hashable, Sendable, CaseIterable {
  /// The order's total.
  case total = "total_micros"
  /// A limit: of the principal, of the account with what is temporary.
  case limit = "limit_micros"
  /// What is drawn on the account, the order left out.
  case exposure = "exposure_micros"
  /// What is left: of the limit.
  case availableCredit = "available_micros"
  /// The greatest total of one document.
  case documentLimit = "document_limit_micros"
  /// The total up to which a reviewer has approved.
  case approvedCeiling = "approved_ceiling_micros"
  /// Receivables overdue.
  case overdue = "overdue_micros"
  /// Receivables overdue that are allowed.
  case overdueMax = "overdue_max_micros"
  /// Days overdue.
  case overdueDays = "overdue_days"
  /// Days overdue that are allowed.
  case overdueDaysMax = "overdue_days_max"
  /// Last day of the account, in days since 1970-01-01.
  case expiryDate = "expiry_date"
  /// What the order asks for, over all lines of the product.
  case asked = "asked_quantity"
  /// What can be promised.
  case available = "available_quantity"
  /// The product's minimum.
  case minimum = "minimum_quantity"
  /// The product's maximum.
  case maximum = "maximum_quantity"
  /// What the product comes in.
  case multiple = "multiple_quantity"
  /// The price of the order.
  case unitPrice = "unit_price_micros"
  /// The price that the client expected.
  case expectedUnitPrice = "expected_unit_price_micros"
  /// The product's floor.
  case floorUnitPrice = "floor_unit_price_micros"
  /// A status, by its name.
  case status
  /// A currency that should be the order's.
  case currency
  /// Whose currency it is.
  case holder
  /// Another order.
  case otherOrder = "other_order_id"
  /// The principal.
  case principal
  /// The dealer.
  case dealer
  /// What the principal may not do.
  case action
  /// Days of the window in which equal content counts.
  case windowDays = "window_days"
}

/// The value of a figure.
public enum FigureValue: Hashable, Sendable {
  /// An amount in the order's currency.
  case amount(Micros)
  /// Base units of a product.
  case quantity(Quantity)
  /// A number of something else.
  case count(Int64)
  /// A day.
  case date(BusinessDate)
  /// A name or key.
  case text(String)

  /// The number on the wire; nil for a text.
  public var integer: Int64? {
    switch self {
    case .amount(let amount): amount.value
    case .quantity(let quantity): quantity.value
    case .count(let count): count
    case .date(let date): Int64(date.daysSinceEpoch)
    case .text: nil
    }
  }
}

/// A figure that a verdict rests on.
public struct Figure: Hashable, Sendable {
  /// What it is.
  public var name: FigureName
  /// How much.
  public var value: FigureValue

  /// A figure.
  public init(_ name: FigureName, _ value: FigureValue) {
    self.name = name
    self.value = value
  }
}

/// What one rule says of an order.
public struct Verdict: Hashable, Sendable {
  /// Which rule.
  public var reason: ReasonCode
  /// What follows.
  public var outcome: VerdictOutcome
  /// The line concerned, from 1; nil for the whole order.
  public var line: Int32?
  /// The product concerned; nil for the whole order.
  public var sku: SKU?
  /// What it rests on.
  public var figures: [Figure]

  /// What a rule says.
  public init(
    _ reason: ReasonCode, _ outcome: VerdictOutcome, line: Int32? = nil, sku: SKU? = nil, figures: [Figure] = []
  ) {
    self.reason = reason
    self.outcome = outcome
    self.line = line
    self.sku = sku
    self.figures = figures
  }

  /// The value of a figure; nil when the verdict does not rest on it.
  public subscript(name: FigureName) -> FigureValue? {
    figures.first { $0.name == name }?.value
  }
}
