import ArgumentParser
import DMSService
import DMSStorage
import Foundation

/// `dms-server restore`: an empty store filled from a backup.
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Fill an empty store from a backup of either kind.",
    discussion: """
      Everything takes place in one transaction: a restore that fails leaves the database empty. Where FILE.key lies \
      beside the backup and the data folder has no secret of its own, it is put there.
      """)

  @Argument(help: "The backup: a SQLite database or an export.")
  var file: String

  @OptionGroup var arguments: StoreArguments

  func run() async throws {
    let isSound = try await Failure.explaining {
      let settings = try await arguments.settings()
      let folder = try DataFolder(path: settings.dataFolder)
      let location = settings.location(in: folder)
      let report = try StoreMaintenance.standard.restore(file, to: location)
      let key = try placeKey(in: folder, settings: settings)
      let verification = try StoreMaintenance.standard.verify(location)
      Output.print(
        [("restored from", file), ("into", "\(location)")] + report.lines + [("API keys' secret", key)]
          + verification.findingLines)
      return verification.isSound
    }
    if !isSound { throw ExitCode.failure }
  }

  /// Puts the secret beside the backup where a server looks for it, and says what is so.
  private func placeKey(in folder: DataFolder, settings: ServerSettings) throws -> String {
    let place = settings.pepperFile ?? folder.pepperFile
    let kept = FileManager.default.contents(atPath: file + ".key")
    if let present = FileManager.default.contents(atPath: place) {
      return kept == nil || kept == present
        ? "\(place), which must be the one that the backup was taken with"
        : "\(place) is another than \(file).key: no API key of the backup is good under it"
    }
    guard let kept else { return "put the one that the backup was taken with into \(place) before you serve" }
    try folder.write([UInt8](kept), to: place)
    return "\(file).key copied to \(place)"
  }
}
