internal import DMSDomain
internal import DMSStorage

/// Looks after orders in the background: reservations of reviews that took too long lapse, and what a commit left of a
/// queue of back-orders is filled, in bounded writes of the least urgent class.
package struct OrderUpkeep: Sendable {
  private let environment: ServiceEnvironment
  private let interval: Duration

  package init(_ environment: ServiceEnvironment, interval: Duration = .seconds(30)) {
    self.environment = environment
    self.interval = interval
  }

  /// Runs until the task is cancelled or the store closes.
  package func run() async {
    await Upkeep.run("upkeep of orders", every: interval, logger: environment.logger) { try await step() }
  }

  /// Does what is due now.
  package func step() async throws {
    let write = WriteRequest(.bulk, principal: "upkeep")
    let hasLapsed = try await environment.store.read { try !$0.lapsedReviews(limit: 1).isEmpty }
    if hasLapsed {
      while try await !environment.store.write(write, { try ReservationUpkeep.lapse(in: $0) }).isEmpty {}
    }
    var after: SKU?
    while true {
      let last = after
      let due = try await environment.store.read { try $0.fillableProducts(after: last, limit: 100) }
      for sku in due {
        while try await environment.store.write(write, { try ReservationUpkeep.fill([sku], in: $0) }).count
          == ReservationUpkeep.ordersPerWriteMax
        {}
      }
      guard due.count == 100 else { break }
      after = due.last
    }
    let uses = environment.verifier.takeUses()
    if !uses.isEmpty {
      try await environment.store.write(write) { transaction in try transaction.noteUse(of: uses) }
    }
  }
}
