import ArgumentParser
import DMSService
import DMSStorage

/// `dms-server migrate`: everything from one store to another.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate", abstract: "Carry everything from one store to an empty one, of either kind.",
    discussion: """
      Stop the servers of the store first: it is locked meanwhile, and what is written to it afterwards stays behind. \
      What arrived is read back and compared by a checksum for each table before it is kept.
      """)

  @Option(help: "The store to read: sqlite:PATH or postgres://….")
  var from: String

  @Option(help: "The empty store to fill: sqlite:PATH or postgres://….")
  var to: String

  func run() async throws {
    try await Failure.explaining {
      let source = try location(from, "--from")
      let target = try location(to, "--to")
      let report = try StoreMaintenance.standard.migrate(from: source, to: target)
      for table in report.tables {
        print("\(Output.short(table.checksum))  \(table.name)  \(table.rows)")
      }
      Output.print(
        [("migrated from", "\(source)"), ("to", "\(target)")] + report.lines
          + [("next", "serve with --store and the same secret for API keys (server.key)")])
    }
  }

  private func location(_ text: String, _ flag: String) throws -> StoreLocation {
    guard let location = StoreLocation(text: text) else {
      throw SettingError.unknownStore(StoreLocation.masked(text), source: flag)
    }
    return location
  }
}
