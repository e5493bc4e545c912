internal import Synchronization

/// What a caller holds while its work waits for a thread: answered once, cancelled only until the work begins.
final class Ticket<Value: Sendable>: Sendable {
  private enum Stage {
    case new
    case waiting(CheckedContinuation<Value, any Error>)
    case running(CheckedContinuation<Value, any Error>)
    case over
  }

  private let stage = Mutex(Stage.new)

  /// Notes who waits; false, with the caller answered, when the work was cancelled already.
  func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
    let isWaiting = stage.withLock { stage in
      guard case .new = stage else { return false }
      stage = .waiting(continuation)
      return true
    }
    if !isWaiting { continuation.resume(throwing: CancellationError()) }
    return isWaiting
  }

  /// Claims the work for a thread; false when it was cancelled before.
  func begin() -> Bool {
    stage.withLock { stage in
      guard case .waiting(let continuation) = stage else { return false }
      stage = .running(continuation)
      return true
    }
  }

  /// Answers the caller, if nobody has.
  func answer(_ result: Result<Value, any Error>) {
    let continuation = stage.withLock { stage -> CheckedContinuation<Value, any Error>? in
      defer { stage = .over }
      switch stage {
      case .waiting(let continuation), .running(let continuation): return continuation
      case .new, .over: return nil
      }
    }
    continuation?.resume(with: result)
  }

  /// Answers the caller that the work is cancelled, unless it has begun.
  func cancel() {
    let continuation = stage.withLock { stage -> CheckedContinuation<Value, any Error>? in
      switch stage {
      case .new:
        stage = .over
        return nil
      case .waiting(let continuation):
        stage = .over
        return continuation
      case .running, .over:
        return nil
      }
    }
    continuation?.resume(throwing: CancellationError())
  }
}
