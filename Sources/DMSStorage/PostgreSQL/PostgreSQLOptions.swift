/// How the connections to a PostgreSQL server behave.
package struct PostgreSQLOptions: Sendable {
  /// How long making a connection may take, in seconds.
  package var connectTimeoutSeconds = 10
  /// How long a single statement of a write may run, in milliseconds; migrations are exempt. Reads have their own limit.
  package var statementTimeoutMilliseconds = 60_000
  /// How long a statement waits for a lock, in milliseconds, before the batch is given up as busy.
  package var lockTimeoutMilliseconds = 10_000
  /// How long the server keeps a transaction open whose client says nothing, in milliseconds: locks of a server that
  /// hangs are free after that.
  package var idleInTransactionTimeoutMilliseconds = 60_000
  /// After how long unacknowledged data means that the server is gone, in milliseconds.
  package var networkTimeoutMilliseconds = 30_000

  package init() {}
}
