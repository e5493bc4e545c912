/// Why a backup, a restore or a migration did not take place.
package enum BackupError: Error, Sendable, Hashable {
  /// The file to write is there already. Nothing was changed.
  case targetExists(path: String)
  case cannotRead(path: String, code: Int32)
  case cannotWrite(path: String, code: Int32)
  /// The file is neither an export nor a SQLite database.
  case notABackup(path: String)
  /// The file was written in a later format.
  case newerFormat(path: String, found: UInt32)
  /// The file ends too early.
  case truncated(path: String)
  /// The file is not what was written: `part` names where that showed.
  case damaged(path: String, part: String)
  /// There is no store at the place to read from.
  case noStore(place: String)
  /// The store to fill holds something. Nothing was changed.
  case targetNotEmpty(place: String, tables: [String])
  /// The tables that were carried are not those of the schema with the same number.
  case differentTables([String])
  /// After the copy, a table of the target was not what the source's was. The target was left empty.
  case contentDiffers(table: String)
  /// A backup of this format can only be taken of a SQLite store.
  case unsupportedFormat(place: String)
  /// The schema has something that cannot be carried: a mistake in a migration.
  case unsupportedSchema(String)
}
