internal import ArgumentParser
internal import DMSClient
internal import Foundation

/// Which server, and with which key: what the command line says, else the environment, else a profile.
struct ConnectionOptions: ParsableArguments {
  @Option(
    help: "The server: http://host:port, https://host:port or unix:/path; several with commas between ($DMS_SERVER).")
  var server: String?

  @Option(help: "The profile that 'dms login' stored ($DMS_PROFILE, else 'default').")
  var profile: String?

  @Option(help: "A file with the API key ($DMS_API_KEY is a key itself).", completion: .file())
  var keyFile: String?

  @Option(help: "A PEM file with the certificates that the server is trusted by.", completion: .file())
  var caFile: String?

  @Option(help: "A PEM file with the client's own certificate, for a server that wants one.", completion: .file())
  var certFile: String?

  @Option(help: "The PEM file with that certificate's key.", completion: .file())
  var certKeyFile: String?

  @Flag(help: "Use all servers, or all addresses of the server's name, by turns instead of the first that answers.")
  var roundRobin = false

  @Option(help: "Seconds that a call may take, its retries included (default: 30).")
  var timeout: Int?

  @Flag(help: "Send the key in plain text to another machine. For closed networks only.")
  var insecure = false

  mutating func validate() throws {
    if let timeout, !(1...86_400).contains(timeout) {
      throw ValidationError("--timeout must be from 1 to 86400 seconds")
    }
    guard (certFile == nil) == (certKeyFile == nil) else {
      throw ValidationError("--cert-file and --cert-key-file go together")
    }
  }

  /// The name of the profile that is meant.
  func profileName(in environment: [String: String]) -> String {
    profile ?? environment["DMS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 } ?? ProfileStore.defaultName
  }

  /// Server and key as they come from options, environment and profile, in this order.
  func resolved(environment: [String: String]) throws(CommandFailure) -> Profile {
    let name = profileName(in: environment)
    let given = server ?? environment["DMS_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
    var key = environment["DMS_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
    if let keyFile { key = try KeyInput.read(file: keyFile) }
    let stored = given == nil || key == nil ? try ProfileStore(environment: environment).load(name) : nil
    if stored == nil, profile != nil, given == nil || key == nil {
      throw CommandFailure(
        "there is no profile \"\(name)\"", remedy: "Run: dms login --profile \(name) --server …",
        status: ExitStatus.usage)
    }
    guard let server = given ?? stored?.server else {
      throw CommandFailure(
        "no server is known", remedy: "Run: dms login --server http://127.0.0.1:8421 --key-file FILE",
        status: ExitStatus.usage)
    }
    // A stored key belongs to its server, as a stored certificate does: it is not sent to another one.
    let own = given == nil || given == stored?.server ? stored : nil
    var profile = Profile(
      server: server, apiKey: key ?? own?.apiKey, certificates: caFile ?? stored?.certificates,
      isPlainTextAllowed: insecure || stored?.isPlainTextAllowed == true)
    profile.clientCertificate = certFile ?? own?.clientCertificate
    profile.clientKey = certKeyFile ?? own?.clientKey
    profile.isRoundRobin = roundRobin ? true : own?.isRoundRobin
    return profile
  }

  /// Runs `body` with a client of the server that is meant.
  ///
  /// Long work rides out a restart of the server; a short command says after about two seconds that nobody answers.
  func withClient<Result: Sendable>(
    forLongWork isLongWork: Bool = false, _ body: (DMSClient) async throws -> Result
  ) async throws -> Result {
    let profile = try resolved(environment: ProcessInfo.processInfo.environment)
    return try await DMSClient.withClient(
      configuration: configuration(for: profile, isLongWork: isLongWork), body)
  }

  /// The client's settings for a profile.
  func configuration(for profile: Profile, isLongWork: Bool = false) -> DMSClient.Configuration {
    var configuration = DMSClient.Configuration(server: profile.server, apiKey: profile.apiKey)
    if let certificates = profile.certificates { configuration.trustRoots = .pemFile(certificates) }
    if let chain = profile.clientCertificate, let key = profile.clientKey {
      configuration.certificate = .init(chainFile: chain, keyFile: key)
    }
    if profile.isRoundRobin == true { configuration.balancing = .roundRobin }
    configuration.plainTextCredentialsAllowed = profile.isPlainTextAllowed ?? false
    configuration.timeout = .seconds(timeout ?? 30)
    if !isLongWork { configuration.retries.attemptsMax = 6 }
    return configuration
  }
}
