#if PostgreSQL
  import DMSClient
  import Foundation
  import TestProcess
  import Testing

  /// A PostgreSQL of the test's own, removed when the test or its process ends.
  private func withPostgreSQL<Value>(_ body: (_ url: String) async throws -> Value) async throws -> Value {
    let folder = NSTemporaryDirectory() + "dms-pg-" + UUID().uuidString.prefix(8)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let lifeline = Pipe()
    let output = Pipe()
    // It removes the server when the first pipe is closed, however that comes about.
    let script = try ChildProcess(
      root.appendingPathComponent("dev/private-postgres"), ["run", folder],
      environment: ProcessInfo.processInfo.environment, input: lifeline.fileHandleForReading.fileDescriptor,
      output: output.fileHandleForWriting.fileDescriptor, errors: STDERR_FILENO)
    try output.fileHandleForWriting.close()
    func end() {
      try? lifeline.fileHandleForWriting.close()
      script.wait()
    }
    do {
      let line = try output.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
      let url = try #require(line.split(separator: "\n").first.map(String.init), "no private PostgreSQL")
      let value = try await body(url)
      end()
      return value
    } catch {
      end()
      throw error
    }
  }

  @Suite("The commands for a store on PostgreSQL")
  struct PostgreSQLCommandTests {
    @Test("A store moves to PostgreSQL, is served there by two servers, backed up, and restored to SQLite")
    func thereAndBack() async throws {
      try await withCommandFolder { folder in
        try await withPostgreSQL { url in
          let (data, other) = ("\(folder)/data", "\(folder)/other")
          try await withServer("--data", data) { address in
            try await withAdministrator(address, keyIn: data) { try await $0.addWarehouse("SQLITE") }
          }
          let migrated = try Program("migrate", "--from", "sqlite:\(data)/dms.db", "--to", url)
          #expect(migrated.code == 0, "\(migrated.errors)")
          let again = try Program("migrate", "--from", "sqlite:\(data)/dms.db", "--to", url)
          #expect(again.code == 1)
          #expect(again.errors.contains("is not empty"))

          // Another server of the store needs its secret, and makes none.
          let refused = try Program("--data", other, "--store", url, "--port", "0")
          #expect(refused.code == 1)
          #expect(refused.errors.contains("server.key is missing"), "\(refused.errors)")

          let export = "\(folder)/export.dmsx"
          try await withServer("--data", data, "--store", url) { first in
            try await withServer("--data", other, "--store", url, "--pepper-file", "\(data)/server.key") { second in
              try await withAdministrator(first, keyIn: data) { try await $0.addWarehouse("FIRST") }
              try await withAdministrator(second, keyIn: data) { try await $0.addWarehouse("SECOND") }
              let backup = try Program("backup", export, "--store", url, "--data", data)
              let verified = try Program("verify", "--store", url)
              #expect(backup.code == 0 && verified.code == 0, "\(backup.errors)\(verified.errors)\(verified.output)")
              #expect(backup.value("content") != nil && backup.value("content") == verified.value("content"))
            }
          }

          let restored = "\(folder)/restored"
          let report = try Program("restore", export, "--data", restored)
          #expect(report.code == 0, "\(report.errors)")
          try FileManager.default.copyItem(atPath: "\(data)/server.key", toPath: "\(restored)/server.key")
          try await withServer("--data", restored) { address in
            let warehouses = try await withAdministrator(address, keyIn: data) { try await $0.warehouses() }
            #expect(warehouses == ["FIRST", "SECOND", "SQLITE"])
          }
        }
      }
    }
  }
#endif
