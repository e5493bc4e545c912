internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms price`.
struct PriceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "price", abstract: "Lists, shows and publishes price lists.",
    subcommands: [ListPriceListsCommand.self, ShowPriceList.self, PublishPriceListCommand.self])
}

/// `dms price list`.
struct ListPriceListsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists price lists by id.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.admin.priceLists(), PriceColumns.lists, limit: limits.limit, nothing: "no price lists")
    }
  }
}

/// `dms price show`.
struct ShowPriceList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows the prices of a list: those in force, an older version's, or the draft's.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  @Argument(help: "The price list.")
  var list: String

  @Option(help: "Only this product.")
  var sku: String?

  @Option(help: "A published version (default: the newest).")
  var version: Int64?

  @Flag(help: "The draft.")
  var draft = false

  mutating func validate() throws {
    if draft, version != nil { throw ValidationError("--draft and --version exclude each other") }
    if let version, version < 1 { throw ValidationError("--version must be at least 1") }
  }

  func run() async throws {
    var request = ListPriceEntriesRequest()
    request.priceListID = list
    request.version = draft ? -1 : version ?? 0
    request.sku = sku ?? ""
    request.pageSize = 500
    try await connection.withClient { client in
      try await output.write(
        client.admin.priceEntries(request), PriceColumns.entries, limit: limits.limit, nothing: "no prices")
    }
  }
}

/// `dms price publish`.
struct PublishPriceListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publishes the draft of a price list; prices change with the next order.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The price list.")
  var list: String

  func run() async throws {
    try await connection.withClient { client in
      var get = GetPriceListRequest()
      get.priceListID = list
      var request = PublishPriceListRequest()
      request.priceListID = list
      request.etag = try await client.admin.getPriceList(get).priceList?.etag ?? ""
      output.write(try await client.admin.publishPriceList(request).priceList ?? PriceList(), PriceColumns.lists)
    }
  }
}

/// How price lists and their entries are listed.
enum PriceColumns {
  static let lists: [ListColumn<PriceList>] = [
    ListColumn("price_list_id", "LIST") { .text($0.priceListID) },
    ListColumn("name", "NAME") { .text($0.name) },
    ListColumn("currency_code", "CURRENCY") { .text($0.currencyCode) },
    ListColumn(detail: "tax_inclusive") { .flag($0.taxInclusive) },
    ListColumn("published_version", "VERSION", numeric: true) { .integer($0.publishedVersion) },
    ListColumn("published_entry_count", "PRICES", numeric: true) { .integer($0.publishedEntryCount) },
    ListColumn("publish_time", "PUBLISHED") { .optional(InstantText.text($0.publishTime)) },
    ListColumn("draft_entry_count", "DRAFT", numeric: true) { $0.hasDraft ? .integer($0.draftEntryCount) : .none },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]

  static let entries: [ListColumn<PriceEntry>] = [
    ListColumn("sku", "SKU") { .text($0.sku) },
    ListColumn("from_quantity", "FROM", numeric: true) { .integer(max($0.fromQuantity, 1)) },
    ListColumn("unit_price", "PRICE", numeric: true) { .amount($0.unitPriceMicros) },
    ListColumn("audience", "FOR") { .optional(AudienceText.text($0.audience)) },
    ListColumn("priority", "PRIORITY", numeric: true) { .optional(Int64($0.priority)) },
    ListColumn("valid_from_date", "VALID FROM") { .optional($0.validFromDate) },
    ListColumn("valid_until_date", "UNTIL BEFORE") { .optional($0.validUntilDate) },
  ]
}
