internal import DMSDomain
internal import DMSStorage

/// The orders in which orders are listed.
enum OrderSorting: String, CaseIterable, Sendable {
  case newestBusinessDate = "business_date desc"
  case oldestBusinessDate = "business_date"
  case newestCreation = "create_time desc"
  case oldestCreation = "create_time"

  /// Reads `order_by`; the newest business date first when it is empty.
  init(_ text: String) throws {
    let words = text.split(separator: " ").joined(separator: " ")
    guard let sorting = words.isEmpty ? .newestBusinessDate : OrderSorting(rawValue: words) else {
      throw ServiceError.invalidField("order_by", .unknownValue(String(text.prefix(64))))
    }
    self = sorting
  }

  private var isDescending: Bool { self == .newestBusinessDate || self == .newestCreation }

  /// The columns of the order, over `sales_order o`.
  var keyset: KeysetOrder {
    let column =
      switch self {
      case .newestBusinessDate, .oldestBusinessDate: "o.business_date"
      case .newestCreation, .oldestCreation: "o.create_time"
      }
    return KeysetOrder(
      .init(column, descending: isDescending), .init("o.order_id", descending: isDescending))
  }

  /// An order's place in the list.
  func place(of order: Order) -> [SQLValue] {
    switch self {
    case .newestBusinessDate, .oldestBusinessDate:
      [.integer(Int64(order.header.businessDate.daysSinceEpoch)), .text(order.id.value)]
    case .newestCreation, .oldestCreation:
      [.integer(order.createTime.value), .text(order.id.value)]
    }
  }
}
