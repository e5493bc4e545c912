internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// Where stock stands, as it is typed.
struct LocationOptions: ParsableArguments {
  @Option(help: "The warehouse, or with --dealer the dealer's own name of the place (MAIN when it is not named).")
  var location: String?

  @Option(help: "The dealer whose stock it is (default: the brand's).")
  var dealer: String?

  mutating func validate() throws {
    if location == nil, dealer == nil { throw ValidationError("say where: --location WAREHOUSE, or --dealer DEALER") }
  }

  var wire: StockLocation {
    var location = StockLocation()
    location.locationID = self.location ?? ""
    location.dealerID = dealer ?? ""
    return location
  }
}

/// A quantity as it is typed: `SKU=QUANTITY`, for counts also `SKU=QUANTITY@EXPECTED`.
struct QuantityArgument: Equatable, Sendable {
  let sku: String
  let quantity: Int64
  let expected: Int64?

  /// Reads a quantity, for options.
  static func parse(_ text: String) throws(ValueError) -> QuantityArgument {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else { throw unreadable(text) }
    let parts = text[text.index(after: equals)...].split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let quantity = Int64(parts[0]) else { throw unreadable(text) }
    let expected = parts.count == 2 ? Int64(parts[1]) : nil
    if parts.count == 2, expected == nil { throw unreadable(text) }
    return QuantityArgument(sku: String(text[..<equals]), quantity: quantity, expected: expected)
  }

  private static func unreadable(_ text: String) -> ValueError {
    ValueError("\"\(text)\" is not a quantity of a product: write SKU=QUANTITY, such as 10788=12")
  }
}

/// `dms stock adjust`.
struct AdjustStockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adjust", abstract: "Posts movements at one place, all or nothing.",
    discussion: "Quantities are above zero; sale, issue and damage take them off. For adjust a sign says which way.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var place: LocationOptions
  @OptionGroup var request: RequestIDOptions

  @Option(help: "receipt, sale, customer_return, issue, adjust or damage.", transform: EnumWord.parse)
  var kind: MovementKind

  @Option(name: .customLong("line"), help: "SKU=QUANTITY; may be repeated.", transform: QuantityArgument.parse)
  var lines: [QuantityArgument]

  @Option(help: "The business date, YYYY-MM-DD (default: today).", transform: CalendarDate.checked)
  var date: String?

  @Option(help: "Why.")
  var note: String?

  func run() async throws {
    var request = AdjustStockRequest()
    request.requestID = self.request.requestID ?? ""
    request.location = place.wire
    request.kind = kind
    request.lines = lines.map { line in
      var adjustment = StockAdjustment()
      adjustment.sku = line.sku
      adjustment.quantity = kind.signed(line.quantity)
      return adjustment
    }
    request.businessDate = date ?? ""
    request.note = note ?? ""
    let answer = try await connection.withClient { client in try await client.inventory.adjustStock(request) }
    output.write(answer.levels, StockColumns.levels)
    Withdrawals.report(answer.withdrawnOrderIDs)
  }
}

/// `dms stock set`.
struct SetStockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Sets what is on hand at one place, all or nothing; differences are posted as counts.",
    discussion: "SKU=QUANTITY@EXPECTED is refused when something else than EXPECTED is on hand.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var place: LocationOptions
  @OptionGroup var request: RequestIDOptions

  @Option(
    name: .customLong("line"), help: "SKU=QUANTITY[@EXPECTED]; may be repeated.", transform: QuantityArgument.parse)
  var lines: [QuantityArgument]

  @Option(help: "The business date, YYYY-MM-DD (default: today).", transform: CalendarDate.checked)
  var date: String?

  @Option(help: "Why.")
  var note: String?

  func run() async throws {
    var request = SetStockRequest()
    request.requestID = self.request.requestID ?? ""
    request.location = place.wire
    request.lines = lines.map { line in
      var setting = StockSetting()
      setting.sku = line.sku
      setting.quantity = line.quantity
      setting.expectedQuantity = line.expected
      return setting
    }
    request.businessDate = date ?? ""
    request.note = note ?? ""
    let answer = try await connection.withClient { client in try await client.inventory.setStock(request) }
    output.write(answer.levels, StockColumns.levels)
    Withdrawals.report(answer.withdrawnOrderIDs)
  }
}

/// Orders that lost their stock.
enum Withdrawals {
  static func report(_ orderIDs: [String]) {
    guard !orderIDs.isEmpty else { return }
    let named = orderIDs.prefix(5).joined(separator: ", ")
    let others = orderIDs.count > 5 ? " and \(CountText.counted(orderIDs.count - 5, "other"))" : ""
    Terminal.error.line(
      Paint.warning("the stock is no longer there: reservations were withdrawn from \(named)\(others)"))
  }
}

extension MovementKind {
  /// A quantity with the sign that the kind asks for, whichever way it was written. An adjustment keeps its own.
  func signed(_ quantity: Int64) -> Int64 {
    // The least number has no counterpart; the server refuses it as it stands.
    guard quantity != .min else { return quantity }
    return switch self {
    case .receipt, .customerReturn: abs(quantity)
    case .sale, .issue, .damage: -abs(quantity)
    default: quantity
    }
  }
}
