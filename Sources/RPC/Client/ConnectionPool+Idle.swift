/// How long connections are kept that nothing uses.
///
/// Idleness is counted in sweeps, which come at a steady pace, so that a call costs no look at the clock. A connection
/// goes after between one and one and a quarter of its time.
package struct IdlePolicy: Sendable, Hashable {
  /// The time between two sweeps.
  package let interval: Duration
  /// Sweeps that a backend's connections beyond the first may be idle.
  let spareTurns: Int
  /// Sweeps that the client as a whole may be idle; nil for any number.
  let clientTurns: Int?

  /// Closes connections beyond a backend's first after `spareMax`, and all after nothing was called for `clientMax`.
  package init(spareMax: Duration, clientMax: Duration?) {
    let spare = max(spareMax, .milliseconds(4))
    let client = clientMax.map { max($0, .milliseconds(4)) }
    interval = min(spare, client ?? spare) / 4
    spareTurns = Self.turns(spare, interval)
    clientTurns = client.map { [interval] in Self.turns($0, interval) }
  }

  private static func turns(_ time: Duration, _ interval: Duration) -> Int {
    let turns = (time / interval).rounded(.up)
    return turns < 1e9 ? Int(turns) : 1_000_000_000
  }
}

extension ConnectionPool {
  /// Counts idleness; call it at the policy's interval. `hasWaiting` says that calls wait for room.
  ///
  /// - Returns: connections to drain. What is lost from now on is not replaced before the next call.
  package mutating func sweep(_ policy: IdlePolicy, hasWaiting: Bool) -> [ID] {
    var isInUse = hasWaiting || leaving.values.contains { $0 > 0 }
    var idle: [ID] = []
    for backend in backends.indices {
      for slot in backends[backend].slots.indices where backends[backend].slots[slot].isReady {
        if backends[backend].slots[slot].open > 0 || backends[backend].slots[slot].wasUsed {
          isInUse = true
          backends[backend].slots[slot].idleTurns = 0
        } else {
          backends[backend].slots[slot].idleTurns += 1
        }
        backends[backend].slots[slot].wasUsed = false
      }
      let first = backends[backend].slots.first?.id
      idle += leave(backend) { $0.isReady && $0.id != first && $0.idleTurns >= policy.spareTurns }
    }
    idleTurns = isInUse ? 0 : idleTurns + 1
    guard let limit = policy.clientTurns, idleTurns >= limit else { return idle }
    for backend in backends.indices { idle += leave(backend) { $0.isReady } }
    return idle
  }
}
