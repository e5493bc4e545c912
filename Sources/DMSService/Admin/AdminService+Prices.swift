internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  /// Entries of one save at most.
  static let priceEntriesMax = 5_000

  func savePriceListDraft(
    _ request: SavePriceListDraftRequest, context: ServerContext
  ) async throws -> SavePriceListDraftResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.priceList?.priceListID ?? "", "price_list.price_list_id", as: PriceListID.self)
    let currencyCode = request.priceList?.currencyCode ?? ""
    let currency = currencyCode.isEmpty ? nil : check.currency(currencyCode, "price_list.currency_code")
    if case .unrecognized = request.mode { check.note("mode", .unknownValue(request.mode.name)) }
    check.count(request.entries.count, "entries", max: Self.priceEntriesMax)
    var slots: Set<DMSDomain.PriceEntry.Slot> = []
    let entries = request.entries.prefix(Self.priceEntriesMax).enumerated().compactMap { index, entry in
      let entry = check.priceEntry(entry, "entries[\(index)]")
      if let entry, !slots.insert(entry.slot).inserted { check.note("entries[\(index)]", .duplicate) }
      return entry
    }
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }

    let named = request.priceList
    let replaces = request.mode == .replace
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      let stored = try transaction.priceList(id)
      let list = try PriceListWire.merged(named, id: id, currency: currency, over: stored)
      if let unknown = try transaction.firstUnknown(entries.map(\.sku)) {
        throw ServiceError.missingReference(field: "entries[\(unknown)].sku", .product, id: entries[unknown].sku.value)
      }
      let now = transaction.now
      try transaction.save(
        StoredPriceList(
          list: Stored(
            list, version: (stored?.list.version ?? 0) + 1, createTime: stored?.list.createTime ?? now, updateTime: now),
          publishTime: stored?.publishTime))
      if replaces {
        try transaction.clearDraft(id)
      } else if let stored, !stored.list.value.hasDraft, stored.list.value.publishedVersion > 0 {
        try transaction.copyPublishedToDraft(id, version: stored.list.value.publishedVersion)
      }
      try transaction.saveDraft(entries, of: id)
      return try .with { $0.priceList = try PriceListWire.stored(id, transaction) }
    }
  }

  func publishPriceList(
    _ request: PublishPriceListRequest, context: ServerContext
  ) async throws -> PublishPriceListResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.priceListID, "price_list_id", as: PriceListID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let etag = request.etag
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      guard let stored = try transaction.priceList(id) else { throw ServiceError.notFound(.priceList, id: id.value) }
      guard Etag.matches(etag, version: stored.list.version) else {
        throw ServiceError.etagMismatch(.priceList, id: id.value)
      }
      let published: DMSDomain.PriceList
      do {
        published = try stored.list.value.publishing(try transaction.draftEntries(id))
      } catch PublishError.noDraft {
        throw ServiceError.notFound(.priceList, id: "\(id) (draft)")
      } catch PublishError.conflicts(let conflicts) {
        throw ServiceError.priceConflict(conflicts.map(\.violation))
      }
      let now = transaction.now
      try transaction.publishDraft(of: id, as: published.publishedVersion)
      try transaction.save(
        StoredPriceList(
          list: Stored(
            published, version: stored.list.version + 1, createTime: stored.list.createTime, updateTime: now),
          publishTime: now))
      return try .with { $0.priceList = try PriceListWire.stored(id, transaction) }
    }
  }

  func getPriceList(_ request: GetPriceListRequest, context: ServerContext) async throws -> GetPriceListResponse {
    _ = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.priceListID, "price_list_id", as: PriceListID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    return try await environment.store.read { transaction in
      try .with { $0.priceList = try PriceListWire.stored(id, transaction) }
    }
  }

  func listPriceLists(_ request: ListPriceListsRequest, context: ServerContext) async throws -> ListPriceListsResponse {
    _ = try context.caller
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "ListPriceLists", columnCount: 1)
    return try await environment.store.read { transaction in
      let rows = try transaction.priceLists(
        after: listing.textPosition.map { PriceListID(unchecked: $0) }, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.list.value.id.value)] }
      return .with {
        $0.priceLists = page.items.map { PriceListWire.message($0) }
        $0.nextPageToken = page.nextPageToken
      }
    }
  }

  func listPriceEntries(
    _ request: ListPriceEntriesRequest, context: ServerContext
  ) async throws -> ListPriceEntriesResponse {
    _ = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.priceListID, "price_list_id", as: PriceListID.self)
    let sku: SKU? = check.optionalIdentifier(request.sku, "sku")
    check.range(request.version, "version", -1...Int64.max)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken,
      binding: "ListPriceEntries \(request.version) \(request.sku) \(id)", columnCount: 6)
    let asked = request.version
    return try await environment.store.read { transaction in
      guard let stored = try transaction.priceList(id) else { throw ServiceError.notFound(.priceList, id: id.value) }
      let list = stored.list.value
      let version = asked == 0 ? list.publishedVersion : max(0, asked)
      guard asked == -1 ? list.hasDraft : (version > 0 && version <= list.publishedVersion) else {
        throw ServiceError.notFound(.priceList, id: asked == -1 ? "\(id) (draft)" : "\(id)@\(version)")
      }
      let rows = try transaction.priceEntries(
        id, version: version, sku: sku, after: listing.position, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { $0.place }
      return .with {
        $0.entries = page.items.map { PriceListWire.entry($0) }
        $0.nextPageToken = page.nextPageToken
      }
    }
  }
}

extension PriceConflict {
  fileprivate var violation: PreconditionViolation {
    PreconditionViolation(
      type: "PRICE_CONFLICT", subject: first.sku.value,
      description: """
        Product «\(first.sku)» has two prices from quantity \(first.fromQuantity) for the same audience and priority: \
        from \(first.validity.from) and from \(second.validity.from); end the first before the second begins, or give \
        them different priorities.
        """)
  }
}

/// Price lists and their entries between the wire and the domain.
private enum PriceListWire {
  /// The list that a save names, over what is stored of it.
  static func merged(
    _ named: DMSAPI.PriceList?, id: PriceListID, currency: CurrencyCode?, over stored: StoredPriceList?
  ) throws -> DMSDomain.PriceList {
    var list: DMSDomain.PriceList
    if let stored {
      list = stored.list.value
      if let currency, currency != list.currency {
        throw FieldViolations([FieldViolation("price_list.currency_code", .immutable)])
      }
      if let name = named?.name, !name.isEmpty { list.name = name }
    } else {
      guard let currency else { throw FieldViolations([FieldViolation("price_list.currency_code", .required)]) }
      list = DMSDomain.PriceList(
        id: id, name: named?.name ?? "", currency: currency, taxInclusive: named?.taxInclusive ?? false)
    }
    list.hasDraft = true
    do {
      try list.validate()
    } catch {
      throw FieldViolations(error.violations.map { FieldViolation("price_list.\($0.field)", $0.problem) })
    }
    return list
  }

  static func stored(_ id: PriceListID, _ transaction: ReadTransaction) throws -> DMSAPI.PriceList {
    guard let stored = try transaction.priceList(id) else { throw ServiceError.notFound(.priceList, id: id.value) }
    return message(stored)
  }

  static func message(_ stored: StoredPriceList) -> DMSAPI.PriceList {
    let list = stored.list.value
    return .with {
      $0.priceListID = list.id.value
      $0.name = list.name
      $0.currencyCode = list.currency.value
      $0.taxInclusive = list.taxInclusive
      $0.publishedVersion = list.publishedVersion
      $0.publishedEntryCount = stored.publishedEntries
      $0.hasDraft = list.hasDraft
      $0.draftEntryCount = stored.draftEntries
      $0.etag = Etag.text(version: stored.list.version)
      $0.publishTime = stored.publishTime.timestamp
    }
  }

  static func entry(_ entry: DMSDomain.PriceEntry) -> DMSAPI.PriceEntry {
    .with {
      $0.sku = entry.sku.value
      $0.fromQuantity = entry.fromQuantity.value
      $0.unitPriceMicros = entry.unitPrice.value
      $0.audience = DMSAPI.Audience.wire(entry.audience)
      $0.priority = entry.priority
      $0.validFromDate = entry.validity.from == .earliest ? "" : entry.validity.from.description
      $0.validUntilDate = entry.validity.until == .latest ? "" : entry.validity.until.description
    }
  }
}

extension FieldCheck {
  /// A price, or nil with violations noted.
  fileprivate mutating func priceEntry(_ wire: DMSAPI.PriceEntry, _ field: String) -> DMSDomain.PriceEntry? {
    let before = violations.count
    let sku = identifier(wire.sku, "\(field).sku", as: SKU.self)
    let audience = audience(wire.audience, "\(field).audience")
    let from = wire.validFromDate.isEmpty ? .earliest : date(wire.validFromDate, "\(field).valid_from_date")
    let until = wire.validUntilDate.isEmpty ? .latest : date(wire.validUntilDate, "\(field).valid_until_date")
    guard let sku, let audience, let from, let until else { return nil }
    let entry = DMSDomain.PriceEntry(
      sku: sku, audience: audience, priority: wire.priority,
      fromQuantity: Quantity(wire.fromQuantity == 0 ? 1 : wire.fromQuantity),
      validity: Validity(from: from, until: until), unitPrice: Micros(wire.unitPriceMicros))
    entry.check(into: &self, at: field)
    return violations.count == before ? entry : nil
  }
}
