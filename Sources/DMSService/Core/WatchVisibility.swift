package import DMSDomain
package import DMSStorage

/// Which dealers' changes a watcher gets, settled when the watch begins.
///
/// A dealer that comes into the caller's scope later is seen by the next watch. A key that is revoked, or a role that
/// is taken away, ends no watch that stands.
package struct WatchVisibility: Sendable {
  /// The one dealer whose changes are wanted, so that the log can be read by dealer; nil for several.
  package let onlyDealer: String?
  /// The dealers that are seen; nil for all, and the brand.
  private let dealers: Set<String>?

  /// Settles what the caller sees; `dealer` when it asks for one only. Throws `NOT_FOUND` when that is not the
  /// caller's to see.
  package init(_ caller: Caller, dealer: DealerID?, store: Store) async throws {
    if let dealer {
      _ = try await store.read { transaction in try caller.require(dealer, in: transaction) }
      onlyDealer = dealer.value
      dealers = [dealer.value]
      return
    }
    guard !caller.coversBrand else {
      onlyDealer = nil
      dealers = nil
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
    dealers = visible
    onlyDealer = visible.count == 1 ? visible.first : nil
  }

  /// Whether a change that belongs to this dealer, or to the brand when nil, is the watcher's to see.
  package func sees(dealer: String?) -> Bool {
    guard let dealers else { return true }
    return dealer.map { dealers.contains($0) } ?? false
  }
}
