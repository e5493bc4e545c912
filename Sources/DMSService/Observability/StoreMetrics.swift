package import CoreMetrics
package import DMSStorage

/// Counts and times what the store does; given to the store when it is opened.
package struct StoreMetrics: StoreObserver {
  private let batchWrites: Recorder
  private let batch: Timer
  private let commit: Timer
  private let failedBatches: Counter
  private let reads: Counter
  private let read: Timer
  private let refused: [RefusedWork: Counter]

  /// Metrics made by `factory`.
  package init(factory: any MetricsFactory) {
    batchWrites = Recorder(label: "dms_store_batch_writes", dimensions: [], aggregate: true, factory: factory)
    batch = Timer(label: "dms_store_batch_seconds", dimensions: [], factory: factory)
    commit = Timer(label: "dms_store_commit_seconds", dimensions: [], factory: factory)
    failedBatches = Counter(label: "dms_store_failed_batches_total", factory: factory)
    reads = Counter(label: "dms_store_reads_total", factory: factory)
    read = Timer(label: "dms_store_read_seconds", dimensions: [], factory: factory)
    refused = Dictionary(
      uniqueKeysWithValues: RefusedWork.allCases.map { work in
        (work, Counter(label: "dms_store_refused_total", dimensions: [("work", work.rawValue)], factory: factory))
      })
  }

  package func batchCommitted(writes: Int, commit duration: Duration) {
    batchWrites.record(writes)
    commit.recordNanoseconds(duration.nanosecondsClamped)
  }

  package func batchServed(took duration: Duration) {
    batch.recordNanoseconds(duration.nanosecondsClamped)
  }

  package func batchFailed() {
    failedBatches.increment()
  }

  package func readEnded(took duration: Duration) {
    reads.increment()
    read.recordNanoseconds(duration.nanosecondsClamped)
  }

  package func refused(_ work: RefusedWork) {
    refused[work]?.increment()
  }
}

extension Duration {
  /// The whole nanoseconds of it, or as many as there can be.
  fileprivate var nanosecondsClamped: Int64 {
    let parts = components
    let (seconds, overflows) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflows { return .max }
    let (sum, overflowsToo) = seconds.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
    return overflowsToo ? .max : sum
  }
}
