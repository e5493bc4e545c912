package import DMSAPI
internal import DMSDomain
package import DMSStorage
package import RPC

/// `dms.order.v1.OrderService`.
package struct OrderService: Sendable {
  let environment: ServiceEnvironment
  let ruleSets: RuleSetCache

  package init(_ environment: ServiceEnvironment) {
    self.environment = environment
    ruleSets = RuleSetCache()
  }

  var store: Store { environment.store }
}

extension OrderService: OrderServiceHandler {}
