internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension InventoryService {
  /// Movements of one request at most.
  static let linesMax = 1_000
  /// Characters of a remark on movements.
  static let noteMax = 500

  func adjustStock(_ request: AdjustStockRequest, context: ServerContext) async throws -> AdjustStockResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let kind = check.reportableKind(request.kind, "kind")
    let place = posting(
      location: request.location, skus: request.lines.map(\.sku), businessDate: request.businessDate,
      note: request.note,
      &check)
    for (index, line) in request.lines.enumerated() {
      guard let kind, !kind.allows(Quantity(line.quantity)) else { continue }
      switch kind.direction {
      case .inward: check.note("lines[\(index)].quantity", .outOfRange(min: 1, max: .max))
      case .outward: check.note("lines[\(index)].quantity", .outOfRange(min: .min, max: -1))
      case .either: check.note("lines[\(index)].quantity", .required)
      }
    }
    try check.finish()
    guard let kind, let place else { throw ServiceError.invalidFields(check.violations) }

    let note = request.note
    let requestID = request.requestID
    let quantities = request.lines.map { Quantity($0.quantity) }
    let calendar = environment.calendar
    return try await environment.mutateLate(
      request, requestID: requestID, caller: caller, method: context.descriptor, locks: place.locks
    ) { transaction in
      let day = try place.businessDate ?? calendar.businessDate(of: transaction.now)
      let authority = try authorise(place, caller, in: transaction)
      var poster = try StockPoster(transaction, cause: .init(name: "adjustment", actor: caller.id, note: note))
      try poster.load(place.keys)
      var problems: [PreconditionViolation] = []
      for (index, key) in place.keys.enumerated() {
        do {
          let posting = try poster.balance(key).posting(kind, change: quantities[index], owner: place.location.owner)
          try poster.take(
            posting, key, kind: kind, causeID: requestID, businessDate: day, eventTime: transaction.now)
        } catch let error as StockError {
          problems.append(try violation(error, line: index, sku: key.sku))
        }
      }
      guard problems.isEmpty else { throw ServiceError.insufficientStock(problems) }
      let (rows, withdrawn) = try poster.finish(authority: authority)
      return { revision in
        .with {
          $0.levels = place.keys.compactMap { rows[$0]?.level(revision: revision, authority: authority) }
          $0.revision = revision
          $0.withdrawnOrderIDs = withdrawn.map(\.value)
        }
      }
    }
  }

  func setStock(_ request: SetStockRequest, context: ServerContext) async throws -> SetStockResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let place = posting(
      location: request.location, skus: request.lines.map(\.sku), businessDate: request.businessDate,
      note: request.note,
      &check)
    for (index, line) in request.lines.enumerated() {
      check.range(line.quantity, "lines[\(index)].quantity", 0...Int64.max)
    }
    try check.finish()
    guard let place else { throw ServiceError.invalidFields(check.violations) }

    let note = request.note
    let requestID = request.requestID
    let settings = request.lines.map { (Quantity($0.quantity), $0.expectedQuantity.map { Quantity($0) }) }
    let calendar = environment.calendar
    return try await environment.mutateLate(
      request, requestID: requestID, caller: caller, method: context.descriptor, locks: place.locks
    ) { transaction in
      let day = try place.businessDate ?? calendar.businessDate(of: transaction.now)
      let authority = try authorise(place, caller, in: transaction)
      var poster = try StockPoster(transaction, cause: .init(name: "count", actor: caller.id, note: note))
      try poster.load(place.keys)
      var mismatches: [PreconditionViolation] = []
      for (index, key) in place.keys.enumerated() {
        let (quantity, expected) = settings[index]
        do {
          let posting = try poster.balance(key).setting(to: quantity, expected: expected, owner: place.location.owner)
          try poster.take(
            posting, key, kind: .count, causeID: requestID, businessDate: day, eventTime: transaction.now)
        } catch let error as StockError {
          mismatches.append(try violation(error, line: index, sku: key.sku))
        }
      }
      guard mismatches.isEmpty else { throw ServiceError.balanceMismatch(mismatches) }
      let (rows, withdrawn) = try poster.finish(authority: authority)
      return { revision in
        .with {
          $0.levels = place.keys.compactMap { rows[$0]?.level(revision: revision, authority: authority) }
          $0.revision = revision
          $0.withdrawnOrderIDs = withdrawn.map(\.value)
        }
      }
    }
  }

  // MARK: What both share

  /// Where a request posts, checked.
  struct PostingPlace {
    let location: DMSDomain.StockLocation
    let keys: [StockKey]
    let businessDate: BusinessDate?

    /// Brand stock that moves may change orders; a dealer's own changes nothing else.
    var locks: WriteLocks {
      switch location.owner {
      case .brand: .exclusive
      case .dealer(let dealer): .keys([.dealerStock(dealer.value)])
      }
    }
  }

  private func posting(
    location: DMSAPI.StockLocation?, skus: [String], businessDate: String, note: String, _ check: inout FieldCheck
  ) -> PostingPlace? {
    let location = check.location(location, "location")
    let day = businessDate.isEmpty ? nil : check.date(businessDate, "business_date")
    check.text(note, "note", max: Self.noteMax, multiline: true)
    if skus.isEmpty { check.note("lines", .required) }
    check.count(skus.count, "lines", max: Self.linesMax)
    var seen: Set<SKU> = []
    var keys: [StockKey] = []
    for (index, text) in skus.prefix(Self.linesMax).enumerated() {
      guard let sku = check.identifier(text, "lines[\(index)].sku", as: SKU.self) else { continue }
      if !seen.insert(sku).inserted { check.note("lines[\(index)].sku", .duplicate) }
      if let location { keys.append(StockKey(location: location, sku: sku)) }
    }
    guard let location, keys.count == skus.count else { return nil }
    return PostingPlace(location: location, keys: keys, businessDate: day)
  }

  /// Throws unless the caller may post there by hand, and everything that is named exists.
  private func authorise(
    _ place: PostingPlace, _ caller: Caller, in transaction: WriteTransaction
  ) throws -> DMSDomain.StockAuthority {
    var authority = DMSDomain.StockAuthority.dms
    switch place.location.owner {
    case .brand:
      guard caller.coversBrand else { throw ServiceError.notFound(.warehouse, id: place.location.place.value) }
      try transaction.requireWarehouse(place.location.place)
    case .dealer(let id):
      _ = try caller.require(id, in: transaction)
      guard let dealer = try transaction.dealer(id)?.value else { throw ServiceError.notFound(.dealer, id: id.value) }
      guard dealer.stockAuthority == .dms else { throw ServiceError.feedIsAuthority(dealer: id.value) }
      authority = dealer.stockAuthority
    }
    if let unknown = try transaction.firstUnknown(place.keys.map(\.sku)) {
      throw ServiceError.notFound(.product, id: place.keys[unknown].sku.value)
    }
    return authority
  }

  /// What the domain has against a line, in the caller's terms; what is not the caller's fault is thrown on.
  private func violation(_ error: StockError, line: Int, sku: SKU) throws -> PreconditionViolation {
    let subject = "lines[\(line)]"
    switch error {
    case .belowZero(let onHand, let change):
      return PreconditionViolation(
        type: "INSUFFICIENT_STOCK", subject: subject,
        description: "Product «\(sku)» has \(onHand) on hand; a change of \(change) would bring it below zero.",
        figures: ["on_hand": onHand.value, "change": change.value])
    case .belowReserved(let onHand, let reserved, let change):
      return PreconditionViolation(
        type: "INSUFFICIENT_STOCK", subject: subject,
        description: """
          Product «\(sku)» has \(onHand) on hand, of which \(reserved) are reserved; a change of \(change) would take \
          what is promised. Cancel orders first, or post an ADJUST if the goods are really gone.
          """,
        figures: ["on_hand": onHand.value, "reserved": reserved.value, "change": change.value])
    case .balanceMismatch(let expected, let actual):
      return PreconditionViolation(
        type: "BALANCE_MISMATCH", subject: subject,
        description: "Product «\(sku)» has \(actual) on hand, not \(expected); read it again and repeat.",
        figures: ["expected": expected.value, "actual": actual.value])
    case .overflow:
      throw ServiceError.invalidField("\(subject).quantity", .overflow)
    case .badQuantity, .notReserved, .negativeBalance, .feedIsAuthority, .dmsIsAuthority:
      throw error
    }
  }
}

extension StockRow {
  /// The balance on the wire as the write at `revision` left it.
  fileprivate func level(revision: Int64, authority: DMSDomain.StockAuthority) -> StockLevel {
    var row = self
    row.revision = revision
    return StockLevelWire.level(row, authority: authority, stale: false)
  }
}
