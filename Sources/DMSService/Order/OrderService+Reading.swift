internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  func getOrder(_ request: GetOrderRequest, context: ServerContext) async throws -> GetOrderResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.orderID, "order_id", as: OrderID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    return try await store.read { transaction in
      let (stored, _) = try OrderWriter.load(id, etag: "", caller: caller, in: transaction)
      return .with { $0.order = OrderWire.message(stored.order, revision: stored.revision) }
    }
  }

  func listOrders(_ request: ListOrdersRequest, context: ServerContext) async throws -> ListOrdersResponse {
    let caller = try context.caller
    let filter = try OrderFilter(request.filter)
    let sorting = try OrderSorting(request.orderBy)
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken,
      binding: "ListOrders \(filter.text) \(sorting.rawValue) \(caller.coversBrand ? "" : caller.id)", columnCount: 2)
    let lines = !request.omitLines
    return try await store.read { transaction in
      var clause = ConditionBuilder()
      if !caller.coversBrand { clause.add(clause.visibleDealers(caller.scopes, column: "o.dealer_id")) }
      filter.apply(to: &clause)
      let keyset = sorting.keyset
      if let position = listing.position {
        let first = clause.parameters.count + 1
        for value in position { _ = clause.bind(value) }
        clause.add(keyset.after(parametersFrom: first))
      }
      let rows = try transaction.orders(clause, keyset: keyset, limit: listing.limit, lines: lines)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { sorting.place(of: $0.order) }
      return .with {
        $0.orders = page.items.map { OrderWire.message($0.order, revision: $0.revision, lines: lines) }
        $0.nextPageToken = page.nextPageToken
        $0.revision = page.revision
      }
    }
  }

  func getOrderTimeline(
    _ request: GetOrderTimelineRequest, context: ServerContext
  ) async throws -> GetOrderTimelineResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.orderID, "order_id", as: OrderID.self)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let listing = try Listing(
      pageSize: request.pageSize, pageToken: request.pageToken, binding: "GetOrderTimeline \(id)", columnCount: 1)
    let after: Int64 = if case .integer(let sequence)? = listing.position?.first { sequence } else { 0 }
    return try await store.read { transaction in
      _ = try OrderWriter.load(id, etag: "", caller: caller, in: transaction)
      let rows = try transaction.timeline(of: id, after: after, limit: listing.limit)
      let page = listing.page(rows, revision: try transaction.storeRevision()) { [.integer($0.entry.sequence)] }
      return .with {
        $0.entries = page.items.map(\.wire)
        $0.nextPageToken = page.nextPageToken
      }
    }
  }

  func watchOrders(
    _ request: WatchOrdersRequest, responses: ResponseWriter<WatchOrdersResponse>, context: ServerContext
  ) async throws {
    let caller = try context.caller
    var check = FieldCheck()
    check.range(request.afterRevision, "after_revision", -1...Int64.max)
    let dealer: DealerID? = check.optionalIdentifier(request.dealerID, "dealer_id")
    let order: OrderID? = check.optionalIdentifier(request.orderID, "order_id")
    try check.finish()
    if let order {
      try await store.read { transaction in
        _ = try OrderWriter.load(order, etag: "", caller: caller, in: transaction)
      }
    }
    let visibility = try await WatchVisibility(caller, dealer: dealer, store: store)
    let watched = WatchedChange(revisionField: 27)
    try await WatchLoop(environment).run(
      afterRevision: request.afterRevision,
      filter: ChangeFilter(kinds: [ChangeKind.order], owners: visibility.owners, key: order?.value), context: context,
      send: { change, resume in try await responses.write(encoded: watched.message(change, resume: resume)) },
      progress: { revision in
        try await responses.write(
          .with {
            $0.revision = revision
            $0.event = .progress(.with { $0.revision = revision })
          })
      })
  }
}

extension StoredTimelineEntry {
  fileprivate var wire: DMSAPI.TimelineEntry {
    .with {
      $0.sequence = entry.sequence
      $0.time = Timestamp(entry.time)
      $0.revision = revision
      $0.actor = entry.actor.value
      $0.kind = DMSAPI.TimelineKind(rawValue: Int32(entry.kind.rawValue))
      $0.fromState = entry.from.map { DMSAPI.OrderState(rawValue: Int32($0.rawValue)) } ?? .unspecified
      $0.toState = DMSAPI.OrderState(rawValue: Int32(entry.to.rawValue))
      $0.comment = entry.comment
      $0.decision = entry.decision.map { VerdictWire.message($0) }
    }
  }
}
