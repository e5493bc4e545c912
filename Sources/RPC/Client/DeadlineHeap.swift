/// An entry of a `DeadlineHeap`.
package protocol DeadlineHeapEntry: AnyObject {
  /// When it is due, in nanoseconds of a monotonic clock; not changed while it is in a heap.
  var deadlineNanoseconds: Int64 { get }
  /// Where it is in the heap, -1 outside; the heap's alone to change.
  var deadlineHeapIndex: Int { get set }
}

/// The calls that have a deadline, earliest first: a binary heap whose entries know their place.
///
/// Adding a call whose deadline is the latest, the ordinary case, takes constant time; removing any
/// takes logarithmic time. Its size is the number of calls under way.
package struct DeadlineHeap<Entry: DeadlineHeapEntry> {
  private var entries: [Entry] = []

  /// An empty heap.
  package init() {}

  /// The entry that is due first.
  package var first: Entry? { entries.first }

  /// How many entries there are.
  package var count: Int { entries.count }

  /// Adds an entry that is in no heap.
  package mutating func insert(_ entry: Entry) {
    entry.deadlineHeapIndex = entries.count
    entries.append(entry)
    siftUp(entries.count - 1)
  }

  /// Removes an entry; does nothing when it is in no heap.
  package mutating func remove(_ entry: Entry) {
    let index = entry.deadlineHeapIndex
    guard index >= 0 else { return }
    entry.deadlineHeapIndex = -1
    let last = entries.removeLast()
    guard index < entries.count else { return }
    entries[index] = last
    last.deadlineHeapIndex = index
    siftUp(index)
    siftDown(last.deadlineHeapIndex)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    let moving = entries[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard moving.deadlineNanoseconds < entries[parent].deadlineNanoseconds else { break }
      place(entries[parent], at: index)
      index = parent
    }
    place(moving, at: index)
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    let moving = entries[index]
    while true {
      var child = 2 * index + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].deadlineNanoseconds < entries[child].deadlineNanoseconds {
        child += 1
      }
      guard entries[child].deadlineNanoseconds < moving.deadlineNanoseconds else { break }
      place(entries[child], at: index)
      index = child
    }
    place(moving, at: index)
  }

  private mutating func place(_ entry: Entry, at index: Int) {
    entries[index] = entry
    entry.deadlineHeapIndex = index
  }
}
