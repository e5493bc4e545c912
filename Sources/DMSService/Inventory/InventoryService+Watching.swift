internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension InventoryService {
  /// Products of one watch at most.
  static let watchSKUsMax = 1_000

  func watchInventory(
    _ request: WatchInventoryRequest, responses: ResponseWriter<WatchInventoryResponse>, context: ServerContext
  ) async throws {
    let caller = try context.caller
    var check = FieldCheck()
    check.range(request.afterRevision, "after_revision", -1...Int64.max)
    check.count(request.skus.count, "skus", max: Self.watchSKUsMax)
    for (index, sku) in request.skus.prefix(Self.watchSKUsMax).enumerated() {
      _ = check.identifier(sku, "skus[\(index)]", as: SKU.self)
    }
    let filter = stockFilter(
      owner: request.owner, dealerID: request.dealerID, locationID: request.locationID, sku: "", caller, &check)
    try check.finish()
    let visibility = try await WatchVisibility(caller, dealer: filter.dealer, store: store)
    var changes = ChangeFilter(kinds: [ChangeKind.stock], owners: visibility.owners)
    switch (filter.ownerKind, visibility.owners) {
    case (.brand, .all): changes.owners = .brand
    case (.brand, _): changes.owners = .dealers([])
    case (.dealers, .all): changes.owners = .everyDealer
    default: break
    }
    let wanted = WantedStock(place: filter.place?.value, skus: Set(request.skus))
    if !wanted.isEverything { changes.refinement = { event in wanted.contains(event) } }

    let watched = WatchedChange(revisionField: 10)
    try await WatchLoop(environment).run(
      afterRevision: request.afterRevision, filter: changes, context: context,
      send: { change, resume in try await responses.write(encoded: watched.message(change, resume: resume)) },
      progress: { revision in
        try await responses.write(
          .with {
            $0.revision = revision
            $0.event = .progress(.with { $0.revision = revision })
          })
      })
  }
}

/// The place and the products of a watch.
private struct WantedStock: Sendable {
  /// The one place; nil for all.
  let place: String?
  /// The products; all when empty.
  let skus: Set<String>

  var isEverything: Bool { place == nil && skus.isEmpty }

  /// Whether a change of stock is of them.
  func contains(_ event: ChangeEvent) -> Bool {
    // The key is owner, place and product with slashes between. Names may have slashes too: then the balance tells.
    let owner = event.dealerID ?? StockLevelWire.brandOwner
    let parts = event.key.utf8.dropFirst(owner.utf8.count + 1).split(
      separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
    if parts.count == 2 { return contains(place: String(Substring(parts[0])), sku: String(Substring(parts[1]))) }
    guard let level = try? StockLevel(decoding: event.payload) else { return true }
    return contains(place: level.location?.locationID ?? "", sku: level.sku)
  }

  private func contains(place: String, sku: String) -> Bool {
    (self.place == nil || self.place == place) && (skus.isEmpty || skus.contains(sku))
  }
}
