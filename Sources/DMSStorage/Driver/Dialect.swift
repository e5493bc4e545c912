/// The words in which the two databases' tables differ.
package enum Dialect: Sendable, Hashable {
  case sqlite
  case postgres

  /// `statement` with `{INT}`, `{BYTES}`, `{KEY}`, `{TABLE}` and the like in this database's words.
  ///
  /// `{KEY}` is text compared by its bytes, which is how SQLite compares text anyway. `{TABLE}` and `{CLUSTERED}` end
  /// a table; the latter stores it in the order of its primary key where the database can. `{UPDATED}` and
  /// `{UPDATED_CLUSTERED}` do so for a table whose rows are written over again and again: PostgreSQL keeps room for new
  /// versions beside the old ones, so that indexes need not hear of them.
  package func translate(_ statement: String) -> String {
    var result = ""
    var rest = statement[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else { break }
      result += rest[..<open]
      let name = rest[rest.index(after: open)..<close]
      result += word(name) ?? "{\(name)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private func word(_ name: Substring) -> String? {
    switch (name, self) {
    case ("INT", .sqlite): "INTEGER"
    case ("INT", .postgres): "BIGINT"
    case ("BYTES", .sqlite): "BLOB"
    case ("BYTES", .postgres): "BYTEA"
    case ("KEY", .sqlite): "TEXT"
    case ("KEY", .postgres): "TEXT COLLATE \"C\""
    case ("TABLE", .sqlite), ("UPDATED", .sqlite): "STRICT"
    case ("CLUSTERED", .sqlite), ("UPDATED_CLUSTERED", .sqlite): "STRICT, WITHOUT ROWID"
    case ("UPDATED", .postgres), ("UPDATED_CLUSTERED", .postgres): "WITH (fillfactor = 70)"
    case ("TABLE", .postgres), ("CLUSTERED", .postgres): ""
    default: nil
    }
  }
}
