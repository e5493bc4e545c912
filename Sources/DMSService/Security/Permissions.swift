internal import DMSAPI
package import DMSDomain
internal import RPC

/// Who may call a method, and what of the dealers' affairs the method touches.
package struct MethodPermission: Sendable {
  /// How far a caller with a dealer role sees.
  package enum Reach: Sendable {
    /// The method answers about the caller itself, or about nothing that belongs to a dealer.
    case open
    /// The method touches one dealer's affairs; the service checks the caller's scope against that
    /// dealer before it looks at anything else.
    case dealer
    /// The method touches the brand's affairs only.
    case brand
  }

  /// Any of these roles suffices. `admin` always does and is not listed.
  package let roles: Set<DMSDomain.Role>
  package let reach: Reach
}

/// The one table of who may call what. A method that is not in it may be called by nobody.
package enum Permissions {
  private static let everyone: Set<DMSDomain.Role> = [
    .orderReviewer, .creditController, .inventoryPlanner, .channelManager, .dealerOwner, .dealerClerk,
    .integration, .auditor,
  ]
  private static let brandReaders: Set<DMSDomain.Role> = [
    .orderReviewer, .creditController, .inventoryPlanner, .channelManager, .integration, .auditor,
  ]
  private static let ordering: Set<DMSDomain.Role> = [.channelManager, .dealerOwner, .dealerClerk, .integration]

  /// The table, by gRPC path.
  package static let table: [String: MethodPermission] = {
    var table: [String: MethodPermission] = [:]
    func allow(_ method: MethodDescriptor, _ roles: Set<DMSDomain.Role>, _ reach: MethodPermission.Reach) {
      table[method.path] = MethodPermission(roles: roles, reach: reach)
    }

    allow(OrderServiceMethods.createOrder, ordering, .dealer)
    allow(OrderServiceMethods.updateOrder, ordering, .dealer)
    allow(OrderServiceMethods.validateOrder, ordering, .dealer)
    allow(OrderServiceMethods.submitOrder, ordering, .dealer)
    allow(OrderServiceMethods.placeOrder, ordering, .dealer)
    allow(OrderServiceMethods.batchPlaceOrders, ordering, .dealer)
    allow(OrderServiceMethods.reviewOrder, [.orderReviewer, .creditController, .channelManager], .dealer)
    allow(OrderServiceMethods.cancelOrder, ordering, .dealer)
    allow(OrderServiceMethods.getOrder, everyone, .dealer)
    allow(OrderServiceMethods.listOrders, everyone, .dealer)
    allow(OrderServiceMethods.getOrderTimeline, everyone, .dealer)
    allow(OrderServiceMethods.watchOrders, everyone, .dealer)
    allow(OrderServiceMethods.publishRuleSet, [.channelManager], .brand)
    allow(OrderServiceMethods.getRuleSet, brandReaders, .brand)

    allow(InventoryServiceMethods.adjustStock, [.inventoryPlanner, .dealerOwner, .integration], .dealer)
    allow(InventoryServiceMethods.setStock, [.inventoryPlanner, .dealerOwner, .integration], .dealer)
    allow(InventoryServiceMethods.getAvailability, everyone, .dealer)
    allow(InventoryServiceMethods.listNetworkStock, everyone, .dealer)
    allow(InventoryServiceMethods.listMovements, everyone, .dealer)
    allow(InventoryServiceMethods.streamInventory, [.dealerOwner, .dealerClerk, .integration], .dealer)
    allow(InventoryServiceMethods.listRejectedEvents, everyone, .dealer)
    allow(InventoryServiceMethods.watchInventory, everyone, .dealer)
    allow(
      InventoryServiceMethods.verifyLedgers, [.inventoryPlanner, .creditController, .integration, .auditor], .brand)

    allow(AdminServiceMethods.whoAmI, everyone, .open)
    allow(AdminServiceMethods.upsertDealers, [.channelManager, .integration], .brand)
    allow(AdminServiceMethods.getDealer, everyone, .dealer)
    allow(AdminServiceMethods.listDealers, everyone, .dealer)
    allow(AdminServiceMethods.upsertProducts, [.channelManager, .integration], .brand)
    allow(AdminServiceMethods.getProduct, everyone, .open)
    allow(AdminServiceMethods.listProducts, everyone, .open)
    allow(AdminServiceMethods.upsertWarehouses, [.inventoryPlanner, .integration], .brand)
    allow(AdminServiceMethods.getWarehouse, brandReaders, .brand)
    allow(AdminServiceMethods.listWarehouses, brandReaders, .brand)
    allow(AdminServiceMethods.upsertCreditAccounts, [.creditController, .integration], .brand)
    allow(
      AdminServiceMethods.getCreditAccount, [.creditController, .channelManager, .integration, .auditor, .dealerOwner],
      .dealer)
    allow(AdminServiceMethods.listCreditAccounts, [.creditController, .channelManager, .integration, .auditor], .brand)
    allow(AdminServiceMethods.savePriceListDraft, [.channelManager, .integration], .brand)
    allow(AdminServiceMethods.publishPriceList, [.channelManager, .integration], .brand)
    allow(AdminServiceMethods.getPriceList, brandReaders, .brand)
    allow(AdminServiceMethods.listPriceLists, brandReaders, .brand)
    allow(AdminServiceMethods.listPriceEntries, brandReaders, .brand)
    allow(AdminServiceMethods.upsertPrincipal, [], .brand)
    allow(AdminServiceMethods.getPrincipal, [.auditor], .brand)
    allow(AdminServiceMethods.listPrincipals, [.auditor], .brand)
    allow(AdminServiceMethods.createApiKey, [], .brand)
    allow(AdminServiceMethods.listApiKeys, [.auditor], .brand)
    allow(AdminServiceMethods.revokeApiKey, [], .brand)
    return table
  }()
}
