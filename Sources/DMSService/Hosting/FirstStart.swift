package import DMSDomain
internal import DMSStorage

/// What a server does before it serves: it makes sure that it has the store's secret, and gives a new store an
/// administrator with a key.
package enum FirstStart {
  /// The administrator that the first key belongs to.
  package static let administrator = PrincipalID(unchecked: "admin")

  /// Makes the administrator and its key unless there is any principal.
  ///
  /// The key is in `folder` before its hash is in the store, so that a crash in between leaves no store that nobody can
  /// enter; without a folder it is only returned.
  ///
  /// - Returns: the key; nil when the store is not new.
  /// - Throws: ``DataFolderError/wrongKey`` when the store's keys are hashed under another secret.
  package static func prepare(
    _ environment: ServiceEnvironment, keyIn folder: DataFolder? = nil
  ) async throws -> ApiKeySecret? {
    let fingerprint = environment.pepper.fingerprint
    let (isNew, stored) = try await environment.store.read { transaction in
      (try !transaction.hasPrincipals(), try transaction.secretFingerprint())
    }
    if let stored, stored != fingerprint { throw DataFolderError.wrongKey }
    guard isNew || stored == nil else { return nil }
    let secret = isNew ? try folder?.adminKey() ?? .make() : nil
    let hash = secret?.hash(under: environment.pepper)
    let write = WriteRequest(principal: administrator.value)
    let (made, kept) = try await environment.store.write(write) { transaction -> (Bool, Int64) in
      let kept = try transaction.keepSecretFingerprint(fingerprint)
      guard kept == fingerprint, let secret, let hash, try !transaction.hasPrincipals() else { return (false, kept) }
      let principal = Principal(
        id: administrator, displayName: "Administrator", grants: [Grant(.admin)], agreedPricesAllowed: true)
      let now = transaction.now
      try transaction.save(Stored(principal, version: 1, createTime: now, updateTime: now))
      try transaction.insert(
        StoredKey(
          id: secret.keyID, principal: administrator, secretHash: hash, description: "Made at the first start",
          createTime: now))
      return (true, kept)
    }
    if made { return secret }
    // Another server was first. In another folder, or even with another secret, it made a key of its own.
    if let secret, try await environment.store.read({ try $0.apiKey(secret.keyID) == nil }) { folder?.removeAdminKey() }
    guard kept == fingerprint else { throw DataFolderError.wrongKey }
    return nil
  }
}
