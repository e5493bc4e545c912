import Foundation
import Synchronization
import TestProcess

/// The server's program as a process of its own, which can be killed and started again at the same port.
final class ServerProcess: Sendable {
  private struct State {
    var process: ChildProcess?
    var port: Int?
    /// The last of what it wrote to its standard error.
    var said = ""
  }

  private let arguments: [String]
  private let state = Mutex(State())

  /// A server that is not running yet.
  init(arguments: [String]) {
    self.arguments = arguments
  }

  /// Where clients find it, once it has been started for the first time.
  var address: String { "http://127.0.0.1:\(state.withLock { $0.port } ?? 0)" }

  /// The last of what it said.
  var said: String { state.withLock { $0.said } }

  /// Starts the server, and returns once it serves.
  func start() async throws {
    try await onThread { try self.startAndWait() }
  }

  /// Ends the server as a power cut of its process would, and returns once it is gone.
  func kill9() async throws {
    try await onThread {
      guard let running = self.state.withLock({ $0.process }) else { return }
      running.signal(SIGKILL)
      running.wait()
      self.state.withLock { $0.process = nil }
    }
  }

  /// Hangs the server up, which makes it look for a new certificate.
  func hangUp() {
    state.withLock { $0.process }?.signal(SIGHUP)
  }

  // MARK: Starting

  /// The program beside the tests that run.
  private static var program: URL {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return tests.appendingPathComponent("dms-server")
  }

  private func startAndWait() throws {
    if let port = state.withLock({ $0.port }) {
      return try launch(port: port)
    }
    // Below the ports that systems give to outgoing connections: a client that waits for the server to come back must
    // not be given its port.
    var failure: (any Error)?
    for _ in 0..<20 {
      let port = Int.random(in: 10_000..<30_000)
      do {
        try launch(port: port)
        state.withLock { $0.port = port }
        return
      } catch let error as ServerDidNotStart where error.output.contains("in use") {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func launch(port: Int) throws {
    let output = Pipe()
    let server = try ChildProcess(
      Self.program, arguments + ["--port", String(port), "--log-level", "error"],
      environment: ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DMS_") },
      output: STDOUT_FILENO, errors: output.fileHandleForWriting.fileDescriptor)
    try output.fileHandleForWriting.close()
    // It says where it serves once it does, and ends its output when it cannot.
    var said = ""
    while !said.contains(" serves ") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else {
        server.wait()
        throw ServerDidNotStart(output: said)
      }
      said += String(decoding: data, as: UTF8.self)
    }
    output.fileHandleForReading.readabilityHandler = { [self] handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
      } else {
        state.withLock { $0.said = String(($0.said + String(decoding: data, as: UTF8.self)).suffix(4_096)) }
      }
    }
    state.withLock { state in
      state.process = server
      state.said = ""
    }
  }
}

/// Runs what blocks on a thread of its own, so that it holds up no task.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}

/// The server ended before it served.
struct ServerDidNotStart: Error {
  let output: String
}
