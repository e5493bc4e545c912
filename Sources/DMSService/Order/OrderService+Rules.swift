internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import ProtobufC
internal import RPC

extension OrderService {
  func publishRuleSet(_ request: PublishRuleSetRequest, context: ServerContext) async throws -> PublishRuleSetResponse {
    let caller = try context.caller
    guard let document = request.ruleSet else { throw ServiceError.invalidField("rule_set", .required) }
    do {
      _ = try RuleSetWire.domain(document, version: 1)
    } catch let error as FieldViolations {
      throw FieldViolations(error.violations.map { FieldViolation("rule_set.\($0.field)", $0.problem) })
    }
    let expected = request.expectedVersion
    return try await environment.mutate(
      request, requestID: request.requestID, caller: caller, method: context.descriptor
    ) { transaction in
      let newest = try transaction.newestRuleSetVersion()
      guard expected == 0 || expected == newest else {
        throw ServiceError.etagMismatch(.ruleSet, id: String(expected))
      }
      var published = document
      published.version = newest + 1
      published.publishTime = Timestamp(transaction.now)
      published.publishedBy = caller.id
      try transaction.insert(
        StoredRuleSet(
          version: newest + 1, document: try published.encodedBytes(), publishedBy: caller.principal.id,
          publishTime: transaction.now))
      let reply = published
      return .with { $0.ruleSet = reply }
    }
  }

  func getRuleSet(_ request: GetRuleSetRequest, context: ServerContext) async throws -> GetRuleSetResponse {
    _ = try context.caller
    let asked = request.version
    guard asked >= 0 else { throw ServiceError.invalidField("version", .outOfRange(min: 0, max: .max)) }
    return try await store.read { transaction in
      let version = try asked == 0 ? transaction.newestRuleSetVersion() : asked
      guard version > 0 else {
        return .with {
          $0.ruleSet = .with {
            $0.description = "Built in"
            $0.duplicateWindowDays = DMSDomain.RuleSet.duplicateWindowDaysDefault
            $0.reviewExpiryHours = DMSDomain.RuleSet.reviewExpiryHoursDefault
          }
        }
      }
      guard let stored = try transaction.ruleSet(version) else {
        throw ServiceError.notFound(.ruleSet, id: String(version))
      }
      let document = try DMSAPI.RuleSet(decoding: stored.document)
      return .with { $0.ruleSet = document }
    }
  }
}
