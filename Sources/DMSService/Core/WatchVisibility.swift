package import DMSDomain
package import DMSStorage

/// Which dealers' changes a watcher gets, settled when the watch begins.
///
/// A dealer that comes into the caller's scope later is seen by the next watch. A key that is revoked, or a role that
/// is taken away, ends no watch that stands.
package struct WatchVisibility: Sendable {
  /// Whose changes are the watcher's to see.
  package let owners: ChangeFilter.Owners

  /// Settles what the caller sees; `dealer` when it asks for one only. Throws `NOT_FOUND` when that is not the
  /// caller's to see.
  package init(_ caller: Caller, dealer: DealerID?, store: Store) async throws {
    if let dealer {
      _ = try await store.read { transaction in try caller.require(dealer, in: transaction) }
      owners = .dealers([dealer.value])
      return
    }
    guard !caller.coversBrand else {
      owners = .all
      return
    }
    let visible = try await store.read { transaction in
      var visible: Set<String> = []
      var after: DealerID?
      while true {
        let page = try transaction.dealers(DealerFilter(visible: caller.scopes), after: after, limit: 1_000)
        visible.formUnion(page.map(\.value.id.value))
        guard page.count == 1_000, let last = page.last else { return visible }
        after = last.value.id
      }
    }
    owners = .dealers(visible)
  }
}
