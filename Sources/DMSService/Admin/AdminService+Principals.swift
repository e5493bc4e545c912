internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  func upsertPrincipal(_ request: UpsertPrincipalRequest, context: ServerContext) async throws
    -> UpsertPrincipalResponse
  {
    let caller = try context.caller
    guard let message = request.principal else { throw ServiceError.invalidField("principal", .required) }
    let principal: DMSDomain.Principal
    do {
      principal = try PrincipalWire.domain(message)
    } catch let error as FieldViolations {
      throw FieldViolations(error.violations.map { FieldViolation("principal.\($0.field)", $0.problem) })
    }
    let etag = message.etag
    let reply: UpsertPrincipalResponse = try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      for dealer in principal.namedDealers where try transaction.dealerPlace(dealer.id) == nil {
        throw ServiceError.missingReference(field: "principal.\(dealer.field)", .dealer, id: dealer.id.value)
      }
      _ = try transaction.upsert(
        principal, over: try transaction.principal(principal.id), etag: etag, kind: .principal, id: principal.id.value,
        dryRun: false
      ) { try transaction.save($0) }
      guard let stored = try transaction.principal(principal.id) else {
        throw UnreadableRow(table: "principal", key: principal.id.value)
      }
      return .with { $0.principal = PrincipalWire.message(stored) }
    }
    environment.verifier.clear()
    return reply
  }

  func getPrincipal(_ request: GetPrincipalRequest, context: ServerContext) async throws -> GetPrincipalResponse {
    _ = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.principalID, "principal_id", as: PrincipalID.self)
    try check.finish()
    guard let id, let stored = try await environment.store.read({ try $0.principal(id) }) else {
      throw ServiceError.notFound(.principal, id: request.principalID)
    }
    return .with { $0.principal = PrincipalWire.message(stored) }
  }

  func listPrincipals(_ request: ListPrincipalsRequest, context: ServerContext) async throws -> ListPrincipalsResponse {
    _ = try context.caller
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListPrincipals", columnCount: 1)
    return try await environment.store.read { transaction in
      let rows = try transaction.principals(
        after: listing.textPosition.map { PrincipalID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.value.id.value)] }
      return .with {
        $0.principals = page.items.map { PrincipalWire.message($0) }
        $0.nextPageToken = page.nextPageToken
      }
    }
  }
}

extension DMSDomain.Principal {
  /// Every dealer that it names, and where.
  fileprivate var namedDealers: [(field: String, id: DealerID)] {
    var named = dealer.map { [(field: "dealer_id", id: $0)] } ?? []
    for (index, grant) in grants.enumerated() {
      if case .dealerAndBelow(let dealer) = grant.scope { named.append(("grants[\(index)].scope.dealer_id", dealer)) }
    }
    return named
  }
}

/// A principal between the wire and the domain.
enum PrincipalWire {
  static func domain(_ message: DMSAPI.Principal) throws -> DMSDomain.Principal {
    var check = FieldCheck()
    let id = check.identifier(message.principalID, "principal_id", as: PrincipalID.self)
    let dealer: DealerID? = check.optionalIdentifier(message.dealerID, "dealer_id")
    check.count(message.grants.count, "grants", max: Limits.grantsPerPrincipalMax)
    let grants = message.grants.prefix(Limits.grantsPerPrincipalMax).enumerated().compactMap { index, grant in
      check.grant(grant, "grants[\(index)]")
    }
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let principal = DMSDomain.Principal(
      id: id, displayName: message.displayName, grants: grants, dealer: dealer,
      orderLimit: Micros(message.orderLimitMicros), agreedPricesAllowed: message.agreedPricesAllowed,
      disabled: message.disabled)
    try principal.validate()
    return principal
  }

  static func message(_ stored: Stored<DMSDomain.Principal>) -> DMSAPI.Principal {
    let principal = stored.value
    return .with {
      $0.principalID = principal.id.value
      $0.displayName = principal.displayName
      $0.grants = principal.grants.map { grant in
        .with {
          $0.role = DMSAPI.Role(rawValue: Int32(grant.role.rawValue))
          $0.level = grant.level
          switch grant.scope {
          case .region(let region): $0.scope = .with { $0.scope = .region(region.value) }
          case .dealerAndBelow(let dealer), .own(let dealer): $0.scope = .with { $0.scope = .dealerID(dealer.value) }
          case .all, nil: break
          }
        }
      }
      $0.dealerID = principal.dealer?.value ?? ""
      $0.orderLimitMicros = principal.orderLimit.value
      $0.agreedPricesAllowed = principal.agreedPricesAllowed
      $0.disabled = principal.disabled
      $0.etag = Etag.text(version: stored.version)
      $0.createTime = Timestamp(stored.createTime)
      $0.updateTime = Timestamp(stored.updateTime)
    }
  }
}

extension FieldCheck {
  /// A grant, or nil with a violation noted.
  fileprivate mutating func grant(_ wire: RoleGrant, _ field: String) -> Grant? {
    guard let role = DMSDomain.Role(rawValue: Int(wire.role.rawValue)) else {
      note("\(field).role", wire.role == .unspecified ? .required : .unknownValue(wire.role.name))
      return nil
    }
    switch wire.scope?.scope {
    case nil:
      return Grant(role, level: wire.level)
    case .region(let text):
      return identifier(text, "\(field).scope.region", as: Region.self)
        .map { Grant(role, level: wire.level, scope: .region($0)) }
    case .dealerID(let text):
      return identifier(text, "\(field).scope.dealer_id", as: DealerID.self)
        .map { Grant(role, level: wire.level, scope: .dealerAndBelow($0)) }
    }
  }
}
