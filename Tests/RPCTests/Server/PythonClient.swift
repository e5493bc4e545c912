import Foundation
import TestProcess
import Testing

/// Runs a case of `Python/peer_client.py`, a client on gRPC's stock Python library.
enum PythonClient {
  /// Expects that the case sees what it should.
  static func passes(_ name: String, target: String, options: [String] = []) async throws {
    let outcome = try await run(name, target: target, options: options)
    // Above its last line stands what gRPC has to say of connections that fail.
    try #require(outcome.split(separator: "\n").last == "ok", "\(name): \(outcome)")
  }

  /// What the case printed: `ok` when it saw what it should, else why not.
  private static func run(_ name: String, target: String, options: [String] = []) async throws -> String {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Python/peer_client.py").path
    return try await ChildProcess.run([ClientPeer.python, script, target, name] + options).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
