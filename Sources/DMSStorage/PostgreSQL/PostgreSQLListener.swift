#if PostgreSQL
  internal import CPostgreSQL

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
  /// Unchecked: all is constant but the session, which only the one call of ``wait(timeout:)`` and, after it,
  /// ``close()`` touch; ``stop()`` only writes to the pipe.
  final class PostgreSQLListener: CommitListener, @unchecked Sendable {
    /// The one channel, per database.
    static let channel = "dms_revisions"

    private var handle: OpaquePointer?
    private let wakeEnd: Int32
    private let sleepEnd: Int32

    init(_ session: PostgreSQLSession) throws {
      let handle = try session.open()
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
      (sleepEnd, wakeEnd) = (ends[0], ends[1])
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
      var byte: UInt8 = 1
      // A full pipe wakes as well as another byte.
      _ = write(wakeEnd, &byte, 1)
    }

    func close() {
      guard let handle else { return }
      self.handle = nil
      PQfinish(handle)
      #if canImport(Darwin)
        Darwin.close(sleepEnd)
        Darwin.close(wakeEnd)
      #elseif canImport(Musl)
        Musl.close(sleepEnd)
        Musl.close(wakeEnd)
      #else
        Glibc.close(sleepEnd)
        Glibc.close(wakeEnd)
      #endif
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
#endif
