import DMSAPI

@testable import DMSCommand

extension FuzzTarget {
  /// Rule sets as people write them.
  static let ruleSetText = FuzzTarget(
    "rule-set-text", inputBytesMax: 2048,
    texts: [
      "CREDIT_EXCEEDED", ": ", "block", "pass", "review", "warn", " by ", "order_reviewer", " level ", "2", " for ",
      "tier KEY", "region North", "dealer 4711", "\n", "#", "description: ", "duplicate_window_days: 3",
      "review_expiry_hours: 72", "\r\n", "\u{2028}", "\u{85}", "\t", "ß",
    ]
  ) { input in
    guard let ruleSet = try? RuleSetText.parse(FuzzTarget.text(input), file: "f") else { return }
    try RuleChecks.check(ruleSet)
  }

  /// Rule sets in JSON.
  static let ruleSetJSON = FuzzTarget(
    "rule-set-json", inputBytesMax: 2048,
    texts: [
      "{", "}", "[", "]", ":", ",", "\"overrides\"", "\"reason\"", "\"outcome\"", "\"review_role\"", "\"review_level\"",
      "\"dealer_id\"", "\"tier\"", "\"region\"", "\"description\"", "\"duplicate_window_days\"", "null", "1e9", "-0",
      "2147483648", "\"\\u0000\"", "\"\\ud800\"", "\"pass\"",
      "{\"overrides\":[{\"reason\":\"A\",\"outcome\":\"block\"}]}",
    ]
  ) { input in
    guard let ruleSet = try? RuleSetJSON.parse(FuzzTarget.text(input), file: "f") else { return }
    // JSON takes values that the other form has no words for; writing them must do no harm.
    _ = RuleSetText.text(ruleSet)
  }
}

enum RuleChecks {
  /// What was read and is written is read as the same again.
  static func check(_ ruleSet: DMSAPI.RuleSet) throws {
    let text = RuleSetText.text(ruleSet)
    let again: DMSAPI.RuleSet
    do {
      again = try RuleSetText.parse(text, file: "f")
    } catch {
      throw BrokenProperty(description: "\(text)\nis refused: \(error)")
    }
    try require(again == ruleSet, "\(text)\nis read as \(RuleSetText.text(again))")
  }
}
