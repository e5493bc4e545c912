package import DMSDomain

/// A price list as the store keeps it.
package struct StoredPriceList: Sendable, Hashable {
  package var list: Stored<PriceList>
  package var publishTime: InstantMicros?
  package var publishedEntries: Int64
  package var draftEntries: Int64

  package init(
    list: Stored<PriceList>, publishTime: InstantMicros? = nil, publishedEntries: Int64 = 0, draftEntries: Int64 = 0
  ) {
    self.list = list
    self.publishTime = publishTime
    self.publishedEntries = publishedEntries
    self.draftEntries = draftEntries
  }
}

private let listColumns = """
  p.price_list_id, p.name, p.currency_code, p.tax_inclusive, p.published_version, p.has_draft, p.publish_time,
  p.version, p.create_time, p.update_time,
  (SELECT count(*) FROM price_entry e WHERE e.price_list_id = p.price_list_id AND e.list_version = p.published_version
     AND p.published_version > 0),
  (SELECT count(*) FROM price_entry e WHERE e.price_list_id = p.price_list_id AND e.list_version = 0)
  """
private let entryColumns = """
  e.sku, e.audience_kind, e.audience_key, e.priority, e.from_quantity, e.valid_from, e.valid_until,
  e.unit_price_micros
  """

private let selectCandidates = SQL(
  constant: """
    SELECT \(entryColumns), p.price_list_id, p.published_version, p.currency_code, p.tax_inclusive
    FROM price_entry e JOIN price_list p ON p.price_list_id = e.price_list_id
    WHERE e.sku = ?1 AND e.is_current = 1
    """)

extension ReadTransaction {
  /// A price list with how many entries it has, or nil when there is none.
  package func priceList(_ id: PriceListID) throws -> StoredPriceList? {
    try queryOne(
      SQL(assembled: "SELECT \(listColumns) FROM price_list p WHERE p.price_list_id = ?1"), [.text(id.value)], readList)
  }

  /// A page of price lists by id, after `after`.
  package func priceLists(after: PriceListID?, limit: Int) throws -> [StoredPriceList] {
    try query(
      SQL(
        assembled: """
          SELECT \(listColumns) FROM price_list p WHERE p.price_list_id > ?1 ORDER BY p.price_list_id LIMIT ?2
          """), [.text(after?.value ?? ""), .integer(Int64(limit))], readList)
  }

  /// Every published price of several products, in the order of `skus`: what a price is chosen from. A query for each.
  package func priceCandidates(_ skus: [SKU]) throws -> [[PriceCandidate]] {
    try remembering(skus, in: \.prices) { skus in
      try queryMany(selectCandidates, skus.map { [.text($0.value)] }) { row in
        let list = PriceListID(unchecked: try row.text(8))
        guard let currency = try? CurrencyCode(validating: try row.text(10)) else {
          throw UnreadableRow(table: "price_list", key: list.value)
        }
        return PriceCandidate(
          list: list, version: try row.int64(9), currency: currency, taxInclusive: try row.bool(11),
          entry: try readEntry(row))
      }
    }.map { $0 ?? [] }
  }

  /// Every entry of the draft of a list.
  package func draftEntries(_ list: PriceListID) throws -> [PriceEntry] {
    try query(
      SQL(assembled: "SELECT \(entryColumns) FROM price_entry e WHERE e.price_list_id = ?1 AND e.list_version = 0"),
      [.text(list.value)], readEntry)
  }

  /// A page of entries of a version of a list (0 for its draft), in the order of their keys, after the place `after`.
  package func priceEntries(
    _ list: PriceListID, version: Int64, sku: SKU?, after: [SQLValue]?, limit: Int
  ) throws -> [PriceEntry] {
    var clause = ConditionBuilder()
    clause.add("e.price_list_id = \(clause.bind(.text(list.value)))")
    clause.add("e.list_version = \(clause.bind(.integer(version)))")
    if let sku { clause.add("e.sku = \(clause.bind(.text(sku.value)))") }
    if let after, after.count == 6 {
      let names = after.map { clause.bind($0) }
      clause.add(
        """
        (e.sku, e.audience_kind, e.audience_key, e.priority, e.from_quantity, e.valid_from) \
        > (\(names.joined(separator: ", ")))
        """)
    }
    let sql = SQL(
      assembled: """
        SELECT \(entryColumns) FROM price_entry e WHERE \(clause.text)
        ORDER BY e.sku, e.audience_kind, e.audience_key, e.priority, e.from_quantity, e.valid_from
        LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    return try query(sql, clause.parameters, readEntry)
  }
}

extension PriceEntry {
  /// The entry's place in the order of a list's entries.
  package var place: [SQLValue] {
    let (kind, key) = AudienceColumns.values(audience)
    return [
      .text(sku.value), kind, key, .integer(Int64(priority)), .integer(fromQuantity.value),
      .integer(Int64(validity.from.daysSinceEpoch)),
    ]
  }
}

extension WriteTransaction {
  /// Makes or replaces a price list, without its entries.
  package func save(_ list: StoredPriceList) throws {
    try noteMasterChange()
    let value = list.list.value
    try execute(
      """
      INSERT INTO price_list (price_list_id, name, currency_code, tax_inclusive, published_version, has_draft,
        publish_time, version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      ON CONFLICT (price_list_id) DO UPDATE SET name = excluded.name, currency_code = excluded.currency_code,
        tax_inclusive = excluded.tax_inclusive, published_version = excluded.published_version,
        has_draft = excluded.has_draft, publish_time = excluded.publish_time, version = excluded.version,
        update_time = excluded.update_time
      """,
      [
        .text(value.id.value), .text(value.name), .text(value.currency.value), .bool(value.taxInclusive),
        .integer(value.publishedVersion), .bool(value.hasDraft), .integer(list.publishTime?.value),
        .integer(list.list.version), .integer(list.list.createTime.value), .integer(list.list.updateTime.value),
      ])
  }

  /// Empties the draft of a list.
  package func clearDraft(_ list: PriceListID) throws {
    try execute("DELETE FROM price_entry WHERE price_list_id = ?1 AND list_version = 0", [.text(list.value)])
  }

  /// Begins the draft of a list with a copy of what is published.
  package func copyPublishedToDraft(_ list: PriceListID, version: Int64) throws {
    try execute(
      """
      INSERT INTO price_entry (price_list_id, list_version, sku, audience_kind, audience_key, priority, from_quantity,
        valid_from, valid_until, unit_price_micros, is_current)
      SELECT price_list_id, 0, sku, audience_kind, audience_key, priority, from_quantity, valid_from, valid_until,
        unit_price_micros, 0
      FROM price_entry WHERE price_list_id = ?1 AND list_version = ?2
      """, [.text(list.value), .integer(version)])
  }

  /// Puts entries into the draft of a list; one in the slot of another replaces it.
  package func saveDraft(_ entries: [PriceEntry], of list: PriceListID) throws {
    try executeMany(
      """
      INSERT INTO price_entry (price_list_id, list_version, sku, audience_kind, audience_key, priority, from_quantity,
        valid_from, valid_until, unit_price_micros, is_current)
      VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
      ON CONFLICT (price_list_id, list_version, sku, audience_kind, audience_key, priority, from_quantity, valid_from)
      DO UPDATE SET valid_until = excluded.valid_until, unit_price_micros = excluded.unit_price_micros
      """,
      entries.map { entry in
        [.text(list.value)] + entry.place + [
          .integer(Int64(entry.validity.until.daysSinceEpoch)), .integer(entry.unitPrice.value),
        ]
      })
  }

  /// Makes the draft of a list its published version; the one before stays, and prices no more orders.
  package func publishDraft(of list: PriceListID, as version: Int64) throws {
    try noteMasterChange()
    try execute(
      "UPDATE price_entry SET is_current = 0 WHERE price_list_id = ?1 AND is_current = 1", [.text(list.value)])
    try execute(
      "UPDATE price_entry SET list_version = ?2, is_current = 1 WHERE price_list_id = ?1 AND list_version = 0",
      [.text(list.value), .integer(version)])
  }
}

private func readList(_ row: borrowing Row) throws -> StoredPriceList {
  let id = PriceListID(unchecked: try row.text(0))
  guard let currency = try? CurrencyCode(validating: try row.text(2)) else {
    throw UnreadableRow(table: "price_list", key: id.value)
  }
  return StoredPriceList(
    list: Stored(
      PriceList(
        id: id, name: try row.text(1), currency: currency, taxInclusive: try row.bool(3),
        publishedVersion: try row.int64(4), hasDraft: try row.bool(5)),
      version: try row.int64(7), createTime: InstantMicros(try row.int64(8)),
      updateTime: InstantMicros(try row.int64(9))),
    publishTime: try row.optionalInt64(6).map { InstantMicros($0) }, publishedEntries: try row.int64(10),
    draftEntries: try row.int64(11))
}

private func readEntry(_ row: borrowing Row) throws -> PriceEntry {
  let sku = SKU(unchecked: try row.text(0))
  let unreadable = UnreadableRow(table: "price_entry", key: sku.value)
  guard let priority = Int32(exactly: try row.int64(3)) else { throw unreadable }
  return PriceEntry(
    sku: sku, audience: try AudienceColumns.read(kind: try row.int64(1), key: try row.text(2), or: unreadable),
    priority: priority, fromQuantity: Quantity(try row.int64(4)),
    validity: Validity(
      from: try BusinessDate(daysSinceEpoch: try row.int64(5)),
      until: try BusinessDate(daysSinceEpoch: try row.int64(6))),
    unitPrice: Micros(try row.int64(7)))
}
