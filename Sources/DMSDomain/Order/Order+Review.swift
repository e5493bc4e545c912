/// Who reviews, and what it has read.
public struct Review: Hashable, Sendable {
  /// The reviewer.
  public var reviewer: Principal
  /// Where the order's dealer stands, against which the reviewer's grants are held.
  public var place: DealerPlace
  /// The content hash of the order that the reviewer has read; nil when an etag has been compared instead.
  public var contentHash: [UInt8]?
  /// A remark; required to reject or return.
  public var comment: String
  /// The server's clock.
  public var now: InstantMicros

  /// A review.
  public init(
    reviewer: Principal, place: DealerPlace, contentHash: [UInt8]? = nil, comment: String = "", now: InstantMicros
  ) {
    self.reviewer = reviewer
    self.place = place
    self.contentHash = contentHash
    self.comment = comment
    self.now = now
  }
}

/// What an approval is judged by again, read in the transaction that writes the result.
public struct ApprovalFacts: Hashable, Sendable {
  /// The dealer.
  public var dealer: OrderingDealer
  /// The account, with the order's own booking left out of the exposure.
  public var credit: CreditFacts
  /// Stock at the warehouses that serve the dealer, in order of preference, of products with unassigned quantity.
  public var stock: [SKU: [WarehouseStock]]

  /// What an approval is judged by.
  public init(dealer: OrderingDealer, credit: CreditFacts, stock: [SKU: [WarehouseStock]] = [:]) {
    self.dealer = dealer
    self.credit = credit
    self.stock = stock
  }
}

extension Order {
  /// Approves an order in review. Credit and stock are judged again; what has lapsed is reserved anew.
  ///
  /// The decision joins what the submission's rules found and is not judged again to the new judgement. The reviewer
  /// must be able to give every review that it asks for. The approval binds to the content's hash, and to the total as a ceiling.
  /// When a rule blocks, the order stays in review and only its timeline grows.
  public func approving(
    _ review: Review, facts: ApprovalFacts, ruleSet: RuleSet
  ) throws(OrderError) -> JudgedChange {
    try check(review, for: .approve)
    let (decision, allocation) = try judgeAgain(review, facts: facts, ruleSet: ruleSet)
    guard decision.outcome != .block else {
      var unchanged = OrderChange(order: self)
      try unchanged.note(
        .blocked, from: state, by: review.reviewer.id, comment: review.comment, at: review.now, decision: decision)
      return .blocked(unchanged, decision)
    }
    let missing = decision.requirements.filter { !review.reviewer.maySatisfy($0, for: review.place) }
    guard missing.isEmpty else { throw .reviewNotAllowed(id, missing: missing) }

    var change = try OrderChange(changing: self, now: review.now)
    try change.take(allocation)
    change.order.state = .approved
    change.order.approvedCeiling = totals.total
    change.order.reviewExpireTime = nil
    change.order.ruleSetVersion = decision.ruleSetVersion
    change.order.verdicts = decision.findings
    try change.note(
      .approved, from: state, by: review.reviewer.id, comment: review.comment, at: review.now, decision: decision)
    return .accepted(change)
  }

  /// Refuses an order in review: stock and credit are released, and what was open is cancelled. Needs a comment.
  public func rejecting(_ review: Review) throws(OrderError) -> OrderChange {
    try check(review, for: .reject)
    guard !review.comment.isEmpty else { throw .commentRequired(.reject) }
    var change = try ending(as: .rejected, now: review.now)
    try change.note(.rejected, from: state, by: review.reviewer.id, comment: review.comment, at: review.now)
    return change
  }

  /// Makes an order in review a draft again: stock and credit are released, prices thaw. Needs a comment.
  public func returning(_ review: Review) throws(OrderError) -> OrderChange {
    try check(review, for: .returnToAuthor)
    guard !review.comment.isEmpty else { throw .commentRequired(.returnToAuthor) }
    var change = try OrderChange(changing: self, now: review.now)
    change.releaseStock()
    change.releaseCredit()
    change.order.thaw()
    try change.note(.returned, from: state, by: review.reviewer.id, comment: review.comment, at: review.now)
    return change
  }

  /// The approval holds for an order of this content and total: the content as approved, and no greater total.
  public func approvalCovers(total: Micros, contentHash: [UInt8]) -> Bool {
    approvedCeiling.isPositive && total <= approvedCeiling && contentHash == self.contentHash
  }

  /// The total up to which an overrun of credit has been approved; 0 when none was.
  public var approvedCreditCeiling: Micros {
    verdicts.contains { $0.reason == .creditExceeded } ? approvedCeiling : 0
  }

  private func check(_ review: Review, for action: OrderAction) throws(OrderError) {
    try require(action)
    guard review.reviewer.id != submittedBy else { throw .reviewerIsSubmitter(id) }
    if let read = review.contentHash, read != contentHash { throw .contentChanged(id) }
  }

  /// The rules that time can change: the others rest on what was frozen.
  private static func isJudgedAgain(_ reason: ReasonCode) -> Bool {
    switch reason {
    case .creditStop, .creditExpired, .creditHold, .creditExceeded, .creditOverdue, .insufficientStock: true
    default: false
    }
  }

  private func judgeAgain(
    _ review: Review, facts: ApprovalFacts, ruleSet: RuleSet
  ) throws(OrderError) -> (Decision, Allocation) {
    do {
      var book = VerdictBook(ruleSet: ruleSet, dealer: facts.dealer, policy: header.shipPolicy)
      try OrderJudge.credit(
        facts.credit, currency: header.currency, total: totals.total, businessDate: header.businessDate,
        approvedCeiling: approvedCreditCeiling, now: review.now, into: &book)
      let lapsed = lines.enumerated().compactMap { index, line in
        let rest = line.quantities.unassigned
        return rest.isPositive ? StockDemand(line: Int32(index + 1), sku: line.request.sku, quantity: rest) : nil
      }
      var places = ProductPlaces()
      var shelves: [[WarehouseStock]] = []
      let products = lapsed.map { demand in
        let place = places.place(of: demand.sku)
        if place == shelves.count { shelves.append(facts.stock[demand.sku] ?? []) }
        return place
      }
      let allocation = try OrderJudge.stock(
        lapsed, of: products, stock: shelves, policy: header.shipPolicy,
        splitting: facts.dealer.splitShipmentsAllowed, into: &book)
      let inputs = DecisionInputs(
        decidedAt: review.now, principal: review.reviewer.id, orderLimit: 0, dealer: facts.dealer.id,
        tier: facts.dealer.tier, region: facts.dealer.region, dealerStatus: facts.dealer.status,
        businessDate: header.businessDate, currency: header.currency, shipPolicy: header.shipPolicy,
        total: totals.total, creditLimit: try facts.credit.account.grantedLimit(now: review.now),
        creditStatus: facts.credit.account.status, exposure: facts.credit.exposure, products: [])
      let standing = verdicts.filter { !Self.isJudgedAgain($0.reason) }
      let decision = Decision(ruleSetVersion: ruleSet.version, verdicts: standing + book.verdicts, inputs: inputs)
      return (decision, allocation)
    } catch {
      throw .overflow(id)
    }
  }

  private mutating func thaw() {
    state = .draft
    totals = .zero
    contentHash = []
    linesHash = []
    approvedCeiling = 0
    submittedBy = nil
    submitTime = nil
    reviewExpireTime = nil
    for index in lines.indices {
      lines[index].price = LinePrice()
    }
  }
}
