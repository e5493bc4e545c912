import DMSDomain
import DMSService
import DMSStorage
import Foundation
import Logging
import TestPostgreSQL
import Testing

@Suite("The first start")
struct FirstStartTests {
  private static func environment(
    over store: Store, _ folder: DataFolder
  ) throws -> ServiceEnvironment {
    ServiceEnvironment(
      store: store, calendar: BusinessCalendar(timeZone: .gmt), pepper: try folder.pepper(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { InstantMicros(ServiceEnvironment.systemClock()) })
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "dms-start-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  private func withStore(at place: StoreLocation, _ body: (Store) async throws -> Void) async throws {
    let store = try await Store.open(
      place, options: StoreOptions(nowMicros: ServiceEnvironment.systemClock),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    do {
      try await body(store)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  @Test(
    "The key that an interrupted start left in the folder is the one that opens the store",
    arguments: TestStoreKind.available)
  func interrupted(kind: TestStoreKind) async throws {
    try await withFolder { path in
      let folder = try DataFolder(path: path)
      let left = try folder.adminKey()
      try await kind.withPlace(folder) { place in
        try await withStore(at: place) { store in
          let environment = try Self.environment(over: store, folder)
          #expect(try await FirstStart.prepare(environment, keyIn: folder)?.text == left.text)
          let principal = try await environment.verifier.principal(of: left) {}
          #expect(principal.id == FirstStart.administrator)
          #expect(try await FirstStart.prepare(environment, keyIn: folder) == nil)
        }
      }
    }
  }

  @Test("A server with another secret is told so and changes nothing", arguments: TestStoreKind.available)
  func otherSecret(kind: TestStoreKind) async throws {
    try await withFolder { path in
      let first = try DataFolder(path: path + "/first")
      let second = try DataFolder(path: path + "/second")
      try await kind.withPlace(first) { place in
        try await withStore(at: place) { store in
          let key = try await FirstStart.prepare(try Self.environment(over: store, first), keyIn: first)
          let stranger = try Self.environment(over: store, second)
          do {
            _ = try await FirstStart.prepare(stranger, keyIn: second)
            Issue.record("a wrong secret was taken")
          } catch DataFolderError.wrongKey {}
          #expect(!FileManager.default.fileExists(atPath: second.adminKeyFile))
          let again = try Self.environment(over: store, first)
          if let key { _ = try await again.verifier.principal(of: key) {} }
        }
      }
    }
  }

  @Test(
    "Of servers that start at once over one store, one makes the key, and it opens the store",
    arguments: TestStoreKind.available)
  func together(kind: TestStoreKind) async throws {
    try await withFolder { path in
      let folder = try DataFolder(path: path)
      try await kind.withPlace(folder) { place in
        try await withStore(at: place) { store in
          let keys = try await withThrowingTaskGroup(of: ApiKeySecret?.self) { group in
            for _ in 0..<8 {
              group.addTask {
                try await FirstStart.prepare(try Self.environment(over: store, folder), keyIn: folder)
              }
            }
            return try await group.reduce(into: [ApiKeySecret]()) { all, key in if let key { all.append(key) } }
          }
          #expect(keys.count == 1)
          let kept = try folder.adminKey()
          #expect(keys.first?.text == kept.text)
          _ = try await Self.environment(over: store, folder).verifier.principal(of: kept) {}
        }
      }
    }
  }
}
