internal import CSQLite

/// Interrupts a connection's statements once a deadline has passed.
///
/// SQLite asks every few thousand steps of its machine, which costs nothing that can be measured.
final class SQLiteDeadline {
  private static let stepsBetweenLooks: Int32 = 4096

  /// When statements are to stop; nil lets them run.
  var deadline: ContinuousClock.Instant?

  /// Lets `database` ask. It must be closed before this goes.
  func install(on database: OpaquePointer) {
    sqlite3_progress_handler(
      database, Self.stepsBetweenLooks,
      { context in
        guard let context else { return 0 }
        let watch = Unmanaged<SQLiteDeadline>.fromOpaque(context).takeUnretainedValue()
        guard let deadline = watch.deadline else { return 0 }
        return ContinuousClock.now < deadline ? 0 : 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
