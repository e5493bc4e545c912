internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms order summary`.
struct SummariseOrders: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Adds orders up exactly: orders, lines, quantities and amounts.",
    discussion: "Without --state, drafts and orders that were rejected or cancelled do not count.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var filter: OrderFilterOptions

  @Option(help: "Sums for each dealer, state or date.")
  var by: OrderTotals.Grouping = .none

  /// Orders of a page. An order may have 5,000 lines, and a page must not outgrow a message.
  private static let pageSize: Int32 = 100

  func run() async throws {
    var totals = OrderTotals(by: by)
    try await connection.withClient { client in
      for try await order in client.orders.list(filter: filter.text, pageSize: Self.pageSize) {
        guard filter.state != nil || Self.counts(order.state) else { continue }
        try totals.add(order)
      }
    }
    let rows = totals.rows.isEmpty && by == .none ? [OrderTotals.Row(group: "", currencyCode: "")] : totals.rows
    if by == .none, rows.count == 1, output.output != .csv {
      output.write(rows[0], Self.columns(by: by))
    } else {
      output.write(rows, Self.columns(by: by))
    }
  }

  private static func counts(_ state: OrderState) -> Bool {
    switch state {
    case .draft, .rejected, .cancelled: false
    default: true
    }
  }

  private static func columns(by grouping: OrderTotals.Grouping) -> [ListColumn<OrderTotals.Row>] {
    let sums: [ListColumn<OrderTotals.Row>] = [
      ListColumn("currency_code", "CURRENCY") { .optional($0.currencyCode) },
      ListColumn("orders", "ORDERS", numeric: true) { .integer($0.orders) },
      ListColumn("order_lines", "LINES", numeric: true) { .integer($0.orderLines) },
      ListColumn("quantity", "QUANTITY", numeric: true) { .integer($0.quantity) },
      ListColumn("net", "NET", numeric: true) { .amount($0.netMicros) },
      ListColumn("freight", "FREIGHT", numeric: true) { .amount($0.freightMicros) },
      ListColumn("tax", "TAX", numeric: true) { .amount($0.taxMicros) },
      ListColumn("total", "TOTAL", numeric: true) { .amount($0.totalMicros) },
    ]
    switch grouping {
    case .none: return sums
    case .dealer: return [ListColumn("dealer_id", "DEALER") { .text($0.group) }] + sums
    case .state: return [ListColumn("state", "STATE") { .text($0.group) }] + sums
    case .date: return [ListColumn("business_date", "DATE") { .text($0.group) }] + sums
    }
  }
}

extension OrderTotals.Grouping: ExpressibleByArgument {}
