internal import DequeModule

/// The newest changes in memory, shared by all watchers, so that a commit makes none of them ask the database.
///
/// A plain value. Bounded by count and bytes; the oldest revisions fall out and are read from the database.
struct ChangeTail {
  private static let countMax = 8_192
  private static let bytesMax = 16 << 20

  private var changes = Deque<Change>()
  private var bytes = 0
  /// All changes after this revision are here.
  private(set) var startsAfter: Int64
  /// The last revision committed.
  private(set) var current: Int64

  init(current: Int64) {
    self.current = current
    startsAfter = current
  }

  /// Takes a commit's changes: all of the revisions after `base`, up to `revision`.
  mutating func append(_ added: [Change], after base: Int64, through revision: Int64) {
    if base != current { skip(to: base) }
    changes.append(contentsOf: added)
    for change in added { bytes += change.event.payload.count }
    current = revision
    while changes.count > Self.countMax || bytes > Self.bytesMax, let oldest = changes.first {
      startsAfter = oldest.revision
      while let first = changes.first, first.revision == oldest.revision {
        bytes -= first.event.payload.count
        changes.removeFirst()
      }
    }
  }

  /// Moves on to `revision` without the changes in between, which are read from the database.
  mutating func skip(to revision: Int64) {
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
    var place = firstPlace(after: revision)
    let start = place
    while place < changes.endIndex {
      let change = changes[place]
      if place - start >= limit, change.revision != through {
        return ChangePage(changes: found, through: through, isAtEnd: false)
      }
      through = change.revision
      if filter.matches(change.event) { found.append(change) }
      place += 1
    }
    return ChangePage(changes: found, through: max(current, revision), isAtEnd: true)
  }

  private func firstPlace(after revision: Int64) -> Int {
    var low = changes.startIndex
    var high = changes.endIndex
    while low < high {
      let middle = low + (high - low) / 2
      if changes[middle].revision <= revision { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
