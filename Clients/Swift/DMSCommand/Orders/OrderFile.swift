internal import DMSAPI
internal import DMSClient

/// Orders of a file with their lines of another, ready to be placed.
struct OrderFile: Sendable {
  /// An order and the line of the file that it came from.
  struct Entry: Sendable {
    let line: Int
    let reference: String
    let dealerID: String
    let businessDate: String
    /// Lines of one product at one price and in one unit are summed, in the order of their first.
    var lines: [LineArgument] = []
    /// Lines of the file that went into `lines`.
    var sourceLineCount = 0
  }

  private(set) var entries: [Entry] = []
  /// What is wrong, by file.
  private(set) var orderProblems: [RowProblem]
  private(set) var lineProblems: [RowProblem]

  static let orderColumns = [
    ColumnSpec("customer_reference", required: true), ColumnSpec("business_date"),
    ColumnSpec("dealer_id", required: true),
  ]
  static let lineColumns = [
    ColumnSpec("customer_reference", required: true), ColumnSpec("sku", required: true),
    ColumnSpec("quantity", required: true), ColumnSpec("unit"), ColumnSpec("unit_price"),
  ]

  /// Reads both files; a reference names one order, so it may stand once in the first.
  init(orders: CSVFile, _ orderMap: ColumnMap, lines: CSVFile, _ lineMap: ColumnMap) {
    orderProblems = orders.problems
    lineProblems = lines.problems
    var places: [String: Int] = [:]
    for row in orders.rows {
      var reader = RowReader(row, orderMap)
      let entry = Entry(
        line: row.line, reference: reader.required("customer_reference"), dealerID: reader.required("dealer_id"),
        businessDate: reader.date("business_date"))
      if let place = places[entry.reference] {
        reader.note("customer_reference", "\(entry.reference) stands on line \(entries[place].line) already")
      }
      if reader.problems.isEmpty {
        places[entry.reference] = entries.count
        entries.append(entry)
      }
      orderProblems += reader.problems
    }
    read(lines, lineMap, places)
    for entry in entries where entry.lines.isEmpty && lineProblems.isEmpty {
      orderProblems.append(RowProblem(line: entry.line, reason: "the order \(entry.reference) has no lines"))
    }
    orderProblems.sort { $0.line < $1.line }
    lineProblems.sort { $0.line < $1.line }
  }

  private mutating func read(_ file: CSVFile, _ map: ColumnMap, _ places: [String: Int]) {
    struct Key: Hashable {
      let place: Int
      let sku: String
      let unit: String
      let price: Int64?
    }
    var merged: [Key: Int] = [:]
    for row in file.rows {
      var reader = RowReader(row, map)
      let reference = reader.required("customer_reference")
      let line = LineArgument(
        sku: reader.required("sku"), quantity: reader.requiredInteger("quantity", in: 1...Int64.max),
        unit: reader.text("unit"), priceMicros: reader.amount("unit_price"))
      if !reference.isEmpty, places[reference] == nil {
        reader.note("customer_reference", "there is no order \(reference)")
      }
      guard reader.problems.isEmpty, let place = places[reference] else {
        lineProblems += reader.problems
        continue
      }
      let key = Key(place: place, sku: line.sku, unit: line.unit, price: line.priceMicros)
      entries[place].sourceLineCount += 1
      if let index = merged[key] {
        let (sum, isOver) = entries[place].lines[index].quantity.addingReportingOverflow(line.quantity)
        if isOver {
          reader.note("quantity", "the sum of the lines on \(line.sku) is beyond what a quantity can be")
          lineProblems += reader.problems
        } else {
          entries[place].lines[index].quantity = sum
        }
      } else {
        merged[key] = entries[place].lines.count
        entries[place].lines.append(line)
      }
    }
  }
}

extension OrderFile.Entry {
  /// The order as it is placed.
  func draft(prices: PriceMeaning, reason: String, shipPolicy: ShipPolicy) -> OrderDraft {
    var draft = OrderDraft()
    draft.dealerID = dealerID
    draft.customerReference = reference
    draft.businessDate = businessDate
    draft.shipPolicy = shipPolicy
    draft.lines = lines.map { OrderLineDraft($0, prices, reason: reason) }
    return draft
  }

  /// The id under which it is placed: the same for the same dealer and reference in every run.
  func requestID(run: String) -> String {
    RequestID(deriving: ["order", run, dealerID, reference].map { "\($0.utf8.count):\($0)" }.joined()).text
  }
}
