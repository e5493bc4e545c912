/// How a client finds out that a silent peer is gone.
public struct KeepalivePolicy: Sendable, Hashable {
  /// A PING is sent after nothing was received for this long.
  public var interval: Duration
  /// The connection is given up when the answer takes longer than this.
  public var timeout: Duration
  /// Whether to ping while no call is open.
  public var pingsWithoutCalls: Bool

  /// A policy. The default interval is one that a stock gRPC server tolerates on a quiet stream; against a server that
  /// allows more, shorten it. A server that finds pings too frequent is pinged half as often from then on.
  public init(interval: Duration = .seconds(310), timeout: Duration = .seconds(20), pingsWithoutCalls: Bool = false) {
    self.interval = max(interval, .milliseconds(1))
    self.timeout = max(timeout, .milliseconds(1))
    self.pingsWithoutCalls = pingsWithoutCalls
  }
}

extension KeepalivePolicy {
  /// Twice the interval, as gRPC prescribes for a client that was told to ping less; an hour at most.
  var doubled: Duration { max(interval, min(interval * 2, .seconds(3600))) }
}

/// The state of one connection's keepalive; times are nanoseconds of any monotonic clock.
package struct Keepalive: Sendable {
  /// What to do when the timer fires.
  package enum Action: Sendable, Hashable {
    /// Look again at this time.
    case wait(until: Int64)
    /// Send a PING, and look again at this time.
    case ping(lookAgainAt: Int64)
    /// The peer did not answer: close the connection.
    case giveUp
  }

  private let interval: Int64
  private let timeout: Int64
  private let pingsWithoutCalls: Bool
  private var lastReceived: Int64
  private var pingSent: Int64?

  /// The state of a connection opened at `now`.
  package init(_ policy: KeepalivePolicy, now: Int64) {
    interval = policy.interval.clampedNanoseconds
    timeout = policy.timeout.clampedNanoseconds
    pingsWithoutCalls = policy.pingsWithoutCalls
    lastReceived = now
  }

  /// Bytes came from the peer: whatever they are, it is alive.
  package mutating func received(at now: Int64) {
    lastReceived = now
    pingSent = nil
  }

  /// The timer fired.
  package mutating func timerFired(at now: Int64, hasCalls: Bool) -> Action {
    if let pingSent {
      let limit = pingSent.addingClamped(timeout)
      // The answer may come meanwhile, and the next ping be due before the limit of this one.
      return now >= limit ? .giveUp : .wait(until: min(limit, now.addingClamped(interval)))
    }
    guard hasCalls || pingsWithoutCalls else {
      return .wait(until: now.addingClamped(interval))
    }
    let due = lastReceived.addingClamped(interval)
    guard now >= due else { return .wait(until: due) }
    pingSent = now
    return .ping(lookAgainAt: now.addingClamped(min(timeout, interval)))
  }
}

extension Int64 {
  /// The sum, held inside the type's range.
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}
