package import DMSDomain
internal import DMSStorage

/// What a server does when its store is new: it makes an administrator and a key.
package enum FirstStart {
  /// The administrator that the first key belongs to.
  package static let administrator = PrincipalID(unchecked: "admin")

  /// Makes the administrator and its key unless there is any principal.
  ///
  /// - Returns: the key as it is shown, once; nil when the store is not new.
  package static func prepare(_ environment: ServiceEnvironment) async throws -> ApiKeySecret? {
    guard try await environment.store.read({ try !$0.hasPrincipals() }) else { return nil }
    let secret = ApiKeySecret.make()
    let hash = secret.hash(under: environment.pepper)
    let write = WriteRequest(principal: administrator.value)
    return try await environment.store.write(write) { transaction -> ApiKeySecret? in
      guard try !transaction.hasPrincipals() else { return nil }
      let principal = Principal(
        id: administrator, displayName: "Administrator", grants: [Grant(.admin)], agreedPricesAllowed: true)
      let now = transaction.now
      try transaction.save(Stored(principal, version: 1, createTime: now, updateTime: now))
      try transaction.insert(
        StoredKey(
          id: secret.keyID, principal: administrator, secretHash: hash, description: "Made at the first start",
          createTime: now))
      return secret
    }
  }
}
