internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// An exclusive lock on `<database>.lock`: one server a database.
///
/// The kernel holds the lock and lets it go when the process ends, however it ends; the file stays and means nothing.
final class SQLiteLockFile: Sendable {
  private let descriptor: Mutex<Int32?>

  init(databasePath: String) throws {
    let path = databasePath + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw StorageError.unavailable(
        DatabaseError(.connectionLost, code: String(errno), message: "cannot open the lock file \(path)"))
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(opened)
      if code == EWOULDBLOCK { throw StorageError.servedElsewhere(path: databasePath) }
      throw StorageError.unavailable(
        DatabaseError(.connectionLost, code: String(code), message: "cannot lock \(path)"))
    }
    descriptor = Mutex(opened)
  }

  deinit {
    release()
  }

  /// Lets another server in.
  func release() {
    descriptor.withLock { held in
      if let held {
        // Closing alone would leave the lock with a program that this process is starting just now.
        flock(held, LOCK_UN)
        close(held)
      }
      held = nil
    }
  }
}
