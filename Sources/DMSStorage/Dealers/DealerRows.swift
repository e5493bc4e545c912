package import DMSDomain

private let dealerColumns = """
  dealer_id, name, tier, region, parent_dealer_id, status, currency_code, payment_terms, credit_account_id,
  price_list_id, territory, stock_authority, split_shipments_allowed, feed_max_age_seconds, address, version,
  create_time, update_time
  """
private let selectDealer = SQL(constant: "SELECT \(dealerColumns) FROM dealer WHERE dealer_id = ?1")

extension ReadTransaction {
  /// A dealer, or nil when there is none. Two point reads.
  package func dealer(_ id: DealerID) throws -> Stored<Dealer>? {
    try remembering([id], in: \.dealers) { _ in
      guard var found = try queryOne(selectDealer, [.text(id.value)], readDealer) else { return [nil] }
      found.value.servingWarehouses = try query(
        "SELECT warehouse_id FROM dealer_warehouse WHERE dealer_id = ?1 ORDER BY position", [.text(id.value)]
      ) { row in WarehouseID(unchecked: try row.text(0)) }
      return [found]
    }[0]
  }

  /// Several dealers by id, without their warehouses; those that do not exist are left out.
  package func dealersByID(_ ids: Set<DealerID>) throws -> [DealerID: Dealer] {
    var result: [DealerID: Dealer] = [:]
    for rows in try queryMany(selectDealer, ids.sorted().map { [.text($0.value)] }, readDealer) {
      if let found = rows.first { result[found.value.id] = found.value }
    }
    return result
  }

  /// What decides whether a caller may see a dealer: its region, and the dealers above it, nearest first; nil when
  /// there is no such dealer. A point read for each level, at most ``ConditionBuilder/dealerLevelsMax``.
  package func dealerPlace(_ id: DealerID) throws -> DealerPlace? {
    guard let (region, parent) = try placeAndParent(of: id) else { return nil }
    var place = DealerPlace(dealer: id, region: region)
    var next = parent
    while let current = next, place.ancestors.count < ConditionBuilder.dealerLevelsMax {
      place.ancestors.append(current)
      next = try placeAndParent(of: current)?.parent
    }
    return place
  }

  private func placeAndParent(of id: DealerID) throws -> (region: Region?, parent: DealerID?)? {
    try queryOne("SELECT region, parent_dealer_id FROM dealer WHERE dealer_id = ?1", [.text(id.value)]) { row in
      let region = try row.text(0)
      return (
        region.isEmpty ? nil : Region(unchecked: region), try row.optionalText(1).map { DealerID(unchecked: $0) }
      )
    }
  }

  /// A page of dealers by id, after `after`.
  package func dealers(_ filter: DealerFilter, after: DealerID?, limit: Int) throws -> [Stored<Dealer>] {
    var clause = ConditionBuilder()
    if let after { clause.add("dealer_id > \(clause.bind(.text(after.value)))") }
    if let region = filter.region { clause.add("region = \(clause.bind(.text(region.value)))") }
    if let tier = filter.tier { clause.add("tier = \(clause.bind(.text(tier.value)))") }
    if let status = filter.status { clause.add("status = \(clause.bind(.integer(Int64(status.rawValue))))") }
    if let visible = filter.visible { clause.add(clause.visibleDealers(visible, column: "dealer_id")) }
    let sql = SQL(
      assembled: """
        SELECT \(dealerColumns) FROM dealer WHERE \(clause.text)
        ORDER BY dealer_id LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    var found = try query(sql, clause.parameters, readDealer)
    let warehouses = try queryMany(
      "SELECT warehouse_id FROM dealer_warehouse WHERE dealer_id = ?1 ORDER BY position",
      found.map { [.text($0.value.id.value)] }
    ) { row in WarehouseID(unchecked: try row.text(0)) }
    for (index, ids) in warehouses.enumerated() { found[index].value.servingWarehouses = ids }
    return found
  }
}

extension WriteTransaction {
  /// Makes or replaces a dealer with its serving warehouses. What it refers to must exist.
  package func save(_ dealer: Stored<Dealer>) throws {
    try noteMasterChange()
    let value = dealer.value
    try execute(
      """
      INSERT INTO dealer (dealer_id, name, tier, region, parent_dealer_id, status, currency_code, payment_terms,
        credit_account_id, price_list_id, territory, stock_authority, split_shipments_allowed, feed_max_age_seconds,
        address, version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
      ON CONFLICT (dealer_id) DO UPDATE SET name = excluded.name, tier = excluded.tier, region = excluded.region,
        parent_dealer_id = excluded.parent_dealer_id, status = excluded.status,
        currency_code = excluded.currency_code, payment_terms = excluded.payment_terms,
        credit_account_id = excluded.credit_account_id, price_list_id = excluded.price_list_id,
        territory = excluded.territory, stock_authority = excluded.stock_authority,
        split_shipments_allowed = excluded.split_shipments_allowed,
        feed_max_age_seconds = excluded.feed_max_age_seconds, address = excluded.address,
        version = excluded.version, update_time = excluded.update_time
      """,
      [
        .text(value.id.value), .text(value.name), .text(value.tier?.value ?? ""), .text(value.region?.value ?? ""),
        .text(value.parent?.value), .integer(Int64(value.status.rawValue)), .text(value.currency.value),
        .text(value.paymentTerms), .text(value.creditAccount.value), .text(value.priceList?.value),
        .text(value.territory), .integer(Int64(value.stockAuthority.rawValue)), .bool(value.splitShipmentsAllowed),
        .integer(value.feedMaxAgeSeconds), .blob(value.address.map { AddressColumn.encode($0) }),
        .integer(dealer.version), .integer(dealer.createTime.value), .integer(dealer.updateTime.value),
      ])
    try execute("DELETE FROM dealer_warehouse WHERE dealer_id = ?1", [.text(value.id.value)])
    try executeMany(
      "INSERT INTO dealer_warehouse (dealer_id, position, warehouse_id) VALUES (?1, ?2, ?3)",
      value.servingWarehouses.enumerated().map { position, warehouse in
        [.text(value.id.value), .integer(Int64(position)), .text(warehouse.value)]
      })
  }
}

/// Which dealers a list has.
package struct DealerFilter: Sendable, Hashable {
  package var region: Region?
  package var tier: Tier?
  package var status: DealerStatus?
  /// Where the caller's roles hold; nil for everywhere.
  package var visible: [Scope]?

  package init(region: Region? = nil, tier: Tier? = nil, status: DealerStatus? = nil, visible: [Scope]? = nil) {
    self.region = region
    self.tier = tier
    self.status = status
    self.visible = visible
  }
}

private func readDealer(_ row: borrowing Row) throws -> Stored<Dealer> {
  let id = DealerID(unchecked: try row.text(0))
  let unreadable = UnreadableRow(table: "dealer", key: id.value)
  guard let status = DealerStatus(rawValue: Int(try row.int64(5))),
    let authority = StockAuthority(rawValue: Int(try row.int64(11))),
    let currency = try? CurrencyCode(validating: try row.text(6))
  else { throw unreadable }
  let tier = try row.text(2)
  let region = try row.text(3)
  return Stored(
    Dealer(
      id: id, name: try row.text(1), tier: tier.isEmpty ? nil : Tier(unchecked: tier),
      region: region.isEmpty ? nil : Region(unchecked: region),
      parent: try row.optionalText(4).map { DealerID(unchecked: $0) }, status: status, currency: currency,
      paymentTerms: try row.text(7), creditAccount: CreditAccountID(unchecked: try row.text(8)),
      priceList: try row.optionalText(9).map { PriceListID(unchecked: $0) }, territory: try row.text(10),
      stockAuthority: authority, splitShipmentsAllowed: try row.bool(12), feedMaxAgeSeconds: try row.int64(13),
      address: try row.optionalBlob(14).map { try AddressColumn.decode($0, or: unreadable) }),
    version: try row.int64(15), createTime: InstantMicros(try row.int64(16)),
    updateTime: InstantMicros(try row.int64(17)))
}
