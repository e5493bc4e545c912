internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms import products`.
struct ImportProducts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "products", abstract: "Makes or replaces products.",
    discussion: columnHelp(columns)
      + " \"name\" is in the language that --language names; name_zh and name_en are in their own.")

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The language of the column \"name\", such as en or zh.")
  var language = "en"

  static let columns = [
    ColumnSpec("sku", required: true), ColumnSpec("name"), ColumnSpec("name_en"), ColumnSpec("name_zh"),
    ColumnSpec("category"), ColumnSpec("base_unit"), ColumnSpec("pack"), ColumnSpec("minimum"),
    ColumnSpec("multiple"), ColumnSpec("maximum"), ColumnSpec("status"), ColumnSpec("currency_code"),
    ColumnSpec("cost"), ColumnSpec("floor_price"), ColumnSpec("lot_tracked"), ColumnSpec("tax_code"),
    ColumnSpec("tax_rate_bps"),
  ]

  func run() async throws {
    let read: @Sendable (inout RowReader) -> Product = { [language] in Self.product(&$0, language: language) }
    let job = MasterDataImport<Product>(
      noun: "product", columns: Self.columns, key: \.sku, read: read
    ) { client, id, products, validateOnly throws(DMSError) in
      var request = UpsertProductsRequest()
      request.requestID = id
      request.products = products
      request.validateOnly = validateOnly
      let response = try await client.admin.upsertProducts(request)
      return UpsertOutcome(
        created: Int(response.createdCount), updated: Int(response.updatedCount),
        unchanged: Int(response.unchangedCount), errors: response.errors)
    }
    try await job.run(options, connection)
  }

  static func product(_ row: inout RowReader, language: String) -> Product {
    var product = Product()
    product.sku = row.required("sku")
    for (column, language) in [("name", language), ("name_en", "en"), ("name_zh", "zh")] {
      let name = row.text(column)
      if !name.isEmpty { product.names[language] = name }
    }
    if product.names.isEmpty { row.note("name", "is empty") }
    product.categoryPath = row.text("category")
    product.baseUnit = row.text("base_unit")
    product.packQuantity = row.integer("pack")
    product.minimumQuantity = row.integer("minimum")
    product.multipleQuantity = row.integer("multiple")
    product.maximumQuantity = row.integer("maximum")
    product.status = row.word("status")
    product.unitCostMicros = row.amount("cost") ?? 0
    product.floorUnitPriceMicros = row.amount("floor_price") ?? 0
    product.currencyCode = row.text("currency_code")
    if product.currencyCode.isEmpty, product.unitCostMicros > 0 || product.floorUnitPriceMicros > 0 {
      row.note("currency_code", "is empty, but there is a cost or a floor price: --set currency_code=… fills every row")
    }
    product.lotTracked = row.flag("lot_tracked")
    product.taxCode = row.text("tax_code")
    product.taxRateBps = Int32(row.integer("tax_rate_bps", in: 0...10_000))
    return product
  }
}

/// `dms import warehouses`.
struct ImportWarehouses: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warehouses", abstract: "Makes or replaces warehouses.", discussion: columnHelp(columns))

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  static let columns = [
    ColumnSpec("warehouse_id", required: true), ColumnSpec("name", required: true), ColumnSpec("region"),
    ColumnSpec("status"),
  ]

  func run() async throws {
    let job = MasterDataImport<Warehouse>(
      noun: "warehouse", columns: Self.columns, key: \.warehouseID, read: Self.warehouse
    ) { client, id, warehouses, validateOnly throws(DMSError) in
      var request = UpsertWarehousesRequest()
      request.requestID = id
      request.warehouses = warehouses
      request.validateOnly = validateOnly
      let response = try await client.admin.upsertWarehouses(request)
      return UpsertOutcome(
        created: Int(response.createdCount), updated: Int(response.updatedCount),
        unchanged: Int(response.unchangedCount), errors: response.errors)
    }
    try await job.run(options, connection)
  }

  @Sendable static func warehouse(_ row: inout RowReader) -> Warehouse {
    var warehouse = Warehouse()
    warehouse.warehouseID = row.required("warehouse_id")
    warehouse.name = row.required("name")
    warehouse.region = row.text("region")
    warehouse.status = row.word("status")
    return warehouse
  }
}
