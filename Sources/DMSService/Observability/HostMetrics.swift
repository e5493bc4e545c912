internal import CoreMetrics
internal import DMSStorage
internal import RPC

/// What is read off a server when somebody looks, rather than counted as it happens.
final class HostMetrics: Sendable {
  /// How often the store is asked for what only it knows.
  static let interval = Duration.seconds(15)

  private let environment: ServiceEnvironment
  private let server: RPCServer
  private let probe: StoreProbe
  private let process: ProcessMetrics
  private let openStreams: Meter
  private let waitingWrites: Meter
  private let waitingReads: Meter
  private let databaseBytes: Meter
  private let walBytes: Meter
  private let answers: Meter
  private let revision: Meter
  private let compacted: Meter
  private let age: Meter
  private let watches: Meter
  private let waitingWatches: Meter

  init(
    _ environment: ServiceEnvironment, server: RPCServer, probe: StoreProbe, factory: any MetricsFactory
  ) {
    self.environment = environment
    self.server = server
    self.probe = probe
    process = ProcessMetrics(factory)
    openStreams = Meter(label: "grpc_server_open_streams", factory: factory)
    waitingWrites = Meter(label: "dms_store_waiting_writes", factory: factory)
    waitingReads = Meter(label: "dms_store_waiting_reads", factory: factory)
    databaseBytes = Meter(label: "dms_store_database_bytes", factory: factory)
    walBytes = Meter(label: "dms_store_wal_bytes", factory: factory)
    answers = Meter(label: "dms_store_answers", factory: factory)
    revision = Meter(label: "dms_changes_revision", factory: factory)
    compacted = Meter(label: "dms_changes_compacted_revision", factory: factory)
    age = Meter(label: "dms_changes_age_seconds", factory: factory)
    watches = Meter(label: "dms_changes_watches", factory: factory)
    waitingWatches = Meter(label: "dms_changes_waiting_watches", factory: factory)
    Meter(label: "dms_build_info", dimensions: [("version", ServerVersion.text)], factory: factory).set(1)
  }

  /// Brings everything up to date that is at hand; asks nothing of the store.
  func refresh() async {
    let store = environment.store
    process.refresh()
    waitingWrites.set(store.waitingWrites)
    waitingReads.set(store.waitingReads)
    if let sizes = store.fileSizes {
      databaseBytes.set(sizes.database)
      walBytes.set(sizes.wal)
    }
    answers.set(probe.answers ? 1 : 0)
    revision.set(store.changes.currentRevision)
    watches.set(store.changes.readerCount)
    waitingWatches.set(store.changes.waitingCount)
    openStreams.set(await server.openCallCount())
  }

  /// Asks the store now and then for what only it knows, until the task is cancelled or the store closes.
  func run() async {
    await Upkeep.run("reading the age of the change log", every: Self.interval, logger: environment.logger) {
      let (extent, now) = try await environment.store.read { transaction in
        (try transaction.changeLogExtent(), transaction.nowMicros)
      }
      compacted.set(extent.compacted)
      age.set(extent.oldestTime.map { Double(max(0, now - $0)) / 1e6 } ?? 0)
    }
  }
}
