/// A role within a scope.
public struct Grant: Hashable, Sendable {
  /// The role.
  public var role: Role
  /// Level of a reviewer, 1 to 9; 0 for other roles.
  public var level: Int32
  /// Where it holds; nil for the role's own reach: everywhere, or the principal's own dealer for dealer roles.
  public var scope: Scope?

  /// A role with its natural reach, unless a scope is given.
  public init(_ role: Role, level: Int32 = 0, scope: Scope? = nil) {
    self.role = role
    self.level = level
    self.scope = scope
  }
}

/// A person or a machine that calls, and what it may do. What is not granted is denied.
public struct Principal: Hashable, Sendable {
  /// The principal's key.
  public var id: PrincipalID
  /// Name for people.
  public var displayName: String
  /// What it may do.
  public var grants: [Grant]
  /// The dealer that it belongs to; required with dealer roles.
  public var dealer: DealerID?
  /// Greatest total of an order that it may place without review; 0 for any.
  public var orderLimit: Micros
  /// It may order at prices agreed outside the lists.
  public var agreedPricesAllowed: Bool
  /// It may not call at all.
  public var disabled: Bool

  /// A principal without special rights, unless more is said.
  public init(
    id: PrincipalID, displayName: String, grants: [Grant], dealer: DealerID? = nil, orderLimit: Micros = 0,
    agreedPricesAllowed: Bool = false, disabled: Bool = false
  ) {
    self.id = id
    self.displayName = displayName
    self.grants = grants
    self.dealer = dealer
    self.orderLimit = orderLimit
    self.agreedPricesAllowed = agreedPricesAllowed
    self.disabled = disabled
  }

  /// Throws every field that is wrong.
  public func validate() throws(FieldViolations) {
    var check = FieldCheck()
    check.text(displayName, "display_name", max: Limits.nameCharactersMax, required: true)
    if grants.isEmpty { check.note("grants", .required) }
    check.count(grants.count, "grants", max: Limits.grantsPerPrincipalMax)
    for (index, grant) in grants.enumerated() {
      check.range(Int64(grant.level), "grants[\(index)].level", 0...Int64(Limits.reviewLevelMax))
      if grant.role != .orderReviewer, grant.level != 0 {
        check.note("grants[\(index)].level", .conflicting(with: "role \(grant.role.name)"))
      }
    }
    if dealer == nil, grants.contains(where: { $0.role.isDealerRole }) { check.note("dealer_id", .required) }
    check.range(orderLimit.value, "order_limit_micros", 0...Int64.max)
    try check.finish()
  }

  /// Where a grant holds; nil when it holds nowhere, as a dealer role without a dealer does.
  public func reach(of grant: Grant) -> Scope? {
    if let scope = grant.scope { return scope }
    guard grant.role.isDealerRole else { return .all }
    return dealer.map { .own($0) }
  }

  /// Everywhere that it holds one of these roles; empty when it holds none, or is disabled.
  public func scopes(of roles: Set<Role>) -> [Scope] {
    guard !disabled else { return [] }
    return grants.filter { roles.contains($0.role) }.compactMap { reach(of: $0) }
  }

  /// True when it holds one of these roles anywhere.
  public func holds(anyOf roles: Set<Role>) -> Bool {
    !scopes(of: roles).isEmpty
  }

  /// True when it holds one of these roles for this dealer.
  public func holds(anyOf roles: Set<Role>, for place: DealerPlace) -> Bool {
    scopes(of: roles).contains { $0.covers(place) }
  }

  /// True when it may give the review that a rule asks for, for an order of this dealer.
  ///
  /// An admin may give any; a reviewer of a level those of its level and below.
  public func maySatisfy(_ requirement: ReviewRequirement, for place: DealerPlace) -> Bool {
    guard !disabled else { return false }
    return grants.contains { grant in
      guard reach(of: grant)?.covers(place) == true else { return false }
      if grant.role == .admin { return true }
      guard grant.role == requirement.role else { return false }
      return grant.role != .orderReviewer || max(1, grant.level) >= requirement.level
    }
  }
}
