internal import DMSAPI
internal import DMSClient

/// Rule sets as people write them:
///
/// ```
/// # Christmas business
/// description: no credit beyond the limit in December
/// duplicate_window_days: 3
/// CREDIT_EXCEEDED: block
/// NOT_A_MULTIPLE: pass for tier KEY
/// ABOVE_ORDER_LIMIT: review by order_reviewer level 2 for region North
/// ```
enum RuleSetText {
  /// Reads a rule set. Throws ``CommandFailure`` that names every line that cannot be read.
  static func parse(_ text: String, file: String) throws(CommandFailure) -> RuleSet {
    var ruleSet = RuleSet()
    var problems: [RowProblem] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      do {
        try read(line, into: &ruleSet)
      } catch {
        problems.append(RowProblem(line: index + 1, reason: error.description))
      }
    }
    guard problems.isEmpty else {
      throw CommandFailure(
        "the rule set cannot be read; nothing was published", details: problems.map { $0.text(in: file) },
        remedy: "A line is REASON: OUTCOME [by ROLE] [level N] [for tier|region|dealer NAME].",
        status: ExitStatus.invalidInput)
    }
    return ruleSet
  }

  private static func read(_ line: Substring, into ruleSet: inout RuleSet) throws(ValueError) {
    guard let colon = line.firstIndex(of: ":") else { throw ValueError("there is no colon: write REASON: OUTCOME") }
    let name = line[..<colon].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let rest = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
    switch name {
    case "description":
      ruleSet.description = rest.joined(separator: " ")
    case "duplicate_window_days":
      ruleSet.duplicateWindowDays = try number(rest, 1...90)
    case "review_expiry_hours":
      ruleSet.reviewExpiryHours = try number(rest, 1...2_160)
    default:
      ruleSet.overrides.append(try override(of: name.uppercased(), rest.map(String.init)))
    }
  }

  private static func number(_ words: [Substring], _ range: ClosedRange<Int32>) throws(ValueError) -> Int32 {
    guard words.count == 1, let number = Int32(words[0]), range.contains(number) else {
      throw ValueError("write a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func override(of reason: String, _ words: [String]) throws(ValueError) -> RuleOverride {
    guard let outcome = words.first else {
      throw ValueError("\(reason) has no outcome: write pass, warn, review or block")
    }
    var override = RuleOverride()
    override.reason = reason
    override.outcome = try EnumWord.parse(outcome)
    var rest = words.dropFirst()
    while let keyword = rest.popFirst() {
      switch keyword.lowercased() {
      case "by":
        guard let role = rest.popFirst() else { throw ValueError("\"by\" is followed by a role") }
        override.reviewRole = role
      case "level":
        guard let level = rest.popFirst().flatMap({ Int32($0) }), (1...9).contains(level) else {
          throw ValueError("\"level\" is followed by a number from 1 to 9")
        }
        override.reviewLevel = level
      case "for":
        override.audience = try audience(rest)
        rest = []
      default:
        throw ValueError("\"\(keyword)\" is none of by, level, for")
      }
    }
    if override.outcome != .review, !override.reviewRole.isEmpty || override.reviewLevel > 0 {
      throw ValueError("only a review has a role and a level")
    }
    return override
  }

  private static func audience(_ words: ArraySlice<String>) throws(ValueError) -> Audience {
    let name = words.dropFirst().joined(separator: " ")
    var audience = Audience()
    switch words.first?.lowercased() {
    case "tier"? where !name.isEmpty: audience.scope = .tier(name)
    case "region"? where !name.isEmpty: audience.scope = .region(name)
    case "dealer"? where !name.isEmpty: audience.scope = .dealerID(name)
    default: throw ValueError("\"for\" is followed by tier, region or dealer and its name")
    }
    return audience
  }

  /// The rule set in the form that ``parse(_:file:)`` reads.
  static func text(_ ruleSet: RuleSet) -> String {
    var lines: [String] = []
    if !ruleSet.description.isEmpty { lines.append("description: \(ruleSet.description)") }
    if ruleSet.duplicateWindowDays > 0 { lines.append("duplicate_window_days: \(ruleSet.duplicateWindowDays)") }
    if ruleSet.reviewExpiryHours > 0 { lines.append("review_expiry_hours: \(ruleSet.reviewExpiryHours)") }
    for override in ruleSet.overrides {
      var line = "\(override.reason): \(EnumWord.text(override.outcome).lowercased())"
      if !override.reviewRole.isEmpty { line += " by \(override.reviewRole)" }
      if override.reviewLevel > 0 { line += " level \(override.reviewLevel)" }
      let audience = AudienceText.text(override.audience)
      if !audience.isEmpty { line += " for \(audience)" }
      lines.append(line)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
