package import DMSDomain
internal import Synchronization

/// Slows down whoever sends wrong credentials again and again: after ``freeFailures`` in a row an address waits, twice
/// as long after each further failure, up to a minute.
package final class AttemptThrottle: Sendable {
  private struct Record {
    var failures: Int
    var blockedUntil: InstantMicros
  }

  /// Failures in a row that cost nothing.
  package static let freeFailures = 10
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
      if records.count >= Self.addressesMax, records[address] == nil {
        let newest = records.sorted { $0.value.blockedUntil > $1.value.blockedUntil }.prefix(Self.addressesMax / 2)
        records = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
      }
      var record = records[address] ?? Record(failures: 0, blockedUntil: now)
      record.failures += 1
      let excess = record.failures - Self.freeFailures
      if excess > 0 {
        let seconds = min(Self.waitSecondsMax, 1 << Int64(min(excess - 1, 6)))
        record.blockedUntil = InstantMicros(now.value + seconds * 1_000_000)
      }
      records[address] = record
    }
  }

  /// Notes that an address succeeded: it starts anew.
  package func succeeded(_ address: String) {
    records.withLock { records in
      if !records.isEmpty { records[address] = nil }
    }
  }
}
