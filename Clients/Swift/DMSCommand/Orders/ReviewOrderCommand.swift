internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms order review`.
struct ReviewOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Approves, rejects or returns an order that is in review.",
    discussion: """
      The decision holds for the order as it is read now, or for the etag that is given: when it has changed \
      meanwhile, nothing is decided.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var request: RequestIDOptions

  @Argument(help: "The order.")
  var order: String

  @Flag(help: "What to decide.")
  var decision: Decision

  @Option(help: "Why; needed unless it is approved.")
  var comment: String?

  @Option(help: "The etag of the order that was looked at (default: it is read now).")
  var etag: String?

  /// What a reviewer decides, as flags.
  enum Decision: String, EnumerableFlag {
    case approve
    case reject
    case `return`

    var wire: ReviewDecision {
      switch self {
      case .approve: .approve
      case .reject: .reject
      case .return: .return
      }
    }
  }

  mutating func validate() throws {
    if decision != .approve, comment?.isEmpty ?? true {
      throw ValidationError("say why: --comment '…'")
    }
  }

  func run() async throws {
    try await connection.withClient { client in
      var request = ReviewOrderRequest()
      request.requestID = self.request.requestID ?? ""
      request.orderID = order
      request.etag = if let etag { etag } else { try await client.orders.get(order).etag }
      request.decision = decision.wire
      request.comment = comment ?? ""
      output.write(try await client.orders.reviewOrder(request).order ?? Order(), OrderColumns.whole)
    }
  }
}

/// `dms order cancel`.
struct CancelOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancels an order of which nothing has shipped; stock and credit are free again.")

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var request: RequestIDOptions

  @Argument(help: "The order.")
  var order: String

  @Option(help: "Why.")
  var reason: String?

  @Option(help: "The etag that was read (default: whatever it is now).")
  var etag: String?

  func run() async throws {
    var request = CancelOrderRequest()
    request.requestID = self.request.requestID ?? ""
    request.orderID = order
    request.reason = reason ?? ""
    request.etag = etag ?? ""
    let answer = try await connection.withClient { client in try await client.orders.cancelOrder(request) }
    output.write(answer.order ?? Order(), OrderColumns.whole)
  }
}
