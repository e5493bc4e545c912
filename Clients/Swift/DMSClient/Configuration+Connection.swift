internal import NIOPosix
internal import RPC

extension DMSClient.Configuration {
  /// A client of the runtime as this configuration has it; it connects with the first call.
  func makeConnection() throws(ConfigurationError) -> RPCClient {
    let addresses = try ServerAddress.list(parsing: server)
    try checkKey(against: addresses)
    var configuration = ClientConfiguration(tls: addresses.contains(where: \.isSecure) ? tls : nil)
    configuration.loadBalancing =
      switch balancing {
      case .pickFirst: .pickFirst
      case .roundRobin: .roundRobin
      }
    configuration.userAgent = "dms-swift"
    configuration.retry = RetryPolicy.none
    if plainTextCredentialsAllowed { configuration.secretMetadata.remove("authorization") }
    do {
      return try RPCClient(
        target: .list(addresses.map(\.target)), configuration: configuration,
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

  private func checkKey(against addresses: [ServerAddress]) throws(ConfigurationError) {
    guard let apiKey else { return }
    guard !apiKey.isEmpty, apiKey.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .unusableAPIKey
    }
    guard !plainTextCredentialsAllowed else { return }
    for address in addresses where !address.isLocal {
      if case .network(let host, _, secure: false) = address { throw .plainTextCredential(host: host) }
    }
  }

  private var tls: ClientTLS {
    let roots: ClientTLS.TrustRoots =
      switch trustRoots {
      case .system: .system
      case .pemFile(let path): .only(.file(path))
      case .pemText(let text): .only(.text(text))
      }
    let identity = certificate.map {
      ClientTLS.Identity(certificateChain: .file($0.chainFile), privateKey: .file($0.keyFile))
    }
    return ClientTLS(trustRoots: roots, identity: identity, serverName: serverName)
  }
}

extension ServerAddress {
  fileprivate var target: Target.Address {
    switch self {
    case .network(let host, let port, _): .hostPort(host: host, port: port)
    case .unix(let path): .unix(path: path)
    }
  }
}
