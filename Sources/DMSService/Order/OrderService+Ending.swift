internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  func reviewOrder(_ request: ReviewOrderRequest, context: ServerContext) async throws -> ReviewOrderResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.orderID, "order_id", as: OrderID.self)
    if request.etag.isEmpty { check.note("etag", .required) }
    check.text(request.comment, "comment", max: Limits.remarkCharactersMax, multiline: true)
    switch request.decision {
    case .approve: break
    case .reject, .return:
      if request.comment.isEmpty { check.note("comment", .required) }
    case .unspecified: check.note("decision", .required)
    case .unrecognized: check.note("decision", .unknownValue(request.decision.name))
    }
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let etag = request.etag
    let decision = request.decision
    let comment = request.comment
    let ruleSets = ruleSets
    return try await environment.mutateOrRefuse(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      let (stored, place) = try OrderWriter.load(id, etag: etag, caller: caller, in: transaction)
      let review = Review(reviewer: caller.principal, place: place, comment: comment, now: transaction.now)
      func accepted(_ change: OrderChange) throws -> MutationOutcome<ReviewOrderResponse> {
        let order = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
        return .reply(.with { $0.order = order })
      }
      switch decision {
      case .reject:
        return try accepted(try OrderWriter.deciding(path: "order") { try stored.order.rejecting(review) })
      case .return:
        return try accepted(try OrderWriter.deciding(path: "order") { try stored.order.returning(review) })
      default:
        let reader = try OrderFactsReader(stored.order.header.dealer, in: transaction)
        let facts = try reader.approvalFacts(stored.order)
        let ruleSet = try ruleSets.current(in: transaction)
        let outcome = try OrderWriter.deciding(path: "order") {
          try stored.order.approving(review, facts: facts, ruleSet: ruleSet)
        }
        switch outcome {
        case .accepted(let change): return try accepted(change)
        case .blocked(let change, let decision):
          _ = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
          return .refusal(.ruleBlocked(VerdictWire.violations(decision)))
        }
      }
    }
  }

  func cancelOrder(_ request: CancelOrderRequest, context: ServerContext) async throws -> CancelOrderResponse {
    let caller = try context.caller
    var check = FieldCheck()
    let id = check.identifier(request.orderID, "order_id", as: OrderID.self)
    check.text(request.reason, "reason", max: Limits.remarkCharactersMax, multiline: true)
    try check.finish()
    guard let id else { throw FieldViolations(check.violations) }
    let etag = request.etag
    let reason = request.reason
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      let (stored, _) = try OrderWriter.load(id, etag: etag, caller: caller, in: transaction)
      let change = try OrderWriter.deciding(path: "order") {
        try stored.order.cancelling(by: caller.principal.id, reason: reason, now: transaction.now)
      }
      let order = try OrderWriter.commit(change, of: stored, actor: caller.principal.id, in: transaction)
      return .with { $0.order = order }
    }
  }
}
