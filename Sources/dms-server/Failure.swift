import DMSDomain
import DMSService
import DMSStorage
import Foundation
import RPC

/// What went wrong and what to do about it, in a sentence for whoever runs the program. The program ends with code 1.
struct Failure: Error, CustomStringConvertible {
  let description: String

  /// Runs `body`, and puts what it throws into words.
  static func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as BackupError {
      throw Failure(description: sentence(error))
    } catch let error as StorageError {
      throw Failure(description: sentence(error))
    } catch let error as DatabaseError {
      throw Failure(description: sentence(error))
    } catch let error as any CustomStringConvertible
      where error is SettingError || error is DataFolderError || error is ServerStartError
    {
      throw Failure(description: error.description)
    }
  }

  private static func sentence(_ error: StorageError) -> String {
    switch error {
    case .servedElsewhere(let path):
      "a server serves \(path); stop it first, or name another store"
    case .newerDatabase(let found, let known):
      "the database was written by a newer release (schema \(found), this one knows \(known)); use that release"
    case .unsuitableServer(let reason): "the database server cannot hold the store: \(reason)"
    case .outcomeUnknown:
      "the commit was not confirmed: the target holds everything or nothing; look with dms-server verify"
    case .unavailable(let error): sentence(error)
    default: "the store failed: \(error)"
    }
  }

  private static func sentence(_ error: DatabaseError) -> String {
    switch error.kind {
    case .full: "the disk is full: \(error.message)"
    case .connectionLost: "the database cannot be reached: \(error.message)"
    case .corrupt: "the database is damaged, or is no database: \(error.message); restore a backup"
    default: "the database refused: \(error)"
    }
  }

  private static func sentence(_ error: BackupError) -> String {
    switch error {
    case .targetExists(let path): "\(path) is there already; name a file that is not"
    case .cannotRead(let path, let code): "\(path) cannot be read: \(reason(code))"
    case .cannotWrite(let path, let code): "\(path) cannot be written: \(reason(code))"
    case .notABackup(let path): "\(path) is no backup: neither an export of dms-server nor a SQLite database"
    case .newerFormat(let path, let found):
      "\(path) is damaged, or in a format of a newer release (\(found)); use that release"
    case .truncated(let path): "\(path) ends too early; copy it again, or use another backup"
    case .damaged(let path, let part): "\(path) is damaged, which shows in \(part); use another backup"
    case .noStore(let place): "there is no store in \(place); see --store and --data"
    case .targetNotEmpty(let place, let tables):
      tables.isEmpty
        ? "\(place) is the source itself; name an empty store"
        : "\(place) is not empty (it has \(tables.prefix(3).joined(separator: ", "))…); name an empty database"
    case .differentTables(let tables):
      "the tables \(tables.joined(separator: ", ")) are not those of this schema; use the release that wrote them"
    case .contentDiffers(let table):
      "table \(table) did not arrive as it was; nothing was kept. Is the source written to?"
    case .unsupportedFormat(let place): "\(place) has no SQLite file to copy; use --format export"
    case .unsupportedSchema(let what): "the schema cannot be carried: \(what)"
    }
  }

  private static func reason(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
