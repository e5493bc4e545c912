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

    let skus = Set(request.skus)
    try await WatchLoop(environment).run(
      afterRevision: request.afterRevision,
      filter: ChangeFilter(kinds: [ChangeKind.stock], dealerID: visibility.onlyDealer), context: context,
      wanted: { event in
        switch filter.ownerKind {
        case .brand where event.dealerID != nil: return false
        case .dealers where event.dealerID == nil: return false
        default: return visibility.sees(dealer: event.dealerID)
        }
      },
      send: { event, revision, resume in
        var level = try StockLevel(decoding: event.payload)
        if let place = filter.place, level.location?.locationID != place.value { return }
        if !skus.isEmpty, !skus.contains(level.sku) { return }
        level.revision = revision
        let changed = level
        try await responses.write(
          .with {
            $0.revision = resume
            $0.event = .level(changed)
          })
      },
      progress: { revision in
        try await responses.write(
          .with {
            $0.revision = revision
            $0.event = .progress(.with { $0.revision = revision })
          })
      })
  }
}
