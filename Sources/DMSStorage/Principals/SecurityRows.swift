/// What an address has to its account: failed attempts in a row, and until when it waits.
package struct AttemptRow: Sendable, Hashable {
  package var address: String
  package var failures: Int64
  /// Microseconds since 1970.
  package var blockedUntil: Int64

  package init(address: String, failures: Int64, blockedUntil: Int64) {
    self.address = address
    self.failures = failures
    self.blockedUntil = blockedUntil
  }
}

extension ReadTransaction {
  /// How often keys or principals have changed.
  package func securityVersion() throws -> Int64 {
    try queryOne("SELECT value FROM store_state WHERE name = 'security'") { row in try row.int64(0) } ?? 0
  }

  /// What tells the secret under which the store's keys are hashed; nil while nobody has said.
  package func secretFingerprint() throws -> Int64? {
    try queryOne("SELECT value FROM store_state WHERE name = 'secret'") { row in try row.int64(0) }
  }

  /// Addresses whose account has changed since `timeMicros`, at most `limit`, the newest first.
  package func attempts(since timeMicros: Int64, limit: Int) throws -> [AttemptRow] {
    try query(
      """
      SELECT address, failures, blocked_until FROM failed_attempt
      WHERE update_time >= ?1 ORDER BY update_time DESC LIMIT ?2
      """, [.integer(timeMicros), .integer(Int64(limit))], readAttempt)
  }

  /// The accounts of some addresses, in their order; nil where there is none.
  package func attempts(of addresses: [String]) throws -> [AttemptRow?] {
    try queryMany(
      "SELECT address, failures, blocked_until FROM failed_attempt WHERE address = ?1",
      addresses.map { [.text($0)] }, readAttempt
    ).map(\.first)
  }
}

extension WriteTransaction {
  /// Notes that a key or a principal has changed.
  package func noteSecurityChange() throws {
    try execute("UPDATE store_state SET value = value + 1 WHERE name = 'security'")
  }

  /// Keeps what tells the secret under which the store's keys are hashed, unless there is one.
  /// - Returns: the one that is kept.
  package func keepSecretFingerprint(_ fingerprint: Int64) throws -> Int64 {
    try execute(
      "INSERT INTO store_state (name, value) VALUES ('secret', ?1) ON CONFLICT (name) DO NOTHING",
      [.integer(fingerprint)])
    return try secretFingerprint() ?? fingerprint
  }

  /// Writes accounts, and removes those that have not changed since `sweepMicros`.
  package func save(_ attempts: [AttemptRow], sweepingBefore sweepMicros: Int64) throws {
    try executeMany(
      """
      INSERT INTO failed_attempt (address, failures, blocked_until, update_time) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (address) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until,
        update_time = excluded.update_time
      """,
      attempts.map {
        [.text($0.address), .integer($0.failures), .integer($0.blockedUntil), .integer(nowMicros)]
      })
    try execute("DELETE FROM failed_attempt WHERE update_time < ?1", [.integer(sweepMicros)])
  }
}

private func readAttempt(_ row: borrowing Row) throws -> AttemptRow {
  AttemptRow(address: try row.text(0), failures: try row.int64(1), blockedUntil: try row.int64(2))
}
