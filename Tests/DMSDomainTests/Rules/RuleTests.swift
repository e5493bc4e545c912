import DMSDomain
import Testing

@Suite("Rules")
struct RuleTests {
  @Test("An order that nothing speaks against passes every rule, each reported once in order")
  func passes() throws {
    let judgement = try Sample.judge(Sample.lines(5))
    #expect(judgement.decision.outcome == .pass)
    #expect(judgement.decision.verdicts.map(\.reason) == ReasonCode.allCases)
    #expect(judgement.totals.total == Sample.dollars(50))
    #expect(judgement.allocation.lines[0].reservations == [Reservation(warehouse: Sample.north, quantity: 5)])
  }

  /// A breach of one rule, and what follows by default.
  struct Breach: CustomTestStringConvertible, Sendable {
    var reason: ReasonCode
    var outcome: VerdictOutcome = .block
    var policy: ShipPolicy = .reject
    var lines: [LineRequest] = Sample.lines(5)
    var change: @Sendable (inout OrderFacts) -> Void = { _ in }

    var testDescription: String { "\(reason.code) \(policy.code)" }
  }

  static let reviewer1 = VerdictOutcome.review(ReviewRequirement(role: .orderReviewer, level: 1))
  static let reviewer2 = VerdictOutcome.review(ReviewRequirement(role: .orderReviewer, level: 2))
  static let controller = VerdictOutcome.review(ReviewRequirement(role: .creditController, level: 1))

  static let breaches: [Breach] = [
    Breach(reason: .notAuthorised) { $0.submitter.mayOrder = false },
    Breach(
      reason: .notAuthorised,
      lines: [
        LineRequest(sku: Sample.apples, entered: 5, agreedUnitPrice: Sample.dollars(9), agreedPriceReason: "fair")
      ]),
    Breach(reason: .aboveOrderLimit, outcome: reviewer1) { $0.submitter.orderLimit = Micros(49_999_999) },
    Breach(reason: .dealerInactive) { $0.dealer.status = .suspended },
    Breach(reason: .dealerInactive) { $0.dealer.status = .closed },
    Breach(reason: .productNotSellable) { $0.products[Sample.apples]?.terms.status = .blocked },
    Breach(reason: .productNotSellable) { $0.products[Sample.apples]?.terms.status = .discontinued },
    Breach(reason: .productNotSellable, policy: .partial) { $0.products[Sample.apples] = nil },
    Breach(reason: .productNotAuthorised) {
      $0.products[Sample.apples]?.terms.authorised = [.region(Region(unchecked: "WEST"))]
    },
    Breach(reason: .belowMinimum) { $0.products[Sample.apples]?.terms.quantities.minimum = 6 },
    Breach(reason: .notAMultiple, outcome: .warn) { $0.products[Sample.apples]?.terms.quantities.multiple = 2 },
    Breach(reason: .aboveMaximum) { $0.products[Sample.apples]?.terms.quantities.maximum = 4 },
    Breach(reason: .currencyMismatch) { $0.dealer.currency = Sample.eur },
    Breach(reason: .currencyMismatch) { $0.credit.account.currency = Sample.eur },
    Breach(reason: .currencyMismatch) { $0.products[Sample.apples]?.prices[0].currency = Sample.eur },
    Breach(reason: .noPrice) { $0.products[Sample.apples]?.prices = [] },
    Breach(reason: .noPrice) { $0.products[Sample.apples]?.prices[0].entry.validity.until = Sample.today },
    Breach(
      reason: .priceChanged,
      lines: [LineRequest(sku: Sample.apples, entered: 5, expectedUnitPrice: Sample.dollars(9))]),
    Breach(reason: .belowFloorPrice, outcome: reviewer2) {
      $0.products[Sample.apples]?.terms.currency = Sample.usd
      $0.products[Sample.apples]?.terms.floorUnitPrice = Sample.dollars(11)
    },
    Breach(reason: .creditStop) { $0.credit.account.status = .stop },
    Breach(reason: .creditExpired) { $0.credit.account.expiryDate = .earliest },
    Breach(reason: .creditHold, outcome: controller) { $0.credit.account.status = .hold },
    Breach(reason: .creditExceeded, outcome: controller) { $0.credit.account.limit = Sample.dollars(49) },
    Breach(reason: .creditExceeded, outcome: controller) { $0.credit.account.documentLimit = Sample.dollars(49) },
    Breach(reason: .creditOverdue, outcome: controller) {
      $0.credit.account.overdueDaysMax = 30
      $0.credit.overdueDays = 31
    },
    Breach(reason: .insufficientStock) { $0.products[Sample.apples]?.stock = [] },
    Breach(reason: .insufficientStock, outcome: reviewer1, policy: .complete) {
      $0.products[Sample.apples]?.stock[0].balance.onHand = 4
    },
    Breach(reason: .insufficientStock, outcome: .warn, policy: .partial) {
      $0.products[Sample.apples]?.stock[0].balance.onHand = 4
    },
    Breach(reason: .duplicateReference) { $0.duplicates.sameReference = OrderID(unchecked: "O9") },
    Breach(reason: .duplicateContent, outcome: .warn) { $0.duplicates.sameContent = OrderID(unchecked: "O9") },
  ]

  @Test(
    "Each breach has its reason, its default outcome, figures, and a sentence in every language", arguments: breaches)
  func breach(_ breach: Breach) throws {
    var facts = Sample.facts()
    breach.change(&facts)
    let decision = try Sample.judge(
      breach.lines, header: Sample.header(policy: breach.policy), facts: facts
    ).decision
    let verdict = try #require(decision.finding(breach.reason))
    #expect(verdict.outcome == breach.outcome)
    #expect(decision.outcome.severity >= breach.outcome.severity)
    #expect(!verdict.figures.isEmpty)
    for language in Language.allCases {
      let sentence = verdict.sentence(in: language, currency: Sample.usd)
      #expect(sentence.hasSuffix(".") || sentence.hasSuffix("。"))
      #expect(!sentence.contains("?"), "\(sentence)")
    }
  }

  @Test("Every reason has a test of its default")
  func allCovered() {
    #expect(Set(Self.breaches.map(\.reason)) == Set(ReasonCode.allCases))
  }

  @Test("Every rule is run and reported, not only the first that is broken")
  func reportsAll() throws {
    var facts = Sample.facts(limit: 1, onHand: 0)
    facts.submitter.mayOrder = false
    facts.dealer.status = .closed
    facts.duplicates = DuplicateFacts(sameReference: OrderID(unchecked: "O9"))
    let decision = try Sample.judge(Sample.lines(5), facts: facts).decision
    #expect(
      decision.findings.map(\.reason) == [
        .notAuthorised, .dealerInactive, .creditExceeded, .insufficientStock, .duplicateReference,
      ])
    #expect(decision.outcome == .block)
    #expect(decision.blocks.count == 4)
  }

  @Test("Lines on one product are summed before any check")
  func summed() throws {
    var facts = Sample.facts()
    facts.products[Sample.apples]?.terms.quantities = OrderQuantities(minimum: 10, multiple: 5, maximum: 10)
    facts.products[Sample.apples]?.prices.append(
      PriceCandidate(
        list: Sample.retail, version: 1, currency: Sample.usd,
        entry: PriceEntry(sku: Sample.apples, fromQuantity: 10, unitPrice: Sample.dollars(8))))
    let judgement = try Sample.judge(Sample.lines(4, 6), facts: facts)
    #expect(judgement.decision.outcome == .pass)
    #expect(judgement.prices.map(\.unitPrice) == [Sample.dollars(8), Sample.dollars(8)])
    let above = try Sample.judge(Sample.lines(6, 6), facts: facts).decision
    #expect(above.finding(.aboveMaximum)?[.asked] == .quantity(12))
    #expect(above.finding(.notAMultiple)?.outcome == .warn)
  }

  @Test("An agreed price needs the permission, and the floor still applies")
  func agreedPrice() throws {
    var facts = Sample.facts()
    facts.submitter.agreedPricesAllowed = true
    facts.products[Sample.apples]?.terms.currency = Sample.usd
    facts.products[Sample.apples]?.terms.floorUnitPrice = Sample.dollars(7)
    func judge(_ price: Int64) throws -> Judgement {
      try Sample.judge(
        [
          LineRequest(
            sku: Sample.apples, entered: 2, agreedUnitPrice: Sample.dollars(price), agreedPriceReason: "year-end")
        ], facts: facts)
    }
    let fair = try judge(7)
    #expect(fair.decision.outcome == .pass)
    #expect(fair.prices[0].source == .agreed)
    #expect(fair.prices[0].listUnitPrice == Sample.dollars(10))
    #expect(fair.totals.total == Sample.dollars(14))
    #expect(try judge(6).decision.finding(.belowFloorPrice)?.outcome == Self.reviewer2)
    facts.products[Sample.apples]?.prices = []
    #expect(try judge(7).decision.outcome == .pass)
    facts.products[Sample.apples]?.terms.currency = Sample.eur
    #expect(try judge(700).decision.finding(.belowFloorPrice) != nil)
  }

  @Test("The strictest verdict wins, and of one role the highest level reviews")
  func strictest() throws {
    var facts = Sample.facts(limit: 1)
    facts.submitter.orderLimit = 1
    facts.products[Sample.apples]?.terms.currency = Sample.usd
    facts.products[Sample.apples]?.terms.floorUnitPrice = Sample.dollars(11)
    let decision = try Sample.judge(Sample.lines(5), facts: facts).decision
    #expect(decision.outcome == Self.reviewer2)
    #expect(
      decision.requirements == [
        ReviewRequirement(role: .orderReviewer, level: 2), ReviewRequirement(role: .creditController, level: 1),
      ])
  }

  @Test("A rule set changes what follows, and the narrowest audience wins")
  func overrides() throws {
    let east = Audience.region(Region(unchecked: "EAST"))
    let gold = Audience.tier(Tier(unchecked: "GOLD"))
    var ruleSet = RuleSet(
      version: 7,
      overrides: [
        RuleOverride(reason: .creditExceeded, outcome: .block, audience: gold),
        RuleOverride(reason: .creditExceeded, outcome: .warn, audience: east),
        RuleOverride(reason: .creditExceeded, outcome: .pass),
      ])
    try ruleSet.validate()
    let facts = Sample.facts(limit: 1)
    func outcome() throws -> VerdictOutcome? {
      let decision = try Sample.judge(Sample.lines(5), facts: facts, ruleSet: ruleSet).decision
      #expect(decision.ruleSetVersion == 7)
      return decision.verdicts.first { $0.reason == .creditExceeded }?.outcome
    }
    #expect(try outcome() == .block)
    ruleSet.overrides.removeFirst()
    #expect(try outcome() == .warn)
    ruleSet.overrides.removeFirst()
    #expect(try outcome() == .pass)
    ruleSet.overrides.append(RuleOverride(reason: .creditExceeded, outcome: .block, audience: .dealer(Sample.dealerID)))
    #expect(try outcome() == .block)
    ruleSet.overrides.append(RuleOverride(reason: .creditExceeded, outcome: .warn))
    #expect(throws: FieldViolations.self) { try ruleSet.validate() }
  }

  @Test("What cannot be valued is blocked whatever the rule set says")
  func always() throws {
    let lenient = RuleSet(
      version: 1,
      overrides: [.currencyMismatch, .productNotSellable].map { RuleOverride(reason: $0, outcome: .warn) })
    var facts = Sample.facts()
    facts.credit.account.currency = Sample.eur
    #expect(try Sample.judge(Sample.lines(5), facts: facts, ruleSet: lenient).decision.outcome == .block)
    facts = Sample.facts()
    facts.products[Sample.apples] = nil
    #expect(try Sample.judge(Sample.lines(5), facts: facts, ruleSet: lenient).decision.outcome == .block)
    facts = Sample.facts()
    facts.products[Sample.apples]?.terms.status = .blocked
    #expect(try Sample.judge(Sample.lines(5), facts: facts, ruleSet: lenient).decision.outcome == .warn)
  }

  @Test("An order under REJECT that a rule set lets go on gets what is there and waits for the rest")
  func rejectGoesOn() throws {
    let lenient = RuleSet(version: 1, overrides: [RuleOverride(reason: .insufficientStock, outcome: .warn)])
    let judgement = try Sample.judge(Sample.lines(5), facts: Sample.facts(onHand: 3), ruleSet: lenient)
    #expect(judgement.allocation.lines[0].backOrdered == 2)
    #expect(judgement.decision.outcome == .warn)
  }

  @Test("Rule sets hold within their bounds")
  func bounds() throws {
    let many = (0..<500).map {
      RuleOverride(reason: .noPrice, outcome: .warn, audience: .dealer(DealerID(unchecked: "D\($0)")))
    }
    try RuleSet(version: 1, overrides: many, duplicateWindowDays: 90, reviewExpiryHours: 2_160).validate()
    let onePast = many + [RuleOverride(reason: .noPrice, outcome: .warn)]
    #expect(throws: FieldViolations.self) { try RuleSet(version: 1, overrides: onePast).validate() }
    #expect(throws: FieldViolations.self) { try RuleSet(version: 1, duplicateWindowDays: 91).validate() }
    #expect(throws: FieldViolations.self) { try RuleSet(version: 1, reviewExpiryHours: 2_161).validate() }
    let clerkReviews = VerdictOutcome.review(ReviewRequirement(role: .dealerClerk, level: 10))
    #expect(throws: FieldViolations.self) {
      try RuleSet(version: 1, overrides: [RuleOverride(reason: .noPrice, outcome: clerkReviews)]).validate()
    }
  }

  @Test("Tax is rounded once per line, and taken out of prices that include it")
  func tax() throws {
    var facts = Sample.facts()
    facts.products[Sample.apples]?.terms.taxRate = 1_900
    facts.products[Sample.apples]?.terms.taxCode = "VAT19"
    let exclusive = try Sample.judge(Sample.lines(1), header: Sample.header(freight: 5_000_000), facts: facts)
    #expect(exclusive.totals == OrderTotals(net: Micros(10_000_000), tax: 1_900_000, total: 16_900_000))
    facts.products[Sample.apples]?.prices[0].taxInclusive = true
    let inclusive = try Sample.judge(Sample.lines(1), facts: facts)
    #expect(inclusive.totals == OrderTotals(net: Micros(8_400_000), tax: 1_600_000, total: 10_000_000))
  }

  @Test("Equal inputs give equal decisions, and amounts that do not fit are refused", arguments: seeds)
  func deterministic(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      var facts = Sample.facts(
        limit: Micros(random.number(0...300_000_000)), onHand: Quantity(random.number(0...40)))
      facts.submitter.orderLimit = Micros(random.number(0...200_000_000))
      facts.products[Sample.apples]?.terms.quantities.multiple = Quantity(random.number(1...4))
      let lines = (0..<random.number(1...6)).map { _ in
        LineRequest(sku: random.oneIn(2) ? Sample.apples : Sample.pears, entered: Quantity(random.number(1...12)))
      }
      let header = Sample.header(policy: ShipPolicy.allCases.randomElement(using: &random) ?? .reject)
      let first = try Sample.judge(lines, header: header, facts: facts)
      #expect(try Sample.judge(lines, header: header, facts: facts) == first)
      #expect(try Decision(bytes: first.decision.bytes) == first.decision)
      let sum = first.prices.reduce(Int64(0)) { $0 + $1.net.value }
      #expect(first.totals.net.value == sum)
    }
    #expect(throws: JudgeError.overflow) { try Sample.judge(Sample.lines(Quantity(.max))) }
    #expect(throws: JudgeError.overflow) { try Sample.judge(Sample.lines(Quantity(.max), 1)) }
  }
}
