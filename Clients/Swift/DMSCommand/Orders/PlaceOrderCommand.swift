internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms order place`.
struct PlaceOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "place", abstract: "Places an order: it is judged, its stock reserved and its credit booked at once.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var order: DraftOptions
  @OptionGroup var request: RequestIDOptions

  @Flag(help: "Store it as a draft: nothing is judged yet.")
  var draft = false

  func run() async throws {
    let order = try await connection.withClient { client in
      if draft {
        var request = CreateOrderRequest()
        request.requestID = self.request.requestID ?? ""
        request.order = self.order.draft
        return try await client.orders.createOrder(request).order
      }
      var request = PlaceOrderRequest()
      request.requestID = self.request.requestID ?? ""
      request.order = self.order.draft
      return try await client.orders.placeOrder(request).order
    }
    output.write(order ?? Order(), OrderColumns.whole)
  }
}

/// `dms order validate`.
struct ValidateOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Judges an order as if it were placed now; stores nothing.",
    discussion: "Exit code 6 when a rule would block it.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var order: DraftOptions

  func run() async throws {
    var request = ValidateOrderRequest()
    request.subject = .order(order.draft)
    let answer = try await connection.withClient { client in try await client.orders.validateOrder(request) }
    try VerdictReport.write(answer, output)
  }
}

/// `dms order submit`.
struct SubmitOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "submit", abstract: "Submits a draft.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var request: RequestIDOptions

  @Argument(help: "The draft.")
  var order: String

  @Option(help: "The etag that was read (default: whatever it is now).")
  var etag: String?

  @Flag(help: "Only say what the rules would say.")
  var validate = false

  func run() async throws {
    try await connection.withClient { client in
      if validate {
        var request = ValidateOrderRequest()
        request.subject = .orderID(order)
        try VerdictReport.write(try await client.orders.validateOrder(request), output)
        return
      }
      var request = SubmitOrderRequest()
      request.requestID = self.request.requestID ?? ""
      request.orderID = order
      request.etag = etag ?? ""
      output.write(try await client.orders.submitOrder(request).order ?? Order(), OrderColumns.whole)
    }
  }
}

/// Writes what the rules say of an order.
enum VerdictReport {
  static func write(_ answer: ValidateOrderResponse, _ output: OutputOptions) throws(CommandFailure) {
    output.write(answer, columns(all: output.output != .table))
    guard answer.outcome != .block else {
      throw CommandFailure("the order would be blocked; nothing was stored", status: ExitStatus.conflict)
    }
  }

  /// People see the verdicts that say something, programs all of them.
  private static func columns(all: Bool) -> [ListColumn<ValidateOrderResponse>] {
    [
      ListColumn("outcome", "OUTCOME") { .text(EnumWord.text($0.outcome)) },
      ListColumn("net", "NET", numeric: true) { .amount($0.order?.netMicros ?? 0) },
      ListColumn("total", "TOTAL", numeric: true) { .amount($0.order?.totalMicros ?? 0) },
      ListColumn("currency_code", "CURRENCY") { .optional($0.order?.currencyCode ?? "") },
      ListColumn("verdicts", "VERDICTS") {
        .list($0.verdicts.filter { all || $0.outcome != .pass }.map(VerdictText.value))
      },
    ]
  }
}
