import DMSAPI
import DMSClient
import Testing

@testable import DMSCommand

@Suite("Rule sets")
struct RuleSetTests {
  private static let text = """
    description: no credit beyond the limit in December
    duplicate_window_days: 3
    review_expiry_hours: 48
    CREDIT_EXCEEDED: block
    NOT_A_MULTIPLE: pass for tier KEY
    ABOVE_ORDER_LIMIT: review by order_reviewer level 2 for region North East
    CREDIT_EXCEEDED: warn for dealer 4711

    """

  @Test("The text form is read, and written as it was")
  func textRoundTrip() throws {
    let ruleSet = try RuleSetText.parse("# a remark\n\n" + Self.text, file: "rules.txt")
    #expect(ruleSet.overrides.count == 4)
    #expect(ruleSet.overrides[2].reviewLevel == 2)
    #expect(ruleSet.overrides[2].audience?.scope == .region("North East"))
    #expect(RuleSetText.text(ruleSet) == Self.text)
  }

  @Test("What 'rules show --output json' writes can be published")
  func jsonRoundTrip() throws {
    let ruleSet = try RuleSetText.parse(Self.text, file: "rules.txt")
    let json = RecordRenderer.text(ruleSet, RuleSetJSON.columns, as: .json)
    #expect(try RuleSetJSON.parse(json, file: "rules.json") == ruleSet)
  }

  @Test("Every line that cannot be read is named")
  func badLines() {
    let failure = #expect(throws: CommandFailure.self) {
      try RuleSetText.parse(
        """
        CREDIT_EXCEEDED block
        CREDIT_EXCEEDED: maybe
        duplicate_window_days: 0
        NOT_A_MULTIPLE: pass for everyone
        NOT_A_MULTIPLE: pass level 2
        NOT_A_MULTIPLE: warn
        """, file: "r.txt")
    }
    #expect(failure?.details.count == 5)
    #expect(failure?.details.first == "r.txt:1: there is no colon: write REASON: OUTCOME")
  }

  @Test(
    "JSON that is no rule set is refused",
    arguments: ["{", "[]", #"{"overrides": [{"outcome": "block"}]}"#, #"{"overrides": 3}"#])
  func badJSON(text: String) {
    #expect(throws: CommandFailure.self) { try RuleSetJSON.parse(text, file: "r.json") }
  }
}
