/// How urgent a write is.
package enum WriteClass: Int, Sendable, Hashable, CaseIterable {
  /// Somebody waits for the answer.
  case interactive
  /// Part of a dealer's stream.
  case stream
  /// Imports, replays, upkeep.
  case bulk
}

/// What a write is known by when it is sent again.
///
/// Its scope is the principal and the method: another principal's equal id is another request.
package struct RequestKey: Sendable, Hashable {
  package var principal: String
  package var method: String
  /// The client's UUID, as text in lower case.
  package var requestID: String
  /// A hash of the content; the same id with another hash is refused.
  package var contentHash: [UInt8]

  package init(principal: String, method: String, requestID: String, contentHash: [UInt8]) {
    self.principal = principal
    self.method = method
    self.requestID = requestID
    self.contentHash = contentHash
  }
}

/// What a write holds while it runs, where several servers write to one store. On SQLite the one writer makes it moot.
package enum WriteLocks: Sendable, Hashable {
  /// Nobody else writes meanwhile: right for every write, and what one gets that says nothing.
  case exclusive
  /// Others write beside it. It changes only what `keys` name, and bases its decision only on that and on what none but
  /// exclusive writes change: master data, prices, rules, principals. The credit accounts on which the orders of
  /// `dealers` draw are locked as well.
  case keys([LockKey], creditOf: [String] = [])
}

/// Says how a write is to be scheduled, and what it locks.
package struct WriteRequest: Sendable {
  /// Which queue it waits in.
  package var writeClass: WriteClass
  /// Whose turn it takes: principals of one class take turns.
  package var principal: String
  /// What it keeps from the writes of other servers.
  package var locks: WriteLocks
  /// What it is known by when sent again; ``Store/writeOnce(_:_:)`` needs it.
  package var requestKey: RequestKey?

  package init(
    _ writeClass: WriteClass = .interactive, principal: String, locks: WriteLocks = .exclusive,
    requestKey: RequestKey? = nil
  ) {
    self.writeClass = writeClass
    self.principal = principal
    self.locks = locks
    self.requestKey = requestKey
  }
}
