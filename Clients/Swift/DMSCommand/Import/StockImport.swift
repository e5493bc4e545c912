internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms import stock`.
struct ImportStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stock", abstract: "Sets what is on hand, location by location.",
    discussion: columnHelp(columns)
      + """
       Give warehouse_id for the brand's stock, or dealer_id (and location_id, MAIN when empty) for a \
      dealer's whose book DMS keeps. The differences are posted as counts.
      """)

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  @Option(help: "The business date of the counts, YYYY-MM-DD (default: today).", transform: CalendarDate.checked)
  var date: String?

  @Option(help: "A remark on every movement.")
  var note: String?

  /// Lines of one request; each is stored as a whole or not at all.
  private static let partMax = 1_000

  static let columns = [
    ColumnSpec("warehouse_id"), ColumnSpec("dealer_id"), ColumnSpec("location_id"),
    ColumnSpec("sku", required: true), ColumnSpec("quantity", required: true), ColumnSpec("expected_quantity"),
  ]

  /// A row: what is to be on hand where.
  struct Item: Sendable {
    var location: StockLocation
    var setting: StockSetting
  }

  func run() async throws {
    let (file, map) = try options.open(Self.columns)
    let rows = ParsedRows(file, map, key: Self.key, read: Self.item)
    let report = ImportReport(file: file.name, rowCount: rows.rowCount)
    let ids = options.requestIDs(for: "stock", of: file, with: [date ?? "", note ?? ""])
    try await connection.withClient(forLongWork: true) { client in
      var rows = rows
      try await rows.checkProducts(client, sku: \.setting.sku)
      guard rows.problems.isEmpty || (options.skipBad && !options.dryRun) else { throw report.refused(rows.problems) }
      guard !options.dryRun else {
        Terminal.output.line(
          "\(CountText.counted(rows.entries.count, "balance")) of \(file.name) would be set; nothing was")
        return
      }
      try await store(rows, report, ids, client)
    }
  }

  private func store(
    _ rows: ParsedRows<Item>, _ report: ImportReport, _ ids: ImportRequestIDs, _ client: DMSClient
  ) async throws {
    let meter = ProgressMeter(total: rows.entries.count, noun: "balances", isQuiet: options.quiet)
    var stored = 0
    var quantity: Int64 = 0
    let parts = Self.parts(of: rows.entries)
    for (index, part) in parts.enumerated() {
      var request = SetStockRequest()
      request.requestID = ids.id(of: "set/\(index)", lines: part.map(\.line))
      request.location = part.first?.item.location
      request.lines = part.map(\.item.setting)
      request.businessDate = date ?? ""
      request.note = note ?? ""
      do {
        _ = try await client.inventory.setStock(request)
      } catch {
        meter.finish()
        let later = Array(parts[(index + 1)...].joined())
        throw report.broken(
          by: FailureText.failure(of: error.placing(part[...], file: report.file)), stored: stored,
          doubtful: error.isOutcomeUnknown ? part.lineRange() : nil,
          rest: (error.isOutcomeUnknown ? later : part + later).lineRange())
      }
      stored += part.count
      quantity = part.reduce(quantity) { $0.addingReportingOverflow($1.item.setting.quantity).partialValue }
      meter.advance(by: part.count)
    }
    let elapsed = meter.finish()
    Terminal.output.line(
      "\(CountText.counted(stored, "balance")) set to \(CountText.grouped(quantity)) units in all, in "
        + ProgressMeter.seconds(elapsed))
    guard rows.problems.isEmpty else { throw report.partial(rows.problems, stored: stored) }
  }

  /// Parts of one location each, in the order of the file.
  static func parts(of entries: [ParsedRows<Item>.Entry]) -> [[ParsedRows<Item>.Entry]] {
    var open: [StockLocation: [ParsedRows<Item>.Entry]] = [:]
    var parts: [[ParsedRows<Item>.Entry]] = []
    var order: [StockLocation] = []
    for entry in entries {
      let location = entry.item.location
      if open[location] == nil { order.append(location) }
      open[location, default: []].append(entry)
      if let full = open[location], full.count == partMax {
        parts.append(full)
        open[location] = []
      }
    }
    return parts + order.compactMap { location in open[location].flatMap { $0.isEmpty ? nil : $0 } }
  }

  static func key(_ item: Item) -> String {
    "\(item.location.dealerID)\u{0}\(item.location.locationID)\u{0}\(item.setting.sku)"
  }

  static func item(_ row: inout RowReader) -> Item {
    var location = StockLocation()
    let warehouse = row.text("warehouse_id")
    location.dealerID = row.text("dealer_id")
    location.locationID = warehouse.isEmpty ? row.text("location_id") : warehouse
    if location.dealerID.isEmpty, location.locationID.isEmpty { row.note("warehouse_id", "is empty") }
    if !location.dealerID.isEmpty, !warehouse.isEmpty {
      row.note("warehouse_id", "a dealer's stock stands in no warehouse: name its place in location_id")
    }
    var setting = StockSetting()
    setting.sku = row.required("sku")
    setting.quantity = row.requiredInteger("quantity")
    if !row.text("expected_quantity").isEmpty { setting.expectedQuantity = row.integer("expected_quantity") }
    return Item(location: location, setting: setting)
  }
}

extension Array {
  /// The lines that these entries come from, from the first to the last.
  fileprivate func lineRange<Item>() -> ClosedRange<Int>? where Element == ParsedRows<Item>.Entry {
    let lines = map(\.line)
    guard let first = lines.min(), let last = lines.max() else { return nil }
    return first...last
  }
}
