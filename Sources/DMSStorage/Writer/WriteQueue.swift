internal import Dispatch
internal import Synchronization

/// Where writes wait for the writers' threads.
///
/// A cancelled write keeps its place, answered and empty, until its turn comes and it is dropped: so the bound holds
/// for whatever callers do.
final class WriteQueue: Sendable {
  private struct State {
    var waiting: FairQueue<WriteJob>
    /// Writers that sleep and have not been woken.
    var sleepers = 0
    var isClosed = false
    /// How long a write has taken lately, its share of the commit included.
    var nanosecondsPerWrite: Int64 = 200_000

    /// Counts one writer as woken; true when there was one to wake.
    mutating func wakeOne() -> Bool {
      guard sleepers > 0 else { return false }
      sleepers -= 1
      return true
    }
  }

  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    state = Mutex(State(waiting: FairQueue(capacity: capacity)))
  }

  /// Lets `job` wait; throws ``StorageError/overloaded(retryAfter:)`` or ``StorageError/closed``.
  func submit(_ job: WriteJob) throws(StorageError) {
    let (refusal, mustWake) = state.withLock { state -> (StorageError?, Bool) in
      if state.isClosed { return (.closed, false) }
      guard state.waiting.append(job, of: job.request.writeClass, from: job.request.principal) else {
        return (.overloaded(retryAfter: Self.retryAfter(state)), false)
      }
      return (nil, state.wakeOne())
    }
    if mustWake { wake.signal() }
    if let refusal { throw refusal }
  }

  /// The next write that is still wanted, if one waits now.
  func poll() -> WriteJob? {
    while let job = state.withLock({ $0.waiting.popFirst() }) {
      if job.begin() { return job }
    }
    return nil
  }

  /// The next write, waiting for one if need be; nil when the queue is closed and empty.
  func next() -> WriteJob? {
    while true {
      let (job, isOver) = state.withLock { state -> (WriteJob?, Bool) in
        if let job = state.waiting.popFirst() { return (job, false) }
        if !state.isClosed { state.sleepers += 1 }
        return (nil, state.isClosed)
      }
      if isOver { return nil }
      guard let job else {
        // Whoever ends the sleep signals once.
        wake.wait()
        continue
      }
      if job.begin() { return job }
    }
  }

  /// Learns how long `count` writes took.
  func learn(count: Int, took duration: Duration) {
    guard count > 0 else { return }
    let parts = duration.components
    let nanoseconds = Int64(clamping: parts.seconds) * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    let each = nanoseconds / Int64(count)
    state.withLock { state in
      state.nanosecondsPerWrite = (state.nanosecondsPerWrite * 7 + min(each, 1_000_000_000)) / 8
    }
  }

  /// How many wait.
  var count: Int { state.withLock { $0.waiting.count } }

  /// Takes no more; what waits is still served.
  func close() {
    let sleepers = state.withLock { state -> Int in
      state.isClosed = true
      defer { state.sleepers = 0 }
      return state.sleepers
    }
    for _ in 0..<sleepers { wake.signal() }
  }

  /// The time in which about half of what waits will be done; at least 10 ms.
  private static func retryAfter(_ state: State) -> Duration {
    .nanoseconds(max(10_000_000, Int64(state.waiting.count / 2) * state.nanosecondsPerWrite))
  }
}
