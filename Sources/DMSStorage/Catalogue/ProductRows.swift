package import DMSDomain

private let columns = """
  sku, category_path, base_unit, pack_quantity, minimum_quantity, multiple_quantity, maximum_quantity, status,
  currency_code, unit_cost_micros, floor_unit_price_micros, lot_tracked, tax_code, tax_rate_bps, unit_count,
  audience_count, version, create_time, update_time
  """
private let selectProduct = SQL(constant: "SELECT \(columns) FROM product WHERE sku = ?1")

extension ReadTransaction {
  /// A product, or nil when there is none. Up to four point reads.
  package func product(_ sku: SKU) throws -> Stored<Product>? {
    try products([sku])[0]
  }

  /// Several products, in the order of `skus`; nil where there is none.
  package func products(_ skus: [SKU]) throws -> [Stored<Product>?] {
    let rows = try queryMany(selectProduct, skus.map { [.text($0.value)] }, readProduct).map(\.first)
    var products = try complete(rows.compactMap(\.self), names: true)[...]
    return rows.map { $0 == nil ? nil : products.removeFirst() }
  }

  /// What orders need to know of several products, in the order of `skus`; nil where there is none. A point read each,
  /// and further ones for products with units or audiences.
  package func productTerms(_ skus: [SKU]) throws -> [ProductTerms?] {
    try remembering(skus, in: \.terms) { skus in
      let rows = try queryMany(selectProduct, skus.map { [.text($0.value)] }, readProduct).map(\.first)
      var products = try complete(rows.compactMap(\.self), names: false)[...]
      return rows.map { $0 == nil ? nil : products.removeFirst().value.terms }
    }
  }

  /// A page of products by sku, after `after`.
  package func products(
    categoryPrefix: String?, status: ProductStatus?, after: SKU?, limit: Int
  ) throws -> [Stored<Product>] {
    var clause = ConditionBuilder()
    if let after { clause.add("sku > \(clause.bind(.text(after.value)))") }
    if let categoryPrefix {
      // The greatest scalar ends the range of texts that begin with the prefix.
      let low = clause.bind(.text(categoryPrefix))
      let high = clause.bind(.text(categoryPrefix + "\u{10FFFF}"))
      clause.add("category_path >= \(low) AND category_path < \(high)")
    }
    if let status { clause.add("status = \(clause.bind(.integer(Int64(status.rawValue))))") }
    let sql = SQL(
      assembled: """
        SELECT \(columns) FROM product WHERE \(clause.text)
        ORDER BY sku LIMIT \(clause.bind(.integer(Int64(limit))))
        """)
    return try complete(try query(sql, clause.parameters, readProduct), names: true)
  }

  /// Adds what stands in tables of its own.
  private func complete(_ rows: [ProductRow], names: Bool) throws -> [Stored<Product>] {
    var products = rows.map(\.product)
    if names {
      let found = try queryMany("SELECT language, name FROM product_name WHERE sku = ?1", keys(of: products)) { row in
        (language: try row.text(0), name: try row.text(1))
      }
      for (index, names) in found.enumerated() {
        for (language, name) in names { products[index].value.names[language] = name }
      }
    }
    let withUnits = rows.indices.filter { rows[$0].unitCount > 0 }
    if !withUnits.isEmpty {
      let found = try queryMany(
        "SELECT unit, numerator, denominator FROM product_unit WHERE sku = ?1 ORDER BY unit",
        keys(of: withUnits.map { products[$0] })
      ) { row in
        UnitOfMeasure(
          name: UnitName(unchecked: try row.text(0)),
          ratio: try UnitRatio(numerator: try row.int64(1), denominator: try row.int64(2)))
      }
      for (index, units) in zip(withUnits, found) { products[index].value.terms.units = units }
    }
    let withAudiences = rows.indices.filter { rows[$0].audienceCount > 0 }
    if !withAudiences.isEmpty {
      let found = try queryMany(
        "SELECT audience_kind, audience_key FROM product_audience WHERE sku = ?1 ORDER BY audience_kind, audience_key",
        keys(of: withAudiences.map { products[$0] })
      ) { row in
        try AudienceColumns.read(
          kind: try row.int64(0), key: try row.text(1),
          or: UnreadableRow(table: "product_audience", key: try row.text(1)))
      }
      for (index, audiences) in zip(withAudiences, found) { products[index].value.terms.authorised = audiences }
    }
    return products
  }

  private func keys(of products: [Stored<Product>]) -> [[SQLValue]] {
    products.map { [.text($0.value.sku.value)] }
  }
}

extension WriteTransaction {
  /// Makes or replaces a product with its names, units and audiences.
  package func save(_ product: Stored<Product>) throws {
    try noteMasterChange()
    let value = product.value
    let terms = value.terms
    let sku = SQLValue.text(value.sku.value)
    try execute(
      """
      INSERT INTO product (sku, category_path, base_unit, pack_quantity, minimum_quantity, multiple_quantity,
        maximum_quantity, status, currency_code, unit_cost_micros, floor_unit_price_micros, lot_tracked, tax_code,
        tax_rate_bps, unit_count, audience_count, version, create_time, update_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
      ON CONFLICT (sku) DO UPDATE SET category_path = excluded.category_path, base_unit = excluded.base_unit,
        pack_quantity = excluded.pack_quantity, minimum_quantity = excluded.minimum_quantity,
        multiple_quantity = excluded.multiple_quantity, maximum_quantity = excluded.maximum_quantity,
        status = excluded.status, currency_code = excluded.currency_code,
        unit_cost_micros = excluded.unit_cost_micros, floor_unit_price_micros = excluded.floor_unit_price_micros,
        lot_tracked = excluded.lot_tracked, tax_code = excluded.tax_code, tax_rate_bps = excluded.tax_rate_bps,
        unit_count = excluded.unit_count, audience_count = excluded.audience_count, version = excluded.version,
        update_time = excluded.update_time
      """,
      [
        sku, .text(value.category.value), .text(value.baseUnit.value), .integer(terms.quantities.pack.value),
        .integer(terms.quantities.minimum.value), .integer(terms.quantities.multiple.value),
        .integer(terms.quantities.maximum.value), .integer(Int64(terms.status.rawValue)),
        .text(terms.currency?.value ?? ""), .integer(value.unitCost.value), .integer(terms.floorUnitPrice.value),
        .bool(value.lotTracked), .text(terms.taxCode), .integer(terms.taxRate.value),
        .integer(Int64(terms.units.count)), .integer(Int64(terms.authorised.count)), .integer(product.version),
        .integer(product.createTime.value), .integer(product.updateTime.value),
      ])
    try execute("DELETE FROM product_name WHERE sku = ?1", [sku])
    try executeMany(
      "INSERT INTO product_name (sku, language, name) VALUES (?1, ?2, ?3)",
      value.names.sorted { $0.key < $1.key }.map { [sku, .text($0.key), .text($0.value)] })
    try execute("DELETE FROM product_unit WHERE sku = ?1", [sku])
    try executeMany(
      "INSERT INTO product_unit (sku, unit, numerator, denominator) VALUES (?1, ?2, ?3, ?4)",
      terms.units.map {
        [sku, .text($0.name.value), .integer($0.ratio.numerator), .integer($0.ratio.denominator)]
      })
    try execute("DELETE FROM product_audience WHERE sku = ?1", [sku])
    try executeMany(
      "INSERT INTO product_audience (sku, audience_kind, audience_key) VALUES (?1, ?2, ?3)",
      terms.authorised.map { audience in
        let (kind, key) = AudienceColumns.values(audience)
        return [sku, kind, key]
      })
  }
}

/// A row of the product table, with how much stands in other tables.
private struct ProductRow {
  var product: Stored<Product>
  var unitCount: Int64
  var audienceCount: Int64
}

private func readProduct(_ row: borrowing Row) throws -> ProductRow {
  let sku = SKU(unchecked: try row.text(0))
  let currency = try row.text(8)
  guard let status = ProductStatus(rawValue: Int(try row.int64(7))),
    currency.isEmpty || (try? CurrencyCode(validating: currency)) != nil
  else { throw UnreadableRow(table: "product", key: sku.value) }
  let terms = ProductTerms(
    sku: sku, status: status,
    quantities: OrderQuantities(
      pack: Quantity(try row.int64(3)), minimum: Quantity(try row.int64(4)), multiple: Quantity(try row.int64(5)),
      maximum: Quantity(try row.int64(6))),
    currency: try? CurrencyCode(validating: currency), floorUnitPrice: Micros(try row.int64(10)),
    taxCode: try row.text(12), taxRate: BasisPoints(try row.int64(13)))
  let product = Product(
    terms: terms, names: [:], category: CategoryPath(unchecked: try row.text(1)),
    baseUnit: UnitName(unchecked: try row.text(2)), unitCost: Micros(try row.int64(9)), lotTracked: try row.bool(11))
  return ProductRow(
    product: Stored(
      product, version: try row.int64(16), createTime: InstantMicros(try row.int64(17)),
      updateTime: InstantMicros(try row.int64(18))),
    unitCount: try row.int64(14), audienceCount: try row.int64(15))
}
