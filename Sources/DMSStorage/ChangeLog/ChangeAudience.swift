internal import DequeModule

/// Who follows the change log, and whom a change concerns: looked up by its dealer and its key, so that a watcher whom
/// it does not concern costs nothing.
///
/// A plain value. A member that keeps up is given the places of its changes in the tail, so that all share what is
/// there; one that does not is forgotten about until it asks, and reads on from the revision it has reached.
struct ChangeAudience {
  typealias ID = Int
  typealias Continuation = CheckedContinuation<Void, any Error>

  fileprivate struct Member {
    let filter: ChangeFilter
    /// Everything up to here was handed over, or does not match.
    var reached: Int64
    /// Whether `places` are all that is left to hand over.
    var keepsUp = false
    /// Where in the tail the changes are that were not handed over.
    var places = Deque<Int>()
    /// Whether it is to be told where the log stands, for want of changes.
    var isOwedWord = true
    var lastWord = ContinuousClock.now
    var waiting: Continuation?
  }

  /// What a member does next.
  enum Step {
    /// Gives this to its watcher; without changes, only to say how far the log has come.
    case hand(ChangePage)
    /// Reads the database after this revision.
    case readStore(after: Int64)
    /// Waits to be woken.
    case wait
  }

  /// Changes that wait for one member at most; more are looked up again when it asks.
  static let placesMax = 256
  /// What is handed over at once, whole revisions: a watcher holds it until its peer has taken it.
  fileprivate static let pageChanges = 64
  fileprivate static let pageBytes = 64 << 10
  /// Dealers of one filter that are looked up by name.
  private static let dealersMax = 64

  private var members: [Member?] = []
  private var free: [ID] = []
  private var byKey: [String: [ID]] = [:]
  private var byDealer: [String: [ID]] = [:]
  /// Those whom changes of any dealer or key may concern.
  private var wide: [ID] = []

  /// How many wait, for metrics.
  var waitingCount: Int { members.reduce(0) { $0 + ($1?.waiting == nil ? 0 : 1) } }

  var count: Int { members.count - free.count }

  /// The longest that anybody's list of places is.
  var placesHeld: Int { members.reduce(0) { max($0, $1?.places.count ?? 0) } }

  // MARK: Coming and going

  mutating func join(after revision: Int64, filter: ChangeFilter) -> ID {
    let member = Member(filter: filter, reached: revision)
    let id: ID
    if let unused = free.popLast() {
      id = unused
      members[id] = member
    } else {
      id = members.count
      members.append(member)
    }
    forEachHome(of: filter) { $0.append(id) }
    return id
  }

  /// Takes `id` off the lists; its name may be given to another. Returns its filter, for the caller to let go of.
  mutating func leave(_ id: ID) -> ChangeFilter? {
    guard let filter = filter(of: id) else { return nil }
    forEachHome(of: filter) { ids in
      if let index = ids.firstIndex(of: id) { ids.remove(at: index) }
    }
    members[id] = nil
    free.append(id)
    return filter
  }

  func filter(of id: ID) -> ChangeFilter? { members[id]?.filter }

  /// The lists in which whoever has `filter` stands.
  private mutating func forEachHome(of filter: ChangeFilter, _ body: (inout [ID]) -> Void) {
    func change(_ lists: inout [String: [ID]], _ name: String) {
      body(&lists[name, default: []])
      if lists[name]?.isEmpty == true { lists[name] = nil }
    }
    if let key = filter.key {
      change(&byKey, key)
    } else if case .dealers(let dealers) = filter.owners, dealers.count <= Self.dealersMax {
      for dealer in dealers { change(&byDealer, dealer) }
    } else {
      body(&wide)
    }
  }

  // MARK: News

  /// Tells those whom `change` concerns where in the tail it is; adds who waits to `woken`.
  mutating func offer(_ change: Change, at place: Int, waking woken: inout [Continuation]) {
    func tell(_ id: ID) {
      if let waiting = members[id]?.take(change, at: place) { woken.append(waiting) }
    }
    if !byKey.isEmpty, let ids = byKey[change.event.key] {
      for id in ids { tell(id) }
    }
    if !byDealer.isEmpty, let dealer = change.event.dealerID, let ids = byDealer[dealer] {
      for id in ids { tell(id) }
    }
    for id in wide { tell(id) }
  }

  /// The log has gone on from `revision` without telling how: everybody looks for themselves. Returns who waits.
  mutating func fallBehind(from revision: Int64) -> [Continuation] {
    var woken: [Continuation] = []
    for id in members.indices {
      if members[id]?.hasAll == true { members[id]?.reach(revision) }
      members[id]?.fallBehind()
      if let waiting = members[id]?.takeWaiting() { woken.append(waiting) }
    }
    return woken
  }

  /// Those who have waited since `instant` for something to come: they are owed a word.
  mutating func takeSilent(since instant: ContinuousClock.Instant) -> [Continuation] {
    var silent: [Continuation] = []
    for id in members.indices where members[id]?.waiting != nil && members[id].map({ $0.lastWord <= instant }) == true {
      members[id]?.isOwedWord = true
      if let waiting = members[id]?.takeWaiting() { silent.append(waiting) }
    }
    return silent
  }

  /// Everybody who waits, for good.
  mutating func takeAll() -> [Continuation] {
    members.indices.compactMap { members[$0]?.takeWaiting() }
  }

  // MARK: A member's side

  /// What `id` does next, given the tail.
  mutating func step(_ id: ID, _ tail: ChangeTail) -> Step {
    guard var member = members[id] else { return .wait }
    // Only one at a time is taken out, so nothing is copied.
    members[id] = nil
    defer { members[id] = member }
    if member.keepsUp, let oldest = member.places.first, oldest < tail.firstPlace { member.fallBehind() }
    if member.keepsUp {
      if let page = member.takePlaces(tail) { return .hand(page) }
    } else {
      repeat {
        guard let page = tail.read(after: member.reached, limit: Self.placesMax, filter: member.filter) else {
          return .readStore(after: member.reached)
        }
        member.reach(page.through)
        member.keepsUp = page.isAtEnd
        if !page.changes.isEmpty { return .hand(member.told(page)) }
      } while !member.keepsUp
    }
    guard member.isOwedWord else { return .wait }
    member.reach(tail.current)
    return .hand(member.told(ChangePage(changes: [], through: member.reached, isAtEnd: true)))
  }

  /// Notes what `id` has read from the database; true when that brought something to hand over.
  mutating func hasRead(_ page: ChangePage, _ id: ID) -> Bool {
    members[id]?.reach(page.through)
    guard !page.changes.isEmpty else { return false }
    _ = members[id]?.told(page)
    return true
  }

  /// Has `id` wait; false when there is something for it already.
  mutating func wait(_ id: ID, _ continuation: Continuation) -> Bool {
    guard members[id]?.hasAll == true else { return false }
    members[id]?.waiting = continuation
    return true
  }

  mutating func takeWaiting(_ id: ID) -> Continuation? {
    members[id]?.takeWaiting()
  }
}

extension ChangeAudience.Member {
  /// Whether nothing is left to hand over.
  fileprivate var hasAll: Bool { keepsUp && places.isEmpty }

  fileprivate mutating func reach(_ revision: Int64) {
    reached = max(reached, revision)
  }

  fileprivate mutating func fallBehind() {
    keepsUp = false
    places = Deque()
  }

  /// Notes where `change` is if it matches; returns whom to wake.
  fileprivate mutating func take(_ change: Change, at place: Int) -> ChangeAudience.Continuation? {
    guard keepsUp, change.revision > reached, filter.matches(change.event) else { return nil }
    if places.isEmpty { reached = change.revision - 1 }
    if places.count < ChangeAudience.placesMax { places.append(place) } else { fallBehind() }
    return takeWaiting()
  }

  fileprivate mutating func takeWaiting() -> ChangeAudience.Continuation? {
    defer { waiting = nil }
    return waiting
  }

  /// Notes that the watcher is told of `page`. When that was not all there is, it will be told where that ends.
  fileprivate mutating func told(_ page: ChangePage) -> ChangePage {
    isOwedWord = !page.isAtEnd
    lastWord = .now
    return page
  }

  /// The next of the changes that wait, whole revisions.
  fileprivate mutating func takePlaces(_ tail: ChangeTail) -> ChangePage? {
    guard !places.isEmpty else { return nil }
    var changes: [Change] = []
    var bytes = 0
    changes.reserveCapacity(min(places.count, ChangeAudience.pageChanges))
    while let place = places.first {
      let change = tail[place]
      if let last = changes.last, last.revision != change.revision,
        changes.count >= ChangeAudience.pageChanges || bytes >= ChangeAudience.pageBytes
      {
        break
      }
      bytes += change.event.payload.count
      changes.append(change)
      places.removeFirst()
    }
    reach(places.isEmpty ? tail.current : changes.last?.revision ?? reached)
    return told(ChangePage(changes: changes, through: reached, isAtEnd: places.isEmpty))
  }
}
