#if PostgreSQL
  import TestPostgreSQL
  import Testing

  @testable import DMSStorage

  @Suite("Carrying a store from one database to the other")
  struct CarryBetweenStoresTests {
    private let maintenance = StoreMaintenance(
      options: StoreOptions(nowMicros: { 1_700_000_000_000_000 }))

    /// Writes with everything the engine's own tables hold.
    private func fill(_ store: Store) async throws {
      for number in 0..<50 {
        let key = RequestKey(
          principal: "tester", method: "Add", requestID: "id-\(number)", contentHash: [UInt8(number), 0, 255])
        _ = try await store.writeOnce(WriteRequest(principal: "tester", requestKey: key)) { transaction in
          try transaction.append(
            ChangeEvent(
              kind: .min + Int64(number), key: "é\u{10FFFF} \(number)", dealerID: number % 2 == 0 ? nil : "",
              payload: [UInt8](repeating: UInt8(number), count: number * 100)))
          return [UInt8](repeating: 7, count: number)
        }
      }
    }

    @Test("SQLite to PostgreSQL and back: every table has the checksum it had, and both stores are sound and go on")
    func thereAndBack() async throws {
      try await withBackupFolder { folder in
        try await withTestPlace(.postgres) { place in
          let file = TestPlace(location: .sqlite(path: "\(folder)/store.db"))
          try await withStore(in: file, migrations: Migration.all) { store in try await fill(store) }
          let original = try maintenance.backUp(file.location, to: "\(folder)/original", as: .export)
          let there = try maintenance.migrate(from: file.location, to: place.location)
          #expect(there.tables == original.tables)
          #expect(there.revision == 50)
          #expect(try maintenance.verify(place.location).findings == [])
          let copy = try maintenance.backUp(place.location, to: "\(folder)/copy", as: .export)
          #expect(copy.tables == original.tables)
          let back = try maintenance.migrate(from: place.location, to: .sqlite(path: "\(folder)/back.db"))
          #expect(back.tables == original.tables)
          for location in [place.location, .sqlite(path: "\(folder)/back.db")] {
            try await withStore(in: TestPlace(location: location), migrations: Migration.all) { (store) async throws in
              let next = try await store.write(WriteRequest(principal: "tester")) { transaction in
                try transaction.append(ChangeEvent(kind: 1, key: "next", dealerID: nil, payload: []))
                return try transaction.revision
              }
              #expect(next == 51)
            }
            #expect(try maintenance.verify(location).findings == [])
          }
        }
      }
    }

    @Test("An export is restored into either database; one that is not empty is refused and stays as it is")
    func exports() async throws {
      try await withBackupFolder { folder in
        try await withTestPlace(.postgres) { place in
          try await withStore(in: place, migrations: Migration.all) { store in try await fill(store) }
          let export = try maintenance.backUp(place.location, to: "\(folder)/export", as: .export)
          #expect(throws: BackupError.unsupportedFormat(place: "\(place.location)")) {
            try maintenance.backUp(place.location, to: "\(folder)/none", as: .sqlite)
          }
          let target = StoreLocation.sqlite(path: "\(folder)/target.db")
          #expect(try maintenance.restore("\(folder)/export", to: target).tables == export.tables)
          #expect(throws: BackupError.self) { try maintenance.restore("\(folder)/export", to: place.location) }
          #expect(try maintenance.backUp(place.location, to: "\(folder)/again", as: .export).tables == export.tables)
          try await withTestPlace(.postgres) { (other) async throws in
            #expect(try maintenance.restore("\(folder)/export", to: other.location).tables == export.tables)
          }
        }
      }
    }
  }
#endif
