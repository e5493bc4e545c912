/// What an order's credit is judged by.
public struct CreditFacts: Hashable, Sendable {
  /// The account's terms.
  public var account: CreditAccount
  /// What is drawn on it, the order under judgement left out.
  public var exposure: Exposure
  /// Days by which the oldest open receivable is overdue; 0 when none is.
  public var overdueDays: Int32
  /// Receivables overdue.
  public var overdue: Micros

  /// Terms and what is drawn; nothing overdue unless more is said.
  public init(account: CreditAccount, exposure: Exposure, overdueDays: Int32 = 0, overdue: Micros = 0) {
    self.account = account
    self.exposure = exposure
    self.overdueDays = overdueDays
    self.overdue = overdue
  }
}

/// What speaks against an order from the side of credit; nothing does when all is false.
public struct CreditJudgement: Hashable, Sendable {
  /// The account is stopped.
  public var isStopped = false
  /// The account had expired on the order's business date.
  public var isExpired = false
  /// People have put the account on hold.
  public var isOnHold = false
  /// The total is greater than what is available, and than what a reviewer has approved.
  public var exceedsLimit = false
  /// The total is greater than one document may be, and than what a reviewer has approved.
  public var exceedsDocumentLimit = false
  /// More days or a greater amount are overdue than allowed.
  public var isOverdue = false
  /// Limit + live temporary limit; nil without a limit.
  public var granted: Micros?
  /// What is drawn, the order left out.
  public var drawn: Micros
  /// `granted − drawn`; nil without a limit, below zero when overdrawn.
  public var available: Micros?
}

extension CreditFacts {
  /// Judges an order of this total: it passes when `total ≤ limit + live temporary limit − exposure`.
  ///
  /// Up to `approvedCeiling` an overrun has been approved, and is none. Throws when amounts do not fit.
  public func judge(
    total: Micros, businessDate: BusinessDate, approvedCeiling: Micros = 0, now: InstantMicros
  ) throws(ArithmeticError) -> CreditJudgement {
    let drawn = try exposure.total()
    var judgement = CreditJudgement(drawn: drawn)
    judgement.isStopped = account.status == .stop
    judgement.isOnHold = account.status == .hold
    if let expiry = account.expiryDate { judgement.isExpired = businessDate > expiry }
    let isCovered = total <= approvedCeiling
    if let granted = try account.grantedLimit(now: now) {
      let available = try granted - drawn
      judgement.granted = granted
      judgement.available = available
      judgement.exceedsLimit = total > available && !isCovered
    }
    judgement.exceedsDocumentLimit =
      account.documentLimit.isPositive && total > account.documentLimit && !isCovered
    let isTooLate = account.overdueDaysMax > 0 && overdueDays > account.overdueDaysMax
    let isTooMuch = account.overdueMax.isPositive && overdue > account.overdueMax
    judgement.isOverdue = isTooLate || isTooMuch
    return judgement
  }
}
