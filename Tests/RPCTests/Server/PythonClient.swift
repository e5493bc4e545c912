import Foundation
import Testing

/// Runs a case of `Python/peer_client.py`, a client on gRPC's stock Python library.
enum PythonClient {
  /// Expects that the case sees what it should.
  static func passes(_ name: String, target: String, options: [String] = []) async throws {
    let outcome = try await run(name, target: target, options: options)
    // Above its last line stands what gRPC has to say of connections that fail.
    #expect(outcome.split(separator: "\n").last == "ok", "\(name): \(outcome)")
  }

  /// What the case printed: `ok` when it saw what it should, else why not.
  private static func run(_ name: String, target: String, options: [String] = []) async throws -> String {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Python/peer_client.py").path
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, target, name] + options
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    return try await withCheckedThrowingContinuation { continuation in
      // The output is small enough for the pipe's buffer, so that it can be read when the process is done.
      process.terminationHandler = { _ in
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        continuation.resume(returning: text.trimmingCharacters(in: .whitespacesAndNewlines))
      }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
  }
}
