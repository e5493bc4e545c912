internal import ArgumentParser

/// `dms`.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dms", abstract: "The command line of DMS, a dealer management system.",
    discussion: """
      Log in once with 'dms login'. Lists are written as tables, with --output json or csv for programs. \
      Amounts are decimals such as 12.50, dates YYYY-MM-DD.

      Exit codes: 0 done; 1 another failure; 2 the command cannot be understood; 3 invalid input; 4 not found; \
      5 not allowed; 6 a conflict, or blocked by a rule; 7 the server is not available.
      """,
    subcommands: [
      LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, ImportCommand.self, DealerCommand.self,
      ProductCommand.self, WarehouseCommand.self, PriceCommand.self, StockCommand.self, CreditCommand.self,
      OrderCommand.self, WatchCommand.self, VerifyCommand.self, RulesCommand.self, PrincipalCommand.self,
      KeyCommand.self,
    ])
}
