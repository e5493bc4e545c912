package import CoreMetrics
package import Logging

/// Counts the lines that another handler writes, by level.
package struct CountedLog: LogHandler {
  private var inner: any LogHandler
  private let counters: [Counter]

  /// Counts in metrics made by `factory` what `inner` writes.
  package init(_ inner: any LogHandler, factory: any MetricsFactory) {
    self.inner = inner
    counters = Logger.Level.allCases.map { level in
      Counter(label: "dms_log_lines_total", dimensions: [("level", level.rawValue)], factory: factory)
    }
  }

  package var logLevel: Logger.Level {
    get { inner.logLevel }
    set { inner.logLevel = newValue }
  }

  package var metadata: Logger.Metadata {
    get { inner.metadata }
    set { inner.metadata = newValue }
  }

  package var metadataProvider: Logger.MetadataProvider? {
    get { inner.metadataProvider }
    set { inner.metadataProvider = newValue }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { inner[metadataKey: key] }
    set { inner[metadataKey: key] = newValue }
  }

  package func log(event: LogEvent) {
    if let index = Logger.Level.allCases.firstIndex(of: event.level) { counters[index].increment() }
    inner.log(event: event)
  }
}
