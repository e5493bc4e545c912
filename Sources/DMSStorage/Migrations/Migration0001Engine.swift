/// The engine's own tables in the first migration: revision counter, change log, stored replies.
enum Migration0001Engine {
  static let statements: [String] = [
    // name: 'revision', the last revision given; 'compacted', the last one whose changes are gone from the log.
    """
    CREATE TABLE store_state (
      name {KEY} NOT NULL PRIMARY KEY,
      value {INT} NOT NULL CHECK (value >= 0)
    ) {UPDATED_CLUSTERED}
    """,
    "INSERT INTO store_state (name, value) VALUES ('revision', 0), ('compacted', 0)",
    // A feed, compacted from its old end. position: the place of a change within its write, from 0.
    """
    CREATE TABLE change_log (
      revision {INT} NOT NULL CHECK (revision > 0),
      position {INT} NOT NULL CHECK (position >= 0),
      kind {INT} NOT NULL,
      change_key {KEY} NOT NULL,
      dealer_id {KEY},
      record_time {INT} NOT NULL,
      payload {BYTES} NOT NULL,
      PRIMARY KEY (revision, position)
    ) {CLUSTERED}
    """,
    // In the order of revisions, so that the oldest replies are swept without an index on time.
    """
    CREATE TABLE stored_reply (
      revision {INT} NOT NULL PRIMARY KEY,
      principal_id {KEY} NOT NULL,
      method {KEY} NOT NULL,
      request_id {KEY} NOT NULL,
      content_hash {BYTES} NOT NULL,
      reply {BYTES} NOT NULL,
      create_time {INT} NOT NULL
    ) {TABLE}
    """,
    "CREATE UNIQUE INDEX stored_reply_by_request ON stored_reply (request_id, method, principal_id)",
  ]
}
