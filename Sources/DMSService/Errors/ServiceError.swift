package import DMSDomain

/// A kind of thing that a caller can name.
package enum ResourceKind: String, Sendable {
  case dealer, product, warehouse, order, principal
  case apiKey = "api_key"
  case creditAccount = "credit_account"
  case priceList = "price_list"
  case ruleSet = "rule_set"
  case location
}

/// A precondition that a call does not meet: a rule that blocks, two prices that collide.
package struct PreconditionViolation: Sendable, Hashable {
  /// Code of what is violated, such as `CREDIT_EXCEEDED`.
  package let type: String
  /// What it concerns, such as `order.lines[3]`.
  package let subject: String
  /// What is wrong and the remedy, as a sentence.
  package let description: String
  /// Figures that were used, by name.
  package let figures: [String: Int64]

  package init(type: String, subject: String, description: String, figures: [String: Int64] = [:]) {
    self.type = type
    self.subject = subject
    self.description = description
    self.figures = figures
  }
}

/// Why a service refuses a call, as facts. ``ErrorTable`` alone turns it into a gRPC status.
package enum ServiceError: Error, Sendable {
  case invalidFields([FieldViolation])
  case invalidPageToken
  case invalidFilter(position: Int, problem: String)

  case credentialMissing
  case credentialInvalid
  case tooManyAttempts(retryAfterSeconds: Int64)
  case roleMissing(method: String, roles: [String])
  case fieldNotAllowed(field: String, needs: String)

  case notFound(ResourceKind, id: String)
  case alreadyExists(ResourceKind, id: String)
  case etagMismatch(ResourceKind, id: String)
  case wrongState(ResourceKind, id: String, state: String, allowed: [String])
  case missingReference(field: String, ResourceKind, id: String)

  case ruleBlocked([PreconditionViolation])
  case priceConflict([PreconditionViolation])
  case reviewerIsSubmitter(order: String)

  case insufficientStock([PreconditionViolation])
  case balanceMismatch([PreconditionViolation])
  case feedIsAuthority(dealer: String)
  case staleEpoch(given: Int64, last: Int64)
  case snapshotRequired(epoch: Int64, last: Int64)
  case fenced(source: String)

  case revisionCompacted(oldest: Int64)
  case watcherTooSlow(resumeAfter: Int64)
  case limitExceeded(name: String, limit: Int64)
  case tooManyCalls(retryAfterMilliseconds: Int64)
  case shuttingDown
}

extension ServiceError {
  /// One bad field.
  package static func invalidField(_ field: String, _ problem: FieldProblem) -> ServiceError {
    .invalidFields([FieldViolation(field, problem)])
  }
}
