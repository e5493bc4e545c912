import Synchronization

/// What happened, in order, from any thread.
final class Events: Sendable {
  private let list = Mutex<[String]>([])

  func add(_ event: String) { list.withLock { $0.append(event) } }

  /// What happened since the last time.
  func take() -> [String] {
    list.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
