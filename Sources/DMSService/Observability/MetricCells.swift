internal import CoreMetrics

/// What a series of samples is made of at one moment.
enum MetricReading {
  case number(Double)
  /// How many fell into each bucket, the last beyond all bounds; and the sum of all.
  case histogram(bounds: [Double], counts: [Int64], sum: Double)
}

/// What a metric of the program writes into, and a scrape reads.
protocol MetricCell: AnyObject, Sendable {
  var reading: MetricReading { get }
}

/// A counter of whole numbers. What would make it smaller is ignored.
final class CounterCell: CounterHandler, MetricCell {
  private let cells = StripedCells()

  func increment(by amount: Int64) {
    if amount > 0 { cells.add(amount) }
  }

  func reset() { cells.clear() }

  var reading: MetricReading { .number(Double(cells.value())) }
}

/// A counter of numbers with fractions. What would make it smaller is ignored.
final class FractionCounterCell: FloatingPointCounterHandler, MetricCell {
  private let number = AtomicDouble()

  func increment(by amount: Double) {
    if amount > 0, amount.isFinite { number.add(amount) }
  }

  func reset() { number.set(0) }

  var reading: MetricReading { .number(number.value) }
}

/// A number that goes up and down.
final class GaugeCell: MeterHandler, RecorderHandler, MetricCell {
  private let number = AtomicDouble()

  func set(_ value: Int64) { number.set(Double(value)) }
  func set(_ value: Double) { number.set(value) }
  func increment(by amount: Double) { number.add(amount) }
  func decrement(by amount: Double) { number.add(-amount) }
  func record(_ value: Int64) { number.set(Double(value)) }
  func record(_ value: Double) { number.set(value) }

  var reading: MetricReading { .number(number.value) }
}

/// Times, in buckets of seconds.
final class TimerCell: TimerHandler, MetricCell {
  /// The upper bounds of the buckets in nanoseconds: from a tenth of a millisecond to ten seconds.
  static let bounds: [Int64] = [
    100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
    250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
  ]

  /// The buckets, the one beyond all bounds, and the sum in nanoseconds.
  private let cells = StripedCells(bounds.count + 2)

  func recordNanoseconds(_ duration: Int64) {
    let bounds = Self.bounds
    var bucket = 0
    while bucket < bounds.count, duration > bounds[bucket] { bucket += 1 }
    cells.add(1, at: bucket)
    cells.add(max(0, duration), at: bounds.count + 1)
  }

  var reading: MetricReading {
    .histogram(
      bounds: Self.bounds.map { Double($0) / 1e9 }, counts: (0...Self.bounds.count).map { cells.value(at: $0) },
      sum: Double(cells.value(at: Self.bounds.count + 1)) / 1e9)
  }
}

/// Sizes, in buckets of powers of two.
final class SizeCell: RecorderHandler, MetricCell {
  /// The upper bounds of the buckets.
  static let bounds: [Double] = (0...16).map { Double(1 << $0) }

  private let cells = StripedCells(bounds.count + 1)
  private let sum = AtomicDouble()

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    guard value.isFinite else { return }
    var bucket = 0
    while bucket < Self.bounds.count, value > Self.bounds[bucket] { bucket += 1 }
    cells.add(1, at: bucket)
    sum.add(value)
  }

  var reading: MetricReading {
    .histogram(
      bounds: Self.bounds, counts: (0...Self.bounds.count).map { cells.value(at: $0) }, sum: sum.value)
  }
}
