import CSQLite
import CrashVFS
import Synchronization
import Testing

@testable import DMSStorage

/// A disk in memory whose power can be cut and whose calls can fail, as a virtual file system of SQLite.
///
/// It goes with the last reference; every connection to it must be closed by then.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to is guarded by a mutex of its own.
final class CrashDisk: @unchecked Sendable {
  /// The name under which SQLite knows it.
  let vfs: String
  private let disk: OpaquePointer

  private static let made = Mutex(0)

  /// - Parameter powersafeOverwrite: whether a torn write leaves the bytes beside it alone, as SQLite by default takes
  ///   for granted.
  init(powersafeOverwrite: Bool) throws {
    let number = Self.made.withLock { made in
      made += 1
      return made
    }
    vfs = "crash-\(number)"
    guard let disk = crash_disk_new(vfs, powersafeOverwrite ? 1 : 0) else {
      throw DatabaseError(.outOfMemory, message: "no memory for a disk")
    }
    self.disk = disk
  }

  deinit {
    crash_disk_free(disk)
  }

  var hasPower: Bool { crash_disk_has_power(disk) != 0 }
  var used: Int64 { crash_disk_used(disk) }
  var statistics: crash_statistics { crash_disk_statistics(disk) }

  /// Cuts the power; `seed` decides what stays of what was not synced.
  func cutPower(seed: UInt64) { crash_disk_cut_power(disk, seed) }

  /// Cuts the power instead of the `calls`-th changing call from now on.
  func cutPower(at calls: Int, seed: UInt64) { crash_disk_cut_power_at(disk, UInt64(calls), seed) }

  /// Ends the process instead of the `calls`-th changing call from now on: what was written stays in the memory of the
  /// system, synced or not.
  func kill(at calls: Int) { crash_disk_kill_at(disk, UInt64(calls)) }

  func restorePower() { crash_disk_restore_power(disk) }

  /// Lets calls fail as `fault` says.
  func fail(_ fault: DiskFault, skip: Int = 0, times: Int = 1, seed: UInt64 = 1) {
    crash_disk_fail(
      disk,
      crash_fault(
        calls: fault.call.rawValue, files: fault.files.map(\.rawValue).reduce(0, |), skip: Int64(skip),
        times: Int64(times), code: fault.code, kept_bytes: Int64(fault.keptBytes)), seed)
  }

  func heal() { crash_disk_heal(disk) }

  /// Leaves room for `bytes` more than are used; nil for any number.
  func limit(room bytes: Int64?) { crash_disk_limit(disk, bytes.map { $0 + used } ?? -1) }
}

/// How a call fails.
struct DiskFault: Sendable, CustomTestStringConvertible {
  var name: String
  var call: crash_call
  var files: [crash_file] = [CRASH_DATABASE, CRASH_WAL, CRASH_JOURNAL]
  var code: Int32
  var keptBytes = 0

  var testDescription: String { name }

  static let writeToLog = DiskFault(
    name: "a write to the log", call: CRASH_WRITE, files: [CRASH_WAL], code: extended(3))
  static let shortWriteToLog = DiskFault(
    name: "a write to the log, after some bytes", call: CRASH_WRITE, files: [CRASH_WAL], code: extended(3),
    keptBytes: 1_000)
  static let noRoomInLog = DiskFault(
    name: "a write to the log, for want of room", call: CRASH_WRITE, files: [CRASH_WAL], code: SQLITE_FULL,
    keptBytes: 17)
  static let syncOfLog = DiskFault(name: "a sync of the log", call: CRASH_SYNC, files: [CRASH_WAL], code: extended(4))
  static let writeToDatabase = DiskFault(
    name: "a write to the database, after some bytes", call: CRASH_WRITE, files: [CRASH_DATABASE], code: extended(3),
    keptBytes: 700)
  static let noRoomInDatabase = DiskFault(
    name: "a write to the database, for want of room", call: CRASH_WRITE, files: [CRASH_DATABASE], code: SQLITE_FULL)
  static let syncOfDatabase = DiskFault(
    name: "a sync of the database", call: CRASH_SYNC, files: [CRASH_DATABASE], code: extended(4))
  static let truncation = DiskFault(name: "a truncation", call: CRASH_TRUNCATE, code: extended(6))
  static let reading = DiskFault(name: "a read", call: CRASH_READ, code: extended(1))
  static let opening = DiskFault(name: "an opening", call: CRASH_OPEN, code: SQLITE_CANTOPEN)
  static let deletion = DiskFault(name: "a deletion", call: CRASH_DELETE, code: extended(10))

  /// `SQLITE_IOERR | (number << 8)`: macros that Swift cannot see. 1 reading, 3 writing, 4 syncing, 6 truncating,
  /// 10 deleting.
  private static func extended(_ number: Int32) -> Int32 { SQLITE_IOERR | (number << 8) }
}

/// Random numbers that a seed decides: SplitMix64.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of `values`.
  mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &self)]
  }

  /// True once in `count` times.
  mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &self) == 0
  }
}
