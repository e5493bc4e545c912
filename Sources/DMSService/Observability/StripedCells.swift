internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// Numbers that many threads add to without waiting for one another: each is kept in a few copies on cache lines of
/// their own, threads are spread over the copies, and a reader adds them up.
///
/// Adding takes one atomic addition. Sums wrap around at 64 bits.
///
/// `@unchecked Sendable`: the memory holds nothing but atomics, and is freed when nobody has it any more.
final class StripedCells: @unchecked Sendable {
  private static let stripes = 8
  /// Of 8 bytes in a cache line, of which processors may fetch two at once.
  private static let cellsPerLine = 16

  private let count: Int
  private let stride: Int
  private let cells: UnsafeMutablePointer<Atomic<Int64>>

  /// `count` numbers, all 0.
  init(_ count: Int = 1) {
    self.count = count
    stride = (count + Self.cellsPerLine - 1) / Self.cellsPerLine * Self.cellsPerLine
    cells = .allocate(capacity: stride * Self.stripes)
    for index in 0..<stride * Self.stripes { (cells + index).initialize(to: Atomic(0)) }
  }

  deinit {
    cells.deinitialize(count: stride * Self.stripes)
    cells.deallocate()
  }

  /// Adds to the number at `index`.
  @inline(__always)
  func add(_ amount: Int64, at index: Int = 0) {
    precondition(index >= 0 && index < count)
    cells[Self.stripe &* stride &+ index].wrappingAdd(amount, ordering: .relaxed)
  }

  /// The number at `index`.
  func value(at index: Int = 0) -> Int64 {
    precondition(index >= 0 && index < count)
    return (0..<Self.stripes).reduce(0) { $0 &+ cells[$1 &* stride &+ index].load(ordering: .relaxed) }
  }

  /// Sets the number at `index` to 0; what is added meanwhile may be lost.
  func clear(at index: Int = 0) {
    precondition(index >= 0 && index < count)
    for stripe in 0..<Self.stripes { cells[stripe &* stride &+ index].store(0, ordering: .relaxed) }
  }

  /// Where the present thread adds: its number, scattered.
  @inline(__always)
  private static var stripe: Int {
    #if canImport(Glibc)
      let thread = UInt64(UInt(pthread_self()))
    #else
      let thread = UInt64(UInt(bitPattern: pthread_self()))
    #endif
    return Int(truncatingIfNeeded: ((thread >> 6) &* 0x9E37_79B9_7F4A_7C15) >> 61)
  }
}

/// A number with fractions that several threads set and add to.
final class AtomicDouble: Sendable {
  private let bits = Atomic<UInt64>(0)

  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func set(_ value: Double) {
    bits.store(value.bitPattern, ordering: .relaxed)
  }

  func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, seen) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = seen
    }
  }
}
