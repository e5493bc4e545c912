internal import DMSAPI
internal import DMSClient

/// Roles as text: `admin`, `order_reviewer:2`, `channel_manager@region=North`, `dealer_owner@dealer=4711`.
enum GrantText {
  /// The text of a grant.
  static func text(_ grant: RoleGrant) -> String {
    let level = grant.level > 0 ? ":\(grant.level)" : ""
    let scope =
      switch grant.scope?.scope {
      case .region(let region)?: "@region=\(region)"
      case .dealerID(let dealer)?: "@dealer=\(dealer)"
      case nil: ""
      }
    return EnumWord.text(grant.role).lowercased() + level + scope
  }

  /// Reads a grant.
  static func grant(_ text: String) throws(ValueError) -> RoleGrant {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let role = parts[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var grant = RoleGrant()
    grant.role = try EnumWord.parse(String(role[0]))
    if role.count > 1 {
      guard let level = Int32(role[1]), (1...9).contains(level) else {
        throw ValueError("\"\(role[1])\" is not a level: write 1 to 9, such as order_reviewer:2")
      }
      grant.level = level
    }
    if parts.count > 1 { grant.scope = try scope(String(parts[1])) }
    return grant
  }

  private static func scope(_ text: String) throws(ValueError) -> RoleScope {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    var scope = RoleScope()
    switch parts.first {
    case "region" where parts.count == 2: scope.scope = .region(parts[1])
    case "dealer" where parts.count == 2: scope.scope = .dealerID(parts[1])
    default: throw ValueError("\"\(text)\" is not a scope: write region=… or dealer=…")
    }
    return scope
  }
}
