package import CoreMetrics
internal import Synchronization

/// Keeps the metrics of a process, and writes them in the form that Prometheus reads.
///
/// A backend of swift-metrics: counters are counters, meters and recorders that do not aggregate are gauges, timers are
/// histograms of seconds with fixed buckets, recorders that aggregate are histograms of sizes. Updating a metric takes
/// no lock. A metric that is made twice with the same labels is one.
///
/// There are at most ``seriesMax`` series, counting each of a histogram's buckets; what is made beyond, or under the name
/// of another kind of metric, counts for nothing and shows in `dms_metrics_refused_total`.
package final class MetricsRegistry: MetricsFactory {
  /// Series at once.
  package static let seriesMax = 50_000

  enum Kind: String {
    case counter, gauge, histogram
  }

  struct Family {
    let kind: Kind
    /// By labels as they are written.
    var series: [String: Series] = [:]
  }

  struct Series {
    let cell: any MetricCell
    /// How often it was made and not destroyed.
    var holders: Int
  }

  fileprivate struct State {
    var families: [String: Family] = [:]
    /// Every name of a sample, with the family that it belongs to.
    var names: [String: String] = [:]
    var seriesCount = 0
    var refused: Int64 = 0
  }

  private let state = Mutex(State())

  package init() {}

  // MARK: Making metrics

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    cell(label, dimensions, .counter) { CounterCell() } ?? NOOPMetricsHandler.instance
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    cell(label, dimensions, .counter) { FractionCounterCell() } ?? NOOPMetricsHandler.instance
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    cell(label, dimensions, .gauge) { GaugeCell() } ?? NOOPMetricsHandler.instance
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    if aggregate { return cell(label, dimensions, .histogram) { SizeCell() } ?? NOOPMetricsHandler.instance }
    return cell(label, dimensions, .gauge) { GaugeCell() } ?? NOOPMetricsHandler.instance
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    cell(label, dimensions, .histogram) { TimerCell() } ?? NOOPMetricsHandler.instance
  }

  package func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { destroy(handler) }
  package func destroyMeter(_ handler: any MeterHandler) { destroy(handler) }
  package func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }

  /// The cell of a series: the one that is there, or a new one; nil when there can be none.
  private func cell<Cell: MetricCell>(
    _ label: String, _ dimensions: [(String, String)], _ kind: Kind, make: () -> Cell
  ) -> Cell? {
    let name = MetricsText.name(label)
    let labels = MetricsText.labels(dimensions)
    return state.withLock { state in
      if var series = state.families[name]?.series[labels] {
        guard let cell = series.cell as? Cell else { return state.refuse() }
        series.holders += 1
        state.families[name]?.series[labels] = series
        return cell
      }
      let cell = make()
      guard state.seriesCount + cell.seriesCount <= Self.seriesMax, state.claim(name, kind) else {
        return state.refuse()
      }
      state.families[name, default: Family(kind: kind)].series[labels] = Series(cell: cell, holders: 1)
      state.seriesCount += cell.seriesCount
      return cell
    }
  }

  private func destroy(_ handler: AnyObject) {
    state.withLock { state in
      for (name, family) in state.families {
        for (labels, series) in family.series where series.cell === handler {
          guard series.holders == 1 else {
            state.families[name]?.series[labels]?.holders -= 1
            return
          }
          state.families[name]?.series[labels] = nil
          state.seriesCount -= series.cell.seriesCount
          return
        }
      }
    }
  }

  // MARK: Reading metrics

  /// Everything in Prometheus' text format 0.0.4; names and labels in order.
  package func text() -> String {
    let (families, refused) = state.withLock { ($0.families, $0.refused) }
    var text = MetricsText()
    for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
      text.begin(name, family.kind.rawValue)
      for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
        text.add(name, labels, series.cell.reading)
      }
    }
    text.begin(Self.refusedName, Kind.counter.rawValue)
    text.add(Self.refusedName, "", .number(Double(refused)))
    return text.text
  }

  fileprivate static let refusedName = "dms_metrics_refused_total"
}

extension MetricsRegistry.State {
  mutating func refuse<Cell>() -> Cell? {
    refused += 1
    return nil
  }

  /// Takes the names that a family's samples have; false when another family has one of them.
  mutating func claim(_ name: String, _ kind: MetricsRegistry.Kind) -> Bool {
    if let family = families[name] { return family.kind == kind }
    let samples = kind == .histogram ? ["", "_bucket", "_sum", "_count"].map { name + $0 } : [name]
    guard name != MetricsRegistry.refusedName, samples.allSatisfy({ names[$0] == nil }) else { return false }
    for sample in samples { names[sample] = name }
    return true
  }
}

extension MetricCell {
  /// How many lines it makes.
  fileprivate var seriesCount: Int {
    if case .histogram(let bounds, _, _) = reading { bounds.count + 3 } else { 1 }
  }
}
