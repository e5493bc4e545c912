import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
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
    try await TestCertificates.with { files in
      let identify = Identify()
      try await TestServer.with(.testing { $0.tls = files.serverTLS }, interceptors: [identify]) { server in
        try await passes("echo", server, ["--ca", files.authority])
        try await passes("large", server, ["--ca", files.authority])
        #expect(identify.identities.withLock { $0.first } == TLSIdentity())
      }
    }
  }

  @Test("A required client certificate reaches the handler; without one, or with a stranger's, there is no connection")
  func mutual() async throws {
    try await TestCertificates.with { files in
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
        #expect(identity.commonName == "client")
        #expect(identity.dnsNames == ["dealer-7.example"])
        #expect(identity.name == "spiffe://dms/dealer/7")
        #expect(identity.certificate?.isEmpty == false)

        try await passes("refused", server, ["--ca", files.authority])
        let stranger = ["--ca", files.authority, "--cert", files.stranger, "--key", files.strangerKey]
        try await passes("refused", server, stranger)
      }
    }
  }

  @Test("An optional client certificate may be left out")
  func optional() async throws {
    try await TestCertificates.with { files in
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
    try await TestCertificates.with { files in
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

  @Test("TLS 1.2 is spoken and nothing older", arguments: [(TLSVersion.tlsv12, true), (.tlsv11, false)])
  func oldVersions(version: TLSVersion, isServed: Bool) async throws {
    try await TestCertificates.with { files in
      try await TestServer.with(.testing { $0.tls = files.serverTLS }) { server in
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = ["h2"]
        configuration.minimumTLSVersion = .tlsv1
        configuration.maximumTLSVersion = version
        let context = try NIOSSLContext(configuration: configuration)
        let negotiated = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: Bool.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
              try channel.pipeline.syncOperations.addHandlers([
                NIOSSLClientHandler(context: context, serverHostname: nil),
                ApplicationProtocolNegotiationHandler { result in
                  if case .negotiated("h2") = result { negotiated.succeed(true) } else { negotiated.succeed(false) }
                  return channel.eventLoop.makeSucceededVoidFuture()
                },
              ])
            }
          }
          .connect(host: "127.0.0.1", port: server.port).get()
        channel.closeFuture.whenComplete { _ in negotiated.succeed(false) }
        #expect(try await negotiated.futureResult.get() == isServed)
        try? await channel.close()
      }
    }
  }

  @Test("Plain bytes on a TLS port end their connection, and no other")
  func plainBytes() async throws {
    try await TestCertificates.with { files in
      try await TestServer.with(.testing { $0.tls = files.serverTLS }) { server in
        await #expect(throws: (any Error).self) { try await RawClient.with(server.port) { try await $0.ping() } }
        try await passes("echo", server, ["--ca", files.authority])
      }
    }
  }

  @Test("A missing or foreign key is told before listening")
  func badFiles() async throws {
    try await TestCertificates.with { files in
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
}
