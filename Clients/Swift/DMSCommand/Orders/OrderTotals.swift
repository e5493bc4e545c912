internal import DMSAPI
internal import DMSClient

/// Exact sums over orders, by currency and by whatever else they are grouped by.
struct OrderTotals: Sendable {
  /// What totals are grouped by beside the currency.
  enum Grouping: String, CaseIterable, Sendable {
    case dealer
    case state
    case date
    case none
  }

  /// The sums of one group.
  struct Row: Equatable, Sendable {
    var group: String
    var currencyCode: String
    var orders: Int64 = 0
    var orderLines: Int64 = 0
    var quantity: Int64 = 0
    var netMicros: Int64 = 0
    var freightMicros: Int64 = 0
    var taxMicros: Int64 = 0
    var totalMicros: Int64 = 0
  }

  private struct Key: Hashable {
    let group: String
    let currencyCode: String
  }

  private let grouping: Grouping
  private var sums: [Key: Row] = [:]

  init(by grouping: Grouping) {
    self.grouping = grouping
  }

  /// Adds an order. Throws ``CommandFailure`` when a sum is beyond 64 bits: a wrong total is worse than none.
  mutating func add(_ order: Order) throws(CommandFailure) {
    let key = Key(group: group(of: order), currencyCode: order.currencyCode)
    var row = sums[key] ?? Row(group: key.group, currencyCode: key.currencyCode)
    try Self.add(1, to: &row.orders)
    try Self.add(Int64(order.lines.count), to: &row.orderLines)
    for line in order.lines { try Self.add(line.orderedQuantity, to: &row.quantity) }
    try Self.add(order.netMicros, to: &row.netMicros)
    try Self.add(order.freightMicros, to: &row.freightMicros)
    try Self.add(order.taxMicros, to: &row.taxMicros)
    try Self.add(order.totalMicros, to: &row.totalMicros)
    sums[key] = row
  }

  /// The sums, by group and currency.
  var rows: [Row] {
    sums.values.sorted { ($0.group, $0.currencyCode) < ($1.group, $1.currencyCode) }
  }

  private func group(of order: Order) -> String {
    switch grouping {
    case .dealer: order.dealerID
    case .state: EnumWord.text(order.state)
    case .date: order.businessDate
    case .none: ""
    }
  }

  private static func add(_ value: Int64, to sum: inout Int64) throws(CommandFailure) {
    let (result, isOver) = sum.addingReportingOverflow(value)
    guard !isOver else { throw CommandFailure("a sum is beyond what an amount can be: choose a shorter range") }
    sum = result
  }
}
