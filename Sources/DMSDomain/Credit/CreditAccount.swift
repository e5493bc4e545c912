/// How a credit account judges orders. Raw values are those of the store and the wire.
public enum CreditMode: Int, Hashable, Sendable, CaseIterable {
  /// Only against money received; what a new dealer has.
  case prepayment = 1
  /// Up to a limit.
  case limit = 2
  /// Without a limit; chosen, never a default.
  case unlimited = 3

  /// The mode in capitals.
  public var code: String {
    switch self {
    case .prepayment: "PREPAYMENT"
    case .limit: "LIMIT"
    case .unlimited: "UNLIMITED"
    }
  }
}

/// How a credit account stands. Raw values are those of the store and the wire.
public enum CreditStatus: Int, Hashable, Sendable, CaseIterable {
  /// In order.
  case ok = 1
  /// At 90 % of the limit or more; computed, never stored.
  case watch = 2
  /// New orders go to review.
  case hold = 3
  /// New orders are blocked.
  case stop = 4

  /// The status in capitals.
  public var code: String {
    switch self {
    case .ok: "OK"
    case .watch: "WATCH"
    case .hold: "HOLD"
    case .stop: "STOP"
    }
  }
}

/// A credit account of a dealer or of a group of dealers: its terms, without what has been drawn on it.
public struct CreditAccount: Hashable, Sendable {
  /// The account's key.
  public var id: CreditAccountID
  /// Currency of every amount of the account.
  public var currency: CurrencyCode
  /// How orders are judged.
  public var mode: CreditMode
  /// The limit, at least 0; 0 unless the mode is LIMIT.
  public var limit: Micros
  /// Added to the limit until it expires, at least 0.
  public var temporaryLimit: Micros
  /// When the temporary limit ends; required with one.
  public var temporaryLimitExpiry: InstantMicros?
  /// As set by people: OK, HOLD or STOP.
  public var status: CreditStatus
  /// Last business date of orders that may draw on it; nil for no end.
  public var expiryDate: BusinessDate?
  /// Greatest total of one order; 0 for none.
  public var documentLimit: Micros
  /// Days overdue that are allowed; 0 for any.
  public var overdueDaysMax: Int32
  /// Amount overdue that is allowed; 0 for any.
  public var overdueMax: Micros

  /// An account; what is not given is what a new dealer's has: prepayment.
  public init(
    id: CreditAccountID, currency: CurrencyCode, mode: CreditMode = .prepayment, limit: Micros = 0,
    temporaryLimit: Micros = 0, temporaryLimitExpiry: InstantMicros? = nil, status: CreditStatus = .ok,
    expiryDate: BusinessDate? = nil, documentLimit: Micros = 0, overdueDaysMax: Int32 = 0, overdueMax: Micros = 0
  ) {
    self.id = id
    self.currency = currency
    self.mode = mode
    self.limit = limit
    self.temporaryLimit = temporaryLimit
    self.temporaryLimitExpiry = temporaryLimitExpiry
    self.status = status
    self.expiryDate = expiryDate
    self.documentLimit = documentLimit
    self.overdueDaysMax = overdueDaysMax
    self.overdueMax = overdueMax
  }

  /// Throws every field that is wrong.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.range(limit.value, "limit_micros", 0...Int64.max)
    if mode != .limit, !limit.isZero { check.note("limit_micros", .conflicting(with: "mode \(mode.code)")) }
    check.range(temporaryLimit.value, "temporary_limit_micros", 0...Int64.max)
    if temporaryLimit.isPositive, temporaryLimitExpiry == nil {
      check.note("temporary_limit_expire_time", .required)
    }
    if mode == .unlimited, temporaryLimit.isPositive {
      check.note("temporary_limit_micros", .conflicting(with: "mode \(mode.code)"))
    }
    if status == .watch { check.note("status", .unknownValue(status.code)) }
    check.range(documentLimit.value, "document_limit_micros", 0...Int64.max)
    check.range(Int64(overdueDaysMax), "overdue_days_max", 0...Int64(Int32.max))
    check.range(overdueMax.value, "overdue_micros_max", 0...Int64.max)
    try check.finish()
  }

  /// The temporary limit while it is alive: before its expiry.
  public func liveTemporaryLimit(now: InstantMicros) -> Micros {
    guard let expiry = temporaryLimitExpiry, now < expiry else { return .zero }
    return temporaryLimit
  }

  /// Limit and live temporary limit together; nil when there is no limit.
  public func grantedLimit(now: InstantMicros) throws(ArithmeticError) -> Micros? {
    switch mode {
    case .unlimited: nil
    case .prepayment: liveTemporaryLimit(now: now)
    case .limit: try limit + liveTemporaryLimit(now: now)
    }
  }

  /// The status with what is drawn taken into account: OK turns into WATCH from 90 % of the limit.
  public func standing(with exposure: Exposure, now: InstantMicros) throws(ArithmeticError) -> CreditStatus {
    guard status == .ok, let granted = try grantedLimit(now: now), granted.isPositive else { return status }
    let drawn = try exposure.total()
    return Int128(drawn.value) * 10 >= Int128(granted.value) * 9 ? .watch : .ok
  }
}
