internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms verify`.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Recomputes every balance of stock, reservations and credit from its ledger.",
    discussion: "Exit code 1 when a balance differs from its ledger.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Show at most this many differences, 1 to 1000.")
  var limit: Int32 = 100

  mutating func validate() throws {
    guard (1...1_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 1000") }
  }

  func run() async throws {
    var request = VerifyLedgersRequest()
    request.maxDifferences = limit
    let answer = try await connection.withClient { client in try await client.inventory.verifyLedgers(request) }
    output.write(answer, Self.columns)
    guard answer.differenceCount == 0 else {
      throw CommandFailure(
        "\(CountText.counted(answer.differenceCount, "balance")) not explained by the ledger",
        remedy: "Tell whoever runs the server, before anything else is posted.")
    }
    if output.output == .table { Terminal.output.line(Paint.good("every balance is what its ledger says")) }
  }

  private static let columns: [ListColumn<VerifyLedgersResponse>] = [
    ListColumn("revision", "REVISION", numeric: true) { .integer($0.revision) },
    ListColumn("stock_balances", "STOCK BALANCES", numeric: true) { .integer($0.stockBalanceCount) },
    ListColumn("movements", "MOVEMENTS", numeric: true) { .integer($0.movementCount) },
    ListColumn("reservation_balances", "RESERVATIONS", numeric: true) { .integer($0.reservationBalanceCount) },
    ListColumn("credit_accounts", "CREDIT ACCOUNTS", numeric: true) { .integer($0.creditAccountCount) },
    ListColumn("credit_entries", "CREDIT ENTRIES", numeric: true) { .integer($0.creditEntryCount) },
    ListColumn("order_lines", "ORDER LINES", numeric: true) { .integer($0.orderLineCount) },
    ListColumn("difference_count", "DIFFERENCES", numeric: true) { .integer($0.differenceCount) },
    ListColumn("differences", "DIFFERENCES") { answer in
      .list(
        answer.differences.map { difference in
          .record([
            Value.Field("ledger", .text(difference.ledger)), Value.Field("key", .text(difference.key)),
            Value.Field("expected", .integer(difference.expected)),
            Value.Field("actual", .integer(difference.actual)),
          ])
        })
    },
  ]
}
