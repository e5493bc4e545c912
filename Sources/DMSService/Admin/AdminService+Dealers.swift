internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  func upsertDealers(_ request: UpsertDealersRequest, context: ServerContext) async throws -> UpsertDealersResponse {
    let caller = try context.caller
    var check = FieldCheck()
    check.items(request.dealers.count, "dealers")
    try check.finish()
    let dryRun = request.validateOnly
    let items = request.dealers
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      var tally = UpsertTally()
      var seen: Set<String> = []
      var places: [DealerID: Int] = [:]
      for (index, item) in items.enumerated() {
        if let id = try? DealerID(validating: item.dealerID) { places[id] = index }
      }
      // A parent that stands in the same request comes before its children.
      for index in DealerOrder.parentsFirst(items, places: places) {
        let item = items[index]
        do {
          guard seen.insert(item.dealerID).inserted else {
            throw FieldViolations([FieldViolation("dealer_id", .duplicate)])
          }
          tally.count(try transaction.upsert(item, dryRun: dryRun, pending: dryRun ? seen : []))
        } catch {
          try tally.refuse(index, error, path: "dealers[\(index)]")
        }
      }
      return .with {
        $0.createdCount = tally.created
        $0.updatedCount = tally.updated
        $0.unchangedCount = tally.unchanged
        $0.errors = tally.errors.sorted { $0.index < $1.index }
      }
    }
  }

  func getDealer(_ request: GetDealerRequest, context: ServerContext) async throws -> GetDealerResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.dealerID, "dealer_id", as: DealerID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    return try await environment.store.read { transaction in
      _ = try caller.require(id, in: transaction)
      guard let stored = try transaction.dealer(id) else { throw ServiceError.notFound(.dealer, id: id.value) }
      return .with { $0.dealer = DealerWire.message(stored) }
    }
  }

  func listDealers(_ request: ListDealersRequest, context: ServerContext) async throws -> ListDealersResponse {
    let caller = try context.caller
    var check = FieldCheck()
    var filter = DealerFilter(visible: caller.coversBrand ? nil : caller.scopes)
    filter.region = check.optionalIdentifier(request.region, "region")
    filter.tier = check.optionalIdentifier(request.tier, "tier")
    if request.status != .unspecified {
      filter.status = DMSDomain.DealerStatus(rawValue: Int(request.status.rawValue))
      if filter.status == nil { check.note("status", .unknownValue(request.status.name)) }
    }
    try check.finish()
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListDealers \(filter)", columnCount: 1)
    let listed = filter
    return try await environment.store.read { transaction in
      let rows = try transaction.dealers(
        listed, after: listing.textPosition.map { DealerID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.value.id.value)] }
      return .with {
        $0.dealers = page.items.map { DealerWire.message($0) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }
}

/// In which order the dealers of one request are stored.
enum DealerOrder {
  /// Positions with every parent before its children; those in a loop come last, and are refused there.
  static func parentsFirst(_ items: [DMSAPI.Dealer], places: [DealerID: Int]) -> [Int] {
    var done = [Bool](repeating: false, count: items.count)
    var order: [Int] = []
    order.reserveCapacity(items.count)
    for start in items.indices where !done[start] {
      var chain: [Int] = []
      var next: Int? = start
      while let current = next, !done[current], !chain.contains(current), chain.count < ConditionBuilder.dealerLevelsMax
      {
        chain.append(current)
        next = (try? DealerID(validating: items[current].parentDealerID)).flatMap { places[$0] }
      }
      for index in chain.reversed() where !done[index] {
        done[index] = true
        order.append(index)
      }
    }
    return order
  }
}

extension WriteTransaction {
  /// Stores a dealer, with a prepayment account of its own where it names none.
  ///
  /// - Parameter pending: dealers of the same dry run, which count as there.
  fileprivate func upsert(_ item: DMSAPI.Dealer, dryRun: Bool, pending: Set<String>) throws -> UpsertOutcome {
    let dealer = try DealerWire.domain(item)
    try requireReferences(of: dealer, pending: pending)
    let own = CreditAccountID(of: dealer.id)
    let account = try creditAccount(dealer.creditAccount)
    if account == nil {
      guard dealer.creditAccount == own else {
        throw ServiceError.missingReference(
          field: "credit_account_id", .creditAccount, id: dealer.creditAccount.value)
      }
      if !dryRun {
        let terms = DMSDomain.CreditAccount(id: own, currency: dealer.currency)
        try save(Stored(terms, version: 1, createTime: now, updateTime: now))
      }
    }
    if let account, account.terms.value.currency != dealer.currency {
      throw ServiceError.wrongState(
        .creditAccount, id: dealer.creditAccount.value, state: "kept in \(account.terms.value.currency)",
        allowed: ["the dealer's currency \(dealer.currency)"])
    }
    return try upsert(
      dealer, over: try self.dealer(dealer.id), etag: item.etag, kind: .dealer, id: dealer.id.value, dryRun: dryRun
    ) { try save($0) }
  }

  private func requireReferences(of dealer: DMSDomain.Dealer, pending: Set<String>) throws {
    if let parent = dealer.parent, !pending.contains(parent.value) {
      guard let place = try dealerPlace(parent) else {
        throw ServiceError.missingReference(field: "parent_dealer_id", .dealer, id: parent.value)
      }
      guard !place.ancestors.contains(dealer.id), place.ancestors.count + 1 < ConditionBuilder.dealerLevelsMax else {
        throw FieldViolations([FieldViolation("parent_dealer_id", .conflicting(with: "the dealers above it"))])
      }
    }
    for (index, id) in dealer.servingWarehouses.enumerated() where try warehouse(id) == nil {
      throw ServiceError.missingReference(field: "serving_warehouse_ids[\(index)]", .warehouse, id: id.value)
    }
    if let list = dealer.priceList, try priceList(list) == nil {
      throw ServiceError.missingReference(field: "price_list_id", .priceList, id: list.value)
    }
  }
}

/// A dealer between the wire and the domain.
private enum DealerWire {
  static func domain(_ message: DMSAPI.Dealer) throws -> DMSDomain.Dealer {
    var check = FieldCheck()
    let id = check.identifier(message.dealerID, "dealer_id", as: DealerID.self)
    let currency = check.currency(message.currencyCode, "currency_code")
    let status =
      message.status == .unspecified ? .active : DMSDomain.DealerStatus(rawValue: Int(message.status.rawValue))
    if status == nil { check.note("status", .unknownValue(message.status.name)) }
    let authority =
      message.stockAuthority == .unspecified
      ? .dms : DMSDomain.StockAuthority(rawValue: Int(message.stockAuthority.rawValue))
    if authority == nil { check.note("stock_authority", .unknownValue(message.stockAuthority.name)) }
    let tier: Tier? = check.optionalIdentifier(message.tier, "tier")
    let region: Region? = check.optionalIdentifier(message.region, "region")
    let parent: DealerID? = check.optionalIdentifier(message.parentDealerID, "parent_dealer_id")
    let account: CreditAccountID? = check.optionalIdentifier(message.creditAccountID, "credit_account_id")
    let list: PriceListID? = check.optionalIdentifier(message.priceListID, "price_list_id")
    check.count(message.servingWarehouseIDs.count, "serving_warehouse_ids", max: Limits.servingWarehousesMax)
    let warehouses = message.servingWarehouseIDs.prefix(Limits.servingWarehousesMax).enumerated().compactMap {
      index, text in
      check.identifier(text, "serving_warehouse_ids[\(index)]", as: WarehouseID.self)
    }
    try check.finish()
    guard let id, let currency, let status, let authority else { throw FieldViolations(check.violations) }
    let dealer = DMSDomain.Dealer(
      id: id, name: message.name, tier: tier, region: region, parent: parent, status: status, currency: currency,
      paymentTerms: message.paymentTerms, creditAccount: account, priceList: list, territory: message.territory,
      servingWarehouses: warehouses, stockAuthority: authority, splitShipmentsAllowed: message.splitShipmentsAllowed,
      feedMaxAgeSeconds: message.feedMaxAge?.seconds ?? DMSDomain.Dealer.feedMaxAgeSecondsDefault,
      address: message.address.map(\.domain))
    try dealer.validate()
    return dealer
  }

  static func message(_ stored: Stored<DMSDomain.Dealer>) -> DMSAPI.Dealer {
    let dealer = stored.value
    return .with {
      $0.dealerID = dealer.id.value
      $0.name = dealer.name
      $0.tier = dealer.tier?.value ?? ""
      $0.region = dealer.region?.value ?? ""
      $0.parentDealerID = dealer.parent?.value ?? ""
      $0.status = DMSAPI.DealerStatus(rawValue: Int32(dealer.status.rawValue))
      $0.currencyCode = dealer.currency.value
      $0.paymentTerms = dealer.paymentTerms
      $0.creditAccountID = dealer.creditAccount.value
      $0.priceListID = dealer.priceList?.value ?? ""
      $0.territory = dealer.territory
      $0.servingWarehouseIDs = dealer.servingWarehouses.map(\.value)
      $0.stockAuthority = DMSAPI.StockAuthority(rawValue: Int32(dealer.stockAuthority.rawValue))
      $0.feedMaxAge = .with { $0.seconds = dealer.feedMaxAgeSeconds }
      $0.address = dealer.address.map { DMSAPI.Address($0) }
      $0.splitShipmentsAllowed = dealer.splitShipmentsAllowed
      $0.etag = Etag.text(version: stored.version)
      $0.createTime = Timestamp(stored.createTime)
      $0.updateTime = Timestamp(stored.updateTime)
    }
  }
}
