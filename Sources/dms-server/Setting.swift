import DMSService
import DMSStorage

/// One thing that can be set: by a flag, in the environment, or in the configuration file, in this order.
struct Setting: Sendable {
  /// Its name in the file, parts joined by dots: `listen.port`. In the environment it is `DMS_LISTEN_PORT`.
  let key: String
  /// What holds when nobody sets it.
  let standard: String
  /// What it does, for `dms-server config`.
  let meaning: String
  /// Its value as it may be shown, without secrets.
  var shown: @Sendable (String) -> String = { $0 }

  /// Its name in the environment.
  var environmentName: String {
    "DMS_" + key.uppercased().replacing(".", with: "_")
  }

  static let data = Setting(
    key: "data", standard: "dms-data", meaning: "folder of the database and the server's secrets")
  static let store = Setting(
    key: "store", standard: "", meaning: "sqlite:PATH or postgres://…; empty for dms.db in the data folder",
    shown: { StoreLocation.masked($0) })
  static let pepperFile = Setting(
    key: "pepper.file", standard: "",
    meaning: "file of the secret under which API keys are hashed; empty for server.key in the data folder")
  static let changeDays = Setting(
    key: "changes.days", standard: "7", meaning: "days that the change log reaches back for watches")
  static let changeMegabytes = Setting(
    key: "changes.megabytes", standard: "4096", meaning: "greatest size of the change log; the oldest changes go first")
  static let changeMemory = Setting(
    key: "changes.memory.megabytes", standard: "16",
    meaning: "memory for the newest part of the change log, which all watches share")
  static let writers = Setting(
    key: "store.writers", standard: "2", meaning: "batches that one server commits at once in PostgreSQL")
  static let host = Setting(key: "listen.host", standard: "127.0.0.1", meaning: "address to listen on")
  static let port = Setting(key: "listen.port", standard: "8421", meaning: "port to listen on; 0 takes a free one")
  static let insecure = Setting(
    key: "insecure", standard: "false", meaning: "serve plain text on addresses other than loopback")
  static let certificate = Setting(
    key: "tls.certificate", standard: "", meaning: "PEM file of the certificate chain; empty for plain text")
  static let privateKey = Setting(key: "tls.key", standard: "", meaning: "PEM file of the certificate's key")
  static let clientAuthorities = Setting(
    key: "tls.client.authorities", standard: "",
    meaning: "PEM file of authorities whose certificates clients show; empty asks for none")
  static let clientCertificates = Setting(
    key: "tls.client.certificates", standard: ClientCertificateDemand.required.rawValue,
    meaning: "with authorities: required (of every client) or optional")
  static let certificateSeconds = Setting(
    key: "tls.reload.seconds", standard: "60",
    meaning: "how often to look for a new certificate, key and authorities; 0 for at SIGHUP only")
  static let timeZone = Setting(
    key: "time.zone", standard: "UTC", meaning: "the brand's time zone, an IANA name; business dates are its days")
  static let logLevel = Setting(
    key: "log.level", standard: "info", meaning: "trace, debug, info, notice, warning, error or critical")
  static let logFormat = Setting(
    key: "log.format", standard: LogFormat.text.rawValue, meaning: "text, or json: one object a line")
  static let adminHost = Setting(
    key: "admin.host", standard: "127.0.0.1", meaning: "address of the admin port, which asks for no credential")
  static let adminPort = Setting(
    key: "admin.port", standard: "0", meaning: "port of /metrics, /livez and /readyz over HTTP; 0 for none")
  static let callsPerSecond = Setting(
    key: "limits.calls.per.second", standard: "0",
    meaning: "calls a second that one principal may keep up; 0 for any number")
  static let callBurst = Setting(
    key: "limits.calls.burst", standard: "1000", meaning: "calls that one principal may make at once after a pause")
  static let reflection = Setting(
    key: "reflection", standard: ReflectionAccess.open.rawValue,
    meaning: "who may read the schemas from the server: open (everybody), authenticated (with an API key) or off")
  static let grace = Setting(
    key: "shutdown.grace.seconds", standard: "10", meaning: "how long calls under way may go on after SIGTERM")
  static let connections = Setting(
    key: "limits.connections", standard: "10000", meaning: "connections at once")
  static let streams = Setting(
    key: "limits.streams.per.connection", standard: "100", meaning: "calls at once on one connection")
  static let messageBytes = Setting(
    key: "limits.message.bytes", standard: "4194304", meaning: "largest message of a client")
  static let connectionsPerPeer = Setting(
    key: "limits.peer.connections", standard: "10000",
    meaning: "connections at once from one address; lower it where clients come directly and not through a proxy")
  static let headerBytes = Setting(
    key: "limits.header.bytes", standard: "16384", meaning: "largest header list of a call, 32 bytes a field included")
  static let requestBytes = Setting(
    key: "limits.connection.request.bytes", standard: "67108864",
    meaning: "bytes that the unfinished requests of one connection may hold")
  static let responseBytes = Setting(
    key: "limits.connection.response.bytes", standard: "67108864",
    meaning: "bytes of replies that may wait on one connection for a client that does not read")
  static let handshake = Setting(
    key: "limits.handshake.seconds", standard: "10", meaning: "how long TLS and HTTP/2's greeting may take")
  static let unauthenticated = Setting(
    key: "limits.unauthenticated.seconds", standard: "60",
    meaning: "how long a connection may be without a call whose credential was good; 0 for ever")
  static let idle = Setting(
    key: "limits.idle.seconds", standard: "1800", meaning: "how long a connection may be without a call; 0 for ever")
  static let age = Setting(
    key: "limits.age.seconds", standard: "0",
    meaning: "how old a connection may become, 10 % more or less, before its client is sent away; 0 for any age")
  static let ageGrace = Setting(
    key: "limits.age.grace.seconds", standard: "",
    meaning: "how long calls may go on after their connection was sent away; empty for shutdown.grace.seconds")
  static let keepalive = Setting(
    key: "keepalive.seconds", standard: "120", meaning: "after which silence a client is sent a ping; 0 for never")
  static let keepaliveTimeout = Setting(
    key: "keepalive.timeout.seconds", standard: "20", meaning: "how long it may be silent after that")
  static let pingInterval = Setting(
    key: "limits.ping.interval.seconds", standard: "10",
    meaning: "how soon a client that is sent nothing may ping again; 0 as soon as it likes")
  static let resets = Setting(
    key: "limits.resets.burst", standard: "1000", meaning: "calls of a connection that may be reset in a burst")
  static let resetsPerSecond = Setting(
    key: "limits.resets.per.second", standard: "33", meaning: "resets a second that a client may keep up")
  static let controls = Setting(
    key: "limits.controls.burst", standard: "1000",
    meaning: "frames of a connection that bring no call forward, in a burst")
  static let controlsPerSecond = Setting(
    key: "limits.controls.per.second", standard: "100", meaning: "such frames a second that a client may keep up")
  static let compression = Setting(
    key: "compression.replies", standard: "asked",
    meaning:
      "which replies are compressed for clients that accept gzip: never, asked (where the service asks) or always")
  static let compressionThreshold = Setting(
    key: "compression.threshold.bytes", standard: "1024", meaning: "replies of fewer bytes are never compressed")

  /// Every setting, in the order in which they are printed.
  static let all = [
    data, store, pepperFile, changeDays, changeMegabytes, changeMemory, writers, host, port, insecure, certificate,
    privateKey, clientAuthorities, clientCertificates, certificateSeconds, adminHost, adminPort, reflection, timeZone,
    logLevel, logFormat, grace, connections, connectionsPerPeer, streams, messageBytes, headerBytes, requestBytes,
    responseBytes, handshake, unauthenticated, idle, age, ageGrace, keepalive, keepaliveTimeout, pingInterval, resets,
    resetsPerSecond, controls, controlsPerSecond, compression, compressionThreshold, callsPerSecond, callBurst,
  ]
}

/// What the server asks of clients' certificates once it trusts authorities.
enum ClientCertificateDemand: String {
  case required, optional
}

/// How log lines look.
enum LogFormat: String {
  case text, json
}
