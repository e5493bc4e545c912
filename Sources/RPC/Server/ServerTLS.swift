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

  /// Reads the files.
  ///
  /// - Throws: when a file is missing, is no PEM, or key and certificate do not fit.
  func makeContext() throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMFile(certificateChainFile).map { NIOSSLCertificateSource.certificate($0) }
    let key = try NIOSSLPrivateKey(file: privateKeyFile, format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["h2"]
    switch clientCertificates {
    case .none:
      configuration.certificateVerification = .none
    case .optional(let file):
      configuration.certificateVerification = .optionalVerification
      configuration.trustRoots = .file(file)
    case .required(let file):
      configuration.certificateVerification = .noHostnameVerification
      configuration.trustRoots = .file(file)
    }
    return try NIOSSLContext(configuration: configuration)
  }
}

extension TLSIdentity {
  /// What a finished handshake on `channel` proved; called on its event loop.
  init(_ channel: any Channel) {
    guard let certificate = try? channel.pipeline.syncOperations.nioSSL_peerCertificate() else {
      self.init(certificate: nil, names: [])
      return
    }
    let names = certificate._subjectAlternativeNames().compactMap { name -> String? in
      switch name.nameType {
      case .dnsName, .uri, .email: String(decoding: name.contents, as: UTF8.self)
      case .ipAddress: Self.address(Array(name.contents))
      default: nil
      }
    }
    self.init(certificate: try? certificate.toDERBytes(), names: names)
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0).ipAddress
  }
}
