package import Foundation
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A program that runs beside the tests and can be waited for whatever else the tests start.
///
/// Foundation's `Process` learns of an end by a socket, which another process that is started at the same moment may
/// inherit and keep open for as long as it lives. This one asks the kernel, and gives its child no descriptors but the
/// three that it should have.
package final class ChildProcess: Sendable {
  /// The process's number.
  package let id: pid_t
  private let ended = Mutex<Int32?>(nil)

  /// Starts `program`; its standard input is empty unless `input` is given.
  package init(
    _ program: URL, _ arguments: [String], environment: [String: String], input: CInt? = nil, output: CInt,
    errors: CInt
  ) throws {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    #if canImport(Darwin)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_CLOEXEC_DEFAULT))
    #else
      for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        // One that is closed meanwhile may be named all the same.
        if let descriptor = CInt(name), descriptor > STDERR_FILENO {
          posix_spawn_file_actions_addclose(&actions, descriptor)
        }
      }
    #endif
    let words = ([program.path] + arguments).map { strdup($0) }
    let variables = environment.map { strdup("\($0)=\($1)") }
    defer { for text in words + variables { free(text) } }
    var id = pid_t()
    let code = posix_spawn(&id, program.path, &actions, &attributes, words + [nil], variables + [nil])
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    self.id = id
  }

  /// Sends the process a signal.
  package func signal(_ signal: CInt) {
    ended.withLock { ended in
      // Once it has been waited for, its number may be another's.
      if ended == nil { kill(id, signal) }
    }
  }

  /// Waits for the end, blocking the thread.
  /// - Returns: the exit code, or 128 and the signal that ended it.
  @discardableResult
  package func wait() -> Int32 {
    ended.withLock { ended in
      if let ended { return ended }
      var status: CInt = 0
      while waitpid(id, &status, 0) < 0, errno == EINTR {}
      let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
      ended = code
      return code
    }
  }

  /// Waits for the end, without holding up other tasks.
  /// - Returns: the exit code, or 128 and the signal that ended it.
  @discardableResult
  package func end() async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: self.wait()) }
    }
  }

  /// Runs a program of the search path to its end; `output` is all that it printed.
  package static func run(_ arguments: [String]) async throws -> (code: Int32, output: String) {
    // A file, not a pipe: a pipe that nobody reads would stop the program.
    let file = NSTemporaryDirectory() + "dms-output-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Data().write(to: URL(fileURLWithPath: file))
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
    let child = try ChildProcess(
      URL(fileURLWithPath: "/usr/bin/env"), arguments, environment: ProcessInfo.processInfo.environment,
      output: output.fileDescriptor, errors: output.fileDescriptor)
    let code = await child.end()
    try output.close()
    return (code, try String(contentsOfFile: file, encoding: .utf8))
  }
}
