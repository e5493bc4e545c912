internal import NIOCore

/// How an engine gets, keeps and loses its connections, as its pool decides.
extension ClientEngine {
  // MARK: Addresses

  /// Opens the connections that the pool wants, and looks addresses up when they are needed or may have changed.
  func connect() {
    guard !isClosing else { return }
    if isInUse {
      sweepLater()
      if let number = resolution.begin(at: Self.now) {
        lookUp(number)
      } else if let due = resolution.due {
        lookUpLater(at: due)
      }
    }
    while let wanted = pool.nextWanted(hasWaiting: hasWaiting) {
      let dial = Dial(wanted, engine: self)
      dials[wanted.id] = dial
      dial.proceed()
    }
  }

  /// Calls wait for a connection, or connections are kept for those to come.
  private var isInUse: Bool {
    hasWaiting || (configuration.loadBalancing == .roundRobin && pool.idleTurns == 0)
  }

  private func lookUp(_ number: Int) {
    let (target, resolver, previous) = (target, configuration.resolver, endpoints)
    // It is bounded by the timer below, and what it finds after that is passed over.
    lookUpTask = Task { [executor] in
      let result: Result<[Endpoint], RPCError>
      do throws(RPCError) {
        result = .success(try await target.endpoints(from: resolver, previous: previous))
      } catch {
        result = .failure(error)
      }
      executor.execute { self.lookedUp(number, result) }
    }
    let limit = max(configuration.connectTimeout.clampedNanoseconds, 1_000_000)
    lookUpTimeout = eventLoop.scheduleTask(in: .nanoseconds(limit)) {
      self.lookedUp(number, .failure(RPCError(.unavailable, "\(self.target) could not be looked up in time")))
    }
  }

  private func lookedUp(_ number: Int, _ result: Result<[Endpoint], RPCError>) {
    switch result {
    case .success(let found):
      guard resolution.found(number, at: Self.now) else { return }
      endLookUp()
      endpoints = found
      for id in pool.resolved(found) { retire(id) }
    case .failure(let error):
      guard resolution.failed(number, at: Self.now) else { return }
      endLookUp()
      if !isClosing, let due = resolution.due { lookUpLater(at: due) }
      if pool.lookUpFailed() {
        connectError = error
        failWaiting(error)
      }
    }
    connect()
    serveWaiting()
    concludeClose()
  }

  func endLookUp() {
    lookUpTask?.cancel()
    lookUpTask = nil
    lookUpTimeout?.cancel()
    lookUpTimeout = nil
  }

  private func lookUpLater(at time: Int64) {
    guard lookUpTimer == nil else { return }
    lookUpTimer = eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(time, 0)))) {
      self.lookUpTimer = nil
      self.pool.lookUpDue()
      self.connect()
    }
  }

  /// Takes a connection out of use that the pool has let go.
  private func retire(_ id: ConnectionPool.ID) {
    if let dial = dials[id] { dial.abandon() } else { connections[id]?.drain() }
  }

  // MARK: What dials and connections tell

  func dialFailed(_ id: ConnectionPool.ID, _ error: RPCError) {
    dials[id] = nil
    connectError = error
    resolution.outdate()
    settle(pool.dialFailed(id), error)
  }

  func connectionReady(_ connection: ClientConnection, streamsMax: Int) {
    dials[connection.id] = nil
    connections[connection.id] = connection
    let isWanted = pool.connected(connection.id, to: connection.endpoint, limit: streamsMax)
    guard isWanted, !isClosing else { return connection.shutDown() }
    serveWaiting()
  }

  func connectionLimitChanged(_ connection: ClientConnection, streamsMax: Int) {
    pool.limitChanged(connection.id, to: streamsMax)
    serveWaiting()
  }

  func connectionProven(_ connection: ClientConnection) {
    pool.proven(connection.id)
  }

  /// The connection takes no new calls; `byPeer` says that the server wanted that, which may have gone for good.
  func connectionDraining(_ connection: ClientConnection, byPeer: Bool) {
    if byPeer { resolution.outdate() }
    let drain = pool.draining(connection.id)
    if drain.isEmpty { connection.shutDown() }
    settle(.init(wait: drain.wait, failsWaiting: false), connection.lossError)
  }

  func connectionLost(_ connection: ClientConnection) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    resolution.outdate()
    settle(pool.lost(connection.id), connection.lossError)
  }

  /// The server finds that pings come too often: the connections to come send half as many.
  func pingedTooOften(_ policy: KeepalivePolicy) {
    guard let keepalive else { return }
    self.keepalive?.interval = max(keepalive.interval, policy.doubled)
  }

  func streamEnded(on connection: ClientConnection) {
    if pool.streamEnded(on: connection.id) { connection.shutDown() }
    serveWaiting()
  }

  /// Waits, fails, connects and serves as the loss of a connection demands.
  private func settle(_ loss: ConnectionPool.Loss, _ error: RPCError) {
    if let wait = loss.wait {
      eventLoop.scheduleTask(in: .nanoseconds(wait.time.clampedNanoseconds)) {
        self.pool.retryDue(wait.backend)
        self.connect()
        self.serveWaiting()
      }
    }
    if loss.failsWaiting { failWaiting(error) }
    connect()
    serveWaiting()
    concludeClose()
  }

  // MARK: Idleness

  /// Goes through the connections again and again, as long as there are any or the client is in use.
  private func sweepLater() {
    guard sweepTimer == nil else { return }
    sweepTimer = eventLoop.scheduleTask(in: .nanoseconds(idlePolicy.interval.clampedNanoseconds)) {
      self.sweepTimer = nil
      guard !self.isClosing, self.isInUse || !self.connections.isEmpty else { return }
      for id in self.pool.sweep(self.idlePolicy, hasWaiting: self.hasWaiting) { self.connections[id]?.drain() }
      self.sweepLater()
    }
  }
}
