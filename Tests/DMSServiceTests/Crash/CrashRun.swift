import DMSClient
import Foundation
import RPC
import Testing

/// One store's life: a mixed load on its servers, which are killed at random moments and started again, other trouble
/// for them, and a look at everything after each of these.
struct CrashRun: Sendable {
  /// Something that happens to servers under load, by name.
  struct Fault: Sendable {
    let name: String
    let happen: @Sendable () async throws -> Void
  }

  let store: CrashStore
  var servers = 1
  /// How often a server is killed.
  var kills = 0
  /// How often each of these happens.
  var faults: [(fault: Fault, count: Int)] = []
  /// Looks at everything without anything having happened.
  var calms = 0
  var callers = 36
  var patience = Patience.some
  let seed: UInt64

  /// What a run came to.
  struct Figures: CustomStringConvertible {
    var kills = 0
    var faults = 0
    var writes: Int64 = 0
    var repeats: Int64 = 0
    var changes = 0
    /// Failures that callers have seen and met with another try, by kind.
    var failures: [String: Int] = [:]
    var lost = 0
    var doubled = 0
    var seconds = 0.0
    /// The longest time from an event until everything had been looked at, and what it was.
    var slowest = (event: "", seconds: 0.0)

    static func += (sum: inout Figures, one: Figures) {
      sum.kills += one.kills
      sum.faults += one.faults
      sum.failures.merge(one.failures) { $0 + $1 }
      sum.writes += one.writes
      sum.repeats += one.repeats
      sum.changes += one.changes
      sum.lost += one.lost
      sum.doubled += one.doubled
      sum.seconds += one.seconds
      if one.slowest.seconds > sum.slowest.seconds { sum.slowest = one.slowest }
    }

    var description: String {
      "\(kills) kills, \(faults) other faults, \(writes) acknowledged writes, \(lost) lost, \(doubled) doubled, "
        + "\(repeats) repeats answered, \(changes) changes watched, \(rounded(seconds)) s, at most "
        + "\(rounded(slowest.seconds)) s after \(slowest.event); tried again after "
        + failures.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value)" }.joined(separator: ", ")
    }
  }

  private enum Event {
    case kill
    case fault(Fault)
    case calm

    var name: String {
      switch self {
      case .kill: "kill"
      case .fault(let fault): fault.name
      case .calm: "calm"
      }
    }
  }

  /// Whether each event is printed.
  private static let isTraced = ProcessInfo.processInfo.environment["DMS_SOAK_TRACE"] != nil

  private static func rounded(_ seconds: Double) -> String { String(format: "%.1f", seconds) }

  /// Everything that is to happen.
  private var events: [Event] {
    Array(repeating: .kill, count: kills) + Array(repeating: .calm, count: calms)
      + faults.flatMap { Array(repeating: .fault($0.fault), count: $0.count) }
  }

  private enum Part {
    case conductor(Figures)
    case caller
  }

  /// Runs it. What is wrong is recorded as an issue, with the seed.
  func run() async throws -> Figures {
    let began = ContinuousClock.now
    let findings = Findings()
    defer {
      for text in findings.texts { Issue.record("\(text) (\(store), seed \(seed))") }
    }
    do {
      var figures = try await Fleet.with(store, servers: servers) { fleet in try await run(fleet, findings) }
      figures.lost = findings.lostCount
      figures.doubled = findings.doubledCount
      figures.seconds = (ContinuousClock.now - began) / .seconds(1)
      return figures
    } catch {
      Issue.record("the run ended with \(error) (\(store), seed \(seed))")
      throw error
    }
  }

  private func run(_ fleet: Fleet, _ findings: Findings) async throws -> Figures {
    for server in fleet.servers { try await server.start() }
    let clients = try fleet.clients(key: try fleet.adminKey(), connections: 4, patience)
    let reviewerKey = try await CrashWorld.make(clients[0][0])
    let load = Load(
      clients: clients, reviewers: try fleet.clients(key: reviewerKey, connections: 1, patience),
      auditors: try fleet.clients(key: try fleet.adminKey(), connections: 1, .much), seed: seed,
      findings: findings)
    let orders = WatchRecord<OrderEntry>("orders", findings: findings)
    let stock = WatchRecord<StockEntry>("stock", findings: findings)

    let figures = try await withThrowingTaskGroup(of: Part.self) { group in
      for number in 0..<callers {
        group.addTask {
          var worker = LoadWorker(number, load)
          try await worker.run()
          return .caller
        }
      }
      group.addTask {
        try await load.stream(to: clients[0][0])
        return .caller
      }
      group.addTask {
        try await orders.run(load, seed: seed ^ 1)
        return .caller
      }
      group.addTask {
        try await stock.run(load, seed: seed ^ 2)
        return .caller
      }
      group.addTask {
        .conductor(try await conduct(fleet, load, Audit(load, orders: orders, stock: stock), orders, stock))
      }
      defer { group.cancelAll() }
      for try await part in group {
        if case .conductor(let figures) = part { return figures }
      }
      throw CancellationError()
    }
    await load.close()
    return figures
  }

  private func conduct(
    _ fleet: Fleet, _ load: Load, _ audit: Audit, _ orders: WatchRecord<OrderEntry>, _ stock: WatchRecord<StockEntry>
  ) async throws -> Figures {
    var audit = audit
    var random = SeededGenerator(seed: seed)
    var slowest = (event: "", seconds: 0.0)
    for event in events.shuffled(using: &random) {
      // After so many more acknowledged writes: sometimes at once, most often in the thick of it.
      let share = Int64.random(in: 0..<8, using: &random) == 0 ? 0 : Int64.random(in: 1...160, using: &random)
      try await load.journal.writes.reach(load.journal.writes.value + share)
      let began = ContinuousClock.now
      switch event {
      case .kill:
        let server = fleet.servers[Int.random(in: 0..<fleet.servers.count, using: &random)]
        try await server.kill9()
        try await server.start()
      case .fault(let fault): try await fault.happen()
      case .calm: break
      }
      try await audit.look()
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      if seconds > slowest.seconds { slowest = (event.name, seconds) }
      if Self.isTraced { print("\(event.name): \(Self.rounded(seconds)) s") }
    }
    load.stop()
    try await load.ended.reach(Int64(callers) + 1)
    try await audit.look(isLast: true)
    return Figures(
      kills: kills, faults: faults.reduce(0) { $0 + $1.count }, writes: load.journal.writes.value,
      repeats: load.journal.repeats.value, changes: orders.count + stock.count, failures: load.failuresSeen,
      slowest: slowest)
  }
}
