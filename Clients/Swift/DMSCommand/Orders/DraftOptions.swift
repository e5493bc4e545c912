internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// An order as it is typed.
struct DraftOptions: ParsableArguments {
  @Option(help: "The dealer that orders.")
  var dealer: String

  @Option(
    name: .customLong("line"), help: "SKU=QUANTITY[UNIT][@PRICE]; may be repeated.", transform: LineArgument.parse)
  var lines: [LineArgument]

  @Option(help: "An id for the order (default: the server makes one).")
  var orderID: String?

  @Option(help: "The dealer's own number of the order.")
  var reference: String?

  @Option(help: "Its currency (ISO 4217; default: the dealer's).")
  var currency: String?

  @Option(help: "Its business date, YYYY-MM-DD (default: today).", transform: CalendarDate.checked)
  var date: String?

  @Option(help: "When the goods are wanted, YYYY-MM-DD.", transform: CalendarDate.checked)
  var deliverBy: String?

  @Option(help: "What to do without enough stock: reject, complete or partial.", transform: EnumWord.parse)
  var shipPolicy: ShipPolicy?

  @Option(help: "Freight, such as 12.50.", transform: MoneyText.micros)
  var freight: Int64?

  @Option(help: "Payment terms (default: the dealer's).")
  var terms: String?

  @Option(help: "A remark.")
  var note: String?

  @Option(
    help: ArgumentHelp(
      "The prices on the lines were agreed outside the lists, for this reason. Else they are what the lists are "
        + "expected to say.", valueName: "reason"))
  var agreed: String?

  /// The order.
  var draft: OrderDraft {
    var draft = OrderDraft()
    draft.orderID = orderID ?? ""
    draft.dealerID = dealer
    draft.customerReference = reference ?? ""
    draft.currencyCode = currency ?? ""
    draft.businessDate = date ?? ""
    draft.requestedDeliveryDate = deliverBy ?? ""
    draft.shipPolicy = shipPolicy ?? .unspecified
    draft.freightMicros = freight ?? 0
    draft.paymentTerms = terms ?? ""
    draft.note = note ?? ""
    draft.lines = lines.map { OrderLineDraft($0, agreed == nil ? .expected : .agreed, reason: agreed ?? "") }
    return draft
  }
}

/// The id under which a write is made.
struct RequestIDOptions: ParsableArguments {
  @Option(
    help: "A UUID for this request: the same request under the same id is carried out once (default: a new one).",
    transform: RequestIDOptions.checked)
  var requestID: String?

  /// The id as text.
  static func checked(_ text: String) throws(RequestIDError) -> String {
    try RequestID(validating: text).text
  }
}
