internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import Synchronization

/// Keeps the newest rule set decoded. The version is read in every judgement's transaction, so that a new set judges
/// from the next commit on, on every server; the document is read and decoded once.
final class RuleSetCache: Sendable {
  private let newest = Mutex(DMSDomain.RuleSet.builtIn)

  /// The rule set that holds in this transaction. One point read, two when it is new.
  func current(in transaction: ReadTransaction) throws -> DMSDomain.RuleSet {
    let version = try transaction.newestRuleSetVersion()
    guard version > 0 else { return .builtIn }
    let known = newest.withLock { $0 }
    if known.version == version { return known }
    guard let stored = try transaction.ruleSet(version) else { return .builtIn }
    let ruleSet = try RuleSetWire.domain(try DMSAPI.RuleSet(decoding: stored.document), version: version)
    newest.withLock { $0 = ruleSet }
    return ruleSet
  }
}

/// Rule sets between the wire and the domain.
enum RuleSetWire {
  /// Reads a rule set; throws every field that is wrong.
  static func domain(_ message: DMSAPI.RuleSet, version: Int64) throws -> DMSDomain.RuleSet {
    var check = FieldCheck()
    check.count(message.overrides.count, "overrides", max: Limits.overridesPerRuleSetMax)
    let overrides = message.overrides.prefix(Limits.overridesPerRuleSetMax).enumerated().compactMap { index, override in
      check.override(override, "overrides[\(index)]")
    }
    try check.finish()
    let ruleSet = DMSDomain.RuleSet(
      version: version, description: message.description, overrides: overrides,
      duplicateWindowDays: message.duplicateWindowDays == 0
        ? DMSDomain.RuleSet.duplicateWindowDaysDefault : message.duplicateWindowDays,
      reviewExpiryHours: message.reviewExpiryHours == 0
        ? DMSDomain.RuleSet.reviewExpiryHoursDefault : message.reviewExpiryHours)
    try ruleSet.validate()
    return ruleSet
  }
}

extension FieldCheck {
  fileprivate mutating func override(_ wire: DMSAPI.RuleOverride, _ field: String) -> DMSDomain.RuleOverride? {
    guard let reason = ReasonCode(rawValue: wire.reason) else {
      note("\(field).reason", wire.reason.isEmpty ? .required : .unknownValue(String(wire.reason.prefix(64))))
      return nil
    }
    let outcome: DMSDomain.VerdictOutcome
    switch wire.outcome {
    case .pass: outcome = .pass
    case .warn: outcome = .warn
    case .block: outcome = .block
    case .review:
      guard let role = wire.reviewRole.isEmpty ? reason.defaultReviewRole : DMSDomain.Role(name: wire.reviewRole) else {
        note("\(field).review_role", .unknownValue(String(wire.reviewRole.prefix(64))))
        return nil
      }
      outcome = .review(ReviewRequirement(role: role, level: max(1, wire.reviewLevel)))
    case .unspecified, .unrecognized:
      note("\(field).outcome", wire.outcome == .unspecified ? .required : .unknownValue(wire.outcome.name))
      return nil
    }
    guard let audience = audience(wire.audience, "\(field).audience") else { return nil }
    return DMSDomain.RuleOverride(reason: reason, outcome: outcome, audience: audience)
  }
}
