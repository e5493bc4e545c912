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

  /// The folder at `path`, whether or not it is there.
  package init(at path: String) {
    self.path = path
  }

  /// The embedded database.
  package var database: String { path + "/dms.db" }

  /// The key under which secrets are hashed.
  package var pepperFile: String { path + "/server.key" }

  /// The administrator's first key, for the command line.
  package var adminKeyFile: String { path + "/admin.key" }

  /// Reads the key under which secrets are hashed: from `file`, or from the folder's own, which is made when it is
  /// missing and the store is new.
  ///
  /// With a store that has been used, a new key would silently make every API key in it worthless.
  ///
  /// - Throws: when the file is missing or cannot be read or written, or holds no key.
  package func pepper(in file: String? = nil, storeIsNew: Bool = true) throws -> Pepper {
    let path = file ?? pepperFile
    if !FileManager.default.fileExists(atPath: path) {
      guard file == nil, storeIsNew else { throw DataFolderError.missingKey(path) }
      // Of servers that start in one folder at once, the first one's is everybody's.
      try writeNew(Pepper.randomBytes(), to: path)
    }
    guard let bytes = FileManager.default.contents(atPath: path), let pepper = Pepper(bytes: [UInt8](bytes)) else {
      throw DataFolderError.damagedKey(path)
    }
    return pepper
  }

  /// The administrator's first key: the one in the folder, or a new one, which is there from then on.
  package func adminKey() throws -> ApiKeySecret {
    if let key = try storedAdminKey() { return key }
    try writeNew(Array((ApiKeySecret.make().text + "\n").utf8), to: adminKeyFile)
    guard let key = try storedAdminKey() else { throw DataFolderError.damagedAdminKey(adminKeyFile) }
    return key
  }

  private func storedAdminKey() throws -> ApiKeySecret? {
    guard let bytes = FileManager.default.contents(atPath: adminKeyFile) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let key = ApiKeySecret(text) else { throw DataFolderError.damagedAdminKey(adminKeyFile) }
    return key
  }

  /// Takes away the administrator's first key, which turned out to open nothing.
  func removeAdminKey() {
    unlink(adminKeyFile)
  }

  /// Writes a file that only the owner may read: whole, or not at all.
  package func write(_ bytes: [UInt8], to file: String) throws {
    let scratch = try writeScratch(bytes, for: file)
    guard rename(scratch, file) == 0 else {
      let failure = errno
      unlink(scratch)
      throw DataFolderError.unwritable(file, errno: failure)
    }
  }

  /// Writes a file that only the owner may read, unless it is there: whole, or not at all.
  private func writeNew(_ bytes: [UInt8], to file: String) throws {
    let scratch = try writeScratch(bytes, for: file)
    defer { unlink(scratch) }
    guard link(scratch, file) == 0 || errno == EEXIST else { throw DataFolderError.unwritable(file, errno: errno) }
  }

  private func writeScratch(_ bytes: [UInt8], for file: String) throws -> String {
    let scratch = "\(file).\(UInt32.random(in: .min ... .max))"
    let descriptor = open(scratch, O_CREAT | O_EXCL | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw DataFolderError.unwritable(file, errno: errno) }
    let isWritten = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    let isFlushed = fsync(descriptor) == 0
    let failure = errno
    close(descriptor)
    guard isWritten, isFlushed else {
      unlink(scratch)
      throw DataFolderError.unwritable(file, errno: failure)
    }
    return scratch
  }
}

/// Why the data folder cannot be used.
package enum DataFolderError: Error, CustomStringConvertible {
  case damagedKey(String)
  case damagedAdminKey(String)
  /// The store's keys are hashed under another secret.
  case wrongKey
  case missingKey(String)
  case unwritable(String, errno: Int32)

  package var description: String {
    switch self {
    case .damagedKey(let file):
      "\(file) is damaged: it must hold at least 32 bytes. Restore it from where its backup is kept."
    case .damagedAdminKey(let file):
      "\(file) holds no API key; remove it, and the first start makes a new one."
    case .wrongKey:
      """
      This is not the secret under which the store's API keys are hashed: copy server.key from the folder that served \
      the store before, from another server of the store, or from where its backup is kept, or name it with \
      --pepper-file.
      """
    case .missingKey(let file):
      """
      \(file) is missing, and every API key in the store is hashed under it: copy it from the folder that served the \
      store before, from another server of the store, or from where its backup is kept, or name it with --pepper-file.
      """
    case .unwritable(let file, let errno):
      "\(file) cannot be written: \(String(cString: strerror(errno)))"
    }
  }
}
