/// Replies kept for requests that come again.
enum StoredReplies {
  /// How long a reply answers repeats: seven days, in microseconds.
  static let lifetimeMicros: Int64 = 7 * 24 * 3_600 * 1_000_000

  /// The reply committed for `key` within the lifetime, or nil; an older one is removed.
  ///
  /// Throws ``StorageError/requestIDReused`` when it was committed for other content.
  static func find(_ key: RequestKey, _ transaction: WriteTransaction) throws -> [UInt8]? {
    let found = try transaction.queryOne(
      """
      SELECT revision, content_hash, reply, create_time FROM stored_reply
      WHERE request_id = ?1 AND method = ?2 AND principal_id = ?3
      """, [.text(key.requestID), .text(key.method), .text(key.principal)]
    ) { row in
      (revision: try row.int64(0), hash: try row.blob(1), reply: try row.blob(2), time: try row.int64(3))
    }
    guard let found else { return nil }
    guard found.time > transaction.nowMicros - lifetimeMicros else {
      try transaction.execute("DELETE FROM stored_reply WHERE revision = ?1", [.integer(found.revision)])
      return nil
    }
    guard found.hash == key.contentHash else { throw StorageError.requestIDReused }
    return found.reply
  }

  /// Runs `body` unless a reply is kept for `key`, and keeps what it answers, in the same transaction; of a refusal
  /// nothing is kept.
  static func once<Refusal: Error>(
    _ key: RequestKey, _ transaction: WriteTransaction,
    _ body: (WriteTransaction) throws -> Result<WriteResult<[UInt8]>, Refusal>
  ) throws -> WriteResult<Result<[UInt8], Refusal>> {
    if let earlier = try transaction.pendingReply(for: key) { return .sealed { .success(earlier.bytes) } }
    if let reply = try find(key, transaction) { return .value(.success(reply)) }
    switch try body(transaction) {
    case .failure(let refusal):
      return .value(.failure(refusal))
    case .success(let result):
      let reply = PendingReply(contentHash: key.contentHash)
      transaction.announce(reply, for: key)
      keep(reply, for: key, transaction)
      return .late { revision in
        switch result {
        case .value(let bytes): reply.bytes = bytes
        case .late(let make): reply.bytes = try make(revision)
        case .sealed(let make): reply.bytes = try make()
        }
        return .success(reply.bytes)
      }
    }
  }

  /// Keeps `reply` for `key`, once it is made.
  private static func keep(_ reply: PendingReply, for key: RequestKey, _ transaction: WriteTransaction) {
    let nowMicros = transaction.nowMicros
    transaction.late(
      """
      INSERT INTO stored_reply (revision, principal_id, method, request_id, content_hash, reply, create_time)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """
    ) { revision in
      [
        [
          .integer(revision), .text(key.principal), .text(key.method), .text(key.requestID), .blob(key.contentHash),
          .blob(reply.bytes), .integer(nowMicros),
        ]
      ]
    }
  }

  /// Removes the oldest replies past their lifetime, at most `limit`.
  /// - Returns: how many went.
  static func sweep(limit: Int, _ transaction: WriteTransaction) throws -> Int {
    var last: Int64?
    try transaction.forEach(
      "SELECT revision, create_time FROM stored_reply ORDER BY revision LIMIT ?1", [.integer(Int64(limit))]
    ) { row in
      guard try row.int64(1) <= transaction.nowMicros - lifetimeMicros else { return false }
      last = try row.int64(0)
      return true
    }
    guard let last else { return 0 }
    return try transaction.executeCounting("DELETE FROM stored_reply WHERE revision <= ?1", [.integer(last)])
  }
}
