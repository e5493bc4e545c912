internal import DMSDomain
internal import DMSStorage
internal import Synchronization

/// Keeps what servers that share a database know of keys and wrong credentials in step: a key that is revoked on one
/// is refused on all, and an address that guesses waits on all, within about ``interval``.
package final class SecuritySync: Sendable {
  /// How often a server tells and asks.
  package static let interval = Duration.seconds(1)
  /// How long an address is remembered after its last failure, in microseconds.
  private static let lifetimeMicros: Int64 = 3_600 * 1_000_000
  /// How far the clocks of servers may be apart, in microseconds.
  private static let skewMicros: Int64 = 10 * 1_000_000
  /// How many addresses are read at once.
  private static let addressesMax = 1_000

  private let environment: ServiceEnvironment
  private let throttle: AttemptThrottle
  private let known = Mutex<Int64?>(nil)

  package init(_ environment: ServiceEnvironment, throttle: AttemptThrottle) {
    self.environment = environment
    self.throttle = throttle
  }

  /// Runs until the task is cancelled or the store closes; at once where no other server can be.
  package func run() async {
    guard environment.store.isShared else { return }
    await Upkeep.run("keeping servers in step", every: Self.interval, logger: environment.logger) { try await step() }
  }

  /// Tells what this server has noticed, and learns what others have.
  package func step() async throws {
    let changes = throttle.takeChanges()
    if !changes.isEmpty { try await tell(changes) }
    let (version, rows) = try await environment.store.read { transaction in
      (
        try transaction.securityVersion(),
        try transaction.attempts(
          since: transaction.nowMicros - Self.skewMicros - 60_000_000, limit: Self.addressesMax)
      )
    }
    throttle.learn(rows)
    let isNew = known.withLock { known in
      defer { known = version }
      return known != version
    }
    if isNew { environment.verifier.clear() }
  }

  private func tell(_ changes: [AttemptThrottle.Change]) async throws {
    let write = WriteRequest(.bulk, principal: "upkeep", locks: .keys([.resource("throttle", "addresses")]))
    let changes = changes.sorted { $0.address < $1.address }
    try await environment.store.write(write) { transaction in
      let stored = try transaction.attempts(of: changes.map(\.address))
      let rows = zip(changes, stored).map { change, row in
        let failures = change.failures + (change.startsAnew ? 0 : row?.failures ?? 0)
        let blocked = AttemptThrottle.blockedUntil(failures: failures, now: transaction.now)
        return AttemptRow(
          address: change.address, failures: failures,
          blockedUntil: max(blocked?.value ?? 0, change.startsAnew ? 0 : row?.blockedUntil ?? 0))
      }
      try transaction.save(rows, sweepingBefore: transaction.nowMicros - Self.lifetimeMicros)
    }
  }
}
