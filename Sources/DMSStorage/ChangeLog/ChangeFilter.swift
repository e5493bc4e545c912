/// Which changes a reader wants.
package struct ChangeFilter: Sendable {
  /// Whose changes a reader wants.
  package enum Owners: Sendable, Hashable {
    /// Everybody's, and the brand's own.
    case all
    /// The brand's own.
    case brand
    /// Every dealer's, and not the brand's.
    case everyDealer
    /// Those of these dealers.
    case dealers(Set<String>)
  }

  /// The kinds wanted; empty for all.
  package var kinds: Set<Int64>
  package var owners: Owners
  /// The one resource that is wanted; nil for all.
  package var key: String?
  /// Judges what the rest lets through; nil lets all of it through. Called under the log's lock: it must be quick.
  package var refinement: (@Sendable (ChangeEvent) -> Bool)?

  package init(
    kinds: Set<Int64> = [], owners: Owners = .all, key: String? = nil,
    refinement: (@Sendable (ChangeEvent) -> Bool)? = nil
  ) {
    self.kinds = kinds
    self.owners = owners
    self.key = key
    self.refinement = refinement
  }

  /// A filter for the changes of one dealer; of everybody when nil.
  package init(kinds: Set<Int64> = [], dealerID: String?) {
    self.init(kinds: kinds, owners: dealerID.map { .dealers([$0]) } ?? .all)
  }

  /// The one dealer whose changes are wanted; nil for several.
  var onlyDealer: String? {
    if case .dealers(let dealers) = owners, dealers.count == 1 { dealers.first } else { nil }
  }

  /// Whether the reader wants `event`.
  package func matches(_ event: ChangeEvent) -> Bool {
    guard kinds.isEmpty || kinds.contains(event.kind) else { return false }
    switch owners {
    case .all: break
    case .brand where event.dealerID != nil: return false
    case .brand: break
    case .everyDealer where event.dealerID == nil: return false
    case .everyDealer: break
    case .dealers(let dealers):
      guard let dealer = event.dealerID, dealers.contains(dealer) else { return false }
    }
    if let key, key != event.key { return false }
    return refinement?(event) ?? true
  }
}
