/// Why the store did not do what it was asked.
package enum StorageError: Error, Sendable, Hashable {
  /// The queue of writes or of reads is full; there is room again after about `retryAfter`. Nothing was done.
  case overloaded(retryAfter: Duration)
  /// The request id was used before, with other content. Nothing was done.
  case requestIDReused
  /// The commit failed, and nobody knows whether it took place; the request id settles it.
  case outcomeUnknown
  /// The database cannot be used now. Nothing was done.
  case unavailable(DatabaseError)
  /// The change log begins after `oldestRevision`; what came before is compacted.
  case revisionCompacted(oldestRevision: Int64)
  /// The read went on for longer than a snapshot may live.
  case snapshotTooOld
  /// A page token is damaged, of another version, or belongs to another list, filter or order.
  case invalidPageToken
  /// The write appended more change events, or more bytes of them, than one revision may hold. Nothing was done.
  case writeTooLarge
  /// The store is closed.
  case closed
  /// Another process serves the database in this file.
  case servedElsewhere(path: String)
  /// The database server cannot hold a store: why, and what is to be done.
  case unsuitableServer(reason: String)
  /// The database was written by a newer release.
  case newerDatabase(found: Int, known: Int)
  /// A transaction was used after its closure had returned: a mistake in our code.
  case transactionEnded
}
