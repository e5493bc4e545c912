internal import NIOCore
internal import NIOSSL

/// TLS as a client speaks it: version 1.2 or later, HTTP/2 by ALPN. The server's certificate must be vouched for, and
/// bear the server's name or the IP address that was connected to.
public struct ClientTLS: Sendable, Hashable {
  /// PEM text, or the file that holds it.
  public enum PEM: Sendable, Hashable {
    /// A file, read when the client is made.
    case file(String)
    /// The text itself.
    case text(String)
  }

  /// Which authorities are trusted to vouch for a server.
  public enum TrustRoots: Sendable, Hashable {
    /// Those of the system.
    case system
    /// These alone.
    case only(PEM)
  }

  /// The client's own certificate, for servers that want one.
  public struct Identity: Sendable, Hashable {
    /// The certificate and those that lead to its authority, first to last.
    public var certificateChain: PEM
    /// The certificate's key, not encrypted.
    public var privateKey: PEM

    /// An identity.
    public init(certificateChain: PEM, privateKey: PEM) {
      self.certificateChain = certificateChain
      self.privateKey = privateKey
    }
  }

  /// Which authorities are trusted.
  public var trustRoots: TrustRoots
  /// The client's certificate; nil for none.
  public var identity: Identity?
  /// The name that the server's certificate must bear; nil for the host that was connected to.
  public var serverName: String?

  /// TLS that trusts the system's authorities unless told otherwise.
  public init(trustRoots: TrustRoots = .system, identity: Identity? = nil, serverName: String? = nil) {
    self.trustRoots = trustRoots
    self.identity = identity
    self.serverName = serverName
  }

  /// Reads the files and makes what connections share.
  ///
  /// - Throws: the library's error when a file is missing or is not what it should be.
  func makeContext() throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["h2"]
    configuration.certificateVerification = .fullVerification
    // HTTP/2 has said that it ends, and stock gRPC never answers TLS's own farewell.
    configuration.shutdownTimeout = .milliseconds(100)
    switch trustRoots {
    case .system: configuration.trustRoots = .default
    case .only(let pem): configuration.trustRoots = .certificates(try pem.certificates())
    }
    if let identity {
      configuration.certificateChain = try identity.certificateChain.certificates().map { .certificate($0) }
      configuration.privateKey = .privateKey(try identity.privateKey.privateKey())
    }
    return try NIOSSLContext(configuration: configuration)
  }
}

extension ClientTLS.PEM {
  fileprivate func certificates() throws -> [NIOSSLCertificate] {
    switch self {
    case .file(let path): try NIOSSLCertificate.fromPEMFile(path)
    case .text(let text): try NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
    }
  }

  fileprivate func privateKey() throws -> NIOSSLPrivateKey {
    switch self {
    case .file(let path): try NIOSSLPrivateKey(file: path, format: .pem)
    case .text(let text): try NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem)
    }
  }
}
