import ArgumentParser
import DMSService
import DMSStorage

/// `dms-server verify`: whether a store is what it should be.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check balances, references, the change log and the database itself.",
    discussion: """
      It reads one snapshot and changes nothing: the store may be served meanwhile. It ends with code 1 when something \
      is wrong.
      """)

  @OptionGroup var arguments: StoreArguments

  func run() async throws {
    let isSound = try await Failure.explaining {
      let settings = try await arguments.settings()
      let location = settings.location(in: settings.folder)
      let report = try StoreMaintenance.standard.verify(location)
      let ledgers = report.ledgers
      Output.print(
        [
          ("store", "\(location)"),
          ("revision", "\(report.revision), schema \(report.schema)"),
          ("content", Output.content(report.tables)),
          ("stock", "\(ledgers.stockBalances) balances, \(ledgers.movements) movements"),
          ("credit", "\(ledgers.creditAccounts) accounts, \(ledgers.creditEntries) entries"),
          ("order lines", "\(ledgers.orderLines)"),
          ("change log", "\(report.changes) changes after revision \(report.compacted)"),
          ("took", Output.seconds(report.duration)),
        ] + report.findingLines)
      return report.isSound
    }
    if !isSound { throw ExitCode.failure }
  }
}
