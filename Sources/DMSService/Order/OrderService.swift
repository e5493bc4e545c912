internal import DMSAPI
internal import DMSDomain
internal import DMSStorage
internal import RPC

/// `dms.order.v1.OrderService`.
struct OrderService: Sendable {
  let environment: ServiceEnvironment
  let ruleSets: RuleSetCache

  init(_ environment: ServiceEnvironment) {
    self.environment = environment
    ruleSets = RuleSetCache()
  }

  var store: Store { environment.store }
}

extension OrderService: OrderServiceHandler {}
