import ArgumentParser
import DMSService
import DMSStorage

/// The flags of commands that work on a store without serving it.
struct StoreArguments: ParsableArguments {
  @Option(help: "Configuration file (YAML); flags and DMS_… variables go before it.")
  var config: String?

  @Option(help: "Folder of the database and the server's secrets.")
  var data: String?

  @Option(help: "sqlite:PATH or postgres://…; otherwise dms.db in the data folder.")
  var store: String?

  /// What the flags, the environment and the file say together.
  func settings() async throws -> ServerSettings {
    var flags: [String: String] = [:]
    flags[Setting.data.key] = data
    flags[Setting.store.key] = store
    return try ServerSettings(try await SettingSources(flags: flags, file: config))
  }
}

extension StoreMaintenance {
  /// Maintenance with the server's clock and standard settings.
  static var standard: StoreMaintenance {
    StoreMaintenance(options: StoreOptions(nowMicros: ServiceEnvironment.systemClock))
  }
}
