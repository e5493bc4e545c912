internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms stock`.
struct StockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stock", abstract: "Lists, shows, changes and streams stock.",
    subcommands: [
      ListStock.self, ShowStock.self, AdjustStockCommand.self, SetStockCommand.self, ListMovementsCommand.self,
      StreamStock.self, ListRejected.self,
    ])
}

/// Whose stock, where, of what.
struct StockFilterOptions: ParsableArguments {
  @Option(help: "Whose stock: brand or dealer (default: both).", transform: EnumWord.parse)
  var owner: StockOwnerKind?

  @Option(help: "Only this dealer's.")
  var dealer: String?

  @Option(help: "Only at this place: a warehouse, or a dealer's own.")
  var location: String?

  @Option(help: "Only this product.")
  var sku: String?
}

/// `dms stock list`.
struct ListStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists balances of the warehouses and of the dealers.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var filter: StockFilterOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "Only dealers of this region.")
  var region: String?

  @Option(help: "Only dealers of this tier.")
  var tier: String?

  @Option(help: "Only products whose category path starts with this.")
  var category: String?

  func run() async throws {
    var request = ListNetworkStockRequest()
    request.pageSize = 1_000
    request.owner = filter.owner ?? .unspecified
    request.dealerID = filter.dealer ?? ""
    request.locationID = filter.location ?? ""
    request.sku = filter.sku ?? ""
    request.region = region ?? ""
    request.tier = tier ?? ""
    request.categoryPrefix = category ?? ""
    try await connection.withClient { client in
      try await output.write(
        client.inventory.networkStock(request), StockColumns.levels, limit: limits.limit, nothing: "no stock")
    }
  }
}

/// `dms stock show`.
struct ShowStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows what can be promised of products, in all and at each warehouse.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "Products.")
  var skus: [String]

  @Option(help: "The dealer that asks: the warehouses that serve it count.")
  var dealer: String?

  func run() async throws {
    var request = GetAvailabilityRequest()
    request.dealerID = dealer ?? ""
    request.skus = skus
    let answer = try await connection.withClient { client in try await client.inventory.getAvailability(request) }
    output.write(answer.products, StockColumns.availability)
    guard answer.unknownSkus.isEmpty else {
      throw CommandFailure(
        "not known or not sellable: \(answer.unknownSkus.joined(separator: ", "))", status: ExitStatus.notFound)
    }
  }
}

/// `dms stock movements`.
struct ListMovementsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "movements", abstract: "Lists the ledger of stock, oldest first.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var filter: StockFilterOptions
  @OptionGroup var limits: LimitOptions

  func run() async throws {
    var request = ListMovementsRequest()
    request.pageSize = 1_000
    request.owner = filter.owner ?? .unspecified
    request.dealerID = filter.dealer ?? ""
    request.locationID = filter.location ?? ""
    request.sku = filter.sku ?? ""
    try await connection.withClient { client in
      try await output.write(
        client.inventory.movements(request), StockColumns.movements, limit: limits.limit, nothing: "no movements")
    }
  }
}

/// `dms stock rejected`.
struct ListRejected: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejected", abstract: "Lists events of a dealer's streams that were rejected, newest first.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "The dealer (default: the caller's own).")
  var dealer: String?

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.inventory.rejectedEvents(dealerID: dealer ?? ""), StockColumns.rejected, limit: limits.limit,
        nothing: "nothing was rejected")
    }
  }
}
