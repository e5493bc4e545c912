package import DMSDomain

/// Names a balance: whose, where, of what. Lots and conditions other than sellable have balances of their own, which
/// nothing here touches.
package struct StockKey: Sendable, Hashable, Comparable {
  package var location: StockLocation
  package var sku: SKU

  package init(location: StockLocation, sku: SKU) {
    self.location = location
    self.sku = sku
  }

  package static func < (left: StockKey, right: StockKey) -> Bool {
    (left.location.owner.key, left.location.place.value, left.sku.value)
      < (right.location.owner.key, right.location.place.value, right.sku.value)
  }

  fileprivate var parameters: [SQLValue] {
    [.text(location.owner.key), .text(location.place.value), .text(sku.value)]
  }
}

/// A balance as the store keeps it.
package struct StockRow: Sendable, Hashable {
  package var key: StockKey
  package var balance: StockBalance
  /// Last word on it: the time that the dealer's system gave, or that of the commit.
  package var asOf: InstantMicros
  /// Store revision of its last change.
  package var revision: Int64

  package init(key: StockKey, balance: StockBalance, asOf: InstantMicros, revision: Int64) {
    self.key = key
    self.balance = balance
    self.asOf = asOf
    self.revision = revision
  }
}

extension ReadTransaction {
  /// The balances of `keys`, in their order; nil where nothing ever moved. A point read each.
  package func stock(_ keys: [StockKey]) throws -> [StockRow?] {
    let found = try queryMany(
      """
      SELECT owner, location_id, sku, on_hand, reserved, as_of_time, revision FROM stock_balance
      WHERE owner = ?1 AND location_id = ?2 AND sku = ?3 AND lot = '' AND status = 1
      """, keys.map(\.parameters), readStockRow)
    return found.map(\.first)
  }

  /// A page of balances in the order of their keys.
  package func stock(_ filter: StockFilter, after: [SQLValue]?, limit: Int) throws -> [StockRow] {
    var clause = ConditionBuilder()
    clause.add("b.lot = '' AND b.status = 1")
    if let after, after.count == 3 {
      let names = after.map { clause.bind($0) }
      clause.add("(b.owner, b.location_id, b.sku) > (\(names.joined(separator: ", ")))")
    }
    filter.apply(to: &clause, alias: "b")
    var from = "stock_balance b"
    if filter.region != nil || filter.tier != nil {
      from += " JOIN dealer d ON d.dealer_id = b.owner"
      if let region = filter.region { clause.add("d.region = \(clause.bind(.text(region.value)))") }
      if let tier = filter.tier { clause.add("d.tier = \(clause.bind(.text(tier.value)))") }
    }
    if let prefix = filter.categoryPrefix {
      from += " JOIN product p ON p.sku = b.sku"
      // The greatest scalar ends the range of texts that begin with the prefix.
      let low = clause.bind(.text(prefix))
      let high = clause.bind(.text(prefix + "\u{10FFFF}"))
      clause.add("p.category_path >= \(low) AND p.category_path < \(high)")
    }
    let sql = SQL(
      assembled: """
        SELECT b.owner, b.location_id, b.sku, b.on_hand, b.reserved, b.as_of_time, b.revision
        FROM \(from) WHERE \(clause.text)
        ORDER BY b.owner, b.location_id, b.sku LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    return try query(sql, clause.parameters, readStockRow)
  }
}

extension WriteTransaction {
  /// Writes balances with their new on-hand quantities; what is reserved stays as it is in the rows.
  package func saveOnHand(_ rows: [StockRow]) throws {
    let revision = try earlyRevision
    try executeMany(
      """
      INSERT INTO stock_balance (owner, location_id, sku, lot, status, on_hand, reserved, as_of_time, revision)
      VALUES (?1, ?2, ?3, '', 1, ?4, 0, ?5, ?6)
      ON CONFLICT (owner, location_id, sku, lot, status) DO UPDATE
      SET on_hand = excluded.on_hand, as_of_time = excluded.as_of_time, revision = excluded.revision
      """,
      rows.map {
        $0.key.parameters + [.integer($0.balance.onHand.value), .integer($0.asOf.value), .integer(revision ?? 0)]
      })
    if revision == nil { stamp(rows.map(\.key)) }
  }

  /// Changes what is reserved of some balances, which exist; a negative change releases. The schema refuses more than
  /// is on hand and less than nothing.
  /// - Returns: the balances as they are now, in the order of their keys.
  package func changeReserved(_ changes: [(key: StockKey, change: Quantity)]) throws -> [StockRow] {
    guard !changes.isEmpty else { return [] }
    let revision = try earlyRevision
    let changed = try executeReturning(
      """
      UPDATE stock_balance SET reserved = reserved + ?4, revision = coalesce(?5, revision)
      WHERE owner = ?1 AND location_id = ?2 AND sku = ?3 AND lot = '' AND status = 1
      RETURNING owner, location_id, sku, on_hand, reserved, as_of_time, revision
      """, changes.map { $0.key.parameters + [.integer($0.change.value), .integer(revision)] }, readStockRow)
    if revision == nil { stamp(changes.map(\.key)) }
    var rows: [StockKey: StockRow] = [:]
    for row in changed.joined() { rows[row.key] = row }
    return rows.values.sorted { $0.key < $1.key }
  }

  /// Notes on balances that this write changed them last, once its revision is known.
  private func stamp(_ keys: [StockKey]) {
    late(
      """
      UPDATE stock_balance SET revision = ?4
      WHERE owner = ?1 AND location_id = ?2 AND sku = ?3 AND lot = '' AND status = 1 AND revision < ?4
      """
    ) { revision in keys.map { $0.parameters + [.integer(revision)] } }
  }
}

/// Which balances or movements a list has.
package struct StockFilter: Sendable, Hashable {
  /// Whose stock, by kind; both when nil.
  package enum OwnerKind: Sendable, Hashable {
    case brand
    case dealers
  }

  package var ownerKind: OwnerKind?
  package var dealer: DealerID?
  package var place: LocationID?
  package var sku: SKU?
  package var region: Region?
  package var tier: Tier?
  package var categoryPrefix: String?
  /// Where the caller's roles hold; nil for everything.
  package var visible: [Scope]?
  /// Whether the caller sees the brand's balances.
  package var seesBrand: Bool

  package init(
    ownerKind: OwnerKind? = nil, dealer: DealerID? = nil, place: LocationID? = nil, sku: SKU? = nil,
    region: Region? = nil, tier: Tier? = nil, categoryPrefix: String? = nil, visible: [Scope]? = nil,
    seesBrand: Bool = true
  ) {
    self.ownerKind = ownerKind
    self.dealer = dealer
    self.place = place
    self.sku = sku
    self.region = region
    self.tier = tier
    self.categoryPrefix = categoryPrefix
    self.visible = visible
    self.seesBrand = seesBrand
  }

  /// Adds the conditions that the table of balances and that of movements share.
  func apply(to clause: inout ConditionBuilder, alias: String) {
    switch ownerKind {
    case .brand: clause.add("\(alias).owner = ''")
    case .dealers: clause.add("\(alias).owner > ''")
    case nil: break
    }
    if let dealer { clause.add("\(alias).owner = \(clause.bind(.text(dealer.value)))") }
    if let place { clause.add("\(alias).location_id = \(clause.bind(.text(place.value)))") }
    if let sku { clause.add("\(alias).sku = \(clause.bind(.text(sku.value)))") }
    if let visible {
      let dealers = clause.visibleDealers(visible, column: "\(alias).owner")
      clause.add(seesBrand ? "(\(alias).owner = '' OR \(dealers))" : "(\(alias).owner > '' AND \(dealers))")
    }
  }
}

private func readStockRow(_ row: borrowing Row) throws -> StockRow {
  StockRow(
    key: StockKey(
      location: StockLocation(
        owner: StockOwner(key: try row.text(0)), place: LocationID(unchecked: try row.text(1))),
      sku: SKU(unchecked: try row.text(2))),
    balance: StockBalance(onHand: Quantity(try row.int64(3)), reserved: Quantity(try row.int64(4))),
    asOf: InstantMicros(try row.int64(5)), revision: try row.int64(6))
}
