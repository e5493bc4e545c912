internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// Which orders are meant.
struct OrderFilterOptions: ParsableArguments {
  @Option(help: "Only orders of this dealer.")
  var dealer: String?

  @Option(help: "Only orders in this state, such as in_review.", transform: EnumWord.parse)
  var state: OrderState?

  @Option(help: "From this business date on, YYYY-MM-DD.", transform: CalendarDate.checked)
  var from: String?

  @Option(help: "Up to this business date, YYYY-MM-DD.", transform: CalendarDate.checked)
  var to: String?

  @Option(help: "Only the order with this customer reference.")
  var reference: String?

  @Option(help: "More comparisons joined by AND, such as 'total_micros > 1000000000'.")
  var filter: String?

  mutating func validate() throws {
    if let from, let to, from > to { throw ValidationError("--from \(from) is after --to \(to)") }
  }

  /// The filter in the server's language.
  var text: String {
    var terms: [String] = []
    if let dealer { terms.append("dealer_id = \(Self.quoted(dealer))") }
    if let state { terms.append("state = \"\(EnumWord.text(state))\"") }
    if let from { terms.append("business_date >= \"\(from)\"") }
    if let to { terms.append("business_date <= \"\(to)\"") }
    if let reference { terms.append("customer_reference = \(Self.quoted(reference))") }
    if let filter { terms.append(filter) }
    return terms.joined(separator: " AND ")
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// `dms order list`.
struct ListOrdersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists orders, the newest business date first.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var filter: OrderFilterOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "business_date, 'business_date desc', create_time or 'create_time desc'.")
  var orderBy: String?

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.orders.list(filter: filter.text, orderBy: orderBy ?? "", omitLines: true), OrderColumns.list,
        limit: limits.limit, nothing: "no orders")
    }
  }
}

/// `dms order show`.
struct ShowOrder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows one order with its lines, holds and verdicts.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The order.")
  var order: String

  func run() async throws {
    let order = try await connection.withClient { client in try await client.orders.get(self.order) }
    output.write(order, OrderColumns.whole)
  }
}

/// `dms order timeline`.
struct OrderTimeline: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline", abstract: "Lists what has happened to an order, with every decision.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Argument(help: "The order.")
  var order: String

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.orders.timeline(of: order), Self.columns, limit: limits.limit, nothing: "nothing has happened")
    }
  }

  private static let columns: [ListColumn<TimelineEntry>] = [
    ListColumn("sequence", "#", numeric: true) { .integer($0.sequence) },
    ListColumn("time", "TIME") { .text(InstantText.text($0.time)) },
    ListColumn("kind", "WHAT") { .text(EnumWord.text($0.kind)) },
    ListColumn("from_state", "FROM") { .optional(EnumWord.text($0.fromState)) },
    ListColumn("to_state", "TO") { .optional(EnumWord.text($0.toState)) },
    ListColumn("actor", "BY") { .text($0.actor) },
    ListColumn(
      "verdicts", "VERDICTS", short: { .texts(VerdictText.reasons(of: $0.decision?.verdicts ?? [])) },
      value: { .list(($0.decision?.verdicts ?? []).map(VerdictText.value)) }),
    ListColumn("comment", "COMMENT") { .optional($0.comment) },
    ListColumn(detail: "rule_set_version") { $0.decision.map { .integer($0.ruleSetVersion) } ?? .none },
    ListColumn(detail: "revision") { .integer($0.revision) },
  ]
}
