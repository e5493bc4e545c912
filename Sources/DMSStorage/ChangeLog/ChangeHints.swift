internal import Logging
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Signs that there may be something new in the change log. Any number of them that nobody has looked at are one.
struct ChangeHints: Sendable {
  let given: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() {
    (given, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func give() {
    continuation.yield()
  }

  func end() {
    continuation.finish()
  }
}

/// Gives a hint whenever another server announces a commit, and once in a while in case an announcement is lost.
final class CommitWatch: Sendable {
  private struct State {
    var isStopped = false
    var listener: (any CommitListener)?
    var thread: WorkerThread?
  }

  /// The database may lose announcements: when the connection breaks, or on the way through a pooler.
  private static let pollInterval = Duration.seconds(1)

  private let state = Mutex(State())
  private let driver: any DatabaseDriver
  private let hints: ChangeHints
  private let logger: Logger

  init(driver: any DatabaseDriver, hints: ChangeHints, logger: Logger) {
    self.driver = driver
    self.hints = hints
    self.logger = logger
  }

  /// Starts to listen, on a thread of its own, where there is something to listen to.
  func start() throws {
    guard driver.isShared else { return }
    let thread = try WorkerThread { [self] in run() }
    state.withLock { $0.thread = thread }
  }

  /// Stops, and returns when it has.
  func stop() async {
    let (thread, listener) = state.withLock { state in
      state.isStopped = true
      return (state.thread, state.listener)
    }
    listener?.stop()
    await thread?.join()
  }

  private func run() {
    while !state.withLock({ $0.isStopped }) {
      do {
        guard let listener = try driver.openListener() else { return }
        defer {
          state.withLock { $0.listener = nil }
          listener.close()
        }
        let isStopped = state.withLock { state in
          state.listener = listener
          return state.isStopped
        }
        if isStopped { return }
        while !state.withLock({ $0.isStopped }) {
          // Also once before the first wait: what came while nobody listened is announced to nobody.
          hints.give()
          _ = try listener.wait(timeout: Self.pollInterval)
        }
      } catch {
        logger.warning("commits of other servers cannot be heard; polling", metadata: ["error": "\(error)"])
        hints.give()
        usleep(200_000)
      }
    }
  }
}
