/// What a product's part of a decision rested on.
public struct ProductInput: Hashable, Sendable {
  /// The product.
  public var sku: SKU
  /// What the order asks for, over all its lines.
  public var asked: Quantity
  /// The product is known.
  public var isKnown: Bool
  /// Whether it may be ordered.
  public var status: ProductStatus
  /// It is for this dealer.
  public var isAuthorised: Bool
  /// How much one order may hold.
  public var quantities: OrderQuantities
  /// The list that gave the price, with its version; empty when none did.
  public var listVersion: String
  /// The list's price.
  public var listUnitPrice: Micros
  /// The floor, in the order's currency; 0 for none.
  public var floorUnitPrice: Micros
  /// What could be promised over all warehouses.
  public var promisable: Quantity
}

/// What a decision rested on, kept for ever with it.
public struct DecisionInputs: Hashable, Sendable {
  /// When it was taken, by the server's clock.
  public var decidedAt: InstantMicros
  /// Who submitted, or reviewed.
  public var principal: PrincipalID
  /// Greatest total that the principal may order without review; 0 for any.
  public var orderLimit: Micros
  /// The dealer.
  public var dealer: DealerID
  /// Its tier.
  public var tier: Tier?
  /// Its region.
  public var region: Region?
  /// Whether it may order.
  public var dealerStatus: DealerStatus
  /// The order's business date.
  public var businessDate: BusinessDate
  /// The order's currency.
  public var currency: CurrencyCode
  /// What happens to lines without enough stock.
  public var shipPolicy: ShipPolicy
  /// The order's total.
  public var total: Micros
  /// Limit and live temporary limit; nil without a limit.
  public var creditLimit: Micros?
  /// How the account stood, as set by people.
  public var creditStatus: CreditStatus
  /// What was drawn on the account, the order left out.
  public var exposure: Exposure
  /// The products.
  public var products: [ProductInput]
}

/// What the rules decided of an order: every verdict, and what they rested on.
public struct Decision: Hashable, Sendable {
  /// The rule set that decided; 0 for the built-in one.
  public var ruleSetVersion: Int64
  /// Every verdict, PASS included, in the order in which the rules are run.
  public var verdicts: [Verdict]
  /// What they rested on.
  public var inputs: DecisionInputs

  /// A decision.
  public init(ruleSetVersion: Int64, verdicts: [Verdict], inputs: DecisionInputs) {
    self.ruleSetVersion = ruleSetVersion
    self.verdicts = verdicts
    self.inputs = inputs
  }

  /// The strictest outcome of all verdicts.
  public var outcome: VerdictOutcome {
    verdicts.reduce(.pass) { $0.stricter($1.outcome) }
  }

  /// The verdicts other than PASS.
  public var findings: [Verdict] {
    verdicts.filter { $0.outcome != .pass }
  }

  /// The verdicts that block.
  public var blocks: [Verdict] {
    verdicts.filter { $0.outcome == .block }
  }

  /// The reviews that must be given, each once: of one role the highest level.
  public var requirements: [ReviewRequirement] {
    ReviewRequirement.combined(verdicts)
  }
}

extension ReviewRequirement {
  /// The reviews that verdicts ask for, each role once with its highest level, in the order of the verdicts.
  public static func combined(_ verdicts: [Verdict]) -> [ReviewRequirement] {
    var combined: [ReviewRequirement] = []
    for verdict in verdicts {
      guard case .review(let requirement) = verdict.outcome else { continue }
      if let place = combined.firstIndex(where: { $0.role == requirement.role }) {
        combined[place].level = max(combined[place].level, requirement.level)
      } else {
        combined.append(requirement)
      }
    }
    return combined
  }
}
