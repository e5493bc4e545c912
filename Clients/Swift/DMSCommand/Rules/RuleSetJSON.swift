internal import DMSAPI
internal import DMSClient
internal import Foundation

/// Rule sets in JSON, as `dms rules show --output json` writes them.
enum RuleSetJSON {
  private struct Document: Decodable {
    var description: String?
    var duplicateWindowDays: Int32?
    var reviewExpiryHours: Int32?
    var overrides: [Override]?
  }

  private struct Override: Decodable {
    var reason: String
    var outcome: String
    var reviewRole: String?
    var reviewLevel: Int32?
    var dealerId: String?
    var tier: String?
    var region: String?
  }

  /// Reads a rule set. Throws ``CommandFailure`` for what is none.
  static func parse(_ text: String, file: String) throws(CommandFailure) -> RuleSet {
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let document = try decoder.decode(Document.self, from: Data(text.utf8))
      var ruleSet = RuleSet()
      ruleSet.description = document.description ?? ""
      ruleSet.duplicateWindowDays = document.duplicateWindowDays ?? 0
      ruleSet.reviewExpiryHours = document.reviewExpiryHours ?? 0
      ruleSet.overrides = try (document.overrides ?? []).map(override)
      return ruleSet
    } catch {
      throw CommandFailure(
        "\(file) is not a rule set in JSON: \(sentence(error))",
        remedy: "'dms rules show --output json' writes one.", status: ExitStatus.invalidInput)
    }
  }

  private static func override(_ document: Override) throws -> RuleOverride {
    var override = RuleOverride()
    override.reason = document.reason
    override.outcome = try EnumWord.parse(document.outcome)
    override.reviewRole = document.reviewRole ?? ""
    override.reviewLevel = document.reviewLevel ?? 0
    let scopes = [
      document.dealerId.map(Audience.Scope.dealerID), document.tier.map(Audience.Scope.tier),
      document.region.map(Audience.Scope.region),
    ].compactMap(\.self)
    guard scopes.count <= 1 else { throw ValueError("of dealer_id, tier and region only one may be given") }
    if let scope = scopes.first {
      var audience = Audience()
      audience.scope = scope
      override.audience = audience
    }
    return override
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case let error as ValueError:
      error.description
    case Swift.DecodingError.keyNotFound(let key, _):
      "\"\(key.stringValue)\" is missing"
    case Swift.DecodingError.typeMismatch(_, let context), Swift.DecodingError.valueNotFound(_, let context):
      "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" is of the wrong type"
    default:
      "it is no JSON object"
    }
  }

  /// How a rule set is written.
  static let columns: [ListColumn<RuleSet>] = [
    ListColumn("version", "VERSION", numeric: true) { .integer($0.version) },
    ListColumn("description", "FOR") { .optional($0.description) },
    ListColumn("duplicate_window_days", "DUPLICATE DAYS", numeric: true) { .optional(Int64($0.duplicateWindowDays)) },
    ListColumn("review_expiry_hours", "REVIEW HOURS", numeric: true) { .optional(Int64($0.reviewExpiryHours)) },
    ListColumn("publish_time", "PUBLISHED") { .optional(InstantText.text($0.publishTime)) },
    ListColumn("published_by", "BY") { .optional($0.publishedBy) },
    ListColumn("overrides", "OVERRIDES") { .list($0.overrides.map(value)) },
  ]

  private static func value(_ override: RuleOverride) -> Value {
    let scope: Value.Field? =
      switch override.audience?.scope {
      case .dealerID(let id)?: Value.Field("dealer_id", .text(id))
      case .tier(let tier)?: Value.Field("tier", .text(tier))
      case .region(let region)?: Value.Field("region", .text(region))
      case nil: nil
      }
    let fields = [
      Value.Field("reason", .text(override.reason)),
      Value.Field("outcome", .text(EnumWord.text(override.outcome).lowercased())),
      Value.Field("review_role", .optional(override.reviewRole)),
      Value.Field("review_level", .optional(Int64(override.reviewLevel))),
    ]
    return .record(fields + (scope.map { [$0] } ?? []))
  }
}
