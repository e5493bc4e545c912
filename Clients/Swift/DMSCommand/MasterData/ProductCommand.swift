internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms product`.
struct ProductCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "product", abstract: "Lists and shows products.",
    subcommands: [ListProductsCommand.self, ShowProduct.self])
}

/// `dms product list`.
struct ListProductsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists products by sku.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "Only products whose category path starts with this.")
  var category: String?

  @Option(help: "Only products of this status: sellable, blocked, discontinued.", transform: EnumWord.parse)
  var status: ProductStatus?

  func run() async throws {
    var request = ListProductsRequest()
    request.pageSize = 500
    request.categoryPrefix = category ?? ""
    request.status = status ?? .unspecified
    try await connection.withClient { client in
      try await output.write(
        client.admin.products(request), ProductColumns.all, limit: limits.limit, nothing: "no products")
    }
  }
}

/// `dms product show`.
struct ShowProduct: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one product.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The product.")
  var sku: String

  func run() async throws {
    try await connection.withClient { client in
      var request = GetProductRequest()
      request.sku = sku
      output.write(try await client.admin.getProduct(request).product ?? Product(), ProductColumns.all)
    }
  }
}

/// How products are listed.
enum ProductColumns {
  static let all: [ListColumn<Product>] = [
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("name", "NAME") { .text(name(of: $0)) },
    ListColumn(detail: "names") { product in
      .record(product.names.sorted { $0.key < $1.key }.map { Value.Field($0.key, .text($0.value)) })
    },
    ListColumn("category", "CATEGORY") { .optional($0.categoryPath) },
    ListColumn("status", "STATUS") { .optional(EnumWord.text($0.status)) },
    ListColumn("base_unit", "UNIT") { .optional($0.baseUnit) },
    ListColumn("pack", "PACK", numeric: true) { .optional($0.packQuantity) },
    ListColumn("minimum", "MINIMUM", numeric: true) { .optional($0.minimumQuantity) },
    ListColumn("multiple", "MULTIPLE", numeric: true) { .optional($0.multipleQuantity) },
    ListColumn(detail: "maximum") { .optional($0.maximumQuantity) },
    ListColumn("cost", "COST", numeric: true) { $0.unitCostMicros == 0 ? .none : .amount($0.unitCostMicros) },
    ListColumn(detail: "floor_price") { $0.floorUnitPriceMicros == 0 ? .none : .amount($0.floorUnitPriceMicros) },
    ListColumn(detail: "currency_code") { .optional($0.currencyCode) },
    ListColumn(detail: "units") { product in
      .list(
        product.units.map { unit in
          .record([
            Value.Field("unit", .text(unit.unit)), Value.Field("numerator", .integer(unit.numerator)),
            Value.Field("denominator", .integer(unit.denominator)),
          ])
        })
    },
    ListColumn(detail: "lot_tracked") { .flag($0.lotTracked) },
    ListColumn(detail: "authorised") { .texts($0.authorised.map { AudienceText.text($0) }) },
    ListColumn(detail: "tax_code") { .optional($0.taxCode) },
    ListColumn(detail: "tax_rate_bps") { .optional(Int64($0.taxRateBps)) },
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]

  /// The English name, else the first of the others.
  static func name(of product: Product) -> String {
    product.names["en"] ?? product.names.min { $0.key < $1.key }?.value ?? ""
  }
}

/// `dms warehouse`.
struct WarehouseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warehouse", abstract: "Lists warehouses.", subcommands: [ListWarehousesCommand.self])
}

/// `dms warehouse list`.
struct ListWarehousesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists warehouses by id.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.admin.warehouses(), WarehouseColumns.all, limit: limits.limit, nothing: "no warehouses")
    }
  }
}

/// How warehouses are listed.
enum WarehouseColumns {
  static let all: [ListColumn<Warehouse>] = [
    ListColumn("warehouse_id", "WAREHOUSE") { .text($0.warehouseID) },
    ListColumn("name", "NAME") { .text($0.name) },
    ListColumn("region", "REGION") { .optional($0.region) },
    ListColumn("status", "STATUS") { .optional(EnumWord.text($0.status)) },
    ListColumn(detail: "address") { AddressText.value($0.address) },
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]
}
