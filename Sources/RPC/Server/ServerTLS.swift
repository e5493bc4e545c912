internal import NIOCore
internal import NIOSSL

/// A server's side of TLS: version 1.2 at least, with ALPN `h2`.
public struct ServerTLS: Sendable {
  /// A PEM file with the server's certificate and those between it and its authority.
  public var certificateChainFile: String

  /// A PEM file with the certificate's private key.
  public var privateKeyFile: String

  /// What is asked of clients.
  public var clientCertificates = ClientCertificates.none

  /// How often a running server (``RPCServer/run()``) looks whether the files have changed; nil for never. It also looks
  /// when ``RPCServer/reloadCertificates()`` is called.
  public var reloadInterval: Duration? = .seconds(60)

  /// What a server asks of its clients' certificates.
  public enum ClientCertificates: Sendable, Hashable {
    /// Nothing.
    case none
    /// Who shows one must show one of these authorities (a PEM file).
    case optional(authoritiesFile: String)
    /// Everyone must show one of these authorities (a PEM file).
    case required(authoritiesFile: String)
  }

  /// TLS with a certificate and its key.
  public init(certificateChainFile: String, privateKeyFile: String) {
    self.certificateChainFile = certificateChainFile
    self.privateKeyFile = privateKeyFile
  }
}

extension TLSIdentity {
  /// What a finished handshake on `channel` proved; called on its event loop.
  init(_ channel: any Channel) {
    self.init()
    guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate(),
      let bytes = try? certificate.toDERBytes()
    else { return }
    self.certificate = bytes
    commonName = CertificateSubject.commonName(ofCertificate: bytes)
    for name in certificate._subjectAlternativeNames() {
      switch name.nameType {
      case .dnsName: if let text = Self.text(name.contents) { dnsNames.append(text) }
      case .uri: if let text = Self.text(name.contents) { uris.append(text) }
      case .email: if let text = Self.text(name.contents) { emails.append(text) }
      case .ipAddress: if let text = Self.address(Array(name.contents)) { addresses.append(text) }
      default: break
      }
    }
  }

  /// The name as it stands there; nil when it holds what no such name has, such as a NUL with something after it.
  private static func text(_ bytes: some Sequence<UInt8>) -> String? {
    let bytes = Array(bytes)
    guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0).ipAddress
  }
}
