internal import DequeModule

/// A bounded queue in which the urgent come first, and principals of one class take turns.
///
/// A plain value, guarded by its owner.
///
/// **Order.** Interactive before stream before bulk, and within a class one element of each principal in turn, each
/// principal's own in the order they came. So that nobody starves, a class that has been passed over
/// 4 times (stream) or 16 times (bulk) in a row while it had something waiting gets the next turn: at least one turn in
/// six goes to waiting stream work, and at least one in seventeen to waiting bulk work.
///
/// **Bound.** Each class has ``capacity`` places of its own, of which one principal gets at most half; what finds no place
/// is refused. So a flood of uploads leaves room for orders, and one principal's flood room for the others.
struct FairQueue<Element> {
  private struct Lane {
    var turns = Deque<String>()
    var waiting: [String: Deque<Element>] = [:]
    var passes = 0
    var count = 0

    var isEmpty: Bool { turns.isEmpty }

    mutating func append(_ element: Element, from principal: String, capacity: Int) -> Bool {
      guard count < capacity else { return false }
      if let held = waiting[principal]?.count {
        guard held < max(1, capacity / 2) else { return false }
        waiting[principal]?.append(element)
      } else {
        waiting[principal] = [element]
        turns.append(principal)
      }
      count += 1
      return true
    }

    mutating func popFirst() -> Element? {
      guard let principal = turns.popFirst() else { return nil }
      passes = 0
      count -= 1
      let element = waiting[principal]?.popFirst()
      if waiting[principal]?.isEmpty ?? true {
        waiting[principal] = nil
      } else {
        turns.append(principal)
      }
      return element
    }
  }

  /// How many elements of one class may wait.
  let capacity: Int
  private var interactive = Lane()
  private var stream = Lane()
  private var bulk = Lane()

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many wait.
  var count: Int { interactive.count + stream.count + bulk.count }

  /// Lets `element` wait; false when there is no place for it.
  mutating func append(_ element: Element, of writeClass: WriteClass, from principal: String) -> Bool {
    switch writeClass {
    case .interactive: interactive.append(element, from: principal, capacity: capacity)
    case .stream: stream.append(element, from: principal, capacity: capacity)
    case .bulk: bulk.append(element, from: principal, capacity: capacity)
    }
  }

  /// The element whose turn it is.
  mutating func popFirst() -> Element? {
    if bulk.passes >= Self.bulkPassesMax, !bulk.isEmpty { return bulk.popFirst() }
    if stream.passes >= Self.streamPassesMax, !stream.isEmpty {
      Self.pass(&bulk)
      return stream.popFirst()
    }
    if !interactive.isEmpty {
      Self.pass(&stream)
      Self.pass(&bulk)
      return interactive.popFirst()
    }
    if !stream.isEmpty {
      Self.pass(&bulk)
      return stream.popFirst()
    }
    return bulk.popFirst()
  }

  private static func pass(_ lane: inout Lane) {
    if !lane.isEmpty { lane.passes += 1 }
  }

  private static var streamPassesMax: Int { 4 }
  private static var bulkPassesMax: Int { 16 }
}
