/// Where a client connects: one address, or several of servers that are interchangeable.
///
/// Each name among them stands for all its addresses. How calls use several is the client's `loadBalancing`.
public struct Target: Sendable, Hashable, CustomStringConvertible {
  /// One address of a server.
  public enum Address: Sendable, Hashable, CustomStringConvertible {
    /// A name or an IP address, and a TCP port. A name stands for all of its addresses; it is looked up before the first
    /// connection, and again when a connection was lost or refused.
    case hostPort(host: String, port: Int)
    /// A Unix domain socket.
    case unix(path: String)

    /// The address as it is written in messages and in `:authority`; a socket's is `localhost`.
    public var authority: String {
      switch self {
      case .hostPort(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
      case .unix: "localhost"
      }
    }

    /// The address as a person reads it in a log.
    public var description: String {
      switch self {
      case .hostPort: authority
      // Two slashes after the scheme are not part of the path.
      case .unix(let path): path.hasPrefix("//") ? "unix://\(path)" : "unix:\(path)"
      }
    }
  }

  /// Tried in this order; at least one.
  public let addresses: [Address]

  private init(unchecked addresses: [Address]) {
    self.addresses = addresses
  }

  /// A server at a TCP port.
  public static func hostPort(_ host: String, _ port: Int) -> Target {
    Target(unchecked: [.hostPort(host: host, port: port)])
  }

  /// A server behind a Unix domain socket.
  public static func unix(_ path: String) -> Target {
    Target(unchecked: [.unix(path: path)])
  }

  /// Servers of which any will do, tried in this order.
  ///
  /// - Throws: `TargetError.empty` when the list is empty.
  public static func list(_ addresses: [Address]) throws(TargetError) -> Target {
    guard !addresses.isEmpty else { throw .empty }
    return Target(unchecked: addresses)
  }

  /// Reads `host:port`, `[v6]:port`, `dns:///host:port`, `unix:/path`, or a comma-separated list of them.
  ///
  /// - Parameter defaultPort: the port of an address that names none.
  public init(parsing text: String, defaultPort: Int) throws(TargetError) {
    var addresses: [Address] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      addresses.append(try Self.address(part, defaultPort: defaultPort))
    }
    self = try .list(addresses)
  }

  /// The addresses, separated by commas.
  public var description: String {
    addresses.map(\.description).joined(separator: ",")
  }

  private static func address(_ text: Substring, defaultPort: Int) throws(TargetError) -> Address {
    if text.hasPrefix("unix:") {
      var path = text.dropFirst("unix:".count)
      if path.hasPrefix("//") { path = path.dropFirst(2) }
      guard !path.isEmpty else { throw .malformed(String(text)) }
      return .unix(path: String(path))
    }
    var rest = text
    for scheme in ["dns:///", "dns:"] where rest.hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
      break
    }
    let host: Substring
    let portText: Substring?
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { throw .malformed(String(text)) }
      host = rest[rest.index(after: rest.startIndex)..<close]
      let after = rest[rest.index(after: close)...]
      guard after.isEmpty || after.hasPrefix(":") else { throw .malformed(String(text)) }
      portText = after.isEmpty ? nil : after.dropFirst()
    } else if let colon = rest.lastIndex(of: ":"), rest.firstIndex(of: ":") == colon {
      host = rest[..<colon]
      portText = rest[rest.index(after: colon)...]
    } else {
      // No colon: a bare name. Several: a bare IPv6 address.
      host = rest
      portText = nil
    }
    guard isHost(host) else { throw .malformed(String(text)) }
    guard let portText else { return .hostPort(host: String(host), port: defaultPort) }
    guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
      (1...65_535).contains(port)
    else { throw .malformed(String(text)) }
    return .hostPort(host: String(host), port: port)
  }

  /// Whether a text can be a name or an IP address, in ASCII as the DNS has them. What has a colon is an IPv6 address, perhaps with a zone.
  private static func isHost(_ text: Substring) -> Bool {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"/[]".utf8.contains($0) }) else {
      return false
    }
    guard text.contains(":") else { return true }
    return text.prefix { $0 != "%" }.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
  }
}

/// Why a text or a list names no target.
public enum TargetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no address in it.
  case empty
  /// This part is not an address.
  case malformed(String)

  /// The error as a sentence.
  public var description: String {
    switch self {
    case .empty: "A target needs at least one address."
    case .malformed(let text): "“\(text)” is not an address: write host:port, [v6]:port or unix:/path."
    }
  }
}
