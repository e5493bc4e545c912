import ArgumentParser
import DMSService
import DMSStorage
import Foundation

/// `dms-server backup`: a copy of the store as it is at one moment.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the store to a file, while it may be served.",
    discussion: """
      The file takes its name only once it is whole, flushed to disk and checked. The secret under which API keys are \
      hashed is not in it, unless --with-key puts it beside: without the secret no API key in the backup is worth \
      anything, and with it a thief of both can guess at keys.
      """)

  enum Format: String, ExpressibleByArgument {
    case sqlite
    case export
  }

  @Argument(help: "The file to write, or a folder in which to make one named by the time.")
  var file: String

  @Option(
    help:
      "sqlite: the database itself. export: a file that either database can be restored from. By default the first of a SQLite store, the second of PostgreSQL."
  )
  var format: Format?

  @Flag(help: "Copy the secret under which API keys are hashed, too, to a file of the same name and .key.")
  var withKey = false

  @OptionGroup var arguments: StoreArguments

  func run() async throws {
    try await Failure.explaining {
      let settings = try await arguments.settings()
      let folder = settings.folder
      let location = settings.location(in: folder)
      let format = kept(of: location)
      let file = target(format)
      let keyFile = settings.pepperFile ?? folder.pepperFile
      var key: [UInt8]?
      if withKey {
        guard let bytes = FileManager.default.contents(atPath: keyFile) else {
          throw DataFolderError.missingKey(keyFile)
        }
        guard !FileManager.default.fileExists(atPath: file + ".key") else {
          throw BackupError.targetExists(path: file + ".key")
        }
        key = [UInt8](bytes)
      }
      let report = try StoreMaintenance.standard.backUp(location, to: file, as: format)
      if let key { try folder.write(key, to: file + ".key") }
      var lines = [("backup of", "\(location)"), ("written to", "\(file)")] + report.lines
      lines.append(
        ("API keys' secret", withKey ? "copied to \(file).key" : "not in it: keep a copy of \(keyFile) apart"))
      Output.print(lines)
    }
  }

  private func kept(of location: StoreLocation) -> BackupFormat {
    switch format {
    case .sqlite: .sqlite
    case .export: .export
    case nil: location.isFile ? .sqlite : .export
    }
  }

  private func target(_ format: BackupFormat) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue else { return file }
    let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
    return "\(file)/dms-\(Date.now.formatted(style)).\(format == .sqlite ? "db" : "dmsx")"
  }
}
