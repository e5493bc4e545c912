@testable import DMSStorage

/// A write of the durability tests. What it writes is decided by its values, so that what is found can be checked.
struct PlannedWrite: Sendable {
  var number: Int
  /// Which of a few rows it replaces.
  var slot: Int64
  /// How many bytes it puts there.
  var size: Int
  /// Whether it can be repeated.
  var hasRequestID = true
  /// Whether it changes its mind after it has written.
  var isRefused = false

  var name: String { "write-\(number)" }

  var payload: [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31 &+ 7), count: size)
  }

  var request: WriteRequest {
    WriteRequest(
      principal: "dealer-\(number % 3)",
      requestKey: hasRequestID
        ? RequestKey(principal: "tester", method: "Plan", requestID: name, contentHash: [UInt8(size & 0xFF)]) : nil)
  }

  /// A write drawn from `random`.
  static func random(number: Int, _ random: inout SeededRandom) -> PlannedWrite {
    PlannedWrite(
      number: number, slot: Int64.random(in: 0..<16, using: &random), size: random.pick([1, 40, 300, 2_000, 9_000]),
      hasRequestID: !random.oneIn(3), isRefused: random.oneIn(12))
  }
}

/// What a caller was told.
enum WriteOutcome: Sendable, Equatable {
  case acknowledged(revision: Int64)
  /// Nobody knows.
  case unknown
  /// Nothing was done.
  case notDone
  /// Something that no caller should get.
  case unexpected(String)
}

extension Store {
  /// Carries `write` out, and tells what its caller is told.
  func perform(_ write: PlannedWrite) async -> WriteOutcome {
    do {
      let reply = try await writeOnce(write.request) { transaction in try transaction.carryOut(write) }
      guard let revision = Int64(String(decoding: reply, as: UTF8.self)) else { return .unexpected("\(reply)") }
      return .acknowledged(revision: revision)
    } catch StorageError.outcomeUnknown {
      return .unknown
    } catch StorageError.unavailable {
      return .notDone
    } catch is Refused where write.isRefused {
      return .notDone
    } catch {
      return .unexpected("\(error)")
    }
  }
}

extension WriteTransaction {
  fileprivate func carryOut(_ write: PlannedWrite) throws -> [UInt8] {
    let revision = try revision
    let payload = write.payload
    try execute(
      "INSERT INTO entry (revision, name, slot, size) VALUES (?1, ?2, ?3, ?4)",
      [.integer(revision), .text(write.name), .integer(write.slot), .integer(Int64(write.size))])
    try execute(
      """
      INSERT INTO slot (slot, revision, payload) VALUES (?1, ?2, ?3)
      ON CONFLICT (slot) DO UPDATE SET revision = excluded.revision, payload = excluded.payload
      """, [.integer(write.slot), .integer(revision), .blob(payload)])
    try execute("UPDATE tally SET entries = entries + 1, bytes = bytes + ?1", [.integer(Int64(write.size))])
    try append(ChangeEvent(kind: 1, key: write.name, dealerID: nil, payload: payload))
    try append(ChangeEvent(kind: 2, key: "slot-\(write.slot)", dealerID: nil, payload: []))
    if write.isRefused { throw Refused(name: write.name) }
    return Array(String(revision).utf8)
  }
}

/// The engine's tables and those of the durability tests: every write is a row of `entry`, replaces a row of `slot`,
/// and is counted in `tally`.
let durabilityMigrations = [
  Migration(
    number: 1, name: "tables",
    statements: Migration0001Engine.statements + Migration0002Engine.statements + [
      """
      CREATE TABLE entry (
        revision {INT} NOT NULL PRIMARY KEY,
        name {KEY} NOT NULL,
        slot {INT} NOT NULL,
        size {INT} NOT NULL
      ) {TABLE}
      """,
      "CREATE INDEX entry_by_name ON entry (name)",
      """
      CREATE TABLE slot (
        slot {INT} NOT NULL PRIMARY KEY,
        revision {INT} NOT NULL REFERENCES entry (revision),
        payload {BYTES} NOT NULL
      ) {TABLE}
      """,
      "CREATE TABLE tally (entries {INT} NOT NULL, bytes {INT} NOT NULL) {TABLE}",
      "INSERT INTO tally (entries, bytes) VALUES (0, 0)",
    ])
]

/// What callers were told so far, and so what a store must hold.
struct DurabilityLedger {
  private(set) var writes: [PlannedWrite] = []
  /// The revision of every acknowledged write, by its number.
  private(set) var acknowledged: [Int: Int64] = [:]
  /// Writes that may be there or not.
  private(set) var unknown: Set<Int> = []
  private var firstUnchecked = 0
  private(set) var unexpected: [String] = []

  /// Plans a write that nobody has planned.
  mutating func plan(_ random: inout SeededRandom) -> PlannedWrite {
    let write = PlannedWrite.random(number: writes.count, &random)
    writes.append(write)
    return write
  }

  /// Notes what the caller of `write` was told.
  mutating func note(_ write: PlannedWrite, _ outcome: WriteOutcome) {
    switch outcome {
    case .acknowledged(let revision):
      if let first = acknowledged[write.number], first != revision {
        unexpected.append("\(write.name) was answered \(first), then \(revision)")
      }
      acknowledged[write.number] = revision
      unknown.remove(write.number)
    case .unknown:
      if acknowledged[write.number] == nil { unknown.insert(write.number) }
    case .notDone:
      // Of a repeat it says nothing about the first time.
      break
    case .unexpected(let error):
      unexpected.append("\(write.name) was answered \(error)")
    }
  }

  /// What of `found` breaks a promise.
  func problems(in found: FoundState) -> [String] {
    var problems = unexpected + found.contradictions
    var copies: [Int: Int] = [:]
    for entry in found.entries {
      guard let number = entry.number, writes.indices.contains(number) else {
        problems.append("nobody wrote \(entry.name)")
        continue
      }
      copies[number, default: 0] += 1
      if copies[number] == 2 { problems.append("\(entry.name) is there twice") }
      if acknowledged[number] == nil, !unknown.contains(number) {
        problems.append("\(entry.name) is there, though its caller was told that nothing was done")
      }
      if let revision = acknowledged[number], revision != entry.revision {
        problems.append("\(entry.name) was acknowledged at \(revision) and is at \(entry.revision)")
      }
      if found.repliedRequests.contains(entry.name) != writes[number].hasRequestID {
        problems.append("\(entry.name) and its stored reply do not go together")
      }
    }
    for (number, revision) in acknowledged where copies[number] == nil {
      problems.append("write-\(number) was acknowledged at \(revision) and is lost")
    }
    return problems
  }

  /// Decides the writes that were unknown and cannot be repeated: what is found of them is what they did.
  mutating func decide(by found: FoundState) {
    for number in unknown where !writes[number].hasRequestID {
      unknown.remove(number)
      if let entry = found.entries.first(where: { $0.number == number }) { acknowledged[number] = entry.revision }
    }
  }

  /// Writes to send again: those whose outcome is unknown, and what was answered since the last time.
  mutating func repeats() -> [PlannedWrite] {
    let recent = (firstUnchecked..<writes.count).filter { acknowledged[$0] != nil }
    firstUnchecked = writes.count
    return (Array(unknown) + recent).sorted().map { writes[$0] }.filter(\.hasRequestID)
  }

  /// Writes that can be repeated and have no answer that lasts.
  func unsettled() -> [PlannedWrite] {
    writes.filter { $0.hasRequestID && !$0.isRefused && acknowledged[$0.number] == nil }
  }
}
