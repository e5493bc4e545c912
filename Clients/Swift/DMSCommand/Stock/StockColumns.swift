internal import DMSAPI
internal import DMSClient

/// How stock is listed.
enum StockColumns {
  static let levels: [ListColumn<StockLevel>] = [
    ListColumn("dealer_id", "DEALER") { .optional($0.location?.dealerID ?? "") },
    ListColumn("location_id", "LOCATION") { .text($0.location?.locationID ?? "") },
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("on_hand", "ON HAND", numeric: true) { .integer($0.onHandQuantity) },
    ListColumn("reserved", "RESERVED", numeric: true) { .integer($0.reservedQuantity) },
    ListColumn("available", "AVAILABLE", numeric: true) { .integer($0.availableQuantity) },
    ListColumn("authority", "KEPT BY") { .optional(EnumWord.text($0.authority)) },
    ListColumn("as_of_time", "AS OF") { .optional(InstantText.text($0.asOfTime)) },
    ListColumn("marks", "") { .texts(marks(of: $0)) },
    ListColumn(detail: "revision") { .integer($0.revision) },
  ]

  static let movements: [ListColumn<StockMovement>] = [
    ListColumn(detail: "movement_id") { .integer($0.movementID) },
    ListColumn("business_date", "DATE") { .text($0.businessDate) },
    ListColumn("dealer_id", "DEALER") { .optional($0.location?.dealerID ?? "") },
    ListColumn("location_id", "LOCATION") { .text($0.location?.locationID ?? "") },
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("kind", "KIND") { .text(EnumWord.text($0.kind)) },
    ListColumn("quantity", "QUANTITY", numeric: true) { .integer($0.quantity) },
    ListColumn("balance", "BALANCE", numeric: true) { .integer($0.balanceQuantity) },
    ListColumn("cause", "CAUSE") { .optional($0.cause) },
    ListColumn("cause_id", "OF") { .optional($0.causeID) },
    ListColumn(detail: "event_time") { .optional(InstantText.text($0.eventTime)) },
    ListColumn(detail: "record_time") { .optional(InstantText.text($0.recordTime)) },
    ListColumn(detail: "actor") { .optional($0.actor) },
    ListColumn("note", "NOTE") { .optional($0.note) },
    ListColumn(detail: "revision") { .integer($0.revision) },
  ]

  static let availability: [ListColumn<ProductAvailability>] = [
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("available", "AVAILABLE", numeric: true) { .integer($0.availableQuantity) },
    ListColumn(
      "warehouses", "WAREHOUSES", short: { .texts($0.warehouses.map(short)) },
      value: { .list($0.warehouses.map(warehouse)) }),
  ]

  static let rejected: [ListColumn<RejectedEvent>] = [
    ListColumn("record_time", "TIME") { .text(InstantText.text($0.recordTime)) },
    ListColumn("source", "SOURCE") { .text($0.source) },
    ListColumn("epoch", "EPOCH", numeric: true) { .integer($0.epoch) },
    ListColumn("sequence", "SEQUENCE", numeric: true) { .integer($0.sequence) },
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("reason", "REASON") { .text($0.reason) },
    ListColumn("message", "MESSAGE") { .text($0.message) },
  ]

  private static func marks(of level: StockLevel) -> [String] {
    (level.stale ? ["stale"] : []) + (level.negative ? ["negative"] : [])
  }

  private static func short(_ warehouse: WarehouseAvailability) -> String {
    "\(warehouse.warehouseID) \(warehouse.availableQuantity)"
  }

  private static func warehouse(_ warehouse: WarehouseAvailability) -> Value {
    .record([
      Value.Field("warehouse_id", .text(warehouse.warehouseID)),
      Value.Field("on_hand", .integer(warehouse.onHandQuantity)),
      Value.Field("reserved", .integer(warehouse.reservedQuantity)),
      Value.Field("available", .integer(warehouse.availableQuantity)),
    ])
  }
}
