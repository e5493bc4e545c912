internal import Foundation

/// The folder where a server keeps its database and its secrets, open to its owner alone.
package struct DataFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// Opens the folder, and makes it when it is missing.
  ///
  /// - Throws: when it cannot be made, or is no folder.
  package init(path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The embedded database.
  package var database: String { path + "/dms.db" }

  /// The key under which secrets are hashed.
  package var pepperFile: String { path + "/server.key" }

  /// The administrator's first key, for the command line.
  package var adminKeyFile: String { path + "/admin.key" }

  /// Reads the server's own key, and makes it when it is missing.
  ///
  /// - Throws: when the file cannot be read or written, or holds no key.
  package func pepper() throws -> Pepper {
    if !FileManager.default.fileExists(atPath: pepperFile) {
      try write(Pepper.randomBytes(), to: pepperFile)
    }
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: pepperFile)))
    guard let pepper = Pepper(bytes: bytes) else { throw DataFolderError.damagedKey(pepperFile) }
    return pepper
  }

  /// Writes a file that only the owner may read: whole, or not at all.
  package func write(_ bytes: [UInt8], to file: String) throws {
    let scratch = "\(file).\(UInt32.random(in: .min ... .max))"
    let descriptor = open(scratch, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw DataFolderError.unwritable(file, errno: errno) }
    let isWritten = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    let isFlushed = fsync(descriptor) == 0
    let failure = errno
    close(descriptor)
    guard isWritten, isFlushed, rename(scratch, file) == 0 else {
      unlink(scratch)
      throw DataFolderError.unwritable(file, errno: failure)
    }
  }
}

/// Why the data folder cannot be used.
package enum DataFolderError: Error, CustomStringConvertible {
  case damagedKey(String)
  case unwritable(String, errno: Int32)

  package var description: String {
    switch self {
    case .damagedKey(let file):
      "\(file) is damaged: it must hold at least 32 bytes. Restore it, or remove it and make all API keys anew."
    case .unwritable(let file, let errno):
      "\(file) cannot be written: \(String(cString: strerror(errno)))"
    }
  }
}
