import ArgumentParser
import CoreMetrics
import DMSDomain
import DMSService
import DMSStorage
import Foundation
import Logging
import RPC
import ServiceLifecycle
import UnixSignals

/// `dms-server serve`: what the program does without a command.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve until SIGTERM or SIGINT.")

  @OptionGroup var options: SettingOptions

  func run() async throws {
    try await Failure.explaining { try await serve() }
  }

  private func serve() async throws {
    let settings = try ServerSettings(try await options.sources())
    // Without the admin port nobody could read them.
    let metrics = settings.admin == nil ? nil : MetricsRegistry()
    if let metrics { MetricsSystem.bootstrap(metrics) }
    let logger = makeLogger(settings, metrics)
    // Until there is something to reload, a hang-up is no reason to stop.
    let hangUps = await UnixSignalsSequence(trapping: .sighup)

    let folder = try DataFolder(path: settings.dataFolder)
    let location = settings.location(in: folder)
    var options = settings.storeOptions
    options.observer = metrics.map { StoreMetrics(factory: $0) }
    let store = try await Store.open(location, options: options, logger: logger)
    let host: DMSHost
    do {
      let hadSecret = FileManager.default.fileExists(atPath: settings.pepperFile ?? folder.pepperFile)
      let environment = ServiceEnvironment(
        store: store, calendar: BusinessCalendar(timeZone: settings.timeZone),
        pepper: try await pepper(for: store, folder: folder, settings: settings), logger: logger,
        now: { InstantMicros(ServiceEnvironment.systemClock()) })
      var observability = Observability()
      observability.metrics = metrics
      observability.admin = settings.admin
      observability.callRate = settings.callRate
      host = DMSHost(
        environment: environment, configuration: settings.server, reflection: settings.reflection,
        observability: observability)
      let key: ApiKeySecret?
      do {
        key = try await FirstStart.prepare(environment, keyIn: folder)
      } catch DataFolderError.wrongKey where !hadSecret {
        // The secret was made just now: another server was first to make the store's keys, under its own.
        try FileManager.default.removeItem(atPath: folder.pepperFile)
        throw DataFolderError.missingKey(folder.pepperFile)
      }
      let address = try await host.start()
      announce(address, tls: settings.server.tls != nil, store: location, folder: folder, key: key)
    } catch {
      await store.close()
      throw error
    }
    let group = ServiceGroup(
      services: [host, CertificateReload(hangUps: hangUps, host: host)], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    try await group.run()
  }

  private func makeLogger(_ settings: ServerSettings, _ metrics: MetricsRegistry?) -> Logger {
    var logger = Logger(label: "dms") { label in
      let handler: any LogHandler =
        switch settings.logFormat {
        case .text: StreamLogHandler.standardError(label: label)
        case .json: JSONLogHandler(label: label)
        }
      return metrics.map { CountedLog(handler, factory: $0) } ?? handler
    }
    logger.logLevel = settings.logLevel
    return logger
  }

  /// The secret under which this store's keys are hashed; a new one only for a new store.
  private func pepper(for store: Store, folder: DataFolder, settings: ServerSettings) async throws -> Pepper {
    let isNew = try await store.read { transaction in try !transaction.hasPrincipals() }
    return try folder.pepper(in: settings.pepperFile, storeIsNew: isNew)
  }

  /// Says where the server is, and on the first start what to do next.
  private func announce(
    _ address: BoundAddress, tls: Bool, store: StoreLocation, folder: DataFolder, key: ApiKeySecret?
  ) {
    let url = "\(tls ? "https" : "http")://\(address.host):\(address.port)"
    let place = store == .sqlite(path: folder.database) ? folder.path : "\(store)"
    var lines = ["dms-server \(ServerVersion.text) serves \(url) from \(place)"]
    if let key {
      lines += [
        "",
        "This is a new store. The administrator's key, shown this once:",
        "  \(key.text)",
        "It is also in \(folder.adminKeyFile), which only you can read.",
        "",
        "Next:",
        "  dms login --server \(url) --key-file \(folder.adminKeyFile)",
        "  dms whoami",
      ]
    }
    FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
  }
}
