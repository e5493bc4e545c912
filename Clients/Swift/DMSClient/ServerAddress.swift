/// A server's address as users write it.
package enum ServerAddress: Sendable, Hashable {
  /// A machine on the network.
  case network(host: String, port: Int, secure: Bool)
  /// A socket in the file system.
  case unix(path: String)

  /// Reads `http://host:port`, `https://host:port` or `unix:/path`. The port may be left out for
  /// the scheme's own (80, 443); an IPv6 host stands in brackets; one closing slash is allowed.
  package init(parsing text: String) throws(ConfigurationError) {
    if let path = text.dropping(prefix: "unix://") ?? text.dropping(prefix: "unix:") {
      guard !path.isEmpty else { throw .unreadableServer(text) }
      self = .unix(path: String(path))
    } else if let rest = text.dropping(prefix: "https://") {
      self = try Self.network(rest, secure: true, text: text)
    } else if let rest = text.dropping(prefix: "http://") {
      self = try Self.network(rest, secure: false, text: text)
    } else {
      throw .unreadableServer(text)
    }
  }

  /// Reads one address, or several that are separated by commas: at least one, with `https` all or none.
  package static func list(parsing text: String) throws(ConfigurationError) -> [ServerAddress] {
    var addresses: [ServerAddress] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      addresses.append(try ServerAddress(parsing: String(part)))
    }
    guard Set(addresses.map(\.isSecure)).count == 1 else { throw .mixedServers(text) }
    return addresses
  }

  /// Whether it is reached by TLS.
  package var isSecure: Bool {
    if case .network(_, _, let secure) = self { secure } else { false }
  }

  /// Whether what is sent there stays on this machine.
  package var isLocal: Bool {
    switch self {
    case .unix:
      true
    case .network(let host, _, _):
      host == "localhost" || host == "::1" || Self.isLoopbackIPv4(host)
    }
  }

  private static func network(
    _ rest: Substring, secure: Bool, text: String
  ) throws(ConfigurationError) -> ServerAddress {
    let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
    let (host, portText) = authority.hasPrefix("[") ? bracketed(authority) : plain(authority)
    guard let host, !host.isEmpty, host.allSatisfy({ $0.isASCII && !$0.isWhitespace && !"/?#@".contains($0) })
    else { throw .unreadableServer(text) }
    guard let portText else {
      return .network(host: String(host), port: secure ? 443 : 80, secure: secure)
    }
    guard portText.allSatisfy(\.isNumber), let port = Int(portText), (1...65_535).contains(port) else {
      throw .unreadableServer(text)
    }
    return .network(host: String(host), port: port, secure: secure)
  }

  /// `host[:port]`; a host with a colon of its own needs brackets.
  private static func plain(_ authority: Substring) -> (host: Substring?, port: Substring?) {
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    return switch parts.count {
    case 1: (parts[0], nil)
    case 2: (parts[0], parts[1])
    default: (nil, nil)
    }
  }

  /// `[IPv6][:port]`.
  private static func bracketed(_ authority: Substring) -> (host: Substring?, port: Substring?) {
    guard let close = authority.firstIndex(of: "]") else { return (nil, nil) }
    let host = authority[authority.index(after: authority.startIndex)..<close]
    let rest = authority[authority.index(after: close)...]
    if rest.isEmpty { return (host, nil) }
    guard rest.hasPrefix(":") else { return (nil, nil) }
    return (host, rest.dropFirst())
  }

  /// Only a dotted address counts: `127.example.com` is a name that anybody may own.
  private static func isLoopbackIPv4(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

extension String {
  fileprivate func dropping(prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
