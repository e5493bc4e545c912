internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms import dealers`.
struct ImportDealers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dealers", abstract: "Makes or replaces dealers.",
    discussion: columnHelp(columns))

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  static let columns = [
    ColumnSpec("dealer_id", required: true), ColumnSpec("name", required: true), ColumnSpec("tier"),
    ColumnSpec("region"), ColumnSpec("parent_dealer_id"), ColumnSpec("status"),
    ColumnSpec("currency_code", required: true), ColumnSpec("payment_terms"), ColumnSpec("credit_account_id"),
    ColumnSpec("price_list_id"), ColumnSpec("territory"), ColumnSpec("warehouse_id"),
    ColumnSpec("stock_authority"), ColumnSpec("feed_max_age_hours"), ColumnSpec("split_shipments_allowed"),
    ColumnSpec("recipient"), ColumnSpec("address"), ColumnSpec("city"), ColumnSpec("address_region"),
    ColumnSpec("postal_code"), ColumnSpec("country_code"),
  ]

  func run() async throws {
    let job = MasterDataImport<Dealer>(
      noun: "dealer", columns: Self.columns, key: \.dealerID, reference: \.parentDealerID, read: Self.dealer
    ) { client, id, dealers, validateOnly throws(DMSError) in
      var request = UpsertDealersRequest()
      request.requestID = id
      request.dealers = dealers
      request.validateOnly = validateOnly
      let response = try await client.admin.upsertDealers(request)
      return UpsertOutcome(
        created: Int(response.createdCount), updated: Int(response.updatedCount),
        unchanged: Int(response.unchangedCount), errors: response.errors)
    }
    try await job.run(options, connection)
  }

  @Sendable static func dealer(_ row: inout RowReader) -> Dealer {
    var dealer = Dealer()
    dealer.dealerID = row.required("dealer_id")
    dealer.name = row.required("name")
    dealer.tier = row.text("tier")
    dealer.region = row.text("region")
    dealer.parentDealerID = row.text("parent_dealer_id")
    dealer.status = row.word("status")
    dealer.currencyCode = row.required("currency_code")
    dealer.paymentTerms = row.text("payment_terms")
    dealer.creditAccountID = row.text("credit_account_id")
    dealer.priceListID = row.text("price_list_id")
    dealer.territory = row.text("territory")
    dealer.servingWarehouseIDs = row.texts("warehouse_id")
    dealer.stockAuthority = row.word("stock_authority")
    let hours = row.integer("feed_max_age_hours", in: 1...2_160)
    if hours > 0 {
      var age = ProtoDuration()
      age.seconds = hours * 3_600
      dealer.feedMaxAge = age
    }
    dealer.splitShipmentsAllowed = row.flag("split_shipments_allowed")
    dealer.address = address(row)
    return dealer
  }

  private static func address(_ row: RowReader) -> Address? {
    var address = Address()
    address.recipient = row.text("recipient")
    address.lines = row.texts("address")
    address.city = row.text("city")
    address.region = row.text("address_region")
    address.postalCode = row.text("postal_code")
    address.countryCode = row.text("country_code")
    return address == Address() ? nil : address
  }
}

/// What an import's help says of its columns.
func columnHelp(_ columns: [ColumnSpec]) -> String {
  "Columns (* required): " + columns.map { $0.name + ($0.isRequired ? "*" : "") }.joined(separator: ", ") + "."
}
