internal import DMSStorage
internal import Logging

/// Work in the background that goes on for as long as a server runs.
enum Upkeep {
  /// Does `step` again and again, with pauses of `interval`, until the task is cancelled or the store closes. What it
  /// throws is logged, and it is tried again after the pause.
  static func run(
    _ name: StaticString, every interval: Duration, logger: Logger, _ step: @Sendable () async throws -> Void
  ) async {
    while !Task.isCancelled {
      do {
        try await step()
      } catch StorageError.closed {
        return
      } catch is CancellationError {
        return
      } catch {
        logger.warning("\(name) failed and is tried again", metadata: ["error": "\(error)"])
      }
      do { try await Task.sleep(for: interval) } catch { return }
    }
  }
}
