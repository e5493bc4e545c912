internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  /// Characters of a key's description at most.
  static let keyDescriptionMax = 200

  func createApiKey(_ request: CreateApiKeyRequest, context: ServerContext) async throws -> CreateApiKeyResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let principal = check.identifier(request.principalID, "principal_id", as: PrincipalID.self)
    check.text(request.description, "description", max: Self.keyDescriptionMax)
    var expiry: InstantMicros?
    if let time = request.expireTime {
      expiry = time.instant
      if expiry.map({ $0 <= environment.now() }) ?? true {
        check.note("expire_time", .conflicting(with: "the present: name a time that is still to come"))
      }
    }
    try check.finish()
    guard let principal else { throw FieldViolations(check.violations) }

    let secret = ApiKeySecret.make()
    let hash = secret.hash(under: environment.pepper)
    let description = request.description
    let expireTime = expiry
    var reply: CreateApiKeyResponse = try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      guard try transaction.principal(principal) != nil else {
        throw ServiceError.notFound(.principal, id: principal.value)
      }
      let key = StoredKey(
        id: secret.keyID, principal: principal, secretHash: hash, description: description, createTime: transaction.now,
        expireTime: expireTime)
      try transaction.insert(key)
      return .with { $0.apiKey = key.wire }
    }
    // The stored reply has no secret; only the call that made the key can show it.
    if reply.apiKey?.keyID == secret.keyID.value { reply.secret = secret.text }
    return reply
  }

  func listApiKeys(_ request: ListApiKeysRequest, context: ServerContext) async throws -> ListApiKeysResponse {
    _ = try context.caller
    var check = FieldCheck()
    let principal: PrincipalID? = check.optionalIdentifier(request.principalID, "principal_id")
    try check.finish()
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListApiKeys \(request.principalID)",
      columnCount: 1)
    return try await environment.store.read { transaction in
      let rows = try transaction.apiKeys(
        of: principal, after: listing.textPosition.map { KeyID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.id.value)] }
      return .with {
        $0.apiKeys = page.items.map(\.wire)
        $0.nextPageToken = page.nextPageToken
      }
    }
  }

  func revokeApiKey(_ request: RevokeApiKeyRequest, context: ServerContext) async throws -> RevokeApiKeyResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.keyID, "key_id", as: KeyID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let reply: RevokeApiKeyResponse = try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      try transaction.revokeKey(id, at: transaction.now)
      guard let key = try transaction.apiKey(id) else { throw ServiceError.notFound(.apiKey, id: id.value) }
      return .with { $0.apiKey = key.wire }
    }
    environment.verifier.clear()
    return reply
  }
}

extension StoredKey {
  fileprivate var wire: ApiKey {
    .with {
      $0.keyID = id.value
      $0.principalID = principal.value
      $0.description = description
      $0.createTime = Timestamp(createTime)
      $0.expireTime = expireTime.timestamp
      $0.lastUseTime = lastUseTime.timestamp
      $0.revokeTime = revokeTime.timestamp
    }
  }
}
