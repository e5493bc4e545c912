/// What the engine needs beyond the first migration: the size of the change log.
enum Migration0002Engine {
  static let statements: [String] = [
    // log_bytes: the size of the change log's contents, kept up by whoever appends or compacts.
    """
    INSERT INTO store_state (name, value)
    SELECT 'log_bytes', CAST(coalesce(sum(length(payload) + length(change_key) + 64), 0) AS BIGINT) FROM change_log
    """
  ]
}
