import ArgumentParser
import DMSService

/// The program: without a command it serves.
@main
struct DMSServer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dms-server",
    abstract: "The dealer management system's server.",
    discussion: """
      In an empty folder it makes the database and an administrator's key, listens on loopback, and says what to do \
      next.
      """,
    version: ServerVersion.text,
    subcommands: [
      ServeCommand.self, ConfigCommand.self, BackupCommand.self, RestoreCommand.self, VerifyCommand.self,
      MigrateCommand.self,
    ],
    defaultSubcommand: ServeCommand.self)
}
