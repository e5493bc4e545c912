internal import NIOPosix
internal import RPC

extension DMSClient.Configuration {
  /// A client of the runtime as this configuration has it; it connects with the first call.
  func makeConnection() throws(ConfigurationError) -> RPCClient {
    let address = try ServerAddress(parsing: server)
    try checkKey(against: address)
    var configuration = ClientConfiguration(tls: address.isSecure ? tls : nil)
    configuration.userAgent = "dms-swift"
    configuration.retry = RetryPolicy.none
    if plainTextCredentialsAllowed { configuration.secretMetadata.remove("authorization") }
    do {
      return try RPCClient(
        target: address.target, configuration: configuration,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    } catch {
      throw .unusable(problem: "\(error)")
    }
  }

  /// The manners of the calls, the credential included.
  var callSettings: CallSettings {
    var settings = CallSettings()
    settings.timeout = timeout
    settings.retries = retries
    settings.logger = logger
    if let apiKey { settings.metadata = ["authorization": "Bearer \(apiKey)"] }
    return settings
  }

  private func checkKey(against address: ServerAddress) throws(ConfigurationError) {
    guard let apiKey else { return }
    guard !apiKey.isEmpty, apiKey.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .unusableAPIKey
    }
    if case .network(let host, _, secure: false) = address,
      !address.isLocal, !plainTextCredentialsAllowed
    {
      throw .plainTextCredential(host: host)
    }
  }

  private var tls: ClientTLS {
    let roots: ClientTLS.TrustRoots =
      switch trustRoots {
      case .system: .system
      case .pemFile(let path): .only(.file(path))
      case .pemText(let text): .only(.text(text))
      }
    return ClientTLS(trustRoots: roots, serverName: serverName)
  }
}

extension ServerAddress {
  fileprivate var isSecure: Bool {
    if case .network(_, _, let secure) = self { secure } else { false }
  }

  fileprivate var target: Target {
    switch self {
    case .network(let host, let port, _): .hostPort(host, port)
    case .unix(let path): .unix(path)
    }
  }
}
