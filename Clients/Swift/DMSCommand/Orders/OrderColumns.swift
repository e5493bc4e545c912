internal import DMSAPI
internal import DMSClient

/// How orders are listed.
enum OrderColumns {
  /// A line for each order.
  static let list: [ListColumn<Order>] = [
    ListColumn("order_id", "ORDER") { .text($0.orderID) },
    ListColumn("state", "STATE") { .text(EnumWord.text($0.state)) },
    ListColumn("dealer_id", "DEALER") { .text($0.dealerID) },
    ListColumn("business_date", "DATE") { .text($0.businessDate) },
    ListColumn("customer_reference", "REFERENCE") { .optional($0.customerReference) },
    ListColumn("net", "NET", numeric: true) { .amount($0.netMicros) },
    ListColumn("total", "TOTAL", numeric: true) { .amount($0.totalMicros) },
    ListColumn("currency_code", "CURRENCY") { .text($0.currencyCode) },
    ListColumn(
      "verdicts", "VERDICTS", short: { .texts(VerdictText.reasons(of: $0.verdicts)) },
      value: { .list($0.verdicts.map(VerdictText.value)) }),
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "created_by") { .optional($0.createdBy) },
    ListColumn(detail: "submitted_by") { .optional($0.submittedBy) },
    ListColumn(detail: "revision") { .integer($0.revision) },
    ListColumn(detail: "etag") { .text($0.etag) },
  ]

  /// All of one order.
  static let whole: [ListColumn<Order>] = [
    ListColumn("order_id", "ORDER") { .text($0.orderID) },
    ListColumn("state", "STATE") { .text(EnumWord.text($0.state)) },
    ListColumn("dealer_id", "DEALER") { .text($0.dealerID) },
    ListColumn("business_date", "DATE") { .text($0.businessDate) },
    ListColumn("customer_reference", "REFERENCE") { .optional($0.customerReference) },
    ListColumn("requested_delivery_date", "WANTED") { .optional($0.requestedDeliveryDate) },
    ListColumn("ship_policy", "POLICY") { .optional(EnumWord.text($0.shipPolicy)) },
    ListColumn("ship_to", "SHIP TO") { AddressText.value($0.shipTo) },
    ListColumn("payment_terms", "TERMS") { .optional($0.paymentTerms) },
    ListColumn("currency_code", "CURRENCY") { .text($0.currencyCode) },
    ListColumn("net", "NET", numeric: true) { .amount($0.netMicros) },
    ListColumn("freight", "FREIGHT", numeric: true) { $0.freightMicros == 0 ? .none : .amount($0.freightMicros) },
    ListColumn("tax", "TAX", numeric: true) { $0.taxMicros == 0 ? .none : .amount($0.taxMicros) },
    ListColumn("total", "TOTAL", numeric: true) { .amount($0.totalMicros) },
    ListColumn("note", "NOTE") { .optional($0.note) },
    ListColumn("created_by", "MADE BY") { .optional($0.createdBy) },
    ListColumn("submitted_by", "SUBMITTED BY") { .optional($0.submittedBy) },
    ListColumn("create_time", "MADE") { .optional(InstantText.text($0.createTime)) },
    ListColumn("update_time", "CHANGED") { .optional(InstantText.text($0.updateTime)) },
    ListColumn("review_expire_time", "REVIEW ENDS") { .optional(InstantText.text($0.reviewExpireTime)) },
    ListColumn("approved_ceiling", "APPROVED UP TO", numeric: true) {
      $0.approvedCeilingMicros == 0 ? .none : .amount($0.approvedCeilingMicros)
    },
    ListColumn("rule_set_version", "RULES", numeric: true) { .integer($0.ruleSetVersion) },
    ListColumn("revision", "REVISION", numeric: true) { .integer($0.revision) },
    ListColumn("etag", "ETAG") { .text($0.etag) },
    ListColumn("lines", "LINES") { .list($0.lines.map(line)) },
    ListColumn("holds", "HOLDS") { .list($0.holds.map(hold)) },
    ListColumn("verdicts", "VERDICTS") { .list($0.verdicts.map(VerdictText.value)) },
  ]

  private static func line(_ line: OrderLine) -> Value {
    .record([
      Value.Field("line", .integer(Int64(line.lineNumber))),
      Value.Field("sku", .text(line.sku)),
      Value.Field("ordered", .integer(line.orderedQuantity)),
      Value.Field("unit", .optional(line.unit)),
      Value.Field("open", .integer(line.openQuantity)),
      Value.Field("reserved", .integer(line.reservedQuantity)),
      Value.Field("cancelled", .optional(line.cancelledQuantity)),
      Value.Field("shipped", .optional(line.shippedQuantity)),
      Value.Field("list_price", line.listUnitPriceMicros == 0 ? .none : .amount(line.listUnitPriceMicros)),
      Value.Field("price", .amount(line.unitPriceMicros)),
      Value.Field("source", .optional(EnumWord.text(line.priceSource))),
      Value.Field("list_version", .optional(line.priceListVersion)),
      Value.Field("tax", line.taxMicros == 0 ? .none : .amount(line.taxMicros)),
      Value.Field("net", .amount(line.netMicros)),
    ])
  }

  private static func hold(_ hold: OrderHold) -> Value {
    .record([
      Value.Field("kind", .text(EnumWord.text(hold.kind))),
      Value.Field("reason", .optional(hold.reason)),
      Value.Field("set_by", .optional(hold.setBy)),
      Value.Field("set_time", .optional(InstantText.text(hold.setTime))),
    ])
  }
}

/// Verdicts as values.
enum VerdictText {
  /// The reasons of those verdicts that are no PASS, each once.
  static func reasons(of verdicts: [RuleVerdict]) -> [String] {
    verdicts.reduce(into: []) { reasons, verdict in
      if verdict.outcome != .pass, !reasons.contains(verdict.reason) { reasons.append(verdict.reason) }
    }
  }

  /// A verdict with its figures; amounts, whose names end so, as decimals.
  static func value(_ verdict: RuleVerdict) -> Value {
    .record([
      Value.Field("reason", .text(verdict.reason)),
      Value.Field("outcome", .text(EnumWord.text(verdict.outcome))),
      Value.Field("line", .optional(Int64(verdict.lineNumber))),
      Value.Field("sku", .optional(verdict.sku)),
      Value.Field("review_by", .optional(reviewer(verdict))),
      Value.Field("message", .optional(verdict.message)),
      Value.Field("figures", figures(verdict)),
    ])
  }

  private static func reviewer(_ verdict: RuleVerdict) -> String {
    verdict.reviewRole.isEmpty ? "" : "\(verdict.reviewRole):\(max(verdict.reviewLevel, 1))"
  }

  private static func figures(_ verdict: RuleVerdict) -> Value {
    guard !verdict.figures.isEmpty else { return .none }
    return .record(
      verdict.figures.sorted { $0.key < $1.key }.map { name, figure in
        name.hasSuffix("_micros")
          ? Value.Field(String(name.dropLast("_micros".count)), .amount(figure)) : Value.Field(name, .integer(figure))
      })
  }
}
