/// Another outcome for a reason than the built-in one.
public struct RuleOverride: Hashable, Sendable {
  /// The reason.
  public var reason: ReasonCode
  /// What follows instead.
  public var outcome: VerdictOutcome
  /// For whom.
  public var audience: Audience

  /// Another outcome, for everyone unless an audience is given.
  public init(reason: ReasonCode, outcome: VerdictOutcome, audience: Audience = .everyone) {
    self.reason = reason
    self.outcome = outcome
    self.audience = audience
  }
}

/// A version of what follows from the rules, and of their thresholds.
public struct RuleSet: Hashable, Sendable {
  /// Counts up with every publication; 0 is the built-in set.
  public var version: Int64
  /// What this version is for.
  public var description: String
  /// Other outcomes than the built-in ones; the narrowest audience wins.
  public var overrides: [RuleOverride]
  /// Days back in which an order with the same lines is a duplicate, 1 to 90.
  public var duplicateWindowDays: Int32
  /// Hours after which reservations of an order in review lapse, 1 to 2,160.
  public var reviewExpiryHours: Int32

  /// The window of duplicates when none is stated.
  public static let duplicateWindowDaysDefault: Int32 = 1
  /// The life of reservations in review when none is stated.
  public static let reviewExpiryHoursDefault: Int32 = 72

  /// What holds before anything is published.
  public static let builtIn = RuleSet(version: 0)

  /// The built-in outcomes and thresholds, unless others are given.
  public init(
    version: Int64, description: String = "", overrides: [RuleOverride] = [],
    duplicateWindowDays: Int32 = RuleSet.duplicateWindowDaysDefault,
    reviewExpiryHours: Int32 = RuleSet.reviewExpiryHoursDefault
  ) {
    self.version = version
    self.description = description
    self.overrides = overrides
    self.duplicateWindowDays = duplicateWindowDays
    self.reviewExpiryHours = reviewExpiryHours
  }

  /// Throws every field that is wrong; two overrides of one reason for one audience are.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.text(description, "description", max: Limits.nameCharactersMax)
    check.count(overrides.count, "overrides", max: Limits.overridesPerRuleSetMax)
    var seen: Set<RuleOverride> = []
    for (index, override) in overrides.enumerated() {
      if !seen.insert(RuleOverride(reason: override.reason, outcome: .pass, audience: override.audience)).inserted {
        check.note("overrides[\(index)]", .duplicate)
      }
      guard case .review(let requirement) = override.outcome else { continue }
      check.range(Int64(requirement.level), "overrides[\(index)].review_level", 1...Int64(Limits.reviewLevelMax))
      if !Role.reviewing.contains(requirement.role) {
        check.note("overrides[\(index)].review_role", .unknownValue(requirement.role.name))
      }
    }
    check.range(Int64(duplicateWindowDays), "duplicate_window_days", 1...Int64(Limits.duplicateWindowDaysMax))
    check.range(Int64(reviewExpiryHours), "review_expiry_hours", 1...Int64(Limits.reviewExpiryHoursMax))
    try check.finish()
  }

  /// What follows from a reason for a dealer's order.
  public func outcome(of reason: ReasonCode, for dealer: OrderingDealer, policy: ShipPolicy) -> VerdictOutcome {
    var narrowest: RuleOverride?
    for override in overrides where override.reason == reason {
      guard override.audience.includes(dealer.id, tier: dealer.tier, region: dealer.region) else { continue }
      if let current = narrowest, current.audience.narrowness >= override.audience.narrowness { continue }
      narrowest = override
    }
    return narrowest?.outcome ?? reason.defaultOutcome(for: policy)
  }
}
