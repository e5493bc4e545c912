/// Collects what the rules say of one order, with the outcomes that a rule set gives their reasons.
struct VerdictBook {
  private let ruleSet: RuleSet
  private let dealer: OrderingDealer
  private let policy: ShipPolicy
  private(set) var verdicts: [Verdict] = []

  init(ruleSet: RuleSet, dealer: OrderingDealer, policy: ShipPolicy) {
    self.ruleSet = ruleSet
    self.dealer = dealer
    self.policy = policy
    verdicts.reserveCapacity(ReasonCode.allCases.count)
  }

  /// What follows from a reason for this order.
  func outcome(of reason: ReasonCode) -> VerdictOutcome {
    ruleSet.outcome(of: reason, for: dealer, policy: policy)
  }

  /// Notes that a rule has found something. `always` blocks whatever the rule set says: the order cannot be valued.
  mutating func find(
    _ reason: ReasonCode, line: Int32? = nil, sku: SKU? = nil, always blocks: Bool = false, _ figures: [Figure]
  ) {
    let outcome = blocks ? .block : outcome(of: reason)
    verdicts.append(Verdict(reason, outcome, line: line, sku: sku, figures: figures))
  }

  /// Ends a rule: when it has found nothing since `mark`, it passes.
  mutating func close(_ reason: ReasonCode, since mark: Int, _ figures: [Figure] = []) {
    if verdicts.count == mark { verdicts.append(Verdict(reason, .pass, figures: figures)) }
  }

  /// Runs one rule: what it finds, or that it passes on these figures.
  mutating func rule(_ reason: ReasonCode, isBroken: Bool, _ figures: [Figure]) {
    if isBroken {
      find(reason, figures)
    } else {
      verdicts.append(Verdict(reason, .pass, figures: figures))
    }
  }

  /// Where the next rule begins.
  var mark: Int { verdicts.count }
}
