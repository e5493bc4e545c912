import ArgumentParser
import DMSAPI
import DMSClient
import Foundation
import Testing

@testable import DMSCommand

@Suite("Orders and events of files")
struct OrderFileTests {
  private func read(_ orders: String, _ lines: String) throws -> OrderFile {
    let orders = try CSVFile(bytes: Array(orders.utf8), name: "orders.csv")
    let lines = try CSVFile(bytes: Array(lines.utf8), name: "lines.csv")
    return OrderFile(
      orders: orders, try ColumnMap(header: orders.header, columns: OrderFile.orderColumns, file: orders.name),
      lines: lines, try ColumnMap(header: lines.header, columns: OrderFile.lineColumns, file: lines.name))
  }

  @Test("Lines of one product at one price are summed, others are not")
  func linesAreSummed() throws {
    let file = try read(
      "customer_reference,business_date,dealer_id\nINV-1,2022-07-01,D1\nINV-2,2022-07-02,D2\n",
      """
      customer_reference,sku,quantity,unit_price
      INV-1,A,2,1.50
      INV-2,A,1,1.50
      INV-1,B,1,3.00
      INV-1,A,3,1.50
      INV-1,A,4,1.49
      """)
    #expect(file.orderProblems.isEmpty && file.lineProblems.isEmpty)
    #expect(
      file.entries[0].lines == [
        LineArgument(sku: "A", quantity: 5, priceMicros: 1_500_000),
        LineArgument(sku: "B", quantity: 1, priceMicros: 3_000_000),
        LineArgument(sku: "A", quantity: 4, priceMicros: 1_490_000),
      ])
    #expect(file.entries.map(\.sourceLineCount) == [4, 1])
    let draft = file.entries[0].draft(prices: .agreed, reason: "as invoiced", shipPolicy: .partial)
    #expect(draft.customerReference == "INV-1" && draft.businessDate == "2022-07-01" && draft.shipPolicy == .partial)
    #expect(draft.lines.first?.agreedUnitPriceMicros == 1_500_000)
    #expect(draft.lines.first?.agreedPriceReason == "as invoiced")
    #expect(draft.lines.first?.expectedUnitPriceMicros == nil)
  }

  @Test("What does not fit together is reported with its line")
  func misfitsAreReported() throws {
    let file = try read(
      "customer_reference,business_date,dealer_id\nINV-1,2022-07-01,D1\nINV-1,2022-07-01,D1\nINV-3,2022-02-30,D1\n",
      "customer_reference,sku,quantity,unit_price\nINV-9,A,2,1.50\nINV-1,A,0,1.50\nINV-1,A,1,free\n")
    #expect(file.orderProblems.map(\.line) == [3, 4])
    #expect(file.lineProblems.map(\.line) == [2, 3, 4])
  }

  @Test("A sum beyond 64 bits is reported, not wrapped")
  func sumsAreChecked() throws {
    let file = try read(
      "customer_reference,dealer_id\nINV-1,D1\n",
      "customer_reference,sku,quantity\nINV-1,A,9223372036854775807\nINV-1,A,1\n")
    #expect(file.lineProblems.map(\.line) == [3])
  }

  @Test("An order's request id follows from its dealer and reference alone")
  func requestIDsFollow() throws {
    let file = try read(
      "customer_reference,dealer_id\nINV-1,D1\nINV-2,D1\n", "customer_reference,sku,quantity\nINV-1,A,1\nINV-2,A,1\n")
    #expect(file.entries[0].requestID(run: "") == file.entries[0].requestID(run: ""))
    #expect(file.entries[0].requestID(run: "") != file.entries[1].requestID(run: ""))
    #expect(file.entries[0].requestID(run: "") != file.entries[0].requestID(run: "again"))
  }

  private func example(_ name: String) throws -> CSVFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try CSVFile(path: root.appendingPathComponent("Examples/data/\(name)").path)
  }

  @Test("The example data gives the reference's orders, source lines, order lines, bottles and dollars")
  func exampleAddsUp() throws {
    let orders = try example("orders.csv")
    let lines = try example("order_lines.csv")
    let file = OrderFile(
      orders: orders, try ColumnMap(header: orders.header, columns: OrderFile.orderColumns, file: orders.name),
      lines: lines, try ColumnMap(header: lines.header, columns: OrderFile.lineColumns, file: lines.name))
    #expect(file.orderProblems.isEmpty && file.lineProblems.isEmpty)
    let all = file.entries.flatMap(\.lines)
    #expect(file.entries.count == 2_197)
    #expect(file.entries.reduce(0) { $0 + $1.sourceLineCount } == 66_418)
    #expect(all.count == 66_332)
    #expect(all.reduce(0) { $0 + $1.quantity } == 880_910)
    let cents = all.reduce(Int64(0)) { sum, line in sum + (line.quantity * (line.priceMicros ?? 0) + 5_000) / 10_000 }
    #expect(cents == 1_277_675_048)
  }

  @Test("The example's sell-out is ten feeds, each in the order of its events")
  func exampleFeeds() throws {
    let file = try example("sell_out.csv")
    let events = EventFile(file, try ColumnMap(header: file.header, columns: EventFile.columns, file: file.name))
    #expect(events.problems.isEmpty)
    #expect(events.feeds.count == 10)
    #expect(events.feeds.reduce(0) { $0 + $1.events.count } == 19_308)
    for feed in events.feeds {
      #expect(feed.lines == feed.lines.sorted())
      #expect(feed.events.allSatisfy { $0.eventTime != nil && !$0.businessDate.isEmpty })
    }
    let sales = events.feeds.flatMap(\.events).compactMap { event -> Int64? in
      if case .movement(let movement)? = event.change, movement.kind == .sale { movement.quantity } else { nil }
    }
    #expect(!sales.isEmpty && sales.allSatisfy { $0 < 0 })
  }

  @Test("Events that cannot be are reported with their line")
  func badEvents() throws {
    let file = try CSVFile(
      bytes: Array("dealer_id,date,kind,sku,quantity\nD,2022-07-01,SALE,A,0\nD,,SET,A,1\nD,2022-07-01,GIFT,A,1\n".utf8),
      name: "x")
    let events = EventFile(file, try ColumnMap(header: file.header, columns: EventFile.columns, file: file.name))
    #expect(Set(events.problems.map(\.line)) == [2, 3, 4])
    #expect(events.feeds.isEmpty)
  }

  private func order(_ dealer: String, _ state: OrderState, quantities: [Int64], net: Int64) -> Order {
    var order = Order()
    order.dealerID = dealer
    order.state = state
    order.currencyCode = "USD"
    order.netMicros = net
    order.totalMicros = net
    order.lines = quantities.map { quantity in
      var line = OrderLine()
      line.orderedQuantity = quantity
      return line
    }
    return order
  }

  @Test("Orders are added up exactly, by group and currency")
  func totals() throws {
    var totals = OrderTotals(by: .dealer)
    try totals.add(order("B", .approved, quantities: [1, 2], net: 100_000))
    try totals.add(order("A", .approved, quantities: [5], net: 200_000))
    try totals.add(order("A", .inReview, quantities: [], net: 300_000))
    var euro = order("A", .approved, quantities: [7], net: 1)
    euro.currencyCode = "EUR"
    try totals.add(euro)
    #expect(totals.rows.map(\.group) == ["A", "A", "B"])
    #expect(totals.rows.map(\.currencyCode) == ["EUR", "USD", "USD"])
    #expect(totals.rows.map(\.orders) == [1, 2, 1])
    #expect(totals.rows.map(\.orderLines) == [1, 1, 2])
    #expect(totals.rows.map(\.quantity) == [7, 5, 3])
    #expect(totals.rows.map(\.netMicros) == [1, 500_000, 100_000])
  }

  @Test("A total beyond 64 bits is an error, not a wrong total")
  func totalsAreChecked() throws {
    var totals = OrderTotals(by: .none)
    try totals.add(order("A", .approved, quantities: [], net: .max))
    #expect(throws: CommandFailure.self) { try totals.add(order("A", .approved, quantities: [], net: 1)) }
  }

  @Test("Filters are joined in the server's language, texts quoted")
  func filters() throws {
    let options = try OrderFilterOptions.parse([
      "--dealer", "A\"B", "--state", "in_review", "--from", "2022-07-01", "--to", "2022-09-30",
    ])
    #expect(
      options.text
        == #"dealer_id = "A\"B" AND state = "IN_REVIEW" AND business_date >= "2022-07-01" AND business_date <= "2022-09-30""#
    )
    #expect(throws: (any Error).self) {
      try OrderFilterOptions.parse(["--from", "2022-09-30", "--to", "2022-07-01"])
    }
  }
}
