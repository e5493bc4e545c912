import Foundation
import Synchronization
import TestPostgreSQL
import Testing

@testable import DMSStorage

/// A folder with everything in it gone afterwards.
func withBackupFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = NSTemporaryDirectory() + "dms-backup-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

/// The store in the SQLite file `store.db` of `folder`, closed afterwards.
func withFileStore<Value>(
  _ folder: String, migrations: [Migration] = testMigrations, _ body: (Store) async throws -> Value
) async throws -> Value {
  try await withStore(in: TestPlace(location: .sqlite(path: "\(folder)/store.db")), migrations: migrations, body)
}

/// Writes to a store from several tasks at once for as long as a test wants.
private final class Load: Sendable {
  private struct State {
    var written = 0
    var isOver = false
  }

  private let state = Mutex(State())

  private var written: Int { state.withLock { $0.written } }

  /// Runs `body` while writes go on, which they do before and after it.
  func during<Value: Sendable>(on store: Store, _ body: () throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask { try await self.write(to: store, as: writer) }
      }
      // Waits for load, not for time.
      while written < 500 {
        try Task.checkCancellation()
        await Task.yield()
      }
      let result = Result { try body() }
      let reached = written
      while written == reached {
        try Task.checkCancellation()
        await Task.yield()
      }
      state.withLock { $0.isOver = true }
      try await group.waitForAll()
      return try result.get()
    }
  }

  private func write(to store: Store, as writer: Int) async throws {
    var number = 0
    while !state.withLock({ $0.isOver }) {
      _ = try await store.addEntry("\(writer)-\(number)")
      number += 1
      state.withLock { $0.written += 1 }
    }
  }
}

@Suite("Backups")
struct BackupTests {
  private var maintenance: StoreMaintenance {
    StoreMaintenance(options: StoreOptions(nowMicros: { 1_700_000_000_000_000 }), migrations: testMigrations)
  }

  private func restored<Value: Sendable>(
    _ path: String, in folder: String, _ body: @escaping @Sendable (ReadTransaction) throws -> Value
  ) async throws -> (report: CopyReport, value: Value) {
    let target = "\(folder)/restored"
    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    let report = try maintenance.restore(path, to: .sqlite(path: "\(target)/store.db"))
    let value = try await withFileStore(target) { store in try await store.read(body) }
    return (report, value)
  }

  /// A store and a format in which it can be kept.
  struct Kind: Sendable, CustomTestStringConvertible {
    var store: TestStoreKind
    var format: BackupFormat

    var testDescription: String { "\(store) as \(format)" }

    static let all = TestStoreKind.available.flatMap { store in
      [BackupFormat.sqlite, .export].map { Kind(store: store, format: $0) }
    }.filter { $0.store == .sqlite || $0.format == .export }
  }

  @Test(
    "One that is taken under full load finishes, and holds every write up to its revision and none after",
    .timeLimit(.minutes(5)), arguments: Kind.all)
  func underLoad(_ kind: Kind) async throws {
    try await withBackupFolder { folder in
      let path = "\(folder)/backup"
      let maintenance = maintenance
      let report = try await withTestPlace(kind.store) { place in
        try await withStore(in: place) { store in
          try await Load().during(on: store) {
            try maintenance.backUp(place.location, to: path, as: kind.format)
          }
        }
      }
      #expect(report.revision >= 500)
      #expect(report.tables.first { $0.name == "entry" }?.rows == report.revision)
      let (restored, found) = try await restored(path, in: folder) { transaction in
        (
          revision: try transaction.storeRevision(),
          entries: try transaction.query("SELECT revision FROM entry ORDER BY revision") { try $0.int64(0) },
          changes: try transaction.query("SELECT revision FROM change_log ORDER BY revision") { try $0.int64(0) }
        )
      }
      #expect(found.revision == report.revision)
      #expect(found.entries == Array(1...report.revision))
      #expect(found.changes == found.entries)
      #expect(restored.tables.contentChecksum == report.tables.contentChecksum)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      #expect(size?.int64Value == report.bytes)
      #expect(restored.bytes == report.bytes)
    }
  }

  @Test("It is one file, for its owner alone", arguments: [BackupFormat.sqlite, .export])
  func oneFile(_ format: BackupFormat) async throws {
    try await withBackupFolder { folder in
      try await withFileStore(folder) { store in
        _ = try await store.addEntry("a")
        try FileManager.default.createDirectory(atPath: "\(folder)/to", withIntermediateDirectories: false)
        _ = try maintenance.backUp(.sqlite(path: "\(folder)/store.db"), to: "\(folder)/to/backup", as: format)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/to") == ["backup"])
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/to/backup")
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      }
    }
  }

  @Test("A file that is there already is left alone", arguments: [BackupFormat.sqlite, .export])
  func existingTarget(_ format: BackupFormat) async throws {
    try await withBackupFolder { folder in
      try await withFileStore(folder) { _ in
        let path = "\(folder)/backup"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: BackupError.targetExists(path: path)) {
          try maintenance.backUp(.sqlite(path: "\(folder)/store.db"), to: path, as: format)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
      }
    }
  }

  @Test("One that fails leaves no file", arguments: [BackupFormat.sqlite, .export])
  func failureLeavesNothing(_ format: BackupFormat) async throws {
    try await withBackupFolder { folder in
      #expect(throws: BackupError.noStore(place: "\(folder)/none.db")) {
        try maintenance.backUp(.sqlite(path: "\(folder)/none.db"), to: "\(folder)/backup", as: format)
      }
      try Data("not a database, but long enough to be read as one".utf8)
        .write(to: URL(fileURLWithPath: "\(folder)/none.db"))
      #expect(throws: DatabaseError.self) {
        try maintenance.backUp(.sqlite(path: "\(folder)/none.db"), to: "\(folder)/backup", as: format)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["none.db"])
    }
  }

  // MARK: Damage

  /// The path of a small export in `folder`, and its bytes.
  private func smallExport(in folder: String) async throws -> (path: String, bytes: [UInt8]) {
    let path = "\(folder)/backup.dmsx"
    try await withFileStore(folder) { store in
      for name in ["a", "b", "c"] { _ = try await store.addEntry(name, dealer: name == "b" ? nil : "D1") }
      _ = try maintenance.backUp(.sqlite(path: "\(folder)/store.db"), to: path, as: .export)
    }
    return (path, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  @Test("A change of any byte of an export is found, and nothing is restored")
  func anyByte() async throws {
    try await withBackupFolder { folder in
      let (path, bytes) = try await smallExport(in: folder)
      let target = StoreLocation.sqlite(path: "\(folder)/target.db")
      for place in bytes.indices {
        var damaged = bytes
        damaged[place] ^= UInt8(1 << (place % 8))
        try Data(damaged).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self, "byte \(place)") { try maintenance.restore(path, to: target) }
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/target.db"))
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(try maintenance.restore(path, to: target).revision == 3)
    }
  }

  @Test("An export that ends too early, or goes on after its end, is refused")
  func length() async throws {
    try await withBackupFolder { folder in
      let (path, bytes) = try await smallExport(in: folder)
      let target = StoreLocation.sqlite(path: "\(folder)/target.db")
      for length in bytes.indices {
        try Data(bytes[..<length]).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self, "\(length) bytes") { try maintenance.restore(path, to: target) }
      }
      try Data(bytes[..<(bytes.count / 2)]).write(to: URL(fileURLWithPath: path))
      #expect(throws: BackupError.truncated(path: path)) { try maintenance.restore(path, to: target) }
      try Data(bytes + [0]).write(to: URL(fileURLWithPath: path))
      #expect(throws: BackupError.damaged(path: path, part: "its checksum")) {
        try maintenance.restore(path, to: target)
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/target.db"))
    }
  }

  @Test("A file of another kind is refused")
  func foreignFile() async throws {
    try await withBackupFolder { folder in
      let path = "\(folder)/letter.txt"
      try Data(String(repeating: "Dear customer, ", count: 500).utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: BackupError.notABackup(path: path)) {
        try maintenance.restore(path, to: .sqlite(path: "\(folder)/target.db"))
      }
    }
  }

  @Test("A damaged page of a SQLite backup is found")
  func damagedPage() async throws {
    try await withBackupFolder { folder in
      let path = "\(folder)/backup.db"
      try await withFileStore(folder) { store in
        for number in 0..<300 { _ = try await store.addEntry("entry \(number)") }
        _ = try maintenance.backUp(.sqlite(path: "\(folder)/store.db"), to: path, as: .sqlite)
      }
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes.replaceSubrange((bytes.count - 2_000)..<bytes.count, with: Data(repeating: 0x5A, count: 2_000))
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: (any Error).self) { try maintenance.restore(path, to: .sqlite(path: "\(folder)/target.db")) }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/target.db"))
    }
  }
}
