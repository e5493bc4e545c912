/// Who is at the other end of a connection.
public struct Peer: Sendable, Hashable {
  /// The address as text: `127.0.0.1:50051`, `[::1]:50051`, or `unix:`.
  public let address: String

  /// The address without its port.
  public var host: String {
    guard let colon = address.lastIndex(of: ":") else { return address }
    return String(address[..<colon])
  }

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

/// What a TLS handshake proved about a peer: who holds the key of a certificate that a trusted authority vouches for.
///
/// Everything is empty when no certificate was asked for, or none was shown where it is optional. Names stand as the
/// authority signed them; those that hold control characters or spaces are left out.
public struct TLSIdentity: Sendable, Hashable {
  /// The peer's own certificate (DER), verified; nil if there is none.
  public var certificate: [UInt8]?

  /// The common name of the certificate's subject; nil if it has none. It may be any text.
  public var commonName: String?

  /// The DNS names that the certificate speaks for.
  public var dnsNames: [String]

  /// The URIs that the certificate speaks for, such as a SPIFFE ID.
  public var uris: [String]

  /// The mail addresses that the certificate speaks for.
  public var emails: [String]

  /// The IP addresses that the certificate speaks for.
  public var addresses: [String]

  /// What a verified certificate says; nothing when there is none.
  public init(
    certificate: [UInt8]? = nil, commonName: String? = nil, dnsNames: [String] = [], uris: [String] = [],
    emails: [String] = [], addresses: [String] = []
  ) {
    self.certificate = certificate
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
    self.emails = emails
    self.addresses = addresses
  }

  /// Every name but the common one: DNS names, URIs, mail addresses, IP addresses.
  public var names: [String] { dnsNames + uris + emails + addresses }

  /// The one name that tells the most, for logs: the first URI, DNS name, mail address, the common name.
  public var name: String? { uris.first ?? dnsNames.first ?? emails.first ?? commonName ?? addresses.first }
}
