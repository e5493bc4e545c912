import DMSDomain
import Testing

@Suite("Orders")
struct OrderTests {
  private let id = OrderID(unchecked: "O1")

  private func draft(_ lines: [LineRequest] = Sample.lines(5)) throws -> Order {
    try Order.draft(
      id: id, header: Sample.header(), lines: lines, creditAccount: CreditAccountID(of: Sample.dealerID),
      by: Sample.clerk, now: Sample.now
    ).order
  }

  /// An order in review for its credit.
  private func inReview(_ lines: [LineRequest] = Sample.lines(5)) throws -> Order {
    try Sample.place(lines, facts: Sample.facts(limit: Sample.dollars(1))).order
  }

  private func approvalFacts(limit: Micros = Sample.dollars(1), onHand: Quantity = 1_000) -> ApprovalFacts {
    ApprovalFacts(
      dealer: Sample.dealer, credit: CreditFacts(account: Sample.account(limit: limit), exposure: Exposure()),
      stock: Sample.facts(onHand: onHand).products.mapValues(\.stock))
  }

  private func accepted(_ change: JudgedChange) throws -> OrderChange {
    guard case .accepted(let change) = change else { throw Sample.Blocked() }
    return change
  }

  @Test("A draft holds nothing")
  func drafting() throws {
    let change = try Order.draft(
      id: id, header: Sample.header(), lines: Sample.lines(5), creditAccount: CreditAccountID(of: Sample.dealerID),
      by: Sample.clerk, now: Sample.now)
    #expect(change.order.state == .draft)
    #expect(change.order.version == 1)
    #expect(change.reservations.isEmpty && change.credit.isEmpty)
    #expect(change.timeline.map(\.kind) == [.created])
    let updated = try change.order.updating(
      header: Sample.header(reference: "PO-2"), lines: Sample.lines(7), by: Sample.clerk, now: Sample.now)
    #expect(updated.order.version == 2)
    #expect(updated.order.lines[0].quantities.ordered == 7)
    #expect(updated.timeline.map(\.sequence) == [2])
    var foreign = Sample.header()
    foreign.dealer = DealerID(unchecked: "D2")
    #expect(throws: OrderError.fields(FieldViolations([FieldViolation("dealer_id", .immutable)]))) {
      try change.order.updating(header: foreign, lines: Sample.lines(7), by: Sample.clerk, now: Sample.now)
    }
  }

  @Test("A placed order is approved, its stock reserved, its value booked, its price frozen")
  func placing() throws {
    let change = try Sample.place(Sample.lines(5, 2))
    let order = change.order
    #expect(order.state == .approved)
    #expect(order.version == 1)
    #expect(order.booked == Sample.dollars(70))
    #expect(change.credit.map(\.amount) == [Sample.dollars(70)])
    #expect(change.reservations.map(\.change) == [5, 2])
    #expect(order.lines.map(\.quantities.reserved) == [5, 2])
    #expect(order.lines.map(\.price.unitPrice) == [Sample.dollars(10), Sample.dollars(10)])
    #expect(order.lines[0].price.listVersion == "RETAIL@1")
    #expect(change.timeline.map(\.kind) == [.submitted])
    #expect(change.timeline[0].from == nil)
    #expect(change.timeline[0].decision?.outcome == .pass)
    #expect(order.decisionSequence == 1)
    #expect(order.contentHash.count == 8 && order.linesHash.count == 8)
    #expect(order.submittedBy == Sample.clerk)
  }

  @Test("A blocked draft stays a draft, and only its timeline grows")
  func blocked() throws {
    let draft = try draft()
    let result = try draft.submitting(
      facts: Sample.facts(onHand: 0), ruleSet: .builtIn, hashing: Sample.hashing)
    guard case .blocked(let change, let decision) = result else { throw Sample.Blocked() }
    #expect(decision.blocks.map(\.reason) == [.insufficientStock])
    #expect(change.timeline.map(\.kind) == [.blocked])
    #expect(change.timeline[0].decision == decision)
    #expect(change.reservations.isEmpty && change.credit.isEmpty)
    var expected = draft
    expected.timelineCount = 2
    #expect(change.order == expected)
    let again = try accepted(
      change.order.submitting(facts: Sample.facts(), ruleSet: .builtIn, hashing: Sample.hashing))
    #expect(again.order.state == .approved)
    #expect(again.timeline.map(\.sequence) == [3])
    #expect(again.timeline[0].from == .draft)
  }

  @Test("An order that needs review holds stock and credit until its review lapses")
  func review() throws {
    let order = try inReview()
    #expect(order.state == .inReview)
    #expect(order.booked == Sample.dollars(50))
    #expect(order.reviewExpireTime == (try Sample.now.adding(hours: 72)))
    #expect(order.verdicts.map(\.reason) == [.creditExceeded])
    let lapsed = try order.lapsing(by: Sample.clerk, now: Sample.now)
    #expect(lapsed.reservations.map(\.change) == [-5])
    #expect(lapsed.order.lines[0].quantities.unassigned == 5)
    #expect(lapsed.order.booked == Sample.dollars(50))

    let approved = try accepted(
      lapsed.order.approving(Sample.review(), facts: approvalFacts(), ruleSet: .builtIn))
    #expect(approved.reservations.map(\.change) == [5])
    let short = try lapsed.order.approving(Sample.review(), facts: approvalFacts(onHand: 4), ruleSet: .builtIn)
    guard case .blocked(let unchanged, let decision) = short else { throw Sample.Blocked() }
    #expect(decision.blocks.map(\.reason) == [.insufficientStock])
    #expect(unchanged.order.state == .inReview)
    #expect(unchanged.order.version == lapsed.order.version)
  }

  @Test("Approving an overrun stores the ceiling, and binds to the content")
  func approval() throws {
    let order = try inReview()
    let read = Sample.review(hash: order.contentHash)
    let change = try accepted(order.approving(read, facts: approvalFacts(), ruleSet: .builtIn))
    #expect(change.order.state == .approved)
    #expect(change.order.approvedCeiling == Sample.dollars(50))
    #expect(change.order.approvedCreditCeiling == Sample.dollars(50))
    #expect(change.order.reviewExpireTime == nil)
    #expect(change.reservations.isEmpty && change.credit.isEmpty)
    #expect(change.order.decisionSequence == 2)
    #expect(change.order.verdicts == change.timeline[0].decision?.findings)
    #expect(change.order.approvalCovers(total: Sample.dollars(50), contentHash: order.contentHash))
    #expect(change.order.approvalCovers(total: Sample.dollars(49), contentHash: order.contentHash))
    #expect(!change.order.approvalCovers(total: Sample.dollars(51), contentHash: order.contentHash))
    #expect(!change.order.approvalCovers(total: Sample.dollars(50), contentHash: [1]))
    #expect(throws: OrderError.contentChanged(id)) {
      try order.approving(Sample.review(hash: [1]), facts: approvalFacts(), ruleSet: .builtIn)
    }
  }

  @Test("Approval judges credit again: a stopped account blocks, a raised limit needs no controller")
  func approvalJudgesAgain() throws {
    let order = try inReview()
    var stopped = approvalFacts()
    stopped.credit.account.status = .stop
    guard case .blocked(_, let decision) = try order.approving(Sample.review(), facts: stopped, ruleSet: .builtIn)
    else { throw Sample.Blocked() }
    #expect(decision.blocks.map(\.reason) == [.creditStop])
    let raised = try accepted(
      order.approving(
        Sample.review(Sample.reviewer(Grant(.orderReviewer, level: 1))),
        facts: approvalFacts(limit: Sample.dollars(100)), ruleSet: .builtIn))
    #expect(raised.order.approvedCreditCeiling == 0)
  }

  @Test("A reviewer is never the submitter, and may give only the reviews of its roles, level and scope")
  func reviewers() throws {
    let order = try inReview()
    func approve(_ reviewer: Principal) throws -> OrderChange {
      try accepted(order.approving(Sample.review(reviewer), facts: approvalFacts(), ruleSet: .builtIn))
    }
    #expect(throws: OrderError.reviewerIsSubmitter(id)) { try approve(Sample.reviewer(Grant(.admin), id: "clerk")) }
    let needed = ReviewRequirement(role: .creditController, level: 1)
    for powerless in [
      Sample.reviewer(Grant(.orderReviewer, level: 9)), Sample.reviewer(Grant(.auditor)),
      Sample.reviewer(Grant(.creditController, scope: .region(Region(unchecked: "WEST")))),
    ] {
      #expect(throws: OrderError.reviewNotAllowed(id, missing: [needed])) { try approve(powerless) }
    }
    var disabled = Sample.admin
    disabled.disabled = true
    #expect(throws: OrderError.self) { try approve(disabled) }
    #expect(try approve(Sample.reviewer(Grant(.creditController))).order.state == .approved)
    let east = Sample.reviewer(Grant(.creditController, scope: .region(Region(unchecked: "EAST"))))
    #expect(try approve(east).order.state == .approved)
    #expect(throws: OrderError.reviewerIsSubmitter(id)) {
      try order.rejecting(Sample.review(Sample.reviewer(Grant(.admin), id: "clerk"), comment: "no"))
    }
  }

  @Test("Rejecting, returning and cancelling give everything back")
  func endings() throws {
    let order = try inReview(Sample.lines(5, 2))
    let rejected = try order.rejecting(Sample.review(comment: "too much"))
    let returned = try order.returning(Sample.review(comment: "split it"))
    let cancelled = try order.cancelling(by: Sample.clerk, now: Sample.now)
    for change in [rejected, returned, cancelled] {
      #expect(change.reservations.map(\.change) == [-5, -2])
      #expect(change.credit.map(\.amount) == [Micros(-70_000_000)])
      #expect(change.credit.map(\.kind) == [.orderReleased])
      #expect(change.order.booked == 0)
      #expect(change.order.lines.allSatisfy { $0.reservations.isEmpty && $0.quantities.isConsistent })
    }
    #expect(rejected.order.state == .rejected)
    #expect(rejected.order.lines.map(\.quantities.cancelled) == [5, 2])
    #expect(cancelled.order.state == .cancelled)
    #expect(returned.order.state == .draft)
    #expect(returned.order.submittedBy == nil)
    #expect(returned.order.lines.map(\.quantities.open) == [5, 2])
    let again = try accepted(
      returned.order.submitting(facts: Sample.facts(), ruleSet: .builtIn, hashing: Sample.hashing))
    #expect(again.order.state == .approved)
    #expect(throws: OrderError.commentRequired(.reject)) { try order.rejecting(Sample.review()) }
    #expect(throws: OrderError.commentRequired(.returnToAuthor)) { try order.returning(Sample.review()) }
  }

  @Test("An action in a state that does not allow it says so, and which states do")
  func wrongStates() throws {
    for state in OrderState.allCases {
      for action in OrderAction.allCases where !action.allowedStates.contains(state) {
        var order = try inReview()
        order.state = state
        #expect(throws: OrderError.wrongState(id, action, state: state, allowed: action.allowedStates)) {
          try perform(action, on: order)
        }
      }
    }
  }

  @Test("An allowed action leads to a state that it may lead to")
  func rightStates() throws {
    for action in OrderAction.allCases {
      for state in action.allowedStates {
        var order = state == .draft ? try draft() : try inReview()
        order.state = state
        #expect(action.resultingStates.contains(try perform(action, on: order).state))
      }
    }
  }

  @discardableResult
  private func perform(_ action: OrderAction, on order: Order) throws -> Order {
    switch action {
    case .update:
      try order.updating(header: order.header, lines: order.requests, by: Sample.clerk, now: Sample.now).order
    case .submit:
      try accepted(order.submitting(facts: Sample.facts(), ruleSet: .builtIn, hashing: Sample.hashing)).order
    case .approve:
      try accepted(order.approving(Sample.review(), facts: approvalFacts(), ruleSet: .builtIn)).order
    case .reject: try order.rejecting(Sample.review(comment: "no")).order
    case .returnToAuthor: try order.returning(Sample.review(comment: "no")).order
    case .cancel: try order.cancelling(by: Sample.clerk, now: Sample.now).order
    }
  }

  @Test("What has shipped cannot be cancelled")
  func shipped() throws {
    var order = try Sample.place(Sample.lines(5)).order
    try order.lines[0].quantities.ship(1)
    #expect(throws: OrderError.hasShipped(id)) { try order.cancelling(by: Sample.clerk, now: Sample.now) }
  }

  @Test("Stock that is lost is taken from the line that held it, and the line waits")
  func withdrawal() throws {
    let order = try Sample.place(Sample.lines(5, 2)).order
    let change = try order.withdrawing(
      [Withdrawal(order: id, line: 2, quantity: 2), Withdrawal(order: id, line: 1, quantity: 1)], at: Sample.north,
      by: Sample.clerk, now: Sample.now)
    #expect(change.order.lines.map(\.quantities.reserved) == [4, 0])
    #expect(change.order.lines.map(\.quantities.backOrdered) == [1, 2])
    #expect(change.order.lines[1].reservations.isEmpty)
    #expect(change.reservations.map(\.change) == [-2, -1])
    #expect(change.timeline.map(\.kind) == [.reservationWithdrawn])
    #expect(throws: OrderError.line(id, line: 1, .tooMuch(asked: 9, available: 5))) {
      try order.withdrawing(
        [Withdrawal(order: id, line: 1, quantity: 9)], at: Sample.north, by: Sample.clerk, now: Sample.now)
    }
    #expect(throws: OrderError.line(id, line: 9, .inconsistent)) {
      try order.withdrawing(
        [Withdrawal(order: id, line: 9, quantity: 1)], at: Sample.north, by: Sample.clerk, now: Sample.now)
    }
  }

  @Test("5,000 lines fit, 5,001 and none do not")
  func lineLimit() throws {
    let lines = (0..<5_000).map { index in LineRequest(sku: index % 2 == 0 ? Sample.apples : Sample.pears, entered: 1) }
    let facts = Sample.facts(limit: Sample.dollars(1_000_000), onHand: 2_500)
    let placed = try Sample.place(lines, facts: facts)
    #expect(placed.order.state == .approved)
    #expect(placed.order.booked == Sample.dollars(50_000))
    let tooMany = FieldViolations([FieldViolation("lines", .tooMany(max: 5_000))])
    #expect(throws: OrderError.fields(tooMany)) { try Sample.place(lines + Sample.lines(1)) }
    #expect(throws: OrderError.fields(FieldViolations([FieldViolation("lines", .required)]))) { try Sample.place([]) }
  }

  @Test("Every wrong field of an order is reported at once")
  func fields() {
    var header = Sample.header(reference: String(repeating: "x", count: 65), freight: -1)
    header.requestedDeliveryDate = Sample.day("2026-03-09")
    header.note = String(repeating: "x", count: 2_001)
    let lines = [
      LineRequest(sku: Sample.apples, entered: 0), LineRequest(sku: Sample.apples, entered: -5),
      LineRequest(sku: Sample.apples, entered: 1, expectedUnitPrice: -1, agreedUnitPrice: 5),
      LineRequest(sku: Sample.apples, entered: 1, agreedPriceReason: "why"),
    ]
    do {
      _ = try Sample.place(lines, header: header)
      Issue.record("nothing was refused")
    } catch OrderError.fields(let violations) {
      #expect(
        violations.violations.map(\.field) == [
          "requested_delivery_date", "customer_reference", "freight_micros", "freight_micros", "note",
          "lines[0].quantity", "lines[1].quantity", "lines[2].expected_unit_price_micros",
          "lines[2].agreed_price_reason", "lines[3].agreed_price_reason",
        ])
    } catch {
      Issue.record("another error: \(error)")
    }
  }

  @Test("Equal products and quantities have equal hashes, however they stand in lines")
  func hashes() throws {
    let together = try CanonicalContent.products(
      of: [LineRequest(sku: Sample.apples, entered: 5), LineRequest(sku: Sample.pears, entered: 1)])
    let apart = try CanonicalContent.products(
      of: [
        LineRequest(sku: Sample.apples, entered: 2), LineRequest(sku: Sample.pears, entered: 1),
        LineRequest(sku: Sample.apples, entered: 3),
      ])
    #expect(together == apart)
    #expect(try together != CanonicalContent.products(of: Sample.lines(5)))
    let content = try Sample.place(Sample.lines(5)).order.contentHash
    #expect(try content == Sample.place(Sample.lines(5)).order.contentHash)
    #expect(try content != Sample.place(Sample.lines(5), header: Sample.header(reference: "PO-2")).order.contentHash)
    #expect(try content != Sample.place(Sample.lines(2, 3)).order.contentHash)
    var remark = Sample.header()
    remark.note = "please hurry"
    #expect(try content == Sample.place(Sample.lines(5), header: remark).order.contentHash)
  }

  @Test("Whatever is done, what is held equals what the changes add up to", arguments: seeds)
  func ledgers(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let first = try Order.draft(
        id: id, header: Sample.header(policy: ShipPolicy.allCases.randomElement(using: &random) ?? .reject),
        lines: Sample.lines(Quantity(random.number(1...9)), Quantity(random.number(1...9))),
        creditAccount: CreditAccountID(of: Sample.dealerID), by: Sample.clerk, now: Sample.now)
      var order = first.order
      var entries = first.timeline
      var booked: Int64 = 0
      var reserved: Int64 = 0
      for _ in 0..<12 {
        guard let change = try? step(order, &random) else { continue }
        order = change.order
        entries += change.timeline
        booked += change.credit.reduce(0) { $0 + $1.amount.value }
        reserved += change.reservations.reduce(0) { $0 + $1.change.value }
        #expect(order.booked.value == booked)
        #expect(order.state.holdsStockAndCredit || (booked == 0 && reserved == 0))
        #expect(order.lines.reduce(0) { $0 + $1.quantities.reserved.value } == reserved)
        for line in order.lines {
          #expect(line.quantities.isConsistent)
          #expect(line.reservations.reduce(0) { $0 + $1.quantity.value } == line.quantities.reserved.value)
        }
      }
      #expect(entries.map(\.sequence) == Array(1...Int64(entries.count)))
      #expect(order.timelineCount == Int64(entries.count))
    }
  }

  private func step(_ order: Order, _ random: inout SplitMix64) throws -> OrderChange {
    let onHand = Quantity(random.number(0...20))
    let limit = Micros(random.number(0...200_000_000))
    func unwrap(_ change: JudgedChange) -> OrderChange {
      switch change {
      case .accepted(let change), .blocked(let change, _): change
      }
    }
    switch random.number(0...7) {
    case 0, 1, 2:
      return unwrap(
        try order.submitting(
          facts: Sample.facts(limit: limit, onHand: onHand), ruleSet: .builtIn, hashing: Sample.hashing))
    case 3:
      return unwrap(
        try order.approving(Sample.review(), facts: approvalFacts(limit: limit, onHand: onHand), ruleSet: .builtIn))
    case 4: return try order.returning(Sample.review(comment: "again"))
    case 5: return try order.lapsing(by: Sample.clerk, now: Sample.now)
    case 6:
      return try order.withdrawing(
        [Withdrawal(order: id, line: Int32(random.number(1...2)), quantity: Quantity(random.number(1...3)))],
        at: Sample.north, by: Sample.clerk, now: Sample.now)
    default:
      guard random.oneIn(3) else { throw Sample.Blocked() }
      return random.oneIn(2)
        ? try order.rejecting(Sample.review(comment: "no")) : try order.cancelling(by: Sample.clerk, now: Sample.now)
    }
  }
}
