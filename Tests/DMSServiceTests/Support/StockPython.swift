import Foundation
import TestProcess

/// The Python with gRPC's stock packages.
enum StockPython {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of the programs that the tests run.
  static let programs = root.appendingPathComponent("Tests/RPCTests/Python").path

  private static var python: String {
    if let named = ProcessInfo.processInfo.environment["DMS_PYTHON"] { return named }
    let own = root.appendingPathComponent(".venv/bin/python").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }

  /// Runs Python to its end; `output` is all that it printed.
  static func run(_ arguments: [String]) async throws -> (code: Int32, output: String) {
    let file = NSTemporaryDirectory() + "dms-python-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: file) }
    return try await onThread {
      try Data().write(to: URL(fileURLWithPath: file))
      let output = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      let code = try ChildProcess(
        URL(fileURLWithPath: "/usr/bin/env"), [python] + arguments, environment: ProcessInfo.processInfo.environment,
        output: output.fileDescriptor, errors: output.fileDescriptor
      ).wait()
      return (code, try String(contentsOfFile: file, encoding: .utf8))
    }
  }
}
