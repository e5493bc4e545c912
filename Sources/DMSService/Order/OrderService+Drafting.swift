internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  func createOrder(_ request: CreateOrderRequest, context: ServerContext) async throws -> CreateOrderResponse {
    let caller = try context.caller
    let input = try DraftInput(request.order, path: "order", caller: caller)
    let now = environment.now()
    let id = input.id ?? OrderIDs.make(now: now)
    let today = try environment.calendar.businessDate(of: now)
    return try await environment.mutateLate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor, locks: input.draftLocks
    ) { transaction in
      let reader = try OrderFactsReader(input.dealer, caller: caller, in: transaction)
      let terms = try reader.terms(input.lines.map(\.sku))
      try input.requireKnown(terms)
      let change = try OrderWriter.deciding(path: "order") {
        try DMSDomain.Order.draft(
          id: id, header: input.header(for: reader.dealer, today: today),
          lines: try input.requests(terms, path: "order"),
          creditAccount: reader.dealer.creditAccount, by: caller.principal.id, now: transaction.now)
      }
      let order = try OrderWriter.commitNew(
        change, actor: caller.principal.id, isIDNew: input.id == nil, in: transaction)
      return { revision in .with { $0.order = order(revision) } }
    }
  }

  func updateOrder(_ request: UpdateOrderRequest, context: ServerContext) async throws -> UpdateOrderResponse {
    let caller = try context.caller
    guard let draft = request.order else { throw ServiceError.invalidField("order", .required) }
    var check = FieldCheck()
    let id = check.identifier(draft.orderID, "order.order_id", as: OrderID.self)
    let fields = check.draftFields(request.updateMask?.paths ?? [], "update_mask")
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let etag = request.etag
    let today = try environment.calendar.businessDate(of: environment.now())
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      let (stored, _) = try OrderWriter.load(id, etag: etag, caller: caller, in: transaction)
      var merged = DraftFields.draft(of: stored.order)
      for field in fields { field.copy(from: draft, to: &merged) }
      if !draft.dealerID.isEmpty, draft.dealerID != merged.dealerID {
        throw ServiceError.invalidField("order.dealer_id", .immutable)
      }
      // A business date that was set by who may is kept by who may not.
      let keepsDate = merged.businessDate == stored.order.header.businessDate.description
      var readable = merged
      if keepsDate { readable.businessDate = "" }
      let input = try DraftInput(readable, path: "order", caller: caller)
      let reader = try OrderFactsReader(input.dealer, in: transaction)
      let terms = try reader.terms(input.lines.map(\.sku))
      try input.requireKnown(terms)
      let change = try OrderWriter.deciding(path: "order") {
        try stored.order.updating(
          header: input.header(
            for: reader.dealer, today: keepsDate ? stored.order.header.businessDate : today),
          lines: try input.requests(terms, path: "order"), by: caller.principal.id, now: transaction.now)
      }
      let order = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
      return .with { $0.order = order }
    }
  }
}

extension DraftInput {
  /// Throws unless every product exists: a stored draft's lines refer to products.
  func requireKnown(_ terms: [SKU: ProductTerms]) throws {
    for (index, line) in lines.enumerated() where terms[line.sku] == nil {
      throw ServiceError.missingReference(field: "order.lines[\(index)].sku", .product, id: line.sku.value)
    }
  }
}

/// A field of a draft that an update may name.
enum DraftFields: String, CaseIterable {
  case currencyCode = "currency_code"
  case businessDate = "business_date"
  case requestedDeliveryDate = "requested_delivery_date"
  case shipTo = "ship_to"
  case paymentTerms = "payment_terms"
  case customerReference = "customer_reference"
  case shipPolicy = "ship_policy"
  case freight = "freight_micros"
  case lines
  case note

  /// Takes the field over.
  func copy(from source: OrderDraft, to draft: inout OrderDraft) {
    switch self {
    case .currencyCode: draft.currencyCode = source.currencyCode
    case .businessDate: draft.businessDate = source.businessDate
    case .requestedDeliveryDate: draft.requestedDeliveryDate = source.requestedDeliveryDate
    case .shipTo: draft.shipTo = source.shipTo
    case .paymentTerms: draft.paymentTerms = source.paymentTerms
    case .customerReference: draft.customerReference = source.customerReference
    case .shipPolicy: draft.shipPolicy = source.shipPolicy
    case .freight: draft.freightMicros = source.freightMicros
    case .lines: draft.lines = source.lines
    case .note: draft.note = source.note
    }
  }

  /// A stored draft as its author would say it.
  static func draft(of order: DMSDomain.Order) -> OrderDraft {
    let header = order.header
    return .with {
      $0.orderID = order.id.value
      $0.dealerID = header.dealer.value
      $0.currencyCode = header.currency.value
      $0.businessDate = header.businessDate.description
      $0.requestedDeliveryDate = header.requestedDeliveryDate?.description ?? ""
      $0.shipTo = header.shipTo.map { DMSAPI.Address($0) }
      $0.paymentTerms = header.paymentTerms
      $0.customerReference = header.customerReference
      $0.shipPolicy = DMSAPI.ShipPolicy(rawValue: Int32(header.shipPolicy.rawValue))
      $0.freightMicros = header.freight.value
      $0.note = header.note
      $0.lines = order.requests.map { line in
        .with {
          $0.sku = line.sku.value
          $0.quantity = line.entered.value
          $0.unit = line.unit?.value ?? ""
          $0.expectedUnitPriceMicros = line.expectedUnitPrice?.value
          $0.agreedUnitPriceMicros = line.agreedUnitPrice?.value
          $0.agreedPriceReason = line.agreedPriceReason
          $0.customerLineReference = line.customerLineReference
        }
      }
    }
  }
}

extension FieldCheck {
  /// The fields that a mask names, `*` for all; notes those that a draft does not have.
  fileprivate mutating func draftFields(_ paths: [String], _ field: String) -> [DraftFields] {
    if paths.isEmpty { note(field, .required) }
    if paths == ["*"] { return DraftFields.allCases }
    return paths.enumerated().compactMap { index, path in
      if let known = DraftFields(rawValue: path) { return known }
      let isFixed = path == "order_id" || path == "dealer_id"
      note("\(field).paths[\(index)]", isFixed ? .immutable : .unknownValue(String(path.prefix(64))))
      return nil
    }
  }
}
