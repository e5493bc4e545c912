internal import CSQLite

/// Where bound texts and bytes live while their statement runs, so that SQLite need not copy each to its own heap.
///
/// A stack: a statement notes the mark before it binds and returns to it when it is done. What finds no room is copied
/// by SQLite instead, so nothing grows.
final class SQLiteScratch {
  typealias Destructor = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// How much is in use.
  private(set) var mark = 0
  private let storage: UnsafeMutableRawPointer
  private let capacity: Int

  init(capacity: Int = 64 * 1024) {
    storage = .allocate(byteCount: capacity, alignment: 16)
    self.capacity = capacity
  }

  deinit {
    storage.deallocate()
  }

  /// A pointer to a copy of `bytes` that holds until the mark is restored, and what SQLite is to make of it: nil
  /// (SQLITE_STATIC) for memory of ours; or `bytes` themselves, with the wish that SQLite copies them at once.
  func keep(_ bytes: UnsafeRawBufferPointer) -> (UnsafeRawPointer, Destructor?) {
    // An empty value gets a pointer too: a null pointer would bind NULL.
    guard let source = bytes.baseAddress, bytes.count > 0 else { return (UnsafeRawPointer(storage), nil) }
    guard bytes.count <= capacity - mark else { return (source, Self.transient) }
    let place = storage + mark
    place.copyMemory(from: source, byteCount: bytes.count)
    mark += bytes.count
    return (UnsafeRawPointer(place), nil)
  }

  /// Forgets what was kept after `mark` was noted.
  func restore(_ mark: Int) {
    self.mark = mark
  }

  /// SQLITE_TRANSIENT, a macro that Swift cannot see: the pointer of value −1.
  private static let transient = unsafeBitCast(-1, to: Destructor.self)
}
