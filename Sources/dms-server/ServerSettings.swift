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
  let logFormat: LogFormat
  /// How and where gRPC is served.
  let server: ServerConfiguration
  /// Who may read the schemas from the server.
  let reflection: ReflectionAccess
  /// Where operators look; nil for nowhere.
  let admin: AdminListener?
  /// How many calls one principal may make; nil for any number.
  let callRate: CallRate?

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
      Int64(try sources.number(.changeDays, in: 1...3_650)) * 24 * 3_600 * 1_000_000
    options.changeLogBytesMax = Int64(try sources.number(.changeMegabytes, in: 16...(1 << 24))) << 20
    options.changeTail = ChangeTailLimits(megabytes: try sources.number(.changeMemory, in: 1...4_096))
    options.writers = try sources.number(.writers, in: 1...16)
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

    let format = try sources.value(of: .logFormat)
    guard let logFormat = LogFormat(rawValue: format.text) else {
      throw SettingError.unknownWord(.logFormat, format.text, source: format.source, words: "text or json")
    }
    self.logFormat = logFormat

    let adminPort = try sources.number(.adminPort, in: 0...65_535)
    admin = adminPort == 0 ? nil : AdminListener(host: try sources.value(of: .adminHost).text, port: adminPort)
    let calls = try sources.number(.callsPerSecond, in: 0...1_000_000)
    let burst = try sources.number(.callBurst, in: 1...1_000_000)
    callRate = calls == 0 ? nil : CallRate(callsPerSecond: Double(calls), burst: burst)

    let readers = try sources.value(of: .reflection)
    guard let reflection = ReflectionAccess(rawValue: readers.text) else {
      throw SettingError.unknownReflection(readers.text, source: readers.source)
    }
    self.reflection = reflection

    var server = ServerConfiguration(
      host: try sources.value(of: .host).text, port: try sources.number(.port, in: 0...65_535))
    server.allowInsecure = try Self.truth(.insecure, sources)
    server.limits = try ServerLimits(sources)
    server.replyCompression = try ReplyCompression(sources)
    server.compressionThreshold = try sources.number(.compressionThreshold, in: 0...(256 << 20))

    let certificate = try sources.value(of: .certificate).text
    let key = try sources.value(of: .privateKey).text
    guard certificate.isEmpty == key.isEmpty else { throw SettingError.halfTLS }
    if !certificate.isEmpty {
      var tls = ServerTLS(certificateChainFile: certificate, privateKeyFile: key)
      tls.clientCertificates = try Self.clientCertificates(sources)
      let seconds = try sources.number(.certificateSeconds, in: 0...86_400)
      tls.reloadInterval = seconds == 0 ? nil : .seconds(seconds)
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

  private static func clientCertificates(_ sources: SettingSources) throws -> ServerTLS.ClientCertificates {
    let authorities = try sources.value(of: .clientAuthorities).text
    let demand = try sources.value(of: .clientCertificates)
    switch ClientCertificateDemand(rawValue: demand.text) {
    case _ where authorities.isEmpty: return .none
    case .required: return .required(authoritiesFile: authorities)
    case .optional: return .optional(authoritiesFile: authorities)
    case nil:
      throw SettingError.unknownWord(
        .clientCertificates, demand.text, source: demand.source, words: "required or optional")
    }
  }

  private static func truth(_ setting: Setting, _ sources: SettingSources) throws -> Bool {
    let value = try sources.value(of: setting)
    guard let truth = Bool(value.text.lowercased()) else {
      throw SettingError.notATruth(setting, value.text, source: value.source)
    }
    return truth
  }
}
