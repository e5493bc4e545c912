internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC

/// One dealer's open stock stream.
///
/// Each batch is one write of the stream class: position, balances, movements and rejections in one commit, so that
/// the acknowledged sequence and the balances never part.
struct FeedSession: Sendable {
  private let dealer: DealerID
  private let source: FeedSource
  private let stream: FeedStream
  private let caller: Caller
  private let environment: ServiceEnvironment

  /// Opens the stream: stores the new fence, and says where the dealer goes on.
  static func open(
    _ request: StreamOpen, caller: Caller, environment: ServiceEnvironment
  ) async throws -> (session: FeedSession, reply: StreamOpened) {
    var check = FieldCheck()
    let dealer = check.identifier(request.dealerID, "open.dealer_id", as: DealerID.self)
    let source = check.identifier(request.source, "open.source", as: FeedSource.self)
    check.range(request.epoch, "open.epoch", 1...Int64.max)
    try check.finish()
    guard let dealer, let source else { throw ServiceError.invalidFields(check.violations) }

    let epoch = request.epoch
    let write = WriteRequest(
      .stream, principal: caller.id, locks: .keys([.dealerStock(dealer.value)]))
    let (stream, reply) = try await environment.store.writeLate(write) { transaction in
      _ = try caller.require(dealer, in: transaction)
      guard try transaction.dealer(dealer)?.value.stockAuthority == .feed else {
        throw ServiceError.wrongState(
          .dealer, id: dealer.value, state: "kept by DMS", allowed: ["a dealer whose stock_authority is FEED"])
      }
      var stream = FeedStream()
      do {
        let stored = try transaction.feedPosition(dealer: dealer, source: source)
        let (position, last) = try stream.open(epoch: epoch, stored: stored)
        guard position.epoch == epoch else { throw FeedError.snapshotRequired(epoch: epoch) }
        try transaction.saveFeedPosition(position, dealer: dealer, source: source, eventTime: nil)
        let opened = stream
        return .late { revision in
          let reply = StreamOpened.with {
            $0.lastSequence = last
            $0.revision = revision
          }
          return (opened, reply)
        }
      } catch let error as FeedError {
        throw try FeedSession.serviceError(error, transaction, dealer: dealer, source: source)
      }
    }
    let session = FeedSession(
      dealer: dealer, source: source, stream: stream, caller: caller, environment: environment)
    return (session, reply)
  }

  /// Applies a batch and returns once it is durable.
  func apply(_ batch: EventBatch) async throws -> StreamInventoryResponse {
    let events = batch.events.map { $0.reported }
    let skus = batch.events.map(\.sku)
    let write = WriteRequest(
      .stream, principal: caller.id, locks: .keys([.dealerStock(dealer.value)]))
    return try await environment.store.writeLate(write) { transaction in
      do {
        return try apply(events, skus: skus, in: transaction)
      } catch let error as FeedError {
        throw try Self.serviceError(error, transaction, dealer: dealer, source: source)
      }
    }
  }

  private func apply(
    _ events: [ReportedEvent], skus: [String], in transaction: WriteTransaction
  ) throws -> WriteResult<StreamInventoryResponse> {
    var stream = stream
    let stored = try transaction.feedPosition(dealer: dealer, source: source)
    let plan = try stream.receive(sequences: events.map(\.sequence), stored: stored)
    if let expected = plan.resyncFrom {
      return .value(.with { $0.message = .resyncRequired(.with { $0.expectedSequence = expected }) })
    }

    let fresh = events[plan.fresh]
    var rejected: [StoredRejection] = []
    func reject(_ sequence: Int64, index: Int, _ rejection: FeedRejection) {
      rejected.append(
        StoredRejection(
          dealer: dealer, source: source, epoch: plan.position.epoch, sequence: sequence,
          sku: Self.storable(skus[index]), reason: rejection.code,
          message: rejection.sentence, recordTime: transaction.now))
    }

    let known = try knownSKUs(in: fresh, transaction)
    var poster = try StockPoster(transaction, cause: .init(name: "stream", actor: caller.id))
    try poster.load(fresh.compactMap { try? $0.content.get() }.filter { known.contains($0.sku) }.map(key))
    var lastEventTime: InstantMicros?
    for (index, reported) in zip(plan.fresh, fresh) {
      switch reported.content {
      case .failure(let rejection):
        reject(reported.sequence, index: index, rejection)
      case .success(let event):
        lastEventTime = max(lastEventTime ?? event.eventTime, event.eventTime)
        guard known.contains(event.sku) else {
          reject(reported.sequence, index: index, .unknownSKU(event.sku.value))
          continue
        }
        let key = key(event)
        do {
          let posting = try event.applied(to: poster.balance(key), of: dealer)
          try poster.take(
            posting, key, kind: event.kind,
            causeID: "\(source)/\(plan.position.epoch)/\(reported.sequence)", document: event.document,
            businessDate: try event.businessDate ?? environment.calendar.businessDate(of: event.eventTime),
            eventTime: event.eventTime)
        } catch let rejection as FeedRejection {
          reject(reported.sequence, index: index, rejection)
        }
      }
    }
    _ = try poster.finish(authority: .feed)
    try transaction.insert(rejected)
    try transaction.saveFeedPosition(plan.position, dealer: dealer, source: source, eventTime: lastEventTime)
    let refused = rejected
    return .late { revision in
      .with {
        $0.message = .ack(
          .with {
            $0.lastSequence = plan.position.lastSequence
            $0.appliedCount = Int32(fresh.count - refused.count)
            $0.duplicateCount = Int32(plan.duplicateCount)
            $0.rejected = refused.map(\.wire)
            $0.revision = revision
          })
      }
    }
  }

  private func key(_ event: FeedEvent) -> StockKey {
    StockKey(location: DMSDomain.StockLocation(owner: .dealer(dealer), place: event.place), sku: event.sku)
  }

  private func knownSKUs(in events: ArraySlice<ReportedEvent>, _ transaction: ReadTransaction) throws -> Set<SKU> {
    let named = Set(events.compactMap { try? $0.content.get().sku }).sorted()
    let found = try transaction.queryMany(
      "SELECT 1 FROM product WHERE sku = ?1", named.map { [.text($0.value)] }
    ) { row in try row.int64(0) }
    return Set(zip(named, found).filter { !$0.1.isEmpty }.map(\.0))
  }

  /// A product's name as it was sent, cut to what a column may hold.
  private static func storable(_ sku: String) -> String {
    String(String.UnicodeScalarView(sku.unicodeScalars.filter { $0.value != 0 }.prefix(Limits.identifierCharactersMax)))
  }

  private static func serviceError(
    _ error: FeedError, _ transaction: ReadTransaction, dealer: DealerID, source: FeedSource
  ) throws -> ServiceError {
    switch error {
    case .badEpoch: .invalidField("open.epoch", .outOfRange(min: 1, max: .max))
    case .staleEpoch(let asked, let last): .staleEpoch(given: asked, last: last)
    case .snapshotRequired(let epoch):
      .snapshotRequired(
        epoch: epoch, last: try transaction.feedPosition(dealer: dealer, source: source)?.epoch ?? 0)
    case .fenced: .fenced(source: source.value)
    case .badBatchSize(let count) where count == 0: .invalidField("batch.events", .required)
    case .badBatchSize: .invalidField("batch.events", .tooMany(max: Limits.eventsPerBatchMax))
    case .notConsecutive(let index, let sequence):
      .invalidField("batch.events[\(index)].sequence", .unknownValue(String(sequence)))
    case .notOpen: .invalidField("open", .required)
    case .alreadyOpen: .invalidField("open", .duplicate)
    case .fencesExhausted: .limitExceeded(name: "openings of one source", limit: .max)
    }
  }
}

extension FeedEvent {
  /// The kind of movement that the event becomes.
  fileprivate var kind: DMSDomain.MovementKind {
    switch change {
    case .movement(let kind, _): kind
    case .set: .count
    }
  }
}

extension InventoryEvent {
  /// The event in the domain's terms, or why it cannot be understood.
  fileprivate var reported: ReportedEvent {
    var check = FieldCheck()
    let sku = check.identifier(self.sku, "sku", as: SKU.self)
    let place = locationID.isEmpty ? .main : check.identifier(locationID, "location_id", as: LocationID.self)
    let day = businessDate.isEmpty ? nil : check.date(businessDate, "business_date")
    check.text(documentID, "document_id", max: Limits.identifierCharactersMax)
    let time = eventTime?.instant
    if time == nil { check.note("event_time", .required) }

    var change: FeedChange?
    var rejection: FeedRejection?
    switch self.change {
    case .movement(let movement):
      if let kind = DMSDomain.MovementKind(rawValue: Int(movement.kind.rawValue)) {
        if !kind.isReportable {
          rejection = .kindNotReportable(kind)
        } else if !kind.allows(Quantity(movement.quantity)) {
          rejection = .badQuantity(kind, Quantity(movement.quantity))
        }
        change = .movement(kind: kind, quantity: Quantity(movement.quantity))
      } else {
        check.note("movement.kind", movement.kind == .unspecified ? .required : .unknownValue(movement.kind.name))
      }
    case .set(let set):
      change = .set(quantity: Quantity(set.quantity), expected: set.expectedQuantity.map { Quantity($0) })
    case nil:
      check.note("change", .required)
    }

    if let violation = check.violations.first {
      return ReportedEvent(sequence: sequence, content: .failure(.malformed(violation)))
    }
    guard rejection == nil, let sku, let place, let time, let change else {
      return ReportedEvent(
        sequence: sequence, content: .failure(rejection ?? .malformed(FieldViolation("change", .required))))
    }
    return ReportedEvent(
      sequence: sequence,
      content: .success(
        FeedEvent(
          eventTime: time, place: place, sku: sku, change: change, businessDate: day, document: documentID)))
  }
}
