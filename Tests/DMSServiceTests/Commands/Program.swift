import DMSAPI
import DMSClient
import Foundation
import TestProcess

/// The program beside the tests, run to its end.
struct Program {
  private static var url: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("dms-server")
  }

  let code: Int32
  let output: String
  let errors: String

  /// Runs the program with `arguments` and waits for its end.
  init(_ arguments: String..., environment: [String: String] = [:]) throws {
    // Files, not pipes: a pipe that nobody reads would stop the program.
    let folder = NSTemporaryDirectory() + "dms-program-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try ["output", "errors"].map { name in
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      return try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
    code = try ChildProcess(
      Self.url, arguments,
      environment: ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DMS_") }
        .merging(environment) { $1 },
      output: files[0].fileDescriptor, errors: files[1].fileDescriptor
    ).wait()
    output = try String(contentsOfFile: "\(folder)/output", encoding: .utf8)
    errors = try String(contentsOfFile: "\(folder)/errors", encoding: .utf8)
  }

  /// What the program printed beside `name`.
  func value(_ name: String) -> String? {
    output.split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .map { $0.dropFirst(name.count).trimmingCharacters(in: .whitespaces) }
  }
}

/// Runs a server until `body` has returned; it is killed, which a store must bear.
func withServer<Value>(_ arguments: String..., body: (_ url: String) async throws -> Value) async throws
  -> Value
{
  let server = ServerProcess(arguments: arguments)
  try await server.start()
  do {
    let value = try await body(server.address)
    try await server.kill9()
    return value
  } catch {
    try await server.kill9()
    throw error
  }
}

/// A folder for a test of commands, gone afterwards.
func withCommandFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = NSTemporaryDirectory() + "dms-commands-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

/// Lends a client of the server at `url` that is the administrator of the data folder `data`.
func withAdministrator<Value>(
  _ url: String, keyIn data: String, _ body: (DMSClient) async throws -> Value
) async throws -> Value {
  let key = try String(contentsOfFile: data + "/admin.key", encoding: .utf8)
    .trimmingCharacters(in: .whitespacesAndNewlines)
  let client = try DMSClient(configuration: DMSClient.Configuration(server: url, apiKey: key))
  do {
    let value = try await body(client)
    await client.close()
    return value
  } catch {
    await client.close()
    throw error
  }
}

extension DMSClient {
  /// Adds a warehouse, as a change that can be looked for.
  func addWarehouse(_ id: String) async throws {
    _ = try await admin.upsertWarehouses(
      .with {
        $0.warehouses = [
          .with {
            $0.warehouseID = id
            $0.name = id
          }
        ]
      })
  }

  /// The ids of all warehouses.
  func warehouses() async throws -> [String] {
    try await admin.listWarehouses(.init()).warehouses.map(\.warehouseID)
  }
}
