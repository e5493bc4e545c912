import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import RPC
import Synchronization
import Testing

@Suite("TLS of the server")
struct TLSTests {
  /// Remembers who called.
  private final class Identify: ServerInterceptor {
    let identities = Mutex<[TLSIdentity?]>([])

    func intercept(_ context: ServerContext, next: @Sendable () async throws -> Void) async throws {
      identities.withLock { $0.append(context.peer.tls) }
      try await next()
    }
  }

  @Test("A client that trusts the authority is served")
  func served() async throws {
    try await withCertificates { files in
      let identify = Identify()
      try await TestServer.with(.testing { $0.tls = files.serverTLS }, interceptors: [identify]) { server in
        try await passes("echo", server, ["--ca", files.authority])
        try await passes("large", server, ["--ca", files.authority])
        #expect(identify.identities.withLock { $0.first } == TLSIdentity(certificate: nil, names: []))
      }
    }
  }

  @Test("A required client certificate reaches the handler; without one, or with a stranger's, there is no connection")
  func mutual() async throws {
    try await withCertificates { files in
      let identify = Identify()
      try await TestServer.with(
        .testing {
          $0.tls = files.serverTLS
          $0.tls?.clientCertificates = .required(authoritiesFile: files.authority)
        }, interceptors: [identify]
      ) { server in
        let known = ["--ca", files.authority, "--cert", files.client, "--key", files.clientKey]
        try await passes("echo", server, known)
        let identity = try #require(identify.identities.withLock { $0.first } ?? nil)
        #expect(identity.names == ["dealer-7.example", "spiffe://dms/dealer/7"])
        #expect(identity.certificate?.isEmpty == false)

        try await passes("refused", server, ["--ca", files.authority])
        let stranger = ["--ca", files.authority, "--cert", files.stranger, "--key", files.strangerKey]
        try await passes("refused", server, stranger)
      }
    }
  }

  @Test("An optional client certificate may be left out")
  func optional() async throws {
    try await withCertificates { files in
      try await TestServer.with(
        .testing {
          $0.tls = files.serverTLS
          $0.tls?.clientCertificates = .optional(authoritiesFile: files.authority)
        }
      ) { server in
        try await passes("echo", server, ["--ca", files.authority])
      }
    }
  }

  @Test("A client that does not offer h2 is turned away", arguments: [[], ["http/1.1"]])
  func noALPN(protocols: [String]) async throws {
    try await withCertificates { files in
      try await TestServer.with(.testing { $0.tls = files.serverTLS }) { server in
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: nil))
            }
          }
          .connect(host: "127.0.0.1", port: server.port).get()
        try await channel.closeFuture.get()
      }
    }
  }

  @Test("Plain bytes on a TLS port end their connection, and no other")
  func plainBytes() async throws {
    try await withCertificates { files in
      try await TestServer.with(.testing { $0.tls = files.serverTLS }) { server in
        await #expect(throws: (any Error).self) { try await RawClient.with(server.port) { try await $0.ping() } }
        try await passes("echo", server, ["--ca", files.authority])
      }
    }
  }

  @Test("A missing or foreign key is told before listening")
  func badFiles() async throws {
    try await withCertificates { files in
      for tls in [
        ServerTLS(certificateChainFile: files.folder + "/nothing.pem", privateKeyFile: files.serverKey),
        ServerTLS(certificateChainFile: files.server, privateKeyFile: files.clientKey),
        ServerTLS(certificateChainFile: files.serverKey, privateKeyFile: files.serverKey),
      ] {
        await #expect(throws: (any Error).self) { try await TestServer.with(.testing { $0.tls = tls }) { _ in } }
      }
    }
  }

  private func passes(_ name: String, _ server: TestServer, _ options: [String]) async throws {
    try await PythonClient.passes(name, target: "127.0.0.1:\(server.port)", options: options)
  }

  private struct Files {
    let folder: String
    var authority: String { folder + "/ca.pem" }
    var server: String { folder + "/server.pem" }
    var serverKey: String { folder + "/server.key" }
    var client: String { folder + "/client.pem" }
    var clientKey: String { folder + "/client.key" }
    var stranger: String { folder + "/stranger.pem" }
    var strangerKey: String { folder + "/stranger.key" }
    var serverTLS: ServerTLS { ServerTLS(certificateChainFile: server, privateKeyFile: serverKey) }
  }

  /// An authority, what it signed for a server and a client, and a certificate that it did not sign.
  private func withCertificates<R>(_ body: (Files) async throws -> R) async throws -> R {
    try await withTemporaryFolder { folder in
      let files = Files(folder: folder)
      try await shell(
        """
        set -e; cd '\(folder)'
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        key ca; openssl req -x509 -new -key ca.key -subj /CN=authority -days 2 -out ca.pem
        sign() {
          key "$1"; openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"
          printf 'subjectAltName=%s' "$2" > "$1.ext"
          openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem"
        }
        sign server DNS:localhost,IP:127.0.0.1
        sign client DNS:dealer-7.example,URI:spiffe://dms/dealer/7
        key stranger; openssl req -x509 -new -key stranger.key -subj /CN=stranger -days 2 -out stranger.pem
        """)
      return try await body(files)
    }
  }

  private func shell(_ script: String) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    #expect(status == 0, "openssl made the certificates")
  }
}
