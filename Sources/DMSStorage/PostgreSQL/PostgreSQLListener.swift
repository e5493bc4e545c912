#if PostgreSQL
  internal import CPostgreSQL
  internal import Synchronization

  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Glibc
  #endif

  /// Hears what other servers announce at their commits.
  ///
  /// It sleeps in the kernel, on the session's socket and on a pipe through which it is woken.
  ///
  /// Unchecked: all is constant or guarded but the session, which only the one call of ``wait(timeout:)`` and, after
  /// it, ``close()`` touch. ``stop()`` may come at any time, after the end too.
  final class PostgreSQLListener: CommitListener, @unchecked Sendable {
    /// The one channel, per database.
    static let channel = "dms_revisions"

    private var handle: OpaquePointer?
    /// Where a byte wakes the sleeper; nil once closed.
    private let wakeEnd: Mutex<Int32?>
    private let sleepEnd: Int32

    init(_ session: PostgreSQLSession) throws {
      let handle = try session.open(.listener)
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else {
        let code = errno
        PQfinish(handle)
        throw DatabaseError(.connectionLost, code: String(code), message: "cannot make a pipe")
      }
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
      self.handle = handle
      sleepEnd = ends[0]
      wakeEnd = Mutex(ends[1])
      do {
        _ = try PostgreSQLSession.ask("LISTEN \(Self.channel)", handle)
      } catch {
        close()
        throw error
      }
    }

    deinit {
      close()
    }

    func wait(timeout: Duration) throws -> Bool {
      guard let handle else { throw DatabaseError(.connectionLost, message: "the connection is closed") }
      let end = ContinuousClock.now + timeout
      while true {
        // What came with an earlier answer is read already.
        if hasNews(handle) { return true }
        var descriptors = [
          pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0),
          pollfd(fd: sleepEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard descriptors[0].fd >= 0 else { throw DatabaseError.connectionLost(handle) }
        let left = max(.zero, end - ContinuousClock.now).components
        let milliseconds = min(left.seconds, 1_000_000) * 1_000 + left.attoseconds / 1_000_000_000_000_000
        let found = poll(&descriptors, 2, Int32(clamping: milliseconds + (left.attoseconds > 0 ? 1 : 0)))
        if found == 0 { return false }
        if found < 0 {
          guard errno == EINTR else { throw DatabaseError(.connectionLost, message: "cannot wait for the server") }
          continue
        }
        if descriptors[0].revents != 0, PQconsumeInput(handle) != 1 { throw DatabaseError.connectionLost(handle) }
        if hasNews(handle) { return true }
        if descriptors[1].revents != 0 {
          drainPipe()
          return false
        }
      }
    }

    func stop() {
      wakeEnd.withLock { end in
        var byte: UInt8 = 1
        // A full pipe wakes as well as another byte.
        if let end { _ = write(end, &byte, 1) }
      }
    }

    func close() {
      guard let handle else { return }
      self.handle = nil
      PQfinish(handle)
      closeDescriptor(sleepEnd)
      wakeEnd.withLock { end in
        if let end { closeDescriptor(end) }
        end = nil
      }
    }

    /// Takes all announcements that have been read.
    private func hasNews(_ handle: OpaquePointer) -> Bool {
      var found = false
      while let notice = PQnotifies(handle) {
        found = true
        PQfreemem(notice)
      }
      return found
    }

    private func drainPipe() {
      var bytes = [UInt8](repeating: 0, count: 64)
      while read(sleepEnd, &bytes, bytes.count) > 0 {}
    }
  }

  /// The platform's close, which a method of that name would hide.
  private func closeDescriptor(_ descriptor: Int32) {
    close(descriptor)
  }
#endif
