import ArgumentParser

/// The flags that every command of the server takes.
struct SettingOptions: ParsableArguments {
  @Option(help: "Configuration file (YAML); flags and DMS_… variables go before it.")
  var config: String?

  @Option(help: "Folder of the database and the server's secrets; made when it is missing.")
  var data: String?

  @Option(help: "sqlite:PATH or postgres://…; otherwise dms.db in the data folder.")
  var store: String?

  @Option(help: "File of the secret under which API keys are hashed; otherwise server.key in the data folder.")
  var pepperFile: String?

  @Option(help: "Address to listen on.")
  var host: String?

  @Option(help: "Port to listen on; 0 takes a free one.")
  var port: Int?

  @Flag(help: "Serve plain text on addresses other than loopback.")
  var insecure = false

  @Option(help: "PEM file of the certificate chain.")
  var tlsCertificate: String?

  @Option(help: "PEM file of the certificate's key.")
  var tlsKey: String?

  @Option(help: "The brand's time zone, such as America/Chicago.")
  var timeZone: String?

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel: String?

  @Option(help: "Port of /metrics, /livez and /readyz over HTTP, on loopback; otherwise none.")
  var adminPort: Int?

  /// What the flags, the environment and the file say together.
  func sources() async throws -> SettingSources {
    var flags: [String: String] = [:]
    flags[Setting.data.key] = data
    flags[Setting.store.key] = store
    flags[Setting.pepperFile.key] = pepperFile
    flags[Setting.host.key] = host
    flags[Setting.port.key] = port.map { String($0) }
    if insecure { flags[Setting.insecure.key] = "true" }
    flags[Setting.certificate.key] = tlsCertificate
    flags[Setting.privateKey.key] = tlsKey
    flags[Setting.timeZone.key] = timeZone
    flags[Setting.adminPort.key] = adminPort.map { String($0) }
    flags[Setting.logLevel.key] = logLevel
    return try await SettingSources(flags: flags, file: config)
  }
}
