/// The times of ``ServerLimits`` that concern one connection, in nanoseconds; `.max` for never.
struct ConnectionTimes: Sendable {
  var handshake: Int64
  var unauthenticated: Int64
  var idle: Int64
  var age: Int64
  var grace: Int64
  var keepaliveInterval: Int64
  var keepaliveTimeout: Int64
  var pingIntervalMin: Int64
  var pingStrikesMax: Int
}

/// What a connection is due for, by time alone; pure. Times are nanoseconds of any monotonic clock.
///
/// Whatever the client does only puts things off, so nothing needs to be rescheduled when it happens: who looks too early
/// is told when to look again.
struct ConnectionClock {
  /// What is to be done.
  enum Due: Hashable {
    /// Nothing yet.
    case nothing
    /// Close without ado: nobody greets.
    case close
    /// Tell the client to go elsewhere.
    case drain(Reason)
    /// End the calls that are left, and close.
    case endCalls
    /// Ask the client for a sign of life.
    case ping
    /// The client did not give one: it is gone.
    case giveUp
  }

  /// Why a client is sent away.
  enum Reason: String {
    case unauthenticated = "none of its calls was accepted"
    case idle
    case age
  }

  private let opened: Int64
  private let ageEnd: Int64
  /// Whether the client has greeted.
  private(set) var isGreeted = false
  private var isDraining = false
  /// Since when there has been no call; `.max` while there is one.
  private var idleSince: Int64
  private var lastReceived: Int64
  /// When the client was asked for a sign of life that it has not given; `.max` when it was not.
  private var pingSent = Int64.max
  /// When calls are ended; `.max` while the client has not been sent away, or somebody else ends them.
  private var graceEnd = Int64.max

  /// The clock of a connection opened at `now`. `jitter`, from −1 to 1, is its part of the 10 % in the age.
  init(_ times: ConnectionTimes, now: Int64, jitter: Double) {
    opened = now
    idleSince = now
    lastReceived = now
    let variation = Int64(Double(min(times.age, .max / 4)) * 0.1 * min(max(jitter, -1), 1))
    ageEnd = times.age == .max ? .max : now.addingClamped(times.age.addingClamped(variation))
  }

  // MARK: What happens

  /// The client has greeted.
  mutating func greeted() { isGreeted = true }

  /// Bytes came: the client is alive.
  mutating func received(at now: Int64) {
    lastReceived = now
    pingSent = .max
  }

  /// There is a call.
  mutating func began() { idleSince = .max }

  /// The last call has ended.
  mutating func ended(at now: Int64) { idleSince = now }

  /// The client is sent away; with `grace` its calls end after that time, else somebody else ends them.
  mutating func draining(at now: Int64, grace: Int64) {
    isDraining = true
    graceEnd = now.addingClamped(grace)
  }

  // MARK: What is due

  /// What to do now. `isAccepted` says whether any call was accepted so far.
  mutating func due(at now: Int64, _ times: ConnectionTimes, isAccepted: Bool) -> Due {
    if !isGreeted, now >= opened.addingClamped(times.handshake) { return .close }
    if now >= graceEnd {
      graceEnd = .max
      return .endCalls
    }
    if !isDraining, let reason = drainReason(at: now, times, isAccepted: isAccepted) { return .drain(reason) }
    if pingSent != .max {
      return now >= pingSent.addingClamped(times.keepaliveTimeout) ? .giveUp : .nothing
    }
    guard isGreeted, now >= lastReceived.addingClamped(times.keepaliveInterval) else { return .nothing }
    pingSent = now
    return .ping
  }

  private func drainReason(at now: Int64, _ times: ConnectionTimes, isAccepted: Bool) -> Reason? {
    guard isGreeted else { return nil }
    if !isAccepted, now >= opened.addingClamped(times.unauthenticated) { return .unauthenticated }
    if now >= ageEnd { return .age }
    if idleSince != .max, now >= idleSince.addingClamped(times.idle) { return .idle }
    return nil
  }

  /// When to look next; `.max` for not until something happens.
  func next(_ times: ConnectionTimes, isAccepted: Bool) -> Int64 {
    guard isGreeted else { return min(opened.addingClamped(times.handshake), graceEnd) }
    var next = graceEnd
    if !isDraining {
      if !isAccepted { next = min(next, opened.addingClamped(times.unauthenticated)) }
      if idleSince != .max { next = min(next, idleSince.addingClamped(times.idle)) }
      next = min(next, ageEnd)
    }
    let alive =
      pingSent == .max
      ? lastReceived.addingClamped(times.keepaliveInterval) : pingSent.addingClamped(times.keepaliveTimeout)
    return min(next, alive)
  }
}

/// How often a client pings while it is sent nothing; pure.
struct PingManners {
  private var last: Int64?
  private var strikes = 0

  /// Something other than a ping's answer was sent: the client may ask again.
  mutating func forgive() { self = PingManners() }

  /// A ping came; true when that was one too many.
  mutating func received(at now: Int64, _ times: ConnectionTimes) -> Bool {
    defer { last = now }
    guard let last, now < last.addingClamped(times.pingIntervalMin) else { return false }
    strikes += 1
    return strikes > times.pingStrikesMax
  }
}
