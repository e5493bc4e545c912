import Foundation
import Logging
import Synchronization
import TestPostgreSQL

@testable import DMSStorage

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
  private let micros = Mutex<Int64>(1_700_000_000_000_000)

  var nowMicros: Int64 { micros.withLock { $0 } }

  func advance(days: Int64) {
    micros.withLock { $0 += days * 24 * 3_600 * 1_000_000 }
  }
}

/// Where a store of the tests lives.
struct TestPlace: Sendable {
  let location: StoreLocation

  func driver(_ options: StoreOptions) throws -> any DatabaseDriver { try location.driver(options) }
}

/// An empty place for a store: a file, or a database on the private server; gone afterwards.
func withTestPlace<Value>(_ kind: TestStoreKind, _ body: (TestPlace) async throws -> Value) async throws -> Value {
  #if PostgreSQL
    if kind == .postgres {
      return try await withTestDatabase { url in try await body(TestPlace(location: .postgres(url: url))) }
    }
  #endif
  return try await withTemporaryFolder { folder in
    try await body(TestPlace(location: .sqlite(path: "\(folder)/store.db")))
  }
}

/// A folder that is gone afterwards.
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  var template = Array("/tmp/dms-storage-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { throw POSIXFailure(code: errno) }
  let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer {
    for name in ["store.db", "store.db-wal", "store.db-shm", "store.db.lock"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
  return try await body(folder)
}

struct POSIXFailure: Error {
  var code: Int32
}

/// A table of the tests' own beside the engine's: what was written, in the order of writing.
let testMigrations = [
  Migration(
    number: 1, name: "tables",
    statements: Migration0001Engine.statements + Migration0002Engine.statements + [
      """
      CREATE TABLE entry (
        name {KEY} NOT NULL PRIMARY KEY,
        revision {INT} NOT NULL
      ) {TABLE}
      """
    ])
]

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// What a test wants otherwise than a server does.
struct TestSettings {
  /// Batches under way at once where the store is shared; one, so that a gate holds everybody.
  var writers = 1
  var writeQueueMax: Int?
  var batchDuration: Duration?
  var readThreads: Int?
  var readQueueMax: Int?
  var snapshotAgeMax: Duration?
  var changeLogBytesMax: Int64?
  /// Changes kept in memory.
  var changeTailMax: Int?

  func apply(to options: inout StoreOptions) {
    options.writers = writers
    if let writeQueueMax { options.writeQueueMax = writeQueueMax }
    if let batchDuration { options.batch.duration = batchDuration }
    if let readThreads { options.readers.threads = readThreads }
    if let readQueueMax { options.readers.queueMax = readQueueMax }
    if let changeLogBytesMax { options.changeLogBytesMax = changeLogBytesMax }
    if let changeTailMax { options.changeTail.countMax = changeTailMax }
    if let snapshotAgeMax { options.readers.snapshotAgeMax = snapshotAgeMax }
  }
}

/// A store in a place of its own, opened with the tests' tables, closed and removed afterwards.
func withTestStore<Value>(
  _ kind: TestStoreKind, clock: TestClock = TestClock(), faults: FaultPlan = FaultPlan(),
  _ settings: TestSettings = TestSettings(), _ body: (Store) async throws -> Value
) async throws -> Value {
  try await withTestPlace(kind) { place in
    try await withStore(in: place, clock: clock, faults: faults, settings: settings, body)
  }
}

/// The store at `place`, closed afterwards.
func withStore<Value>(
  in place: TestPlace, clock: TestClock = TestClock(), faults: FaultPlan = FaultPlan(),
  migrations: [Migration] = testMigrations, settings: TestSettings = TestSettings(),
  _ body: (Store) async throws -> Value
) async throws -> Value {
  var options = StoreOptions(nowMicros: { clock.nowMicros })
  settings.apply(to: &options)
  let driver = FaultyDriver(try place.driver(options), faults)
  let store = try await Store.open(driver, migrations: migrations, options: options, logger: silent)
  do {
    let value = try await body(store)
    await store.close()
    return value
  } catch {
    await store.close()
    throw error
  }
}

extension WriteTransaction {
  /// Writes one row that says which revision it had, and reports it.
  @discardableResult
  func addEntry(_ name: String, kind: Int64 = 1, dealer: String? = nil, payload: [UInt8] = [1, 2, 3]) throws -> Int64 {
    let revision = try revision
    try execute("INSERT INTO entry (name, revision) VALUES (?1, ?2)", [.text(name), .integer(revision)])
    try append(ChangeEvent(kind: kind, key: name, dealerID: dealer, payload: payload))
    return revision
  }
}

extension ReadTransaction {
  /// The names written, in the order of writing.
  func entryNames() throws -> [String] {
    try query("SELECT name FROM entry ORDER BY revision") { row in try row.text(0) }
  }
}

extension Store {
  func addEntry(
    _ name: String, _ writeClass: WriteClass = .interactive, principal: String = "tester", kind: Int64 = 1,
    dealer: String? = nil
  ) async throws -> Int64 {
    try await write(WriteRequest(writeClass, principal: principal)) { transaction in
      try transaction.addEntry(name, kind: kind, dealer: dealer)
    }
  }
}

/// Refused by a closure of the tests.
struct Refused: Error, Equatable {
  var name: String
}
