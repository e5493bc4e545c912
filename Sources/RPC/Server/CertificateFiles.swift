internal import NIOSSL
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// What a server shows and asks for in TLS, read from files, and read again when they have changed.
///
/// The files are read whole before anything is made of them, so that connections get a certificate and a key that were
/// there together. What cannot be used, such as a certificate whose key is not written yet, leaves the former in force.
final class CertificateFiles: Sendable {
  /// What reading the files again came to.
  enum Outcome: Sendable {
    /// They are what they were, or are wrong in the way in which they were.
    case unchanged
    /// New connections get what is in them from now on.
    case loaded(CertificateFacts)
    /// They cannot be used.
    case failed(any Error)
  }

  private struct State {
    var context: NIOSSLContext
    /// Of what was read last, whether or not it could be used.
    var fingerprint: Int
  }

  private let tls: ServerTLS
  /// What the certificate in force at the start says.
  let facts: CertificateFacts
  private let state: Mutex<State>

  /// Reads the files; blocks the thread.
  ///
  /// - Throws: when one is missing or no PEM, or when key and certificate do not fit.
  init(_ tls: ServerTLS) throws {
    self.tls = tls
    let contents = try tls.read()
    let (context, facts) = try tls.makeContext(of: contents)
    self.facts = facts
    state = Mutex(State(context: context, fingerprint: contents.hashValue))
  }

  /// What a new connection gets.
  var context: NIOSSLContext { state.withLock(\.context) }

  /// Reads the files again; blocks the thread.
  func refresh() -> Outcome {
    do {
      let contents = try tls.read()
      guard note(contents.hashValue) else { return .unchanged }
      let (context, facts) = try tls.makeContext(of: contents)
      state.withLock { $0.context = context }
      return .loaded(facts)
    } catch let error as CertificateFileError {
      return note(error.hashValue) ? .failed(error) : .unchanged
    } catch {
      return .failed(error)
    }
  }

  /// Whether this is something else than the last time.
  private func note(_ fingerprint: Int) -> Bool {
    state.withLock { state in
      defer { state.fingerprint = fingerprint }
      return state.fingerprint != fingerprint
    }
  }
}

/// What the files of a ``ServerTLS`` hold.
struct CertificateContents: Hashable {
  var chain: [UInt8]
  var key: [UInt8]
  var authorities: [UInt8]?
}

/// Why a file of certificates or keys is of no use.
enum CertificateFileError: Error, Hashable, CustomStringConvertible {
  case unreadable(file: String, errno: Int32)
  case tooLarge(file: String)
  case noCertificate(file: String)

  var description: String {
    switch self {
    case .unreadable(let file, let errno): "\(file) cannot be read: \(String(cString: strerror(errno)))"
    case .tooLarge(let file): "\(file) has more than \(CertificateContents.fileBytesMax) bytes"
    case .noCertificate(let file): "\(file) holds no certificate in PEM form"
    }
  }
}

extension CertificateContents {
  /// The largest file that is read.
  static let fileBytesMax = 1 << 20

  /// A whole file.
  static func bytes(of file: String) throws(CertificateFileError) -> [UInt8] {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(file: file, errno: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 16 << 10)
    while bytes.count <= fileBytesMax {
      let count = read(descriptor, &part, part.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw .unreadable(file: file, errno: errno)
      }
      bytes.append(contentsOf: part[..<count])
    }
    throw .tooLarge(file: file)
  }
}

extension ServerTLS {
  /// Reads the files.
  fileprivate func read() throws(CertificateFileError) -> CertificateContents {
    CertificateContents(
      chain: try CertificateContents.bytes(of: certificateChainFile),
      key: try CertificateContents.bytes(of: privateKeyFile),
      authorities: try authoritiesFile.map { (file) throws(CertificateFileError) in
        try CertificateContents.bytes(of: file)
      })
  }

  private var authoritiesFile: String? {
    switch clientCertificates {
    case .none: nil
    case .optional(let file), .required(let file): file
    }
  }

  /// Makes what connections get of what the files held.
  ///
  /// - Throws: when something is no PEM, or when key and certificate do not fit.
  fileprivate func makeContext(of contents: CertificateContents) throws -> (NIOSSLContext, CertificateFacts) {
    let chain = try NIOSSLCertificate.fromPEMBytes(contents.chain)
    guard let leaf = chain.first else { throw CertificateFileError.noCertificate(file: certificateChainFile) }
    let key = try NIOSSLPrivateKey(bytes: contents.key, format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["h2"]
    configuration.certificateVerification = .none
    if let bytes = contents.authorities {
      let authorities = try NIOSSLCertificate.fromPEMBytes(bytes)
      guard !authorities.isEmpty else { throw CertificateFileError.noCertificate(file: authoritiesFile ?? "") }
      configuration.trustRoots = .certificates(authorities)
      if case .optional = clientCertificates {
        configuration.certificateVerification = .optionalVerification
      } else {
        configuration.certificateVerification = .noHostnameVerification
      }
    }
    let facts = CertificateFacts(expirySeconds: Int64(leaf.notValidAfter))
    return (try NIOSSLContext(configuration: configuration), facts)
  }
}
