internal import Crypto
internal import DMSAPI
internal import DMSDomain
internal import DMSStorage

/// What order mutations have in common inside their write.
enum OrderWriter {
  /// SHA-256, for content that a reviewer approves and for finding equal orders.
  static let hashing: ContentHashing = { Array(SHA256.hash(data: $0)) }

  /// Writes a change of a stored order, follows up on freed stock, reports the order, and puts it on the wire.
  static func commit(
    _ change: OrderChange, of stored: StoredOrder, actor: PrincipalID, in transaction: WriteTransaction
  ) throws -> DMSAPI.Order {
    let moved = try transaction.update(stored, with: change, actor: actor)
    let message = try report(change.order, in: transaction)
    try afterwards(change, moved, in: transaction)
    return message
  }

  /// Writes an order that did not exist, reports it, and puts it on the wire once its revision is known.
  ///
  /// - Parameter isIDNew: whether the id was made for it just now.
  static func commitNew(
    _ change: OrderChange, actor: PrincipalID, isIDNew: Bool, in transaction: WriteTransaction
  ) throws -> (_ revision: Int64) -> DMSAPI.Order {
    let moved: [StockRow]
    do {
      moved = try transaction.insert(change, actor: actor, isIDNew: isIDNew)
    } catch let error as OrderExists {
      throw ServiceError.alreadyExists(.order, id: error.id.value)
    }
    // On the wire a change has the revision of its commit, whatever stands in its event.
    let message = OrderWire.message(change.order, revision: 0)
    try transaction.append(try OrderWire.event(message))
    try afterwards(change, moved, in: transaction)
    return { revision in
      var message = message
      message.revision = revision
      return message
    }
  }

  /// Reports an order to the log, and puts it on the wire.
  @discardableResult
  static func report(_ order: DMSDomain.Order, in transaction: WriteTransaction) throws -> DMSAPI.Order {
    let message = OrderWire.message(order, revision: try transaction.revision)
    try transaction.append(try OrderWire.event(message))
    return message
  }

  /// Reports the balances that a change moved, and gives freed stock to whoever waits for it.
  private static func afterwards(
    _ change: OrderChange, _ moved: [StockRow], in transaction: WriteTransaction
  ) throws {
    let freed = Set(change.reservations.filter { $0.change.isNegative }.map(\.sku))
    if !freed.isEmpty, try !ReservationUpkeep.fill(freed.sorted(), in: transaction).isEmpty {
      try report(try transaction.stock(moved.map(\.key)).compactMap(\.self), in: transaction)
    } else {
      try report(moved, in: transaction)
    }
  }

  /// Reports balances that reservations moved.
  static func report(_ moved: [StockRow], in transaction: WriteTransaction) throws {
    for row in moved { try transaction.append(try StockLevelWire.event(row, authority: .dms)) }
  }

  /// An order that the caller may see; throws `NOT_FOUND` otherwise, and `ETAG_MISMATCH` when it has changed.
  static func load(
    _ id: OrderID, etag: String, caller: Caller, in transaction: ReadTransaction
  ) throws -> (stored: StoredOrder, place: DealerPlace) {
    guard let stored = try transaction.order(id),
      let place = try transaction.dealerPlace(stored.order.header.dealer), caller.covers(place)
    else { throw ServiceError.notFound(.order, id: id.value) }
    guard Etag.matches(etag, version: stored.order.version) else {
      throw ServiceError.etagMismatch(.order, id: id.value)
    }
    return (stored, place)
  }

  /// Runs a decision of the domain, with its errors in the caller's terms.
  static func deciding<Value>(path: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as OrderError {
      throw serviceError(error, path: path)
    }
  }

  private static func serviceError(_ error: OrderError, path: String) -> any Error {
    switch error {
    case .wrongState(let id, _, let state, let allowed):
      ServiceError.wrongState(.order, id: id.value, state: state.code, allowed: allowed.map(\.code))
    case .hasShipped(let id):
      ServiceError.wrongState(
        .order, id: id.value, state: "partly shipped", allowed: ["an order of which nothing has shipped"])
    case .fields(let violations):
      FieldViolations(violations.violations.map { DMSDomain.FieldViolation("\(path).\($0.field)", $0.problem) })
    case .reviewerIsSubmitter(let id):
      ServiceError.reviewerIsSubmitter(order: id.value)
    case .reviewNotAllowed(_, let missing):
      ServiceError.roleMissing(
        method: "This review",
        roles: missing.map { requirement in
          requirement.role == .orderReviewer ? "order_reviewer (level \(requirement.level))" : requirement.role.name
        })
    case .contentChanged(let id):
      ServiceError.etagMismatch(.order, id: id.value)
    case .commentRequired:
      ServiceError.invalidField("comment", .required)
    case .overflow:
      ServiceError.invalidField("\(path).lines", .overflow)
    case .line:
      error
    }
  }
}
