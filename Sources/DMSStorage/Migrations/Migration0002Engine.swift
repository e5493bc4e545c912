/// What servers that share a database have in common beyond the first migration: the size of the change log, the state
/// of keys and principals, and who has sent wrong credentials.
enum Migration0002Engine {
  static let statements: [String] = [
    // log_bytes: the size of the change log's contents, kept up by whoever appends or compacts.
    """
    INSERT INTO store_state (name, value)
    SELECT 'log_bytes', CAST(coalesce(sum(length(payload) + length(change_key) + 64), 0) AS BIGINT) FROM change_log
    """,
    // security: counts the changes of keys and principals, so that other servers forget what they remember.
    // master: counts the changes of products, prices, dealers and warehouses.
    "INSERT INTO store_state (name, value) VALUES ('security', 0), ('master', 0)",
    """
    CREATE TABLE failed_attempt (
      address {KEY} NOT NULL PRIMARY KEY,
      failures {INT} NOT NULL CHECK (failures >= 0),
      blocked_until {INT} NOT NULL,
      update_time {INT} NOT NULL
    ) {TABLE}
    """,
    "CREATE INDEX failed_attempt_by_time ON failed_attempt (update_time)",
  ]
}
