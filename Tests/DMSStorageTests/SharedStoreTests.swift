#if PostgreSQL
  import TestPostgreSQL
  import Testing

  @testable import DMSStorage

  @Suite("Several servers on one database")
  struct SharedStoreTests {
    /// Two stores on the same database, with several writers each.
    private func withTwoStores<Value>(_ body: (Store, Store) async throws -> Value) async throws -> Value {
      try await withTestPlace(.postgres) { place in
        try await withStore(in: place, settings: TestSettings(writers: 2)) { first in
          try await withStore(in: place, settings: TestSettings(writers: 2)) { second in
            try await body(first, second)
          }
        }
      }
    }

    @Test("Ten servers may start at once on an empty database")
    func manyStarts() async throws {
      try await withTestPlace(.postgres) { place in
        try await withThrowingTaskGroup(of: Int64.self) { group in
          for number in 0..<10 {
            group.addTask {
              try await withStore(in: place) { store in try await store.addEntry("entry-\(number)") }
            }
          }
          let revisions = try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
          #expect(revisions == Set(1...10))
        }
      }
    }

    @Test("Revisions are gapless and watches miss nothing while both servers write, beside each other and alone")
    func revisionsAreGapless() async throws {
      try await withTwoStores { first, second in
        let writers = 16
        let each = 20
        let total = Int64(2 * writers * each)
        // One watcher a server, each of which must see every change once and in order.
        let watchers = [first, second].map { store in
          Task {
            let reader = store.changes.reader(after: 0)
            var seen: [Int64] = []
            while seen.count < Int(total) { seen += try await reader.next().changes.map(\.revision) }
            return seen
          }
        }
        let given = try await withThrowingTaskGroup(of: [Int64].self) { group in
          for (server, store) in [first, second].enumerated() {
            for writer in 0..<writers {
              group.addTask {
                var mine: [Int64] = []
                for number in 0..<each {
                  let name = "\(server)/\(writer)/\(number)"
                  let locks: WriteLocks = number % 5 == 0 ? .exclusive : .keys([.order("order-\(number % 3)")])
                  let request = WriteRequest(principal: "writer-\(writer)", locks: locks)
                  mine.append(try await store.write(request) { transaction in try transaction.addEntry(name) })
                }
                #expect(mine == mine.sorted())
                return mine
              }
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(given.sorted() == Array(1...total))
        for watcher in watchers { #expect(try await watcher.value == Array(1...total)) }
      }
    }

    @Test("A request sent to both servers at once takes place once, and both answer with its reply")
    func requestIDsAreShared() async throws {
      try await withTwoStores { first, second in
        for round in 0..<10 {
          let key = RequestKey(principal: "tester", method: "Add", requestID: "id-\(round)", contentHash: [1])
          let replies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<8 {
              let store = number % 2 == 0 ? first : second
              group.addTask {
                let request = WriteRequest(principal: "tester", locks: .keys([]), requestKey: key)
                return try await store.writeOnce(request) { transaction in
                  try transaction.addEntry("\(round)/\(number)")
                  return [UInt8(number)]
                }
              }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
          }
          #expect(replies.count == 1)
        }
        #expect(try await second.read { try $0.entryNames() }.count == 10)
      }
    }

    @Test("Writes go on when the sessions of both servers are ended, and none is lost or doubled")
    func endedSessions() async throws {
      let cluster = try PostgreSQLCluster.shared()
      try await withTwoStores { first, second in
        let database = try await first.read { transaction in
          try transaction.queryOne("SELECT CAST(current_database() AS TEXT)") { row in try row.text(0) } ?? ""
        }
        let names = try await withThrowingTaskGroup(of: [String].self) { group in
          for (server, store) in [first, second].enumerated() {
            for writer in 0..<4 {
              group.addTask {
                var written: [String] = []
                for number in 0..<40 {
                  let name = "\(server)/\(writer)/\(number)"
                  let key = RequestKey(principal: "tester", method: "Add", requestID: name, contentHash: [1])
                  let request = WriteRequest(principal: name, locks: .keys([]), requestKey: key)
                  // A caller whose answer was lost asks again.
                  while !written.contains(name) {
                    do {
                      _ = try await store.writeOnce(request) { transaction in
                        try transaction.addEntry(name)
                        return [1]
                      }
                      written.append(name)
                    } catch StorageError.unavailable {
                    } catch StorageError.outcomeUnknown {}
                  }
                  if writer == 0, number % 10 == 5 { try cluster.endSessions(on: database) }
                }
                return written
              }
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        // The sessions that read were ended too; a store notices at the next read.
        var found: [String]?
        while found == nil { found = try? await first.read { try $0.entryNames() } }
        #expect(found?.sorted() == names.sorted())
        #expect(try await first.read { try $0.storeRevision() } == Int64(names.count))
      }
    }
  }
#endif
