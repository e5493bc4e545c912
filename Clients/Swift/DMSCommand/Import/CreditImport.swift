internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms import credit`.
struct ImportCredit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit", abstract: "Makes or replaces credit accounts.",
    discussion: columnHelp(columns)
      + """
       A dealer's own account has the dealer's id: --map credit_account_id=dealer_id takes limits from a \
      file of dealers. Without a mode, an account with a limit is LIMIT, and one without is PREPAYMENT.
      """)

  @OptionGroup var options: ImportOptions
  @OptionGroup var connection: ConnectionOptions

  static let columns = [
    ColumnSpec("credit_account_id", required: true), ColumnSpec("currency_code", required: true),
    ColumnSpec("mode"), ColumnSpec("credit_limit"), ColumnSpec("status"), ColumnSpec("expiry_date"),
    ColumnSpec("document_limit"), ColumnSpec("overdue_days_max"), ColumnSpec("overdue_max"),
  ]

  func run() async throws {
    let job = MasterDataImport<CreditAccount>(
      noun: "credit account", columns: Self.columns, key: \.creditAccountID, read: Self.account
    ) { client, id, accounts, validateOnly throws(DMSError) in
      var request = UpsertCreditAccountsRequest()
      request.requestID = id
      request.creditAccounts = accounts
      request.validateOnly = validateOnly
      let response = try await client.admin.upsertCreditAccounts(request)
      return UpsertOutcome(
        created: Int(response.createdCount), updated: Int(response.updatedCount),
        unchanged: Int(response.unchangedCount), errors: response.errors)
    }
    try await job.run(options, connection)
  }

  @Sendable static func account(_ row: inout RowReader) -> CreditAccount {
    var account = CreditAccount()
    account.creditAccountID = row.required("credit_account_id")
    account.currencyCode = row.required("currency_code")
    let limit = row.amount("credit_limit")
    account.limitMicros = limit ?? 0
    account.mode = row.word("mode")
    if account.mode == .unspecified { account.mode = limit == nil ? .prepayment : .limit }
    if account.mode != .limit, account.limitMicros > 0 {
      row.note("credit_limit", "only the mode LIMIT has a limit")
    }
    account.status = row.word("status")
    account.expiryDate = row.date("expiry_date")
    account.documentLimitMicros = row.amount("document_limit") ?? 0
    account.overdueDaysMax = Int32(row.integer("overdue_days_max", in: 0...36_525))
    account.overdueMicrosMax = row.amount("overdue_max") ?? 0
    return account
  }
}
