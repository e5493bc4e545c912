import DMSDomain
import Dispatch
import TestPostgreSQL
import Testing

@testable import DMSStorage

@Suite("Master data that is remembered")
struct MasterMemoryTests {
  private func save(_ id: String, _ status: WarehouseStatus = .active, in transaction: WriteTransaction) throws {
    try transaction.save(
      Stored(
        Warehouse(id: WarehouseID(unchecked: id), name: id, status: status), version: 1,
        createTime: InstantMicros(0), updateTime: InstantMicros(0)))
  }

  private func active(_ store: Store) async throws -> [String] {
    try await store.read { transaction in try transaction.activeWarehouses().map(\.value) }
  }

  @Test("A change holds at once, one that is undone never did", arguments: TestStoreKind.available)
  func changes(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place, migrations: Migration.all) { (store) async throws in
        let request = WriteRequest(principal: "tester")
        try await store.write(request) { transaction in try save("W1", in: transaction) }
        #expect(try await active(store) == ["W1"])
        #expect(try await active(store) == ["W1"])
        try await store.write(request) { transaction in
          #expect(try transaction.activeWarehouses().map(\.value) == ["W1"])
          try save("W2", in: transaction)
          #expect(try transaction.activeWarehouses().map(\.value) == ["W1", "W2"])
        }
        #expect(try await active(store) == ["W1", "W2"])
        await #expect(throws: Refused(name: "undone")) {
          try await store.write(request) { transaction in
            try save("W3", in: transaction)
            #expect(try transaction.activeWarehouses().count == 3)
            throw Refused(name: "undone")
          }
        }
        #expect(try await active(store) == ["W1", "W2"])
        try await store.write(request) { transaction in try save("W4", in: transaction) }
        #expect(try await active(store) == ["W1", "W2", "W4"])
        try await store.write(request) { transaction in try save("W1", .closed, in: transaction) }
        #expect(try await active(store) == ["W2", "W4"])
      }
    }
  }

  @Test("A snapshot that is older than what is remembered reads for itself", arguments: TestStoreKind.available)
  func olderSnapshot(kind: TestStoreKind) async throws {
    try await withTestPlace(kind) { place in
      try await withStore(in: place, migrations: Migration.all) { (store) async throws in
        let request = WriteRequest(principal: "tester")
        try await store.write(request) { transaction in try save("W1", in: transaction) }
        let release = DispatchSemaphore(value: 0)
        let (stood, standing) = AsyncStream.makeStream(of: Void.self)
        let old = Task {
          try await store.read { transaction in
            // Takes the snapshot, and holds it.
            _ = try transaction.storeRevision()
            standing.finish()
            release.wait()
            return try transaction.activeWarehouses().map(\.value)
          }
        }
        for await _ in stood {}
        try await store.write(request) { transaction in try save("W2", in: transaction) }
        #expect(try await active(store) == ["W1", "W2"])
        release.signal()
        #expect(try await old.value == ["W1"])
        #expect(try await active(store) == ["W1", "W2"])
      }
    }
  }

  #if PostgreSQL
    @Test("A change on one server holds on another at once")
    func otherServer() async throws {
      guard TestStoreKind.available.contains(.postgres) else { return }
      try await withTestPlace(.postgres) { place in
        try await withStore(in: place, migrations: Migration.all) { first in
          try await withStore(in: place, migrations: Migration.all) { (second) async throws in
            let request = WriteRequest(principal: "tester")
            for number in 1...3 {
              try await first.write(request) { transaction in try save("W\(number)", in: transaction) }
              #expect(try await active(second).count == number)
              let seen = try await second.write(WriteRequest(principal: "tester", locks: .keys([]))) { transaction in
                try transaction.activeWarehouses().count
              }
              #expect(seen == number)
            }
          }
        }
      }
    }
  #endif
}
