internal import DMSAPI
internal import Foundation
internal import ProtobufC
internal import RPC
internal import Synchronization

/// Many watches of stock, fed by the stock streams of many dealers: each change is one dealer's watcher's, and every
/// watcher's of the brand.
struct WatchLoad: Sendable {
  static let dealerCount = 1_980
  static let eventsPerSecond = 1_000
  /// Connections of the watchers; a server takes 100 calls on each.
  private static let watchConnections = 50
  private static let feedsPerConnection = 99
  private static let source = "bench"

  let server: String
  let key: String
  /// The server's process, whose processor time and memory are read.
  let serverPID: Int
  let catalogue = Catalogue(dealerCount: dealerCount, productCount: 50)

  /// Makes the dealers and products on a server whose store is empty.
  func fill() async throws {
    try await Servers.with(server, key: key) { servers in
      try await catalogue.fill(servers[0], stockAuthority: .feed)
    }
  }

  /// Watches with `watchers` watches, 20 of them the brand's when there are that many, else all; feeds for `seconds`;
  /// waits until everything has arrived and prints one line of JSON.
  func run(watchers count: Int, seconds: Double) async throws {
    let before = try ServerUse(of: serverPID)
    let brandCount = count > Self.dealerCount ? count - Self.dealerCount : count
    let watchers = (0..<count).map { index in
      Watcher(dealer: index < brandCount ? nil : index - brandCount)
    }
    let feeds = (0..<Self.dealerCount).map { Feed(dealer: $0) }
    try await withClients(min(Self.watchConnections, count)) { watchClients in
      try await withClients((feeds.count + Self.feedsPerConnection - 1) / Self.feedsPerConnection) { feedClients in
        try await withThrowingTaskGroup(of: Void.self) { group in
          defer { group.cancelAll() }
          for (index, watcher) in watchers.enumerated() {
            let client = watchClients[index % watchClients.count]
            group.addTask(executorPreference: client.taskExecutor) { try await watch(watcher, client) }
          }
          try await until("the watches stand") { watchers.allSatisfy(\.stands) }
          let idle = try ServerUse(of: serverPID)
          let start = Gate()
          for (index, feed) in feeds.enumerated() {
            let client = feedClients[index / Self.feedsPerConnection]
            group.addTask(executorPreference: client.taskExecutor) { try await run(feed, client, start, seconds) }
          }
          try await until("the streams are open") { feeds.allSatisfy(\.isOpen) }
          let begun = try ServerUse(of: serverPID)
          start.open()
          try await until("the streams have ended", seconds: seconds * 3 + 20) { feeds.allSatisfy(\.hasEnded) }
          let fed = ContinuousClock.now
          let due = Due(feeds)
          try await until("everything has arrived") { watchers.allSatisfy { $0.count >= due.count(for: $0) } }
          let ended = try ServerUse(of: serverPID)
          try report(
            watchers, feeds, due, elapsed: (fed - start.time) / .seconds(1), use: ended.seconds - begun.seconds,
            memory: Double(idle.resident - before.resident))
        }
      }
    }
  }

  private func withClients(_ count: Int, _ body: ([RPCClient]) async throws -> Void) async throws {
    guard let url = URL(string: server), let host = url.host, let port = url.port else {
      throw BenchmarkFailure("\(server) is no address")
    }
    var configuration = ClientConfiguration()
    configuration.credentials = .bearer(key)
    configuration.retry = .none
    configuration.maxConnections = 1
    let clients = try (0..<count).map { _ in
      try RPCClient(target: .hostPort(host, port), configuration: configuration)
    }
    do {
      try await body(clients)
    } catch {
      for client in clients { await client.close() }
      throw error
    }
    for client in clients { await client.close() }
  }

  private func watch(_ watcher: Watcher, _ client: RPCClient) async throws {
    let request = WatchInventoryRequest.with {
      $0.afterRevision = -1
      $0.owner = .dealer
      $0.dealerID = watcher.dealer.map { catalogue.dealerID($0) } ?? ""
    }
    do {
      for try await message in InventoryServiceClient(client).watchInventory(request) { watcher.take(message) }
    } catch  where Task.isCancelled {}
  }

  private func run(_ feed: Feed, _ client: RPCClient, _ start: Gate, _ seconds: Double) async throws {
    try await InventoryServiceClient(client).streamInventory { requests, replies in
      var replies = replies.makeAsyncIterator()
      try await requests.write(
        .with {
          $0.message = .open(
            .with {
              $0.dealerID = catalogue.dealerID(feed.dealer)
              $0.source = Self.source
              $0.epoch = 1
            })
        })
      guard case .opened(let opened)? = try await replies.next()?.message else {
        throw BenchmarkFailure("a stream was not opened")
      }
      var sequence = opened.lastSequence
      feed.opened()
      await start.passed()
      // Dealers take turns, so that events come evenly.
      let period = Duration.seconds(1) * Self.dealerCount / Self.eventsPerSecond
      let end = start.time + .seconds(seconds)
      var due = start.time + period * feed.dealer / Self.dealerCount
      while due < end {
        try await Task.sleep(until: due, tolerance: .zero)
        sequence += 1
        let sent = Self.nowMicros
        try await requests.write(event(of: feed.dealer, sequence: sequence, at: sent))
        guard case .ack(let ack)? = try await replies.next()?.message, ack.lastSequence == sequence,
          ack.rejected.isEmpty
        else { throw BenchmarkFailure("an event was not taken") }
        feed.acknowledged(ack.revision, after: Self.nowMicros - sent)
        due += period
      }
      feed.ended()
    }
  }

  private func event(of dealer: Int, sequence: Int64, at micros: Int64) -> StreamInventoryRequest {
    .with {
      $0.message = .batch(
        .with {
          $0.events = [
            .with {
              $0.sequence = sequence
              $0.eventTime = .with {
                $0.seconds = micros / 1_000_000
                $0.nanos = Int32(micros % 1_000_000) * 1_000
              }
              $0.sku = catalogue.sku((dealer + Int(sequence)) % catalogue.productCount)
              $0.change = .movement(
                .with {
                  $0.kind = .receipt
                  $0.quantity = 1
                })
            }
          ]
        })
    }
  }

  private func report(
    _ watchers: [Watcher], _ feeds: [Feed], _ due: Due, elapsed: Double, use: Double, memory: Double
  ) throws {
    var delays: [Int64] = []
    var wrong = 0
    var delivered = 0
    for watcher in watchers {
      let seen = watcher.seen
      delivered += seen.revisions.count
      delays += seen.delays
      // Equal and in order: nothing lost, nothing doubled.
      if seen.revisions != due.revisions(for: watcher) { wrong += 1 }
    }
    let acknowledged = Quantiles(feeds.flatMap(\.delays))
    let delay = Quantiles(delays)
    print(
      """
      {"events": \(due.all.count), "events_per_second": \(Double(due.all.count) / elapsed), \
      "delivered": \(delivered), "wrong_watchers": \(wrong), \
      "delay_p50_us": \(delay[0.5]), "delay_p99_us": \(delay[0.99]), \
      "commit_p50_us": \(acknowledged[0.5]), "commit_p99_us": \(acknowledged[0.99]), \
      "processor_seconds": \(use), "bytes_per_watch": \(memory / Double(watchers.count))}
      """)
  }

  static var nowMicros: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  private func until(_ what: String, seconds: Double = 60, _ holds: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while !holds() {
      guard ContinuousClock.now < end else { throw BenchmarkFailure("waited in vain until \(what)") }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}

/// A watch and what it has been told.
private final class Watcher: Sendable {
  struct Seen {
    var revisions: [Int64] = []
    /// From the moment an event was sent, in microseconds.
    var delays: [Int64] = []
    var stands = false
  }

  /// The number of the dealer that is watched; nil for all.
  let dealer: Int?
  private let state = Mutex(Seen())

  init(dealer: Int?) {
    self.dealer = dealer
  }

  var stands: Bool { state.withLock(\.stands) }
  var count: Int { state.withLock(\.revisions.count) }
  var seen: Seen { state.withLock { $0 } }

  func take(_ message: WatchInventoryResponse) {
    state.withLock { seen in
      seen.stands = true
      guard case .level(let level)? = message.event, let sent = level.asOfTime else { return }
      seen.revisions.append(level.revision)
      seen.delays.append(WatchLoad.nowMicros - (sent.seconds * 1_000_000 + Int64(sent.nanos) / 1_000))
    }
  }
}

/// A dealer's stock stream and what was acknowledged.
private final class Feed: Sendable {
  struct State {
    var isOpen = false
    var hasEnded = false
    var revisions: [Int64] = []
    var delays: [Int64] = []
  }

  let dealer: Int
  private let state = Mutex(State())

  init(dealer: Int) {
    self.dealer = dealer
  }

  var isOpen: Bool { state.withLock(\.isOpen) }
  var hasEnded: Bool { state.withLock(\.hasEnded) }
  var revisions: [Int64] { state.withLock(\.revisions) }
  var delays: [Int64] { state.withLock(\.delays) }

  func opened() { state.withLock { $0.isOpen = true } }
  func ended() { state.withLock { $0.hasEnded = true } }

  func acknowledged(_ revision: Int64, after delay: Int64) {
    state.withLock { state in
      state.revisions.append(revision)
      state.delays.append(delay)
    }
  }
}

/// What each watcher is to be told.
private struct Due {
  let all: [Int64]
  private let byDealer: [[Int64]]

  init(_ feeds: [Feed]) {
    byDealer = feeds.map(\.revisions)
    all = byDealer.flatMap { $0 }.sorted()
  }

  func revisions(for watcher: Watcher) -> [Int64] { watcher.dealer.map { byDealer[$0] } ?? all }
  func count(for watcher: Watcher) -> Int { watcher.dealer.map { byDealer[$0].count } ?? all.count }
}

/// Lets everybody through once it is open.
private final class Gate: Sendable {
  private struct State {
    var time: ContinuousClock.Instant?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// When it was opened.
  var time: ContinuousClock.Instant { state.withLock(\.time) ?? .now }

  func open() {
    let waiting = state.withLock { state in
      state.time = .now
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.resume() }
  }

  func passed() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if state.time == nil { state.waiting.append(continuation) }
        return state.time != nil
      }
      if isOpen { continuation.resume() }
    }
  }
}

private struct Quantiles {
  private let sorted: [Int64]

  init(_ values: [Int64]) {
    sorted = values.sorted()
  }

  subscript(share: Double) -> Int64 {
    sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }
}

/// What a process has used so far.
private struct ServerUse {
  /// Processor time.
  let seconds: Double
  /// Bytes in memory now.
  let resident: Int

  init(of process: Int) throws {
    let stat = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    let memory = try String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8).split(separator: " ")
    let fields = stat.drop { $0 != ")" }.split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]), memory.count > 1,
      let pages = Int(memory[1])
    else { throw BenchmarkFailure("the server's use of the machine cannot be read") }
    seconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    resident = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
