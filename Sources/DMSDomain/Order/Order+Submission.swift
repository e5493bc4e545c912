extension Order {
  /// Submits a draft: judges every rule, reserves stock and books credit, all or nothing.
  ///
  /// The order comes to rest in APPROVED or IN_REVIEW, its prices frozen. When a rule blocks, it stays a draft and only
  /// its timeline grows; its version stays, so that who read it may submit it again. `facts` are read in the transaction
  /// that writes the result. Throws `wrongState` unless it is a draft.
  public func submitting(
    facts: OrderFacts, ruleSet: RuleSet, hashing: ContentHashing
  ) throws(OrderError) -> JudgedChange {
    try require(.submit)
    return try submitted(from: state, facts: facts, ruleSet: ruleSet, hashing: hashing)
  }

  /// Creates and submits an order in one step, which is one entry on its timeline. A blocked order is not to be kept.
  ///
  /// Throws every field that is wrong.
  public static func placing(
    id: OrderID, header: OrderHeader, lines: [LineRequest], facts: OrderFacts, ruleSet: RuleSet,
    hashing: ContentHashing
  ) throws(OrderError) -> JudgedChange {
    let draft = try unstored(
      id: id, header: header, lines: lines, creditAccount: facts.credit.account.id, by: facts.submitter.id,
      now: facts.now)
    return try draft.submitted(from: nil, facts: facts, ruleSet: ruleSet, hashing: hashing)
  }

  private func submitted(
    from earlier: OrderState?, facts: OrderFacts, ruleSet: RuleSet, hashing: ContentHashing
  ) throws(OrderError) -> JudgedChange {
    let requests = self.requests
    let judgement: Judgement
    do {
      judgement = try OrderJudge.judge(header: header, lines: requests, facts: facts, ruleSet: ruleSet)
    } catch {
      throw .overflow(id)
    }
    let decision = judgement.decision
    let submitter = facts.submitter.id
    guard decision.outcome != .block else {
      var unchanged = OrderChange(order: self)
      try unchanged.note(.blocked, from: earlier, by: submitter, at: facts.now, decision: decision)
      return .blocked(unchanged, decision)
    }

    var change = try OrderChange(changing: self, now: facts.now)
    change.order.freeze(judgement)
    try change.take(judgement.allocation)
    change.order.creditAccount = facts.credit.account.id
    change.book(judgement.totals.total)
    change.order.contentHash = hashing(
      CanonicalContent.order(
        header: header, lines: requests, prices: judgement.prices, totals: judgement.totals))
    change.order.linesHash = hashing(try Self.products(of: requests, in: id))
    change.order.submittedBy = submitter
    change.order.submitTime = facts.now
    change.order.approvedCeiling = 0
    if decision.requirements.isEmpty {
      change.order.state = .approved
    } else {
      change.order.state = .inReview
      change.order.reviewExpireTime = try expiry(after: ruleSet.reviewExpiryHours, from: facts.now)
    }
    try change.note(.submitted, from: earlier, by: submitter, at: facts.now, decision: decision)
    return .accepted(change)
  }

  /// Takes over prices, totals and verdicts of a judgement.
  private mutating func freeze(_ judgement: Judgement) {
    for (index, price) in zip(lines.indices, judgement.prices) {
      lines[index].price = price
    }
    totals = judgement.totals
    ruleSetVersion = judgement.decision.ruleSetVersion
    verdicts = judgement.decision.findings
  }

  private func expiry(after hours: Int32, from now: InstantMicros) throws(OrderError) -> InstantMicros {
    do {
      return try now.adding(hours: hours)
    } catch {
      throw .overflow(id)
    }
  }

  private static func products(of lines: [LineRequest], in id: OrderID) throws(OrderError) -> [UInt8] {
    do {
      return try CanonicalContent.products(of: lines)
    } catch {
      throw .overflow(id)
    }
  }
}

extension OrderChange {
  /// Books the order's value on its credit account as unshipped.
  fileprivate mutating func book(_ total: Micros) {
    order.booked = total
    guard total.isPositive else { return }
    credit.append(
      CreditPosting(
        account: order.creditAccount, kind: .orderBooked, bucket: .unshipped, amount: total, order: order.id))
  }
}
