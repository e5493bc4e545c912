import Dispatch

@testable import DMSStorage

/// Lets many callers write to a store, until there is no power or they have written enough.
struct DurabilityLoad {
  let store: Store
  let disk: CrashDisk

  /// Writes in rounds: a round's writes wait together, in one order, and become one batch. In some rounds a reader
  /// holds a snapshot meanwhile, which lets checkpoints do a part only.
  func runInStep(_ ledger: inout DurabilityLedger, _ random: inout SeededRandom) async {
    for _ in 0..<40 where disk.hasPower {
      let writes = (0..<Int.random(in: 1...8, using: &random)).map { _ in ledger.plan(&random) }
      let reader = random.oneIn(3) ? Turnstile() : nil
      let reading = await reader?.hold { passage in
        _ = try await store.read { transaction in
          let revision = try transaction.storeRevision()
          passage()
          return revision
        }
      }
      for (write, outcome) in await performTogether(writes) { ledger.note(write, outcome) }
      reader?.open()
      await reading?.value
    }
  }

  /// Carries `writes` out as one batch, in their order.
  private func performTogether(_ writes: [PlannedWrite]) async -> [(PlannedWrite, WriteOutcome)] {
    let gate = Turnstile()
    let holding = await gate.hold { passage in
      try await store.write(WriteRequest(principal: "gate")) { _ in passage() }
    }
    let outcomes = await withTaskGroup(of: (Int, WriteOutcome).self) { group in
      for (place, write) in writes.enumerated() {
        group.addTask { (place, await store.perform(write)) }
        // Where there is no power, nobody stands in the gate, and nothing waits.
        while disk.hasPower, store.waitingWrites <= place { await Task.yield() }
      }
      gate.open()
      return await group.reduce(into: [Int: WriteOutcome]()) { outcomes, next in outcomes[next.0] = next.1 }
    }
    await holding.value
    return writes.enumerated().map { ($1, outcomes[$0] ?? .unknown) }
  }

  /// Lets six callers write, each one write after the other, and two read.
  func runFreely(_ ledger: inout DurabilityLedger, _ random: inout SeededRandom) async {
    let plans = (0..<6).map { _ in (0..<30).map { _ in ledger.plan(&random) } }
    let answers = await withTaskGroup(of: [(PlannedWrite, WriteOutcome)].self) { group in
      for plan in plans {
        group.addTask {
          var answers: [(PlannedWrite, WriteOutcome)] = []
          for write in plan where disk.hasPower { answers.append((write, await store.perform(write))) }
          return answers
        }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<20 where disk.hasPower { _ = try? await store.read { try $0.storeRevision() } }
          return []
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    for (write, outcome) in answers { ledger.note(write, outcome) }
  }
}

/// Holds a thread of the store inside a closure until it is opened; then everybody passes.
private struct Turnstile: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  /// Starts `body`, whose closure is to call what it is given and stands in it; returns when it stands there, or when
  /// `body` is over without.
  func hold(_ body: @escaping @Sendable (@escaping @Sendable () -> Void) async throws -> Void) async -> Task<
    Void, Never
  > {
    let (began, continuation) = AsyncStream.makeStream(of: Void.self)
    let semaphore = semaphore
    let task = Task {
      defer { continuation.finish() }
      try? await body {
        continuation.finish()
        semaphore.wait()
        semaphore.signal()
      }
    }
    for await _ in began {}
    return task
  }

  func open() { semaphore.signal() }
}
