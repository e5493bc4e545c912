internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  func placeOrder(_ request: PlaceOrderRequest, context: ServerContext) async throws -> PlaceOrderResponse {
    try await place(request, caller: try context.caller, urgency: .interactive)
  }

  /// Places an order: creates and submits it in one commit. A blocked one is not kept.
  func place(
    _ request: PlaceOrderRequest, caller: Caller, urgency: WriteClass
  ) async throws -> PlaceOrderResponse {
    let input = try DraftInput(request.order, path: "order", caller: caller)
    let now = environment.now()
    let id = input.id ?? OrderIDs.make(now: now)
    let today = try environment.calendar.businessDate(of: now)
    let ruleSets = ruleSets
    return try await environment.mutateLate(
      request, requestID: request.requestID, caller: caller, method: OrderServiceMethods.placeOrder, urgency: urgency,
      locks: input.locks
    ) { transaction in
      let reader = try OrderFactsReader(input.dealer, caller: caller, in: transaction)
      let terms = try reader.terms(input.lines.map(\.sku))
      let header = input.header(for: reader.dealer, today: today)
      let lines = try input.requests(terms, path: "order")
      let ruleSet = try ruleSets.current(in: transaction)
      let facts = try reader.facts(
        header: header, lines: lines, terms: terms, order: id, caller: caller, ruleSet: ruleSet,
        hashing: OrderWriter.hashing)
      let outcome = try OrderWriter.deciding(path: "order") {
        try DMSDomain.Order.placing(
          id: id, header: header, lines: lines, facts: facts, ruleSet: ruleSet, hashing: OrderWriter.hashing)
      }
      switch outcome {
      case .blocked(_, let decision):
        throw ServiceError.ruleBlocked(VerdictWire.violations(decision))
      case .accepted(let change):
        let order = try OrderWriter.commitNew(
          change, actor: caller.principal.id, isIDNew: input.id == nil, in: transaction)
        return { revision in .with { $0.order = order(revision) } }
      }
    }
  }

  func submitOrder(_ request: SubmitOrderRequest, context: ServerContext) async throws -> SubmitOrderResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.orderID, "order_id", as: OrderID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let etag = request.etag
    let ruleSets = ruleSets

    // A blocked submission writes its decision to the timeline: it commits, and is an error all the same.
    return try await environment.mutateOrRefuse(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      let (stored, _) = try OrderWriter.load(id, etag: etag, caller: caller, in: transaction)
      let order = stored.order
      let reader = try OrderFactsReader(order.header.dealer, in: transaction)
      let terms = try reader.terms(order.lines.map(\.request.sku))
      let ruleSet = try ruleSets.current(in: transaction)
      let facts = try reader.facts(
        header: order.header, lines: order.requests, terms: terms, order: id, caller: caller, ruleSet: ruleSet,
        hashing: OrderWriter.hashing)
      let outcome = try OrderWriter.deciding(path: "order") {
        try order.submitting(facts: facts, ruleSet: ruleSet, hashing: OrderWriter.hashing)
      }
      switch outcome {
      case .accepted(let change):
        let message = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
        return .reply(.with { $0.order = message })
      case .blocked(let change, let decision):
        _ = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
        return .refusal(.ruleBlocked(VerdictWire.violations(decision)))
      }
    }
  }

  func validateOrder(_ request: ValidateOrderRequest, context: ServerContext) async throws -> ValidateOrderResponse {
    let caller = try context.caller
    let now = environment.now()
    let today = try environment.calendar.businessDate(of: now)
    let ruleSets = ruleSets
    switch request.subject {
    case nil:
      throw ServiceError.invalidField("order", .required)
    case .order(let draft):
      let input = try DraftInput(draft, path: "order", caller: caller)
      let id = input.id ?? OrderIDs.make(now: now)
      return try await store.read { transaction in
        let reader = try OrderFactsReader(input.dealer, caller: caller, in: transaction)
        let terms = try reader.terms(input.lines.map(\.sku))
        let header = input.header(for: reader.dealer, today: today)
        let lines = try input.requests(terms, path: "order")
        let draft = try OrderWriter.deciding(path: "order") {
          try DMSDomain.Order.draft(
            id: id, header: header, lines: lines, creditAccount: reader.dealer.creditAccount, by: caller.principal.id,
            now: transaction.now
          ).order
        }
        return try Self.judged(draft, reader: reader, terms: terms, caller: caller, ruleSets: ruleSets)
      }
    case .orderID(let text):
      var check = FieldCheck()
      let id = check.identifier(text, "order_id", as: OrderID.self)
      try check.finish()
      guard let id else { throw FieldViolations(check.violations) }
      return try await store.read { transaction in
        let (stored, _) = try OrderWriter.load(id, etag: "", caller: caller, in: transaction)
        guard stored.order.state == .draft else {
          throw ServiceError.wrongState(.order, id: id.value, state: stored.order.state.code, allowed: ["DRAFT"])
        }
        let reader = try OrderFactsReader(stored.order.header.dealer, in: transaction)
        let terms = try reader.terms(stored.order.lines.map(\.request.sku))
        return try Self.judged(stored.order, reader: reader, terms: terms, caller: caller, ruleSets: ruleSets)
      }
    }
  }

  /// What the rules say of a draft, and the order as it would become.
  private static func judged(
    _ draft: DMSDomain.Order, reader: OrderFactsReader, terms: [SKU: ProductTerms], caller: Caller,
    ruleSets: RuleSetCache
  ) throws -> ValidateOrderResponse {
    let ruleSet = try ruleSets.current(in: reader.transaction)
    let facts = try reader.facts(
      header: draft.header, lines: draft.requests, terms: terms, order: draft.id, caller: caller, ruleSet: ruleSet,
      hashing: OrderWriter.hashing)
    let outcome = try OrderWriter.deciding(path: "order") {
      try draft.submitting(facts: facts, ruleSet: ruleSet, hashing: OrderWriter.hashing)
    }
    let order: DMSDomain.Order
    let decision: DMSDomain.Decision
    switch outcome {
    case .accepted(let change):
      guard let judged = change.timeline.last?.decision else {
        throw UnreadableRow(table: "sales_order_timeline", key: draft.id.value)
      }
      (order, decision) = (change.order, judged)
    case .blocked(let change, let judged):
      (order, decision) = (change.order, judged)
    }
    return .with {
      $0.outcome = VerdictWire.outcome(decision.outcome)
      $0.verdicts = decision.verdicts.map { VerdictWire.message($0, currency: order.header.currency) }
      $0.order = OrderWire.message(order, revision: 0)
    }
  }
}

extension DraftInput {
  /// What placing it changes or decides on.
  var locks: WriteLocks {
    var keys = Set(lines.map(\.sku.value)).map { LockKey.brandStock($0) }
    keys.append(.dealerOrders(dealer.value))
    if let id { keys.append(.order(id.value)) }
    return .keys(keys, creditOf: [dealer.value])
  }

  /// What keeping it as a draft changes or decides on.
  var draftLocks: WriteLocks {
    .keys([.dealerOrders(dealer.value)] + (id.map { [.order($0.value)] } ?? []))
  }
}
