package import DMSDomain
package import DMSStorage
internal import Synchronization

/// Tells which principal a key belongs to, from memory where it was asked before.
///
/// The cache holds at most ``entriesMax`` keys, and forgets all of them when one too many comes. A change of a key or
/// a principal clears it: at once in the process that makes the change, within about a second in others, which
/// ``SecuritySync`` keeps in step.
package final class KeyVerifier: Sendable {
  private struct Entry {
    var key: StoredKey
    var principal: Principal
    var readTime: InstantMicros
  }

  private struct State {
    var entries: [KeyID: Entry] = [:]
    /// Grows with every clearing, so that what was read before it is not put in after it.
    var generation = 0
    var uses: [KeyID: InstantMicros] = [:]
    /// Keys that were good once: looking them up again is held up by nothing. At most ``entriesMax``.
    var proven: Set<KeyID> = []
  }

  /// Keys that are remembered at once.
  package static let entriesMax = 10_000
  /// How long a key is remembered, in seconds.
  package static let lifetimeSeconds: Int64 = 30

  private let store: Store
  private let pepper: Pepper
  private let now: @Sendable () -> InstantMicros
  private let state = Mutex(State())

  package init(store: Store, pepper: Pepper, now: @escaping @Sendable () -> InstantMicros) {
    self.store = store
    self.pepper = pepper
    self.now = now
  }

  /// The principal of a key; throws `CREDENTIAL_INVALID` when the key is unknown, wrong, revoked or expired, or its
  /// principal may not call. One read of the store for a key that is not remembered, before which `beforeLookup` may
  /// refuse: good keys in use are not held up by somebody else's bad ones.
  package func principal(of secret: ApiKeySecret, beforeLookup: () throws -> Void) async throws -> Principal {
    let now = now()
    let entry = try await entry(of: secret.keyID, now: now, beforeLookup: beforeLookup)
    guard let entry, secret.matches(entry.key.secretHash, under: pepper), entry.key.revokeTime == nil,
      entry.key.expireTime.map({ now < $0 }) ?? true, !entry.principal.disabled
    else { throw ServiceError.credentialInvalid }
    state.withLock { state in
      state.uses[secret.keyID] = now
      if state.proven.count >= Self.entriesMax { state.proven = [] }
      state.proven.insert(secret.keyID)
    }
    return entry.principal
  }

  /// Forgets everything, because a key or a principal has changed.
  package func clear() {
    state.withLock { state in
      state.entries = [:]
      state.generation += 1
    }
  }

  /// The keys used since the last call, with the time of their last use, for the store.
  package func takeUses() -> [KeyID: InstantMicros] {
    state.withLock { state in
      defer { state.uses = [:] }
      return state.uses
    }
  }

  private func entry(
    of id: KeyID, now: InstantMicros, beforeLookup: () throws -> Void
  ) async throws -> Entry? {
    let (known, generation, isProven) = state.withLock { ($0.entries[id], $0.generation, $0.proven.contains(id)) }
    if let known, now.value - known.readTime.value < Self.lifetimeSeconds * 1_000_000 { return known }
    if !isProven { try beforeLookup() }
    let found = try await store.read { transaction -> (StoredKey, Principal)? in
      guard let key = try transaction.apiKey(id), let principal = try transaction.principal(key.principal) else {
        return nil
      }
      return (key, principal.value)
    }
    guard let (key, principal) = found else { return nil }
    let entry = Entry(key: key, principal: principal, readTime: now)
    state.withLock { state in
      guard state.generation == generation else { return }
      if state.entries.count >= Self.entriesMax { state.entries = [:] }
      state.entries[id] = entry
    }
    return entry
  }
}
