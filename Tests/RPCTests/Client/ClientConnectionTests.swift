import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import RPC

@Suite("How the client connects", .timeLimit(.minutes(2)))
struct ClientConnectionTests {
  private static let certificates = ClientPeer.folder + "/Certificates"
  private static let serverArguments = arguments("server")

  private static func arguments(_ name: String) -> [String] {
    ["--certificate", "\(certificates)/\(name).pem", "--key", "\(certificates)/\(name).key"]
  }

  private static func trusting(_ authority: String, serverName: String? = nil) -> ClientTLS {
    ClientTLS(trustRoots: .only(.file(certificates + "/\(authority).pem")), serverName: serverName)
  }

  @Test("TLS with its own authority, by address and by name", arguments: ["127.0.0.1", "localhost"])
  func tls(host: String) async throws {
    let peer = try await ClientPeer.start(Self.serverArguments)
    defer { peer.stop() }
    try await withClient(
      .hostPort(host, peer.port),
      .with {
        $0.tls = Self.trusting("authority")
        $0.credentials = .bearer("secret")
      }
    ) { client async throws in
      #expect(try await client.text("Metadata").contains("authorization=Bearer secret"))
    }
  }

  @Test("A server that the authorities do not know, or with another name, is refused", arguments: [false, true])
  func foreignServer(hasForeignName: Bool) async throws {
    try await withPeer(
      Self.arguments("named"),
      .with {
        $0.tls =
          hasForeignName
          ? Self.trusting("authority", serverName: "elsewhere.test") : Self.trusting("stranger", serverName: "dms.test")
        $0.retry = .none
      }
    ) { client, _ async throws in
      let error = await rpcError { try await client.text("Echo") }
      #expect(error?.code == .unavailable, "\(error as Any)")
    }
  }

  @Test("A certificate's other name is accepted when it is asked for")
  func serverName() async throws {
    try await withPeer(Self.arguments("named"), .with { $0.tls = Self.trusting("authority", serverName: "dms.test") }) {
      client, _ async throws in
      #expect(try await client.text("Echo", "named") == "named")
    }
  }

  @Test("Closing does not wait for the end of TLS, which a stock server does not answer")
  func tlsEnd() async throws {
    let peer = try await ClientPeer.start(Self.serverArguments)
    defer { peer.stop() }
    let client = try RPCClient(
      target: .hostPort("127.0.0.1", peer.port), configuration: .with { $0.tls = Self.trusting("authority") })
    #expect(try await client.text("Echo", "hello") == "hello")
    let start = ContinuousClock.now
    await client.close()
    #expect(start.duration(to: .now) < .seconds(3))
  }

  @Test("Mutual TLS: with a certificate the server answers, without one it does not")
  func mutualTLS() async throws {
    let arguments = Self.serverArguments + ["--client-roots", Self.certificates + "/authority.pem"]
    var tls = Self.trusting("authority")
    try await withPeer(
      arguments,
      .with {
        $0.tls = tls
        $0.retry = .none
      }
    ) { client, _ async throws in
      #expect(await rpcError { try await client.text("Echo") }?.code == .unavailable)
    }
    tls.identity = .init(
      certificateChain: .file(Self.certificates + "/client.pem"), privateKey: .file(Self.certificates + "/client.key"))
    try await withPeer(arguments, .with { $0.tls = tls }) { client, _ async throws in
      #expect(try await client.text("Echo", "known") == "known")
    }
  }

  @Test("Unreadable certificates are an error when the client is made")
  func unreadable() throws {
    var configuration = ClientConfiguration(tls: ClientTLS(trustRoots: .only(.file("/nowhere.pem"))))
    #expect(throws: (any Error).self) { try RPCClient(target: .hostPort("localhost", 1), configuration: configuration) }
    configuration.tls = ClientTLS(trustRoots: .only(.text("no certificate")))
    #expect(throws: (any Error).self) { try RPCClient(target: .hostPort("localhost", 1), configuration: configuration) }
  }

  @Test("Plain text to a TLS server, and TLS to a plain server, end as UNAVAILABLE", arguments: [true, false])
  func mismatch(serverHasTLS: Bool) async throws {
    try await withPeer(
      serverHasTLS ? Self.serverArguments : [],
      .with {
        $0.tls = serverHasTLS ? nil : Self.trusting("authority")
        $0.retry = .none
        $0.connectTimeout = .seconds(2)
      }
    ) { client, _ async throws in
      #expect(await rpcError { try await client.text("Echo") }?.code == .unavailable)
    }
  }

  @Test("A Unix socket works like a port, credentials included")
  func unixSocket() async throws {
    let path = NSTemporaryDirectory() + "rpc-\(UUID().uuidString.prefix(8)).sock"
    defer { unlink(path) }
    let peer = try await ClientPeer.start(["--address", "unix:" + path])
    defer { peer.stop() }
    try await withClient(.unix(path), .with { $0.credentials = .apiKey("k1") }) { client async throws in
      #expect(try await client.text("Metadata").contains("x-api-key=k1"))
    }
  }

  @Test("The next address of a list is tried when the first does not answer")
  func list() async throws {
    let gone = try await ClientPeer.start()
    gone.stop()
    let peer = try await ClientPeer.start()
    defer { peer.stop() }
    let target = try Target.list([
      .hostPort(host: "127.0.0.1", port: gone.port), .hostPort(host: "127.0.0.1", port: peer.port),
    ])
    try await withClient(target) { client async throws in
      #expect(try await client.text("Echo", "second") == "second")
    }
  }

  @Test("Credentials reach a server on loopback in plain text, and no other machine")
  func plainText() async throws {
    try await withPeer(.with { $0.credentials = .bearer("secret") }) { client, _ async throws in
      #expect(try await client.text("Metadata").contains("authorization=Bearer secret"))
    }
    guard let own = try Self.ownAddress() else { return }
    let peer = try await ClientPeer.start(["--address", "0.0.0.0:0"])
    defer { peer.stop() }
    try await withClient(.hostPort(own, peer.port)) { client async throws in
      #expect(try await client.text("Echo", "public") == "public")
      let secret = CallOptions(metadata: ["Authorization": "Bearer secret"])
      #expect(await rpcError { try await client.text("Echo", "", secret) }?.code == .unauthenticated)
    }
    try await withClient(.hostPort(own, peer.port), .with { $0.credentials = .apiKey("k1") }) { client async throws in
      #expect(await rpcError { try await client.text("Echo") }?.code == .unauthenticated)
    }
  }

  @Test(
    "A name that leads to another machine gets no credentials in plain text, whatever it is called, in either policy",
    arguments: [LoadBalancing.pickFirst, .roundRobin])
  func nameThatLeadsElsewhere(policy: LoadBalancing) async throws {
    guard let own = try Self.ownAddress() else { return }
    let peer = try await ClientPeer.start(["--address", "0.0.0.0:0"])
    defer { peer.stop() }
    let resolver = FakeResolver([try SocketAddress(ipAddress: own, port: peer.port)])
    let configuration = ClientConfiguration.with {
      $0.resolver = resolver
      $0.loadBalancing = policy
      $0.credentials = .bearer("secret")
    }
    // The name is the target's, the address is what counts.
    try await withClient(.hostPort("localhost", peer.port), configuration) { client async throws in
      #expect(await rpcError { try await client.text("Metadata") }?.code == .unauthenticated)
      resolver.set([try SocketAddress(ipAddress: "127.0.0.1", port: peer.port)])
    }
    try await withClient(.hostPort("dms.test", peer.port), configuration) { client async throws in
      #expect(try await client.text("Metadata").contains("authorization=Bearer secret"))
    }
  }

  @Test("In a list the machines that are elsewhere get no credentials in plain text, and this one does")
  func listThatLeadsElsewhere() async throws {
    guard let own = try Self.ownAddress() else { return }
    let peer = try await ClientPeer.start(["--address", "0.0.0.0:0"])
    defer { peer.stop() }
    let target = try Target.list([
      .hostPort(host: own, port: peer.port), .hostPort(host: "127.0.0.1", port: peer.port),
    ])
    let configuration = ClientConfiguration.with {
      $0.loadBalancing = .roundRobin
      $0.credentials = .bearer("secret")
    }
    try await withClient(target, configuration) { client async throws in
      var outcomes: Set<String> = []
      while outcomes.count < 2 {
        do {
          let seen = try await client.text("Metadata")
          outcomes.insert(seen.contains("authorization=Bearer secret") ? "served" : "served without")
        } catch let error as RPCError {
          outcomes.insert("\(error.code)")
        }
      }
      #expect(outcomes == ["served", "UNAUTHENTICATED"])
    }
  }

  @Test("The authority of the calls is the target's, or what the configuration says")
  func authority() async throws {
    let seen = Events()
    let server = try await ScriptedServer(
      .answers { stream in
        seen.add(stream.requestHeaders[":authority"] ?? "none")
        seen.add(stream.requestHeaders["user-agent"] ?? "none")
        stream.answer(ScriptedStream.ordinaryHead, [ByteBuffer()])
      })
    let resolver = FakeResolver([try server.socket()])
    try await withClient(.hostPort("dms.test", 7), .with { $0.resolver = resolver }) { client async throws in
      try await client.text("Echo")
      #expect(seen.take() == ["dms.test:7", "grpc-swift-dms/1"])
    }
    try await withClient(
      server.target,
      .with {
        $0.authority = "orders.example"
        $0.userAgent = "erp/2.1"
      }
    ) { client async throws in
      try await client.text("Echo")
      #expect(seen.take() == ["orders.example", "erp/2.1 grpc-swift-dms/1"])
    }
    await server.crash()
  }

  @Test("A socket whose path the system has no room for is an error when the client is made")
  func longPath() {
    #expect(throws: TargetError.self) { try RPCClient(target: .unix("/" + String(repeating: "x", count: 200))) }
  }

  @Test("Interceptors change a call before it starts and learn how it ended, innermost first")
  func interceptors() async throws {
    struct Recorder: ClientInterceptor {
      let name: String
      let events: Events
      func callWillStart(_ context: inout ClientCallContext) async throws {
        context.options.metadata.add("x-seen-by", name)
        events.add("\(name)+")
        if context.method.method == "Forbidden" { throw RPCError(.permissionDenied, "not this one") }
      }
      func callDidEnd(_ context: ClientCallContext, error: RPCError?) {
        events.add("\(name)-\(error?.code.description ?? "OK")")
      }
    }
    let events = Events()
    try await withPeer(
      .with {
        $0.interceptors = [Recorder(name: "a", events: events), Recorder(name: "b", events: events)]
      }
    ) { client, _ async throws in
      #expect(try await client.text("Metadata").contains("x-seen-by=a\nx-seen-by=b"))
      #expect(events.take() == ["a+", "b+", "b-OK", "a-OK"])
      #expect(await rpcError { try await client.text("Fail", "5 no") }?.code == .notFound)
      #expect(events.take() == ["a+", "b+", "b-NOT_FOUND", "a-NOT_FOUND"])
      #expect(await rpcError { try await client.text("Forbidden") }?.code == .permissionDenied)
      #expect(events.take() == ["a+"])
    }
  }

  /// An address of this machine that is not loopback, if it has one.
  private static func ownAddress() throws -> String? {
    for device in try System.enumerateDevices() {
      if let ip = device.address?.ipAddress, device.address?.protocol == .inet, !ip.hasPrefix("127.") { return ip }
    }
    return nil
  }
}
