internal import ArgumentParser
internal import DMSAPI
internal import DMSClient

/// `dms order import`.
struct ImportOrders: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Places every order of two files, many at a time.",
    discussion: """
      ORDERS has customer_reference, dealer_id and perhaps business_date; LINES has customer_reference, sku, \
      quantity and perhaps unit and unit_price. Lines of one order on one product at one price are summed. \
      Each order is a commit of its own: one that is refused keeps no other from being placed. Its request \
      id comes from dealer and reference, so that a second run places nothing twice.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "A CSV file of orders.", completion: .file())
  var orders: String

  @Argument(help: "A CSV file of their lines.", completion: .file())
  var lines: String

  @Option(help: "What unit_price means: expected, agreed (outside the lists), or ignored.")
  var prices: PriceMeaning = .expected

  @Option(help: "Why prices are agreed outside the lists.")
  var reason = "as invoiced"

  @Option(help: "What to do without enough stock: reject, complete or partial.", transform: EnumWord.parse)
  var shipPolicy: ShipPolicy?

  @Option(help: "Orders under way at once, 1 to 1024.")
  var concurrency = 64

  @Flag(help: "Place each order by a call of its own instead of all over one stream.")
  var singleCalls = false

  @Flag(help: "Read and check the files, place nothing.")
  var dryRun = false

  @Option(help: "Another name for this run: under a new name the orders are placed anew.")
  var run = ""

  @Flag(help: "Show no progress.")
  var quiet = false

  mutating func validate() throws {
    guard (1...1_024).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 1024") }
  }

  func run() async throws {
    let file = try read()
    let entries = file.entries
    let lineCount = entries.reduce(0) { $0 + $1.lines.count }
    let sourceLineCount = entries.reduce(0) { $0 + $1.sourceLineCount }
    let found =
      "\(CountText.counted(entries.count, "order")), \(CountText.counted(sourceLineCount, "source line")), "
      + "\(CountText.counted(lineCount, "order line")) once lines of one product at one price are summed"
    guard !dryRun else {
      Terminal.output.line("\(found); nothing was placed")
      return
    }
    Terminal.output.line("read: \(found)")
    let tally = PlacementTally(entries, run: run)
    let meter = ProgressMeter(total: entries.count, noun: "orders", isQuiet: quiet)
    let requests = entries.map { entry in
      var request = BatchPlaceOrdersRequest()
      request.requestID = entry.requestID(run: run)
      request.order = entry.draft(prices: prices, reason: reason, shipPolicy: shipPolicy ?? .unspecified)
      return request
    }
    try await connection.withClient(forLongWork: true) { client in
      do {
        try await place(requests, client) { requestID, result in
          tally.count(requestID, result)
          meter.advance()
        }
      } catch {
        meter.finish()
        throw tally.broken(by: FailureText.failure(of: error))
      }
    }
    try tally.report(elapsed: meter.finish(), file: orders)
  }

  private func read() throws(CommandFailure) -> OrderFile {
    let ordersFile = try CSVFile(path: orders)
    let linesFile = try CSVFile(path: lines)
    let file = OrderFile(
      orders: ordersFile,
      try ColumnMap(header: ordersFile.header, columns: OrderFile.orderColumns, file: ordersFile.name),
      lines: linesFile,
      try ColumnMap(header: linesFile.header, columns: OrderFile.lineColumns, file: linesFile.name))
    let problems =
      file.orderProblems.map { $0.text(in: ordersFile.name) } + file.lineProblems.map { $0.text(in: linesFile.name) }
    guard problems.isEmpty else {
      throw CommandFailure(
        "nothing was placed: \(CountText.counted(problems.count, "thing")) to mend", details: problems,
        status: ExitStatus.invalidInput)
    }
    return file
  }

  private func place(
    _ requests: [BatchPlaceOrdersRequest], _ client: DMSClient,
    onResult: @escaping @Sendable (_ requestID: String, Result<Order, DMSError>) -> Void
  ) async throws {
    guard singleCalls else {
      var options = BatchOptions()
      options.windowMax = concurrency
      _ = try await client.orders.placeAll(requests, options: options) { placement in
        onResult(placement.request.requestID, placement.result)
      }
      return
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, request) in requests.enumerated() {
        if index >= concurrency { try await group.next() }
        group.addTask {
          do throws(DMSError) {
            var single = PlaceOrderRequest()
            single.requestID = request.requestID
            single.order = request.order
            onResult(request.requestID, .success(try await client.orders.placeOrder(single).order ?? Order()))
          } catch {
            // What concerns the caller, not the order, ends the run.
            guard ExitStatus.of(error) != ExitStatus.notAllowed, !error.isOutcomeUnknown else { throw error }
            onResult(request.requestID, .failure(error))
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

extension PriceMeaning: ExpressibleByArgument {}
