internal import DequeModule

/// How much of the change log is kept in memory.
package struct ChangeTailLimits: Sendable {
  /// Changes at most.
  package var countMax: Int
  /// Bytes at most, about.
  package var bytesMax: Int

  /// So many megabytes at most, and 512 changes for each.
  package init(megabytes: Int = 16) {
    countMax = megabytes * 512
    bytesMax = megabytes << 20
  }
}

/// The newest changes in memory, shared by all watchers, so that a commit makes none of them ask the database.
///
/// A plain value. Bounded by count and bytes; the oldest revisions fall out and are read from the database. Each change
/// has a place, which counts up from 0 for as long as the store is open.
struct ChangeTail {
  private let limits: ChangeTailLimits
  private var changes = Deque<Change>()
  private var bytes = 0
  /// The place of the oldest change that is here.
  private(set) var firstPlace = 0
  /// All changes after this revision are here.
  private(set) var startsAfter: Int64
  /// The last revision committed.
  private(set) var current: Int64

  init(current: Int64, limits: ChangeTailLimits = ChangeTailLimits()) {
    self.limits = limits
    self.current = current
    startsAfter = current
  }

  /// The place that the next change gets.
  var nextPlace: Int { firstPlace + changes.count }

  /// The change at `place`, which is not older than ``firstPlace`` and below ``nextPlace``.
  subscript(place: Int) -> Change { changes[place - firstPlace] }

  /// Takes a commit's changes: all of the revisions after `base`, up to `revision`.
  mutating func append(_ added: [Change], after base: Int64, through revision: Int64) {
    if base != current { skip(to: base) }
    changes.append(contentsOf: added)
    for change in added { bytes += Self.size(of: change) }
    current = revision
    while changes.count > limits.countMax || bytes > limits.bytesMax, let oldest = changes.first {
      startsAfter = oldest.revision
      while let first = changes.first, first.revision == oldest.revision {
        bytes -= Self.size(of: first)
        changes.removeFirst()
        firstPlace += 1
      }
    }
  }

  /// What a change takes: its contents, its form on the wire once somebody has read it, and what holds them.
  private static func size(of change: Change) -> Int {
    2 * change.event.payload.count + change.event.key.utf8.count + 256
  }

  /// Moves on to `revision` without the changes in between, which are read from the database.
  mutating func skip(to revision: Int64) {
    firstPlace += changes.count
    changes.removeAll()
    bytes = 0
    startsAfter = revision
    current = revision
  }

  /// Looks at about `limit` changes after `revision`, whole revisions; nil when they are not all here.
  func read(after revision: Int64, limit: Int, filter: ChangeFilter) -> ChangePage? {
    guard revision >= startsAfter else { return nil }
    var found: [Change] = []
    var through = revision
    var index = firstIndex(after: revision)
    let start = index
    while index < changes.endIndex {
      let change = changes[index]
      if index - start >= limit, change.revision != through {
        return ChangePage(changes: found, through: through, isAtEnd: false)
      }
      through = change.revision
      if filter.matches(change.event) { found.append(change) }
      index += 1
    }
    return ChangePage(changes: found, through: max(current, revision), isAtEnd: true)
  }

  private func firstIndex(after revision: Int64) -> Int {
    var low = changes.startIndex
    var high = changes.endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if changes[middle].revision <= revision { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
