package import DMSAPI

/// Keeps the orders of a batch that have no result yet, and decides what is sent next. Decides, and
/// does nothing.
package struct BatchWindow: Sendable {
  /// Whether an order was taken in.
  package enum Admission: Sendable, Equatable {
    case admitted
    /// Wait for a result.
    case full
    /// An order with the same request id is under way.
    case duplicate
  }

  /// What the sending side does next.
  package enum Step: Sendable, Equatable {
    case send(BatchPlaceOrdersRequest)
    /// Send nothing before then: the server has more than it can do.
    case pause(until: ContinuousClock.Instant)
    /// Wait for an order or for a result.
    case wait
    /// Every order has its result: close the sending side.
    case finish
  }

  /// What to do with a result.
  package enum Answer: Sendable {
    case deliver(BatchPlaceOrdersRequest)
    /// It passes: the order is sent again.
    case sendAgain
    /// The order has its result already, or was never sent.
    case ignore
  }

  private struct Entry {
    var request: BatchPlaceOrdersRequest
    var place: UInt64
    var isSent = false
    var attempts = 0
  }

  private let windowMax: Int
  private let retries: RetrySettings
  private var entries: [String: Entry] = [:]
  /// Ids that wait to be sent, the next one last.
  private var waiting: [String] = []
  private var arrived: [String] = []
  private var places: UInt64 = 0
  private var pausedUntil: ContinuousClock.Instant?
  private var backoff: Backoff
  private var isInputEnded = false

  /// A window of at most `windowMax` orders without a result.
  package init(windowMax: Int, retries: RetrySettings) {
    self.windowMax = max(windowMax, 1)
    self.retries = retries
    backoff = retries.backoff
  }

  /// Orders without a result.
  package var count: Int { entries.count }

  /// Whether every order has its result and no more will come.
  package var isComplete: Bool { isInputEnded && entries.isEmpty }

  /// Takes in an order, which has a request id.
  package mutating func admit(_ request: BatchPlaceOrdersRequest) -> Admission {
    guard entries.count < windowMax else { return .full }
    guard entries[request.requestID] == nil else { return .duplicate }
    places &+= 1
    entries[request.requestID] = Entry(request: request, place: places)
    arrived.append(request.requestID)
    return .admitted
  }

  /// No more orders will come.
  package mutating func inputEnded() {
    isInputEnded = true
  }

  /// What to do now; a request that is handed out counts as sent.
  package mutating func step(at now: ContinuousClock.Instant) -> Step {
    if let pausedUntil {
      if now < pausedUntil { return .pause(until: pausedUntil) }
      self.pausedUntil = nil
    }
    if waiting.isEmpty {
      waiting = arrived.reversed()
      arrived = []
    }
    guard let id = waiting.popLast(), var entry = entries[id] else {
      return isComplete ? .finish : .wait
    }
    entry.isSent = true
    entry.attempts += 1
    entries[id] = entry
    return .send(entry.request)
  }

  /// A result has come; `error` is nil when the order was placed.
  package mutating func answered(
    _ requestID: String, error: DMSError?, at now: ContinuousClock.Instant,
    using generator: inout some RandomNumberGenerator
  ) -> Answer {
    guard let entry = entries[requestID], entry.isSent else { return .ignore }
    if let error, error.isTransient, entry.attempts < retries.attemptsMax {
      entries[requestID]?.isSent = false
      arrived.append(requestID)
      let until = now + backoff.wait(using: &generator) + (error.retryDelay ?? .zero)
      pausedUntil = max(until, pausedUntil ?? until)
      return .sendAgain
    }
    if error == nil { backoff.reset() }
    entries[requestID] = nil
    return .deliver(entry.request)
  }

  /// The stream is gone: everything without a result will be sent again, in its first order.
  package mutating func broken() {
    for id in entries.keys { entries[id]?.isSent = false }
    waiting = entries.sorted { $0.value.place > $1.value.place }.map(\.key)
    arrived = []
  }
}
