/// What a principal may be. Raw values are those of the store and the wire.
public enum Role: Int, Hashable, Sendable, CaseIterable {
  /// Everything, keys and principals included.
  case admin = 1
  /// Reviews orders up to its level.
  case orderReviewer = 2
  /// Reviews credit and keeps credit accounts.
  case creditController = 3
  /// Keeps the brand's stock.
  case inventoryPlanner = 4
  /// Keeps dealers, products and prices.
  case channelManager = 5
  /// Runs a dealer.
  case dealerOwner = 6
  /// Orders for a dealer.
  case dealerClerk = 7
  /// A machine of the brand, such as its ERP.
  case integration = 8
  /// Reads everything, changes nothing.
  case auditor = 9

  /// The role's name, such as `credit_controller`.
  public var name: String {
    switch self {
    case .admin: "admin"
    case .orderReviewer: "order_reviewer"
    case .creditController: "credit_controller"
    case .inventoryPlanner: "inventory_planner"
    case .channelManager: "channel_manager"
    case .dealerOwner: "dealer_owner"
    case .dealerClerk: "dealer_clerk"
    case .integration: "integration"
    case .auditor: "auditor"
    }
  }

  /// The role of a name; nil when there is none.
  public init?(name: String) {
    guard let role = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = role
  }

  /// It belongs to a dealer, and holds for that dealer only unless a scope says more.
  public var isDealerRole: Bool {
    self == .dealerOwner || self == .dealerClerk
  }

  /// The roles that may review orders.
  public static let reviewing: Set<Role> = [.orderReviewer, .creditController, .channelManager, .admin]
}
