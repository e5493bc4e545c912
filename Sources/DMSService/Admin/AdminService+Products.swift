internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension AdminService {
  func upsertProducts(_ request: UpsertProductsRequest, context: ServerContext) async throws -> UpsertProductsResponse {
    let caller = try context.caller
    var check = FieldCheck()
    check.items(request.products.count, "products")
    try check.finish()
    let dryRun = request.validateOnly
    let items = request.products
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, urgency: .bulk
    ) { transaction in
      var tally = UpsertTally()
      var seen: Set<String> = []
      for (index, item) in items.enumerated() {
        do {
          guard seen.insert(item.sku).inserted else { throw FieldViolations([FieldViolation("sku", .duplicate)]) }
          let product = try ProductWire.domain(item)
          tally.count(
            try transaction.upsert(
              product, over: try transaction.product(product.sku), etag: item.etag, kind: .product,
              id: product.sku.value, dryRun: dryRun
            ) { try transaction.save($0) })
        } catch {
          try tally.refuse(index, error, path: "products[\(index)]")
        }
      }
      return .with {
        $0.createdCount = tally.created
        $0.updatedCount = tally.updated
        $0.unchangedCount = tally.unchanged
        $0.errors = tally.errors
      }
    }
  }

  func getProduct(_ request: GetProductRequest, context: ServerContext) async throws -> GetProductResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let sku = check.identifier(request.sku, "sku", as: SKU.self)
    try check.finish()
    guard let sku, let stored = try await environment.store.read({ try $0.product(sku) }) else {
      throw ServiceError.notFound(.product, id: request.sku)
    }
    return .with { $0.product = ProductWire.message(stored, showsCost: caller.coversBrand) }
  }

  func listProducts(_ request: ListProductsRequest, context: ServerContext) async throws -> ListProductsResponse {
    let caller = try context.caller
    var check = FieldCheck()
    check.text(request.categoryPrefix, "category_prefix", max: Limits.categoryPathCharactersMax)
    var status: DMSDomain.ProductStatus?
    if request.status != .unspecified {
      status = DMSDomain.ProductStatus(rawValue: Int(request.status.rawValue))
      if status == nil { check.note("status", .unknownValue(request.status.name)) }
    }
    try check.finish()
    let prefix = request.categoryPrefix.isEmpty ? nil : request.categoryPrefix
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken,
      binding: "ListProducts \(prefix ?? "") \(request.status.rawValue)", columnCount: 1)
    let wanted = status
    return try await environment.store.read { transaction in
      let rows = try transaction.products(
        categoryPrefix: prefix, status: wanted, after: listing.textPosition.map { SKU(unchecked: $0) },
        limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.text($0.value.sku.value)] }
      return .with {
        $0.products = page.items.map { ProductWire.message($0, showsCost: caller.coversBrand) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }
}

/// A product between the wire and the domain.
private enum ProductWire {
  static func domain(_ message: DMSAPI.Product) throws -> DMSDomain.Product {
    var check = FieldCheck()
    let sku = check.identifier(message.sku, "sku", as: SKU.self)
    let currency = message.currencyCode.isEmpty ? nil : check.currency(message.currencyCode, "currency_code")
    let status =
      message.status == .unspecified ? .sellable : DMSDomain.ProductStatus(rawValue: Int(message.status.rawValue))
    if status == nil { check.note("status", .unknownValue(message.status.name)) }
    var category = CategoryPath(unchecked: "")
    do {
      category = try CategoryPath(validating: message.categoryPath)
    } catch {
      check.note("category_path", .badIdentifier(error))
    }
    let baseUnit =
      message.baseUnit.isEmpty
      ? DMSDomain.Product.baseUnitDefault : check.identifier(message.baseUnit, "base_unit", as: UnitName.self)
    check.count(message.units.count, "units", max: Limits.unitsPerProductMax)
    let units = message.units.prefix(Limits.unitsPerProductMax).enumerated().compactMap { index, unit in
      check.unit(unit, "units[\(index)]")
    }
    check.count(message.authorised.count, "authorised", max: Limits.audiencesPerProductMax)
    let audiences = message.authorised.prefix(Limits.audiencesPerProductMax).enumerated().compactMap {
      index, audience in
      check.audience(audience, "authorised[\(index)]")
    }
    try check.finish()
    guard let sku, let status, let baseUnit else { throw FieldViolations(check.violations) }
    let product = DMSDomain.Product(
      terms: ProductTerms(
        sku: sku, status: status, units: units.sorted { $0.name < $1.name },
        quantities: OrderQuantities(
          pack: Quantity(message.packQuantity == 0 ? 1 : message.packQuantity),
          minimum: Quantity(message.minimumQuantity),
          multiple: Quantity(message.multipleQuantity == 0 ? 1 : message.multipleQuantity),
          maximum: Quantity(message.maximumQuantity)),
        currency: currency, floorUnitPrice: Micros(message.floorUnitPriceMicros),
        authorised: audiences.sorted { ($0.narrowness, $0.key) < ($1.narrowness, $1.key) }, taxCode: message.taxCode,
        taxRate: BasisPoints(Int64(message.taxRateBps))),
      names: message.names, category: category, baseUnit: baseUnit, unitCost: Micros(message.unitCostMicros),
      lotTracked: message.lotTracked)
    try product.validate()
    return product
  }

  static func message(_ stored: Stored<DMSDomain.Product>, showsCost: Bool) -> DMSAPI.Product {
    let product = stored.value
    let terms = product.terms
    return .with {
      $0.sku = product.sku.value
      $0.names = product.names
      $0.categoryPath = product.category.value
      $0.baseUnit = product.baseUnit.value
      $0.units = terms.units.map { unit in
        .with {
          $0.unit = unit.name.value
          $0.numerator = unit.ratio.numerator
          $0.denominator = unit.ratio.denominator
        }
      }
      $0.packQuantity = terms.quantities.pack.value
      $0.minimumQuantity = terms.quantities.minimum.value
      $0.multipleQuantity = terms.quantities.multiple.value
      $0.maximumQuantity = terms.quantities.maximum.value
      $0.status = DMSAPI.ProductStatus(rawValue: Int32(terms.status.rawValue))
      $0.currencyCode = terms.currency?.value ?? ""
      if showsCost {
        $0.unitCostMicros = product.unitCost.value
        $0.floorUnitPriceMicros = terms.floorUnitPrice.value
        $0.authorised = terms.authorised.compactMap { DMSAPI.Audience.wire($0) }
      }
      $0.lotTracked = product.lotTracked
      $0.taxCode = terms.taxCode
      $0.taxRateBps = Int32(clamping: terms.taxRate.value)
      $0.etag = Etag.text(version: stored.version)
      $0.createTime = Timestamp(stored.createTime)
      $0.updateTime = Timestamp(stored.updateTime)
    }
  }
}

extension FieldCheck {
  /// A unit of measure, or nil with a violation noted.
  fileprivate mutating func unit(_ wire: DMSAPI.UnitOfMeasure, _ field: String) -> DMSDomain.UnitOfMeasure? {
    guard let name = identifier(wire.unit, "\(field).unit", as: UnitName.self) else { return nil }
    do {
      return DMSDomain.UnitOfMeasure(
        name: name, ratio: try UnitRatio(numerator: wire.numerator, denominator: wire.denominator))
    } catch {
      note(field, .badUnit(error))
      return nil
    }
  }
}
