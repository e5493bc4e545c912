internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms watch`.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Shows changes as they are committed.",
    discussion: "It goes on over breaks of the connection, until it is stopped (Ctrl-C).",
    subcommands: [WatchOrdersCommand.self, WatchStock.self])
}

/// Where a watch starts and when it ends.
struct WatchOptions: ParsableArguments {
  @Option(help: "Changes after this store revision (default: from now on).")
  var after: Int64?

  @Flag(help: "From the oldest change that the server keeps.")
  var fromStart = false

  @Option(help: "End after this many changes.")
  var count: Int?

  @Option(name: .shortAndLong, help: "How to write it: table, json (an object a line) or csv.")
  var output: OutputFormat = .table

  mutating func validate() throws {
    if fromStart, after != nil { throw ValidationError("--after and --from-start exclude each other") }
    if let after, after < 0 { throw ValidationError("--after must be at least 0") }
    if let count, count < 1 { throw ValidationError("--count must be at least 1") }
  }

  var start: WatchStart {
    if fromStart { return .oldest }
    return after.map { .after(revision: $0) } ?? .now
  }

  /// Writes each change as it comes.
  func follow<Watch: AsyncSequence, Resource: Sendable>(
    _ watch: Watch, _ columns: [ListColumn<Resource>], widths: [Int]
  ) async throws where Watch.Element == WatchMessage<Resource> {
    var renderer = ChangeRenderer(columns, as: output, widths: widths)
    var left = count
    Terminal.output.write(renderer.begin())
    for try await message in watch {
      guard let resource = message.resource else { continue }
      Terminal.output.write(renderer.add(resource))
      if let remaining = left {
        if remaining <= 1 { return }
        left = remaining - 1
      }
    }
  }
}

/// Writes changes one by one, each at once: columns of fixed widths, an object a line, or CSV.
struct ChangeRenderer<Row: Sendable> {
  private let columns: [ListColumn<Row>]
  private let format: OutputFormat
  private let layout: TableText.Layout

  /// `widths` are those of the columns that tables show.
  init(_ columns: [ListColumn<Row>], as format: OutputFormat, widths: [Int]) {
    self.columns = columns
    self.format = format
    let shown = columns.filter { $0.heading != nil }
    layout = TableText.Layout(
      headings: shown.compactMap(\.heading),
      widths: zip(shown, widths + Array(repeating: 8, count: max(shown.count - widths.count, 0))).map { column, width in
        max(width, DisplayWidth.of(column.heading ?? ""))
      }, numeric: shown.map(\.isNumeric))
  }

  /// What comes before the first change.
  mutating func begin() -> String {
    switch format {
    case .table: TableText.headings(of: layout)
    case .json: ""
    case .csv: CSVText.row(columns.map(\.name))
    }
  }

  /// A change.
  mutating func add(_ row: Row) -> String {
    switch format {
    case .table:
      TableText.text(
        [columns.filter { $0.heading != nil }.map { $0.shown(row).plain }], in: layout, withHeadings: false)
    case .json:
      Value.record(columns.map { Value.Field($0.name, $0.value(row)) }).json + "\n"
    case .csv:
      CSVText.row(columns.map { $0.value(row).plain })
    }
  }
}

/// `dms watch orders`.
struct WatchOrdersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orders", abstract: "Shows orders as they change.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var options: WatchOptions

  @Option(help: "Only orders of this dealer.")
  var dealer: String?

  @Option(help: "Only this order.")
  var order: String?

  func run() async throws {
    try await connection.withClient { client in
      try await options.follow(
        client.orders.watch(after: options.start, dealerID: dealer ?? "", orderID: order ?? ""), Self.columns,
        widths: [8, 19, 11, 8, 10, 14, 5, 12, 3])
    }
  }

  private static let columns: [ListColumn<Order>] = [
    ListColumn("revision", "REVISION", numeric: true) { .integer($0.revision) },
    ListColumn("order_id", "ORDER") { .text($0.orderID) },
    ListColumn("state", "STATE") { .text(EnumWord.text($0.state)) },
    ListColumn("dealer_id", "DEALER") { .text($0.dealerID) },
    ListColumn("business_date", "DATE") { .text($0.businessDate) },
    ListColumn("customer_reference", "REFERENCE") { .optional($0.customerReference) },
    ListColumn("line_count", "LINES", numeric: true) { .integer(Int64($0.lines.count)) },
    ListColumn("total", "TOTAL", numeric: true) { .amount($0.totalMicros) },
    ListColumn("currency_code", "") { .text($0.currencyCode) },
    ListColumn(detail: "reasons") { .texts(VerdictText.reasons(of: $0.verdicts)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .text($0.etag) },
  ]
}

/// `dms watch stock`.
struct WatchStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stock", abstract: "Shows balances as they change.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var options: WatchOptions

  @Option(help: "Whose stock: brand or dealer (default: both).", transform: EnumWord.parse)
  var owner: StockOwnerKind?

  @Option(help: "Only this dealer's.")
  var dealer: String?

  @Option(help: "Only at this place.")
  var location: String?

  @Option(name: .customLong("sku"), help: "Only this product; may be repeated.")
  var skus: [String] = []

  func run() async throws {
    var request = WatchInventoryRequest()
    request.owner = owner ?? .unspecified
    request.dealerID = dealer ?? ""
    request.locationID = location ?? ""
    request.skus = skus
    try await connection.withClient { client in
      try await options.follow(
        client.inventory.watch(after: options.start, request), Self.columns, widths: [9, 8, 10, 12, 9, 9, 9, 8, 24])
    }
  }

  private static let columns: [ListColumn<StockLevel>] =
    [ListColumn("revision", "REVISION", numeric: true) { .integer($0.revision) }]
    + StockColumns.levels.filter { $0.name != "revision" }
}
