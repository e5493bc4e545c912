internal import ArgumentParser

/// `dms import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Imports CSV files.",
    discussion: """
      Every row is checked before anything is stored; what is wrong is reported at once, with its line. The \
      first line names the columns: --map column=header names one that is called otherwise, --set \
      column=value gives one to every row. A file that is imported again is a repeat for seven days, and \
      doubles nothing.
      """,
    subcommands: [
      ImportDealers.self, ImportProducts.self, ImportWarehouses.self, ImportPrices.self, ImportStock.self,
      ImportCredit.self,
    ])
}
