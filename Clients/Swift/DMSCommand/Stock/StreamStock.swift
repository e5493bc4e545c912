internal import ArgumentParser
internal import DMSAPI
internal import DMSClient
internal import Synchronization

/// `dms stock stream`.
struct StreamStock: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Streams stock events of dealers, exactly once in effect.",
    discussion: columnHelp(EventFile.columns)
      + """
       A kind is SET (what is on hand), or RECEIPT, SALE, CUSTOMER_RETURN, ISSUE, ADJUST, DAMAGE (what \
      changed). Every dealer has a stream of its own; a dealer's rows stand in the order of its events. \
      The place of a row among its dealer's rows is its sequence: a file that has grown goes on where the \
      last run came to, and one that is complete sends nothing.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: "A CSV file; - is standard input.", completion: .file())
  var file: String

  @Option(name: .customLong("map"), help: "The header that holds a column: column=header. May be repeated.")
  var maps: [String] = []

  @Option(name: .customLong("set"), help: "One value for every row: column=value. May be repeated.")
  var constants: [String] = []

  @Option(help: "The name of the reporting system; sequences count within it.")
  var source = "file"

  @Option(help: "The epoch, from 1: higher when the source starts its sequences anew.")
  var epoch: Int64 = 1

  @Option(help: "Dealers that stream at once, 1 to 256.")
  var concurrency = 32

  @Flag(help: "Read and check the file, send nothing.")
  var dryRun = false

  @Flag(help: "Show no progress.")
  var quiet = false

  mutating func validate() throws {
    guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 256") }
    guard epoch >= 1 else { throw ValidationError("--epoch must be at least 1") }
  }

  func run() async throws {
    let csv = try CSVFile(path: file)
    let map = try ColumnMap(
      header: csv.header, columns: EventFile.columns, maps: maps, constants: constants, file: csv.name)
    let events = EventFile(csv, map)
    guard events.problems.isEmpty else {
      throw CommandFailure(
        "nothing was sent: \(CountText.counted(Set(events.problems.map(\.line)).count, "row")) to mend",
        details: events.problems.map { $0.text(in: csv.name) }, status: ExitStatus.invalidInput)
    }
    let total = events.feeds.reduce(0) { $0 + $1.events.count }
    guard !dryRun else {
      let dealers = CountText.counted(events.feeds.count, "dealer")
      Terminal.output.line("\(CountText.counted(total, "event")) of \(dealers); nothing was sent")
      return
    }
    let tally = StreamTally(file: csv.name)
    let meter = ProgressMeter(total: total, noun: "events", isQuiet: quiet)
    try await connection.withClient(forLongWork: true) { client in
      await stream(events.feeds, client, tally, meter)
    }
    try tally.report(dealers: events.feeds.count, elapsed: meter.finish())
  }

  /// Streams every feed, a bounded number at once. One that fails does not stop the others.
  private func stream(
    _ feeds: [EventFile.Feed], _ client: DMSClient, _ tally: StreamTally, _ meter: ProgressMeter
  ) async {
    await withTaskGroup(of: Void.self) { group in
      for (index, feed) in feeds.enumerated() {
        if index >= concurrency { await group.next() }
        group.addTask { await upload(feed, client, tally, meter) }
      }
    }
  }

  private func upload(
    _ feed: EventFile.Feed, _ client: DMSClient, _ tally: StreamTally, _ meter: ProgressMeter
  ) async {
    let uploader = InventoryUploader(client.inventory, dealerID: feed.dealerID, source: source, epoch: epoch)
    let reached = Mutex(Int64(0))
    do {
      let summary = try await uploader.run(ListedEvents(feed.events)) { update in
        switch update {
        case .opened(let sequence), .acknowledged(let sequence):
          let advance = reached.withLock { reached in
            defer { reached = max(reached, sequence) }
            return max(sequence - reached, 0)
          }
          meter.advance(by: Int(clamping: advance))
        case .rejected(let rejected):
          tally.rejected(rejected, of: feed)
        case .interrupted:
          break
        }
      }
      tally.finished(summary)
    } catch {
      tally.failed(feed.dealerID, error, durable: reached.withLock(\.self))
    }
  }
}

/// Counts what comes of the streams.
private final class StreamTally: Sendable {
  private struct State {
    var summary = UploadSummary()
    var rejected: [(line: Int, text: String)] = []
    var failures: [(text: String, status: Int32, remedy: String?)] = []
  }

  private let file: String
  private let state = Mutex(State())

  init(file: String) {
    self.file = file
  }

  func rejected(_ events: [RejectedEvent], of feed: EventFile.Feed) {
    state.withLock { state in
      for event in events {
        let index = Int(clamping: event.sequence - 1)
        let line = feed.lines.indices.contains(index) ? feed.lines[index] : 0
        state.rejected.append((line, "\(event.reason): \(event.message)"))
      }
    }
  }

  func finished(_ summary: UploadSummary) {
    state.withLock { state in
      state.summary.lastSequence += summary.lastSequence
      state.summary.appliedCount += summary.appliedCount
      state.summary.duplicateCount += summary.duplicateCount
      state.summary.rejectedCount += summary.rejectedCount
      state.summary.resumptions += summary.resumptions
    }
  }

  func failed(_ dealer: String, _ error: any Error, durable: Int64) {
    let failure = FailureText.failure(of: error)
    let text = ([failure.message] + failure.details).joined(separator: "; ")
    state.withLock { state in
      state.summary.lastSequence += durable
      state.failures.append(
        ("dealer \(dealer), after \(CountText.counted(durable, "event")): \(text)", failure.status, failure.remedy))
    }
  }

  /// Writes what came of all streams. Throws ``CommandFailure`` when one failed or events were rejected.
  func report(dealers: Int, elapsed: Duration) throws(CommandFailure) {
    let state = state.withLock { $0 }
    let applied = Int(clamping: state.summary.appliedCount)
    let before = state.summary.lastSequence - state.summary.appliedCount - state.summary.rejectedCount
    Terminal.output.line(
      "\(CountText.counted(state.summary.lastSequence, "event")) of \(CountText.counted(dealers, "dealer")) durable: "
        + "\(CountText.grouped(applied)) applied in \(ProgressMeter.seconds(elapsed)) "
        + "(\(ProgressMeter.rate(applied, in: elapsed)) events/s)"
        + (before > 0 ? ", \(CountText.grouped(before)) before" : "")
        + (state.summary.rejectedCount > 0 ? ", \(CountText.grouped(state.summary.rejectedCount)) rejected" : ""))
    let rejected = state.rejected.sorted { $0.line < $1.line }.map { "\(file):\($0.line): \($0.text)" }
    if let first = state.failures.first {
      throw CommandFailure(
        "\(CountText.counted(state.failures.count, "stream")) failed", details: state.failures.map(\.text) + rejected,
        remedy: first.remedy ?? "Start it again: it goes on after the last durable event.", status: first.status)
    }
    guard rejected.isEmpty else {
      throw CommandFailure(
        "\(CountText.counted(rejected.count, "event")) rejected; the others are applied", details: rejected,
        status: ExitStatus.invalidInput)
    }
  }
}
