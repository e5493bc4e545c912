internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms dealer`.
struct DealerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dealer", abstract: "Lists, shows and changes dealers.",
    subcommands: [ListDealersCommand.self, ShowDealer.self, SetDealer.self])
}

/// `dms dealer list`.
struct ListDealersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists dealers by id.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Option(help: "Only dealers of this region.")
  var region: String?

  @Option(help: "Only dealers of this tier.")
  var tier: String?

  @Option(help: "Only dealers of this status: active, suspended, closed.", transform: EnumWord.parse)
  var status: DealerStatus?

  func run() async throws {
    var request = ListDealersRequest()
    request.pageSize = 500
    request.region = region ?? ""
    request.tier = tier ?? ""
    request.status = status ?? .unspecified
    try await connection.withClient { client in
      try await output.write(
        client.admin.dealers(request), DealerColumns.all, limit: limits.limit, nothing: "no dealers")
    }
  }
}

/// `dms dealer show`.
struct ShowDealer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one dealer.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The dealer.")
  var dealer: String

  func run() async throws {
    try await connection.withClient { client in
      var request = GetDealerRequest()
      request.dealerID = dealer
      output.write(try await client.admin.getDealer(request).dealer ?? Dealer(), DealerColumns.all)
    }
  }
}

/// `dms dealer set`.
struct SetDealer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Changes a dealer, or makes one.",
    discussion: "What is not named stays as it is. A new dealer needs --name and --currency.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The dealer.")
  var dealer: String

  @Option(help: "Its name.")
  var name: String?

  @Option(help: "Its currency (ISO 4217).")
  var currency: String?

  @Option(help: "Its tier.")
  var tier: String?

  @Option(help: "Its region.")
  var region: String?

  @Option(help: "Its territory.")
  var territory: String?

  @Option(help: "The dealer above it.")
  var parent: String?

  @Option(help: "active, suspended or closed.", transform: EnumWord.parse)
  var status: DealerStatus?

  @Option(help: "Its payment terms.")
  var terms: String?

  @Option(help: "The credit account that its orders draw on.")
  var creditAccount: String?

  @Option(help: "The price list that is looked at first.")
  var priceList: String?

  @Option(name: .customLong("warehouse"), help: "A warehouse that serves it; may be repeated, the preferred one first.")
  var warehouses: [String] = []

  @Option(help: "Who keeps the book of its stock: dms or feed.", transform: EnumWord.parse)
  var stockAuthority: StockAuthority?

  @Flag(inversion: .prefixedNo, help: "A line of an order may come from several warehouses.")
  var splitShipments: Bool?

  func run() async throws {
    try await connection.withClient { client in
      var get = GetDealerRequest()
      get.dealerID = dealer
      var dealer: Dealer
      do throws(DMSError) {
        dealer = try await client.admin.getDealer(get).dealer ?? Dealer()
      } catch {
        guard error.code == .notFound else { throw error }
        dealer = Dealer()
        dealer.dealerID = self.dealer
      }
      apply(to: &dealer)
      var request = UpsertDealersRequest()
      request.dealers = [dealer]
      try SingleUpsert.check(try await client.admin.upsertDealers(request).errors, "the dealer \(self.dealer)")
      output.write(try await client.admin.getDealer(get).dealer ?? dealer, DealerColumns.all)
    }
  }

  private func apply(to dealer: inout Dealer) {
    if let name { dealer.name = name }
    if let currency { dealer.currencyCode = currency }
    if let tier { dealer.tier = tier }
    if let region { dealer.region = region }
    if let territory { dealer.territory = territory }
    if let parent { dealer.parentDealerID = parent }
    if let status { dealer.status = status }
    if let terms { dealer.paymentTerms = terms }
    if let creditAccount { dealer.creditAccountID = creditAccount }
    if let priceList { dealer.priceListID = priceList }
    if !warehouses.isEmpty { dealer.servingWarehouseIDs = warehouses }
    if let stockAuthority { dealer.stockAuthority = stockAuthority }
    if let splitShipments { dealer.splitShipmentsAllowed = splitShipments }
  }
}

/// Upserts of one thing, whose only error is the command's.
enum SingleUpsert {
  /// Throws ``CommandFailure`` when the server did not store it.
  static func check(_ errors: [ItemError], _ what: String) throws(CommandFailure) {
    guard let first = errors.first else { return }
    let isConflict = first.reason == "ETAG_MISMATCH" || first.reason == "WRONG_STATE"
    throw CommandFailure(
      "\(what) was not stored (\(first.reason))",
      details: errors.map {
        $0.field.isEmpty ? $0.message : "\(ItemPath.column(in: $0.field) ?? $0.field): \($0.message)"
      },
      status: isConflict ? ExitStatus.conflict : ExitStatus.invalidInput)
  }
}

/// How dealers are listed.
enum DealerColumns {
  static let all: [ListColumn<Dealer>] = [
    ListColumn("dealer_id", "DEALER") { .text($0.dealerID) },
    ListColumn("name", "NAME") { .text($0.name) },
    ListColumn("tier", "TIER") { .optional($0.tier) },
    ListColumn("region", "REGION") { .optional($0.region) },
    ListColumn(detail: "parent_dealer_id") { .optional($0.parentDealerID) },
    ListColumn("status", "STATUS") { .optional(EnumWord.text($0.status)) },
    ListColumn("currency_code", "CURRENCY") { .text($0.currencyCode) },
    ListColumn(detail: "payment_terms") { .optional($0.paymentTerms) },
    ListColumn(detail: "credit_account_id") { .optional($0.creditAccountID) },
    ListColumn(detail: "price_list_id") { .optional($0.priceListID) },
    ListColumn(detail: "territory") { .optional($0.territory) },
    ListColumn("warehouse_id", "WAREHOUSES") { .texts($0.servingWarehouseIDs) },
    ListColumn("stock_authority", "STOCK KEPT BY") { .optional(EnumWord.text($0.stockAuthority)) },
    ListColumn(detail: "feed_max_age_hours") { .optional(($0.feedMaxAge?.seconds ?? 0) / 3_600) },
    ListColumn(detail: "split_shipments_allowed") { .flag($0.splitShipmentsAllowed) },
    ListColumn(detail: "address") { AddressText.value($0.address) },
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]
}

/// Addresses as values.
enum AddressText {
  static func value(_ address: Address?) -> Value {
    guard let address, address != Address() else { return .none }
    let place = [address.postalCode, address.city, address.region].filter { !$0.isEmpty }.joined(separator: " ")
    let lines = [address.recipient] + address.lines + [place, address.countryCode]
    return .text(lines.filter { !$0.isEmpty }.joined(separator: ", "))
  }
}
