internal import Foundation

/// A server and the key for it, under a name.
struct Profile: Codable, Equatable, Sendable {
  var server: String
  var apiKey: String?
  /// The certificates that the server is trusted by, when not those of the system.
  var certificates: String?
  /// The key may travel in plain text to another machine.
  var isPlainTextAllowed: Bool?
  /// The files of the client's own certificate and its key.
  var clientCertificate: String?
  var clientKey: String?
  /// Calls go to all servers by turns.
  var isRoundRobin: Bool?

  private enum CodingKeys: String, CodingKey {
    case server
    case apiKey = "api_key"
    case certificates = "ca_file"
    case isPlainTextAllowed = "insecure"
    case clientCertificate = "cert_file"
    case clientKey = "cert_key_file"
    case isRoundRobin = "round_robin"
  }
}

/// The profiles of a user: files that nobody else may read, in a folder of their own.
struct ProfileStore {
  /// The profile that is used when none is named.
  static let defaultName = "default"

  private let folder: URL

  init(folder: URL) {
    self.folder = folder
  }

  /// `$DMS_HOME`, else `dms` in the folder for settings that the system names, else `~/.config/dms`.
  init(environment: [String: String]) {
    if let home = environment["DMS_HOME"], !home.isEmpty {
      folder = URL(fileURLWithPath: home, isDirectory: true)
    } else if let settings = environment["XDG_CONFIG_HOME"], settings.hasPrefix("/") {
      folder = URL(fileURLWithPath: settings, isDirectory: true).appendingPathComponent("dms")
    } else {
      let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "."
      folder = URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent(".config/dms")
    }
  }

  /// The profile of this name; nil when there is none.
  ///
  /// Throws ``CommandFailure`` when its file cannot be read, or when others may read it.
  func load(_ name: String) throws(CommandFailure) -> Profile? {
    let path = try path(of: name)
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw CommandFailure("the profile \(path) cannot be read: \(Self.systemError())", status: ExitStatus.usage)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw CommandFailure(
        "the profile \(path) holds a key and can be read by others", remedy: "Run: chmod 600 \(path)",
        status: ExitStatus.usage)
    }
    do {
      return try JSONDecoder().decode(Profile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw CommandFailure(
        "the profile \(path) is damaged", remedy: "Log in again: dms login --profile \(name)",
        status: ExitStatus.usage)
    }
  }

  /// Stores a profile for this user alone (mode 0600, in a folder of mode 0700), in place of one of that
  /// name; returns its path.
  func save(_ profile: Profile, as name: String) throws(CommandFailure) -> String {
    let path = try path(of: name)
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let text = try encoder.encode(profile)
      try SecretFile.write(text + Data("\n".utf8), to: path)
    } catch {
      throw CommandFailure("the profile \(path) cannot be written: \(FailureText.failure(of: error).message)")
    }
    return path
  }

  /// Removes a profile; false when there was none.
  func remove(_ name: String) throws(CommandFailure) -> Bool {
    let path = try path(of: name)
    if unlink(path) == 0 { return true }
    if errno == ENOENT || errno == ENOTDIR { return false }
    throw CommandFailure("the profile \(path) cannot be removed: \(Self.systemError())")
  }

  private func path(of name: String) throws(CommandFailure) -> String {
    let isPlain = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
        || (byte < 0x80 && Character(Unicode.Scalar(byte)).isLetter) || (0x30...0x39).contains(byte)
    }
    guard isPlain, (1...64).contains(name.utf8.count), !name.hasPrefix(".") else {
      throw CommandFailure(
        "\"\(name)\" cannot be a profile's name: use letters, digits, - and _", status: ExitStatus.usage)
    }
    return folder.appendingPathComponent("\(name).json").path
  }

  private static func systemError() -> String {
    String(cString: strerror(errno))
  }
}

/// Files that hold a secret.
enum SecretFile {
  /// Writes a file that only this user may read, all of it or nothing, in place of one that is there.
  static func write(_ content: Data, to path: String) throws(CommandFailure) {
    let temporary = "\(path).\(getpid()).new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try file.write(contentsOf: content)
      try file.synchronize()
      try file.close()
    } catch {
      unlink(temporary)
      throw failure(path)
    }
    guard rename(temporary, path) == 0 else {
      let failure = failure(path)
      unlink(temporary)
      throw failure
    }
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
  }
}
