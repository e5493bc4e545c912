#if PostgreSQL
  #if canImport(Darwin)
    internal import Darwin
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Glibc
  #endif

  /// A program that this process has started. (Foundation's takes a server that the program leaves behind for the
  /// program itself, and waits for its end.)
  struct ChildProgram {
    private let id: pid_t

    /// Starts the program at `path`; descriptors are what it gets as standard input, output and errors, and nil is
    /// /dev/null for the first and this process's own for the others.
    init(_ path: String, _ arguments: [String], input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil) throws
    {
      #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
      #else
        var actions = posix_spawn_file_actions_t()
      #endif
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      if let input {
        posix_spawn_file_actions_adddup2(&actions, input, 0)
      } else {
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      }
      if let output { posix_spawn_file_actions_adddup2(&actions, output, 1) }
      if let errors { posix_spawn_file_actions_adddup2(&actions, errors, 2) }
      var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
      defer { for word in words { free(word) } }
      var id: pid_t = 0
      let code = posix_spawn(&id, path, &actions, nil, &words, environ)
      guard code == 0 else {
        throw PostgreSQLFailure(message: "cannot start \(path): \(String(cString: strerror(code)))")
      }
      self.id = id
    }

    /// Waits until it has ended; true when all went well.
    func wait() -> Bool {
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 { guard errno == EINTR else { return false } }
      return status == 0
    }
  }

  /// A pipe whose ends no other program inherits.
  struct ChildPipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw PostgreSQLFailure(message: "cannot make a pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// Everything that is written until the last writer has closed its end.
    func readAll() -> String {
      var bytes: [UInt8] = []
      var part = [UInt8](repeating: 0, count: 4_096)
      while true {
        let count = read(readEnd, &part, part.count)
        if count > 0 {
          bytes += part[..<count]
        } else if count == 0 || errno != EINTR {
          return String(decoding: bytes, as: UTF8.self)
        }
      }
    }
  }
#endif
