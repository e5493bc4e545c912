package import DMSDomain
package import DMSStorage
package import RPC

/// Who calls, and where the roles that allow the method hold.
package struct Caller: Sendable, Hashable {
  /// The principal that the credential belongs to.
  package let principal: Principal
  /// Where it holds a role that allows the method; never empty.
  package let scopes: [Scope]

  package init(principal: Principal, scopes: [Scope]) {
    self.principal = principal
    self.scopes = scopes
  }

  /// The principal's id as text, as it stands in rows and on timelines.
  package var id: String { principal.id.value }

  /// Whether the caller sees everything: every dealer, and the brand.
  package var coversBrand: Bool { scopes.contains { $0.coversBrand } }

  /// Whether it sees what belongs to this dealer.
  package func covers(_ place: DealerPlace) -> Bool { scopes.contains { $0.covers(place) } }

  /// Where the dealer stands, or `NOT_FOUND` when it does not exist or is not the caller's to see: both look alike.
  package func require(_ dealer: DealerID, in transaction: ReadTransaction) throws -> DealerPlace {
    guard let place = try transaction.dealerPlace(dealer), covers(place) else {
      throw ServiceError.notFound(.dealer, id: dealer.value)
    }
    return place
  }
}

/// Where the interceptor leaves the caller for the handler.
package enum CallerKey: ContextKey {
  package typealias Value = Caller
}

extension ServerContext {
  /// The caller, or UNAUTHENTICATED when nobody was authenticated.
  package var caller: Caller {
    get throws {
      guard let caller = self[CallerKey.self] else { throw ServiceError.credentialMissing }
      return caller
    }
  }
}
