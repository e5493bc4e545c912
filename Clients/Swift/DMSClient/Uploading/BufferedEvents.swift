public import DMSAPI
internal import Synchronization

/// Events that are handed over one by one while the upload runs, kept until they are durable.
///
/// The sequences go on from the last one that is durable at the server. Events live in memory only:
/// after a crash, what was handed over and not acknowledged must be handed over again, so use it
/// where the caller keeps its own record or can do with that.
///
/// At most `capacity` events are kept; ``append(_:)`` waits while it is full.
public final class BufferedEvents: InventoryEventSource {
  private struct State {
    /// Sequence of the last event before `kept`; nil before the first opening.
    var base: Int64?
    /// Events that are not acknowledged, the oldest first; a prefix of `dropped` is dead.
    var kept: [InventoryEvent] = []
    var dropped = 0
    var isFinished = false
    var failure: InventoryUploadError?

    var count: Int { kept.count - dropped }

    mutating func drop(_ number: Int) {
      dropped += number
      guard dropped * 2 >= kept.count else { return }
      kept.removeFirst(dropped)
      dropped = 0
    }
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let arrivals = ChangeSignal()
  private let departures = ChangeSignal()

  /// An empty buffer for at most `capacity` unacknowledged events, at least 1.
  public init(capacity: Int = 10_000) {
    self.capacity = max(capacity, 1)
  }

  /// Events that are not acknowledged yet.
  public var count: Int {
    state.withLock { $0.count }
  }

  /// Hands over the next event; its sequence is set when it is sent. Waits while the buffer is full.
  ///
  /// Throws the upload's error once it has ended, ``BufferedEventsError/finished`` after
  /// ``finish()``, and `CancellationError`.
  public func append(_ event: InventoryEvent) async throws {
    while true {
      let seen = departures.version
      let isTaken = try state.withLock { state in
        if let failure = state.failure { throw failure }
        guard !state.isFinished else { throw BufferedEventsError.finished }
        guard state.count < capacity else { return false }
        state.kept.append(event)
        return true
      }
      if isTaken { break }
      try await departures.wait(since: seen)
    }
    arrivals.notify()
  }

  /// Says that no more events will come: the upload ends once all are durable.
  public func finish() {
    state.withLock { $0.isFinished = true }
    arrivals.notify()
    departures.notify()
  }

  /// The first opening fixes the sequences; a later one must find its events still here.
  public func resume(after sequence: Int64) async throws {
    try state.withLock { state in
      guard let base = state.base else {
        state.base = sequence
        return
      }
      guard sequence >= base else {
        throw InventoryUploadError.eventsGone(needed: sequence + 1, oldest: base + 1)
      }
      guard sequence - base <= Int64(state.count) else {
        throw InventoryUploadError.overtaken(lastSequence: sequence)
      }
    }
  }

  /// The next events; waits for one to be handed over.
  public func events(after sequence: Int64, limit: Int) async throws -> [InventoryEvent] {
    while true {
      let seen = arrivals.version
      let (events, isFinished) = try state.withLock { state in
        (try Self.events(in: state, after: sequence, limit: limit), state.isFinished)
      }
      if !events.isEmpty || isFinished { return events }
      try await arrivals.wait(since: seen)
    }
  }

  /// Lets go of what is durable, and lets in who waits.
  public func acknowledge(through sequence: Int64) async {
    state.withLock { state in
      guard let base = state.base, sequence > base else { return }
      let number = min(sequence - base, Int64(state.count))
      state.base = base + number
      state.drop(Int(number))
    }
    departures.notify()
  }

  /// Sends away who waits to hand over events.
  public func uploadEnded(with error: InventoryUploadError?) async {
    state.withLock { state in
      state.failure = error
      state.isFinished = true
    }
    departures.notify()
    arrivals.notify()
  }

  private static func events(
    in state: State, after sequence: Int64, limit: Int
  ) throws -> [InventoryEvent] {
    guard let base = state.base, sequence >= base else {
      throw InventoryUploadError.eventsGone(needed: sequence, oldest: state.base ?? 0)
    }
    let skipped = sequence - base
    guard skipped < Int64(state.count), limit > 0 else { return [] }
    let start = state.dropped + Int(skipped)
    let end = start + min(limit, state.kept.count - start)
    return (start..<end).map { index in
      var event = state.kept[index]
      event.sequence = base + Int64(index - state.dropped) + 1
      return event
    }
  }
}

/// Why an event was not taken.
public enum BufferedEventsError: Error, Sendable, Hashable {
  /// The buffer had been told that no more would come.
  case finished
}
