/// Watches what a store does, for metrics. It is called on the store's threads and must be quick.
package protocol StoreObserver: Sendable {
  /// A batch of `writes` is durable; its commit took `commit`.
  func batchCommitted(writes: Int, commit: Duration)

  /// A batch was served, from its first write to its answers, tries again included.
  func batchServed(took: Duration)

  /// A batch was undone as a whole; it is run again, or given up.
  func batchFailed()

  /// A read has ended, after so long on its thread.
  func readEnded(took: Duration)

  /// Somebody was turned away with ``StorageError/overloaded(retryAfter:)``.
  func refused(_ work: RefusedWork)
}

/// What can be turned away.
package enum RefusedWork: String, Sendable, Hashable, CaseIterable {
  case interactive, stream, bulk, read
}

extension RefusedWork {
  /// A write of a class.
  init(_ writeClass: WriteClass) {
    switch writeClass {
    case .interactive: self = .interactive
    case .stream: self = .stream
    case .bulk: self = .bulk
    }
  }
}
