import DMSService
import DMSStorage
import Foundation
import Logging
import RPC

/// What the server is told, read and checked.
struct ServerSettings {
  /// Folder of the database and the server's secrets.
  let dataFolder: String
  /// Where the data lives; nil for the data folder's own database.
  let store: StoreLocation?
  /// The file of the secret under which API keys are hashed; nil for the data folder's own.
  let pepperFile: String?
  /// How the store is run.
  let storeOptions: StoreOptions
  let timeZone: TimeZone
  let logLevel: Logger.Level
  /// How and where gRPC is served.
  let server: ServerConfiguration
  /// Who may read the schemas from the server.
  let reflection: ReflectionAccess

  /// Reads every setting.
  ///
  /// - Throws: ``SettingError``, naming the setting, its source and what would be right.
  init(_ sources: SettingSources) throws {
    dataFolder = try sources.value(of: .data).text

    let place = try sources.value(of: .store)
    store = place.text.isEmpty ? nil : StoreLocation(text: place.text)
    guard place.text.isEmpty || store != nil else {
      throw SettingError.unknownStore(Setting.store.shown(place.text), source: place.source)
    }
    let pepper = try sources.value(of: .pepperFile).text
    pepperFile = pepper.isEmpty ? nil : pepper

    var options = StoreOptions(nowMicros: ServiceEnvironment.systemClock)
    options.changeLogLifetimeMicros =
      Int64(try Self.number(.changeDays, sources, in: 1...3_650)) * 24 * 3_600 * 1_000_000
    options.changeLogBytesMax = Int64(try Self.number(.changeMegabytes, sources, in: 16...(1 << 24))) << 20
    options.changeTail = ChangeTailLimits(megabytes: try Self.number(.changeMemory, sources, in: 1...4_096))
    options.writers = try Self.number(.writers, sources, in: 1...16)
    storeOptions = options

    let zone = try sources.value(of: .timeZone)
    guard let timeZone = TimeZone(identifier: zone.text) else {
      throw SettingError.unknownTimeZone(zone.text, source: zone.source)
    }
    self.timeZone = timeZone

    let level = try sources.value(of: .logLevel)
    guard let logLevel = Logger.Level(rawValue: level.text) else {
      throw SettingError.unknownLogLevel(level.text, source: level.source)
    }
    self.logLevel = logLevel

    let readers = try sources.value(of: .reflection)
    guard let reflection = ReflectionAccess(rawValue: readers.text) else {
      throw SettingError.unknownReflection(readers.text, source: readers.source)
    }
    self.reflection = reflection

    var server = ServerConfiguration(
      host: try sources.value(of: .host).text, port: try Self.number(.port, sources, in: 0...65_535))
    server.allowInsecure = try Self.truth(.insecure, sources)
    server.limits.shutdownGrace = .seconds(try Self.number(.grace, sources, in: 0...3_600))
    server.limits.connectionsMax = try Self.number(.connections, sources, in: 1...1_000_000)
    server.limits.concurrentStreamsMax = try Self.number(.streams, sources, in: 1...100_000)
    server.limits.messageBytesMax = try Self.number(.messageBytes, sources, in: 1_024...(256 << 20))

    let certificate = try sources.value(of: .certificate).text
    let key = try sources.value(of: .privateKey).text
    guard certificate.isEmpty == key.isEmpty else { throw SettingError.halfTLS }
    if !certificate.isEmpty {
      var tls = ServerTLS(certificateChainFile: certificate, privateKeyFile: key)
      let authorities = try sources.value(of: .clientAuthorities).text
      if !authorities.isEmpty { tls.clientCertificates = .required(authoritiesFile: authorities) }
      server.tls = tls
    }
    self.server = server
  }

  /// The data folder, whether or not it is there.
  var folder: DataFolder { DataFolder(at: dataFolder) }

  /// The store to work on.
  func location(in folder: DataFolder) -> StoreLocation {
    store ?? .sqlite(path: folder.database)
  }

  private static func number(
    _ setting: Setting, _ sources: SettingSources, in range: ClosedRange<Int>
  ) throws -> Int {
    let value = try sources.value(of: setting)
    guard let number = Int(value.text), range.contains(number) else {
      throw SettingError.notANumber(setting, value.text, source: value.source, range: range)
    }
    return number
  }

  private static func truth(_ setting: Setting, _ sources: SettingSources) throws -> Bool {
    let value = try sources.value(of: setting)
    guard let truth = Bool(value.text.lowercased()) else {
      throw SettingError.notATruth(setting, value.text, source: value.source)
    }
    return truth
  }
}
