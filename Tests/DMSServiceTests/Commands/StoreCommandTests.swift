import DMSStorage
import Foundation
import Logging
import Testing

@Suite("The commands for the store")
struct StoreCommandTests {
  /// A data folder whose server has been started and stopped.
  private func usedFolder(in folder: String) async throws -> String {
    let data = folder + "/data"
    try await withServer("--data", data) { _ in }
    return data
  }

  @Test("A backup of a served store is restored elsewhere, and serves there with the same API keys")
  func backupAndRestore() async throws {
    try await withCommandFolder { folder in
      let (data, restored) = ("\(folder)/data", "\(folder)/restored")
      let (copy, export) = try await withServer("--data", data) { url in
        try await withAdministrator(url, keyIn: data) { try await $0.addWarehouse("BEFORE") }
        let copy = try Program("backup", "\(folder)/copy.db", "--data", data, "--with-key")
        let export = try Program("backup", "\(folder)/copy.dmsx", "--data", data, "--format", "export")
        try await withAdministrator(url, keyIn: data) { try await $0.addWarehouse("AFTER") }
        return (copy, export)
      }
      #expect(copy.code == 0 && export.code == 0, "\(copy.errors)\(export.errors)")
      #expect(copy.value("content") != nil && copy.value("content") == export.value("content"))
      #expect(copy.value("revision") == export.value("revision"))
      #expect(export.value("API keys' secret")?.contains("not in it") == true)

      let verified = try Program("verify", "--store", "sqlite:\(folder)/copy.db")
      #expect(verified.code == 0)
      #expect(verified.value("content") == copy.value("content"))

      let first = try Program("restore", "\(folder)/copy.db", "--data", restored)
      #expect(first.code == 0, "\(first.errors)")
      #expect(first.value("content") == copy.value("content"))
      #expect(first.value("findings") == "none")
      let second = try Program("restore", "\(folder)/copy.dmsx", "--store", "sqlite:\(folder)/third.db", "--data", data)
      #expect(second.code == 0, "\(second.errors)")
      #expect(second.value("content") == copy.value("content"))

      try FileManager.default.copyItem(atPath: "\(data)/admin.key", toPath: "\(restored)/admin.key")
      try await withServer("--data", restored) { url in
        let warehouses = try await withAdministrator(url, keyIn: restored) { try await $0.warehouses() }
        #expect(warehouses == ["BEFORE"])
      }
    }
  }

  @Test("What stands in the way is said in a sentence that names the remedy, with code 1")
  func refusals() async throws {
    try await withCommandFolder { folder in
      let data = try await usedFolder(in: folder)
      #expect(try Program("backup", "\(folder)/b.db", "--data", data).code == 0)
      for (program, sentence) in [
        (try Program("backup", "\(folder)/b.db", "--data", data), "b.db is there already; name a file that is not"),
        (try Program("restore", "\(folder)/b.db", "--data", data), "is not empty"),
        (try Program("restore", "\(data)/server.key", "--data", "\(folder)/new"), "is no backup"),
        (try Program("restore", "\(folder)/none", "--data", "\(folder)/new"), "cannot be read"),
        (try Program("backup", "\(folder)/c.db", "--data", "\(folder)/nothing"), "there is no store in"),
        (try Program("verify", "--store", "mysql://x"), "it must be sqlite:PATH or postgres://"),
      ] {
        #expect(program.code == 1)
        #expect(program.errors.contains(sentence), "\(program.errors)")
        #expect(program.output.isEmpty)
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/nothing"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/new/dms.db"))
    }
  }

  @Test("A folder gets a backup named by the time")
  func folderAsTarget() async throws {
    try await withCommandFolder { folder in
      let data = try await usedFolder(in: folder)
      let backups = "\(folder)/backups"
      try FileManager.default.createDirectory(atPath: backups, withIntermediateDirectories: false)
      #expect(try Program("backup", backups, "--data", data).code == 0)
      let names = try FileManager.default.contentsOfDirectory(atPath: backups)
      #expect(names.count == 1)
      #expect(names.first?.wholeMatch(of: /dms-[0-9]{8}T[0-9]{6}Z\.db/) != nil, "\(names)")
    }
  }

  @Test("A store is migrated unless it is served, and verifies to the same content")
  func migrate() async throws {
    try await withCommandFolder { folder in
      let data = "\(folder)/data"
      let (source, target) = ("sqlite:\(data)/dms.db", "sqlite:\(folder)/new.db")
      try await withServer("--data", data) { _ in
        let refused = try Program("migrate", "--from", source, "--to", target)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("stop it first"))
      }
      let migrated = try Program("migrate", "--from", source, "--to", target)
      #expect(migrated.code == 0, "\(migrated.errors)")
      for place in [source, target] {
        #expect(try Program("verify", "--store", place).value("content") == migrated.value("content"))
      }
      try await withServer("--data", data, "--store", target) { url in
        try await withAdministrator(url, keyIn: data) { try await $0.addWarehouse("MAIN") }
      }
    }
  }

  @Test("Verifying ends with code 1 when something is wrong, and says what")
  func verifyFindsFaults() async throws {
    try await withCommandFolder { folder in
      let data = try await usedFolder(in: folder)
      let store = try await Store.open(
        .sqlite(path: "\(data)/dms.db"), options: StoreOptions(nowMicros: { 1 }), logger: Logger(label: "test"))
      try await store.write(WriteRequest(principal: "tester")) { transaction in
        try transaction.execute("UPDATE principal SET version = version + 1")
        try transaction.execute("UPDATE change_log SET position = position + 1")
        try transaction.execute(
          "INSERT INTO stored_reply VALUES (999, 'p', 'm', 'r', ?1, ?1, 1)", [.blob([0])])
      }
      await store.close()
      let program = try Program("verify", "--data", data)
      #expect(program.code == 1)
      #expect(program.output.contains("WRONG: change log"))
      #expect(program.output.contains("stored_reply.revision is beyond the revision counter"))
    }
  }

  @Test("A server does not make a new secret for a store that has been used")
  func missingSecret() async throws {
    try await withCommandFolder { folder in
      let data = try await usedFolder(in: folder)
      try FileManager.default.moveItem(atPath: "\(data)/server.key", toPath: "\(folder)/kept.key")
      let refused = try Program("--data", data, "--port", "0")
      #expect(refused.code == 1)
      #expect(refused.errors.contains("server.key is missing"))
      #expect(!FileManager.default.fileExists(atPath: "\(data)/server.key"))
      try await withServer("--data", data, "--pepper-file", "\(folder)/kept.key") { url in
        try await withAdministrator(url, keyIn: data) { try await $0.addWarehouse("MAIN") }
      }
    }
  }

  @Test("A password in the store's URL is never shown")
  func passwords() async throws {
    let url = "postgres://dms:sesame@127.0.0.1:1/dms?password=sesame&connect_timeout=1"
    for program in [
      try Program("config", "--store", url), try Program("config", environment: ["DMS_STORE": url]),
      try Program("verify", "--store", url), try Program("migrate", "--from", url, "--to", "sqlite:/nowhere/x.db"),
      try Program("verify", "--store", "x" + url),
    ] {
      #expect(!(program.output + program.errors).contains("sesame"), "\(program.output)\(program.errors)")
    }
    #expect(try Program("config", "--store", url).output.contains("postgres://dms:…@127.0.0.1:1/dms"))
  }
}
