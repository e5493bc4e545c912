package import DMSDomain
internal import DMSStorage
internal import Synchronization

/// Slows down whoever sends wrong credentials again and again: after ``freeFailures`` in a row an address waits, twice
/// as long after each further failure, up to a minute.
///
/// Servers that share a database share the count, within about ``SecuritySync/interval``.
package final class AttemptThrottle: Sendable {
  private struct Record {
    var failures: Int64 = 0
    var blockedUntil = InstantMicros(0)
    /// Failures that the store does not know of yet.
    var unsent: Int64 = 0
    /// Whether the address has succeeded since the store heard of it.
    var hasSucceeded = false
  }

  /// Failures in a row that cost nothing.
  package static let freeFailures: Int64 = 10
  /// Longest wait, in seconds.
  package static let waitSecondsMax: Int64 = 60
  /// Addresses that are remembered at once; the oldest half goes when one too many comes.
  package static let addressesMax = 10_000

  private let records = Mutex<[String: Record]>([:])

  package init() {}

  /// Seconds that an address still has to wait; 0 when it may try.
  package func waitSeconds(_ address: String, now: InstantMicros) -> Int64 {
    records.withLock { records in
      guard let record = records[address], record.blockedUntil > now else { return 0 }
      return (record.blockedUntil.value - now.value + 999_999) / 1_000_000
    }
  }

  /// Notes that an address failed.
  package func failed(_ address: String, now: InstantMicros) {
    records.withLock { records in
      if records.count >= Self.addressesMax, records[address] == nil { Self.shrink(&records) }
      var record = records[address] ?? Record()
      record.failures += 1
      record.unsent += 1
      record.blockedUntil = Self.blockedUntil(failures: record.failures, now: now) ?? record.blockedUntil
      records[address] = record
    }
  }

  /// Notes that an address succeeded: it starts anew.
  package func succeeded(_ address: String) {
    records.withLock { records in
      guard let record = records[address], record.failures > 0 else { return }
      records[address] = Record(hasSucceeded: true)
    }
  }

  /// Until when an address waits after so many failures in a row; nil when it need not.
  static func blockedUntil(failures: Int64, now: InstantMicros) -> InstantMicros? {
    let excess = failures - freeFailures
    guard excess > 0 else { return nil }
    return InstantMicros(now.value + min(waitSecondsMax, 1 << min(excess - 1, 6)) * 1_000_000)
  }

  private static func shrink(_ records: inout [String: Record]) {
    let newest = records.sorted { $0.value.blockedUntil > $1.value.blockedUntil }.prefix(addressesMax / 2)
    records = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
  }

  // MARK: Shared with other servers

  /// What the store does not know yet.
  struct Change: Sendable {
    var address: String
    /// Failures since the store last heard of the address, or since it succeeded.
    var failures: Int64
    var startsAnew: Bool
  }

  /// Takes what the store does not know yet.
  func takeChanges() -> [Change] {
    records.withLock { records in
      var changes: [Change] = []
      for (address, record) in records where record.unsent > 0 || record.hasSucceeded {
        changes.append(Change(address: address, failures: record.unsent, startsAnew: record.hasSucceeded))
        if record.failures == 0 {
          records[address] = nil
        } else {
          records[address]?.unsent = 0
          records[address]?.hasSucceeded = false
        }
      }
      return changes
    }
  }

  /// Learns what the store says of addresses, other servers' failures included.
  func learn(_ rows: [AttemptRow]) {
    records.withLock { records in
      for row in rows {
        if row.failures == 0, (records[row.address]?.unsent ?? 0) == 0 {
          records[row.address] = nil
          continue
        }
        if records.count >= Self.addressesMax, records[row.address] == nil { Self.shrink(&records) }
        var record = records[row.address] ?? Record()
        guard !record.hasSucceeded else { continue }
        record.failures = row.failures + record.unsent
        record.blockedUntil = max(record.blockedUntil, InstantMicros(row.blockedUntil))
        records[row.address] = record
      }
    }
  }
}
