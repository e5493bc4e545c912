internal import DequeModule
internal import NIOCore
internal import NIOSSL

/// Carries out a client's calls: places them on connections, tries again, keeps time, and shuts down.
///
/// `@unchecked Sendable`: everything but immutable settings is touched on one event loop alone; callers reach it
/// through `executor`, which also makes one wake-up and one write of what many callers submit at the same time.
final class ClientEngine: @unchecked Sendable {
  let target: Target
  let configuration: ClientConfiguration
  let executor: LoopExecutor
  let tls: NIOSSLContext?

  var pool: ConnectionPool
  var connections: [ConnectionPool.ID: ClientConnection] = [:]
  /// Attempts to connect that have no outcome yet.
  var dials: [ConnectionPool.ID: Dial] = [:]
  /// Why the last attempt to connect, or to look addresses up, failed.
  var connectError: RPCError?
  /// What is known of the target's addresses, and when they are looked up.
  var endpoints: [Endpoint]
  var resolution: Resolution
  var lookUpTask: Task<Void, Never>?
  var lookUpTimeout: Scheduled<Void>?
  var lookUpTimer: Scheduled<Void>?
  let idlePolicy: IdlePolicy
  var sweepTimer: Scheduled<Void>?
  /// How connections to come find out that their peer is gone.
  var keepalive: KeepalivePolicy?

  private var waiting = Deque<ClientCall>()
  private var waitingCount = 0
  private var deadlines = DeadlineHeap<ClientCall>()
  private var deadlineTimer: (scheduled: Scheduled<Void>, due: Int64)?
  private var budget: RetryBudget
  private var generator: SeededGenerator
  private var calls: [ObjectIdentifier: ClientCall] = [:]
  private var isServing = false
  private(set) var isClosing = false
  private var closeWaiters: [CheckedContinuation<Void, Never>] = []

  init(target: Target, configuration: ClientConfiguration, eventLoop: any EventLoop) throws {
    self.target = target
    self.configuration = configuration
    executor = LoopExecutor(eventLoop)
    tls = try configuration.tls?.makeContext()
    let seed = configuration.seed ?? UInt64.random(in: .min ... .max)
    let fixed = try target.fixedEndpoints()
    endpoints = fixed ?? []
    resolution = Resolution(
      isNeeded: fixed == nil, intervalMin: configuration.lookUpIntervalMin, backoff: configuration.reconnect,
      seed: seed &+ 1)
    pool = ConnectionPool(
      policy: configuration.loadBalancing, connectionsMax: configuration.connectionsPerAddressMax,
      backoff: configuration.reconnect, seed: seed)
    if !endpoints.isEmpty { _ = pool.resolved(endpoints) }
    idlePolicy = IdlePolicy(spareMax: configuration.spareConnectionIdleMax, clientMax: configuration.connectionIdleMax)
    keepalive = configuration.keepalive
    budget = configuration.retryBudget
    generator = SeededGenerator(seed: ~seed)
  }

  var eventLoop: any EventLoop { executor.eventLoop }

  /// Calls wait for a connection.
  var hasWaiting: Bool { waitingCount > 0 }

  static var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

  // MARK: Calls

  /// Begins a call. On the event loop.
  func start(_ call: ClientCall) {
    calls[ObjectIdentifier(call)] = call
    // The caller may have cancelled before the call came here.
    if call.isEnded { return finish(call, .failure(Self.cancelled)) }
    if isClosing { return finish(call, .failure(Self.closed)) }
    if call.deadlineNanoseconds != .max {
      if call.deadlineNanoseconds <= Self.now { return finish(call, .failure(Self.deadlineExceeded(call))) }
      deadlines.insert(call)
      armDeadlineTimer()
    }
    dispatch(call)
  }

  /// Ends a call, whatever its state. On the event loop.
  func cancel(_ call: ClientCall, _ error: RPCError = ClientEngine.cancelled) {
    switch call.phase {
    case .new where calls[ObjectIdentifier(call)] == nil:
      // It was cancelled before it was started; `start` will end it.
      call.phase = .ended
    case .ended:
      break
    default:
      leave(call)
      finish(call, .failure(error))
    }
  }

  /// Fetches the requests that a stream's caller has written. On the event loop.
  func fetchRequests(_ call: ClientCall) {
    if case .open(let attempt) = call.phase { attempt.fetchRequests() }
  }

  /// Returns the credit that a stream's reader has made. On the event loop.
  func returnCredit(_ call: ClientCall) {
    if case .open(let attempt) = call.phase { attempt.returnCredit() }
  }

  private func dispatch(_ call: ClientCall) {
    switch pool.place(waitsForReady: call.waitsForReady) {
    case .connection(let id):
      open(call, on: id)
      if pool.isIncomplete { connect() }
    case .wait:
      guard waitingCount < configuration.maxWaitingCalls else {
        let error = RPCError(.resourceExhausted, "too many calls wait for a connection (\(waitingCount))")
        return finish(call, .failure(error))
      }
      call.phase = .waiting
      waitingCount += 1
      waiting.append(call)
      connect()
    case .failFast:
      attemptFailed(call, connectError ?? Self.notConnected, .unreachable)
    case .closed:
      finish(call, .failure(Self.closed))
    }
  }

  private func open(_ call: ClientCall, on id: ConnectionPool.ID) {
    guard let connection = connections[id] else { return finish(call, .failure(Self.notConnected)) }
    if !connection.maySendSecrets, call.metadata.contains(where: { configuration.secretMetadata.contains($0.name) }) {
      streamEnded(on: connection)
      let error = RPCError(.unauthenticated, "credentials are not sent in plain text to another machine: use TLS")
      return finish(call, .failure(error))
    }
    do {
      call.observer?.attemptStarted()
      call.phase = .open(try connection.open(call))
    } catch {
      // Its numbers are used up, or it has just been told to go.
      call.phase = .new
      connection.drain()
      streamEnded(on: connection)
      attemptFailed(call, RPCError(.unavailable, "the connection takes no more calls", cause: error), .unprocessed)
    }
  }

  /// An attempt is over.
  func attemptEnded(_ attempt: CallAttempt, _ outcome: CallAttempt.Outcome) {
    let call = attempt.call
    guard case .open(let current) = call.phase, current === attempt else { return }
    switch outcome {
    case .success(let reply):
      budget.recordSuccess()
      finish(call, .success(reply ?? ByteBuffer()))
    case .failure(let error, isUnprocessed: true):
      attemptFailed(call, error, .unprocessed)
    case .failure(let error, isUnprocessed: false):
      if error.code == .unavailable {
        attemptFailed(call, error, .unavailable(configuration.retryWish(in: error)))
      } else {
        attemptFailed(call, error, .other)
      }
    }
  }

  private func attemptFailed(_ call: ClientCall, _ error: RPCError, _ failure: RetryState.Failure) {
    let decision =
      isClosing
      ? .fail
      : call.retryState.attemptFailed(
        failure, policy: call.retry, isSafe: call.isSafe, isCommitted: call.isCommitted, budget: &budget,
        using: &generator)
    switch decision {
    case .fail:
      finish(call, .failure(error))
    case .sendAgain:
      dispatch(call)
    case .retry(let delay):
      let due = Self.now.addingClamped(delay.clampedNanoseconds)
      guard due < call.deadlineNanoseconds else { return finish(call, .failure(error)) }
      let timer = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(due, 0)))) {
        guard case .backingOff = call.phase else { return }
        self.dispatch(call)
      }
      call.phase = .backingOff(timer)
    }
  }

  /// Takes a call out of whatever it is in.
  private func leave(_ call: ClientCall) {
    switch call.phase {
    case .waiting:
      waitingCount -= 1
      // Its place in the queue is skipped later; the queue never holds more such places than calls, and a few.
      call.phase = .new
      if waiting.count > 2 * waitingCount + 64 {
        waiting.removeAll { if case .waiting = $0.phase { false } else { true } }
      }
    case .open(let attempt):
      attempt.abandon()
    case .backingOff(let timer):
      timer.cancel()
    case .new, .ended:
      break
    }
  }

  private func finish(_ call: ClientCall, _ result: Result<ByteBuffer, RPCError>) {
    guard calls.removeValue(forKey: ObjectIdentifier(call)) != nil else { return }
    call.phase = .ended
    call.letGo()
    deadlines.remove(call)
    if let whenEnded = call.whenEnded.take() {
      if case .failure(let error) = result { whenEnded(error) } else { whenEnded(nil) }
    }
    call.stream?.finish(result.map { _ in () })
    if let continuation = call.continuation.take() { continuation.resume(returning: result) }
    concludeClose()
  }

  // MARK: The queue

  /// Places waiting calls, first come first served.
  func serveWaiting() {
    guard !isServing else { return }
    isServing = true
    defer { isServing = false }
    while let call = waiting.first {
      guard case .waiting = call.phase else {
        waiting.removeFirst()
        continue
      }
      switch pool.place(waitsForReady: true) {
      case .connection(let id):
        waiting.removeFirst()
        waitingCount -= 1
        open(call, on: id)
      case .wait:
        return connect()
      case .failFast, .closed:
        return
      }
    }
  }

  /// Fails the waiting calls that do not wait for readiness.
  func failWaiting(_ error: RPCError) {
    let calls = waiting
    waiting.removeAll()
    waitingCount = 0
    for call in calls {
      guard case .waiting = call.phase else { continue }
      if call.waitsForReady {
        waiting.append(call)
        waitingCount += 1
      } else {
        call.phase = .new
        attemptFailed(call, error, .unreachable)
      }
    }
  }

  // MARK: Deadlines

  private func armDeadlineTimer() {
    guard let first = deadlines.first else { return }
    if let deadlineTimer {
      if deadlineTimer.due <= first.deadlineNanoseconds { return }
      deadlineTimer.scheduled.cancel()
    }
    let due = first.deadlineNanoseconds
    let scheduled = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(due, 0)))) {
      self.deadlineTimer = nil
      let now = Self.now
      while let call = self.deadlines.first, call.deadlineNanoseconds <= now {
        self.cancel(call, Self.deadlineExceeded(call))
      }
      self.armDeadlineTimer()
    }
    deadlineTimer = (scheduled, due)
  }

  // MARK: The end

  /// Takes no further calls, lets those under way go on for `grace`, then cancels them and closes every connection.
  func close(grace: Duration, whenDone: CheckedContinuation<Void, Never>?) {
    if let whenDone { closeWaiters.append(whenDone) }
    if !isClosing {
      isClosing = true
      pool.close()
      for call in calls.values {
        if case .open = call.phase { continue }
        leave(call)
        finish(call, .failure(Self.closed))
      }
      for dial in dials.values { dial.abandon() }
      for connection in connections.values { connection.drain() }
    }
    if grace > .zero {
      eventLoop.scheduleTask(in: .nanoseconds(grace.clampedNanoseconds)) { self.closeNow() }
    } else {
      closeNow()
    }
    concludeClose()
  }

  private func closeNow() {
    for call in calls.values { cancel(call, RPCError(.cancelled, "the client was closed")) }
    for connection in connections.values { connection.shutDown() }
  }

  func concludeClose() {
    guard isClosing, calls.isEmpty else { return }
    for connection in connections.values { connection.shutDown() }
    guard connections.isEmpty, dials.isEmpty else { return }
    deadlineTimer?.scheduled.cancel()
    deadlineTimer = nil
    endLookUp()
    lookUpTimer?.cancel()
    lookUpTimer = nil
    sweepTimer?.cancel()
    sweepTimer = nil
    let waiters = closeWaiters
    closeWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  // MARK: Errors

  static let cancelled = RPCError(.cancelled, "the caller cancelled the call")
  static let closed = RPCError(.unavailable, "the client is closed")
  static let notConnected = RPCError(.unavailable, "there is no connection to the server")

  private static func deadlineExceeded(_ call: ClientCall) -> RPCError {
    let state =
      switch call.phase {
      case .new: "before it was sent"
      case .waiting: "while it waited for a connection"
      case .open: "while the server was working"
      case .backingOff: "between two attempts"
      case .ended: "at its end"
      }
    return RPCError(.deadlineExceeded, "the call's time was over \(state)")
  }
}
