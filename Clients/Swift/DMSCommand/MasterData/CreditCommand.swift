internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms credit`.
struct CreditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "credit", abstract: "Lists, shows and changes credit accounts.",
    subcommands: [ListCreditCommand.self, ShowCredit.self, SetCredit.self])
}

/// `dms credit list`.
struct ListCreditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists credit accounts by id.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var limits: LimitOptions

  func run() async throws {
    try await connection.withClient { client in
      try await output.write(
        client.admin.creditAccounts(), CreditColumns.all, limit: limits.limit, nothing: "no credit accounts")
    }
  }
}

/// `dms credit show`.
struct ShowCredit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows one credit account with its exposure.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The account; a dealer's own has the dealer's id.")
  var account: String

  func run() async throws {
    try await connection.withClient { client in
      var request = GetCreditAccountRequest()
      request.creditAccountID = account
      output.write(
        try await client.admin.getCreditAccount(request).creditAccount ?? CreditAccount(), CreditColumns.all)
    }
  }
}

/// `dms credit set`.
struct SetCredit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Changes a credit account, or makes one.",
    discussion: "What is not named stays as it is. A new account needs --currency and --mode or --limit.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Argument(help: "The account; a dealer's own has the dealer's id.")
  var account: String

  @Option(help: "Its currency (ISO 4217).")
  var currency: String?

  @Option(help: "prepayment, limit or unlimited.", transform: EnumWord.parse)
  var mode: CreditMode?

  @Option(help: "Its limit, such as 25000.00; the mode becomes LIMIT.", transform: MoneyText.micros)
  var limit: Int64?

  @Option(help: "ok, hold or stop.", transform: EnumWord.parse)
  var status: CreditStatus?

  @Option(help: "The last business date of orders on it, YYYY-MM-DD.", transform: CalendarDate.checked)
  var expires: String?

  @Option(help: "The greatest total of one order.", transform: MoneyText.micros)
  var documentLimit: Int64?

  func run() async throws {
    try await connection.withClient { client in
      var get = GetCreditAccountRequest()
      get.creditAccountID = account
      var account: CreditAccount
      do throws(DMSError) {
        account = try await client.admin.getCreditAccount(get).creditAccount ?? CreditAccount()
      } catch {
        guard error.code == .notFound else { throw error }
        account = CreditAccount()
        account.creditAccountID = self.account
      }
      apply(to: &account)
      var request = UpsertCreditAccountsRequest()
      request.creditAccounts = [account]
      try SingleUpsert.check(
        try await client.admin.upsertCreditAccounts(request).errors, "the credit account \(self.account)")
      output.write(try await client.admin.getCreditAccount(get).creditAccount ?? account, CreditColumns.all)
    }
  }

  private func apply(to account: inout CreditAccount) {
    if let currency { account.currencyCode = currency }
    if let limit {
      account.limitMicros = limit
      account.mode = .limit
    }
    if let mode {
      account.mode = mode
      if mode != .limit { account.limitMicros = 0 }
    }
    // WATCH follows from the exposure and is never set by people.
    if account.status == .watch { account.status = .ok }
    if let status { account.status = status }
    if let expires { account.expiryDate = expires }
    if let documentLimit { account.documentLimitMicros = documentLimit }
  }
}

/// How credit accounts are listed.
enum CreditColumns {
  static let all: [ListColumn<CreditAccount>] = [
    ListColumn("credit_account_id", "ACCOUNT") { .text($0.creditAccountID) },
    ListColumn("currency_code", "CURRENCY") { .text($0.currencyCode) },
    ListColumn("mode", "MODE") { .optional(EnumWord.text($0.mode)) },
    ListColumn("credit_limit", "LIMIT", numeric: true) { $0.mode == .limit ? .amount($0.limitMicros) : .none },
    ListColumn(detail: "temporary_limit") {
      $0.temporaryLimitMicros == 0 ? .none : .amount($0.temporaryLimitMicros)
    },
    ListColumn(detail: "temporary_limit_expire_time") { .optional(InstantText.text($0.temporaryLimitExpireTime)) },
    ListColumn("exposure", "EXPOSURE", numeric: true) { .amount($0.exposureMicros) },
    ListColumn("available", "AVAILABLE", numeric: true) {
      $0.mode == .unlimited ? .none : .amount($0.availableMicros)
    },
    ListColumn("status", "STATUS") { .optional(EnumWord.text($0.status)) },
    ListColumn(detail: "expiry_date") { .optional($0.expiryDate) },
    ListColumn(detail: "document_limit") { $0.documentLimitMicros == 0 ? .none : .amount($0.documentLimitMicros) },
    ListColumn(detail: "overdue_days_max") { .optional(Int64($0.overdueDaysMax)) },
    ListColumn(detail: "overdue_max") { $0.overdueMicrosMax == 0 ? .none : .amount($0.overdueMicrosMax) },
    ListColumn(detail: "unshipped") { .amount($0.unshippedMicros) },
    ListColumn(detail: "unbilled") { .amount($0.unbilledMicros) },
    ListColumn(detail: "receivable") { .amount($0.receivableMicros) },
    ListColumn(detail: "create_time") { .optional(InstantText.text($0.createTime)) },
    ListColumn(detail: "update_time") { .optional(InstantText.text($0.updateTime)) },
    ListColumn(detail: "etag") { .optional($0.etag) },
  ]
}
