import DMSClient
import RPC
import Synchronization

/// A change as a watch told it.
protocol WatchedEntry: Hashable, Sendable {
  associatedtype Response: WatchResponse
  /// The revision of the change itself.
  var revision: Int64 { get }
  /// Nil when the resource cannot be understood.
  init?(_ resource: Response.Resource)
  /// A watch of everything.
  static func watch(_ client: DMSClient, after start: WatchStart) -> WatchSequence<Response>
}

/// A change of an order.
struct OrderEntry: WatchedEntry {
  var revision: Int64
  var orderID: String
  var version: Int64
  var state: OrderState

  init?(_ order: Order) {
    guard let version = order.version else { return nil }
    revision = order.revision
    orderID = order.orderID
    self.version = version
    state = order.state
  }

  static func watch(_ client: DMSClient, after start: WatchStart) -> WatchSequence<WatchOrdersResponse> {
    client.orders.watch(after: start)
  }
}

/// A change of a balance.
struct StockEntry: WatchedEntry {
  var revision: Int64
  var dealerID: String
  var locationID: String
  var sku: String
  var onHand: Int64
  var reserved: Int64

  init?(_ level: StockLevel) {
    guard let location = level.location else { return nil }
    revision = level.revision
    dealerID = location.dealerID
    locationID = location.locationID
    sku = level.sku
    onHand = level.onHandQuantity
    reserved = level.reservedQuantity
  }

  static func watch(_ client: DMSClient, after start: WatchStart) -> WatchSequence<WatchInventoryResponse> {
    client.inventory.watch(after: start)
  }
}

/// What a watch saw that was interrupted again and again, and resumed each time after the last revision it had
/// handled.
final class WatchRecord<Entry: WatchedEntry>: Sendable {
  private struct State {
    var entries: [Entry] = []
    /// Entries of the newest revision that was seen: they may come again.
    var newest: Set<Entry> = []
    var repeats = 0
    var resumptions = 0
  }

  private let name: String
  private let findings: Findings
  private let state = Mutex(State())
  /// How far it has come.
  let revision = Milestones()

  init(_ name: String, findings: Findings) {
    self.name = name
    self.findings = findings
  }

  /// Changes seen, each once.
  var count: Int { state.withLock { $0.entries.count } }
  /// Changes that came again after an interruption.
  var repeats: Int { state.withLock { $0.repeats } }
  /// Times that this side broke the watch off and began another one after its last revision.
  var resumptions: Int { state.withLock { $0.resumptions } }

  /// What it saw of the revisions after `first`, up to `last`.
  func entries(after first: Int64, through last: Int64) -> [Entry] {
    state.withLock { state in state.entries.filter { $0.revision > first && $0.revision <= last } }
  }

  /// Watches until the task is cancelled. Breaks off now and then by itself, and goes on at any of the servers.
  func run(_ load: Load, seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    while true {
      var left = Int.random(in: 1...400, using: &random)
      let reached = revision.value
      let start: WatchStart = reached == 0 ? .oldest : .after(revision: reached)
      for try await message in Entry.watch(load.client(&random), after: start) {
        if let resource = message.resource { take(resource) }
        revision.raise(to: message.revision)
        left -= 1
        if left == 0 { break }
      }
      state.withLock { $0.resumptions += 1 }
    }
  }

  private func take(_ resource: Entry.Response.Resource) {
    guard let entry = Entry(resource) else { return findings.wrong("the watch of \(name) sent \(resource)") }
    let problem = state.withLock { state -> String? in
      let newest = state.entries.last?.revision ?? 0
      if entry.revision < newest { return "\(entry) came after revision \(newest)" }
      if entry.revision > newest { state.newest = [] }
      guard state.newest.insert(entry).inserted else {
        state.repeats += 1
        return nil
      }
      state.entries.append(entry)
      return nil
    }
    if let problem { findings.wrong("the watch of \(name) is out of order: \(problem)") }
  }

  /// What a new watch tells of the revisions after `first`, up to `last`, each change once.
  static func read(_ client: DMSClient, after first: Int64, through last: Int64) async throws -> [Entry] {
    var entries: [Entry] = []
    var seen: Set<Entry> = []
    guard last > first else { return [] }
    for try await message in Entry.watch(client, after: first == 0 ? .oldest : .after(revision: first)) {
      if let resource = message.resource, let entry = Entry(resource), entry.revision <= last,
        seen.insert(entry).inserted
      {
        entries.append(entry)
      }
      if message.revision >= last { break }
    }
    return entries
  }
}
