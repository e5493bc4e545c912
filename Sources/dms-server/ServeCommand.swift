import ArgumentParser
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
    do {
      try await serve()
    } catch let error as any CustomStringConvertible
      where error is SettingError || error is DataFolderError
      || error is ServerStartError
    {
      throw ValidationError("\(error)")
    } catch StorageError.servedElsewhere(let path) {
      throw ValidationError("another server serves \(path); stop it first, or choose another folder with --data")
    } catch StorageError.newerDatabase(let found, let known) {
      throw ValidationError(
        "the database was written by a newer release (schema \(found), this one knows \(known)); use that release")
    }
  }

  private func serve() async throws {
    let settings = try ServerSettings(try await options.sources())
    var logger = Logger(label: "dms") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = settings.logLevel

    let folder = try DataFolder(path: settings.dataFolder)
    let pepper = try folder.pepper()
    let store = try await Store.open(
      .sqlite(path: folder.database), options: StoreOptions(nowMicros: ServiceEnvironment.systemClock), logger: logger)
    let environment = ServiceEnvironment(
      store: store, calendar: BusinessCalendar(timeZone: settings.timeZone), pepper: pepper, logger: logger,
      now: { InstantMicros(ServiceEnvironment.systemClock()) })
    let host = DMSHost(environment: environment, configuration: settings.server)
    let address: BoundAddress
    do {
      let key = try await FirstStart.prepare(environment)
      if let key { try folder.write(Array((key.text + "\n").utf8), to: folder.adminKeyFile) }
      address = try await host.start()
      announce(address, tls: settings.server.tls != nil, folder: folder, key: key)
    } catch {
      await store.close()
      throw error
    }
    let group = ServiceGroup(
      services: [host], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
  }

  /// Says where the server is, and on the first start what to do next.
  private func announce(_ address: BoundAddress, tls: Bool, folder: DataFolder, key: ApiKeySecret?) {
    let url = "\(tls ? "https" : "http")://\(address.host):\(address.port)"
    var lines = ["dms-server \(ServerVersion.text) serves \(url) from \(folder.path)"]
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
