/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The address as text: `127.0.0.1:50051`, `[::1]:50051`, or `unix:`.
  public let address: String

  /// Whether the peer is on this machine: a loopback address or a Unix socket.
  public let isLoopback: Bool

  /// What TLS told about the peer; nil on a plain connection.
  public let tls: TLSIdentity?

  /// Names a peer.
  public init(address: String, isLoopback: Bool, tls: TLSIdentity? = nil) {
    self.address = address
    self.isLoopback = isLoopback
    self.tls = tls
  }
}

/// What a TLS handshake proved about a peer.
public struct TLSIdentity: Sendable, Hashable {
  /// The peer's own certificate (DER), once it was verified against the trusted authorities; nil if none was asked for.
  public let certificate: [UInt8]?

  /// The DNS names, addresses and URIs that the certificate speaks for.
  public let names: [String]

  /// What a verified certificate says.
  public init(certificate: [UInt8]?, names: [String]) {
    self.certificate = certificate
    self.names = names
  }
}
