import Foundation
import Logging
import NIOCore
import RPC
import Synchronization
import Testing

@Suite("Certificates that change while the server runs", .timeLimit(.minutes(2)))
struct CertificateReloadTests {
  /// Remembers what the server read.
  private final class Reads: ServerObserver {
    let outcomes = Mutex<[Bool]>([])
    let events = EventLog()

    func observer(of method: MethodDescriptor?) -> any MethodObserver { Nothing() }

    func certificateRead(_ outcome: Result<CertificateFacts, any Error>) {
      if case .success(let facts) = outcome { #expect(facts.expirySeconds > 1_700_000_000) }
      let isGood = (try? outcome.get()) != nil
      outcomes.withLock { $0.append(isGood) }
      events.add(isGood ? "loaded" : "failed")
    }

    struct Nothing: MethodObserver {
      func callEnded(_ call: FinishedCall) {}
    }
  }

  private static let echo = MethodDescriptor(service: "test.Service", method: "Echo", kind: .unary)
  private static let chat = MethodDescriptor(service: "test.Service", method: "Chat", kind: .bidirectional)

  /// A client that trusts the authority of one certificate alone, so that it tells one from another.
  private static func client(
    _ server: TestServer, trusting file: String, identity: ClientTLS.Identity? = nil
  ) throws -> RPCClient {
    var configuration = ClientConfiguration(tls: ClientTLS(trustRoots: .only(.file(file)), identity: identity))
    configuration.retry.maxAttempts = 1
    return try RPCClient(target: .hostPort("127.0.0.1", server.port), configuration: configuration)
  }

  /// Whether a new connection that trusts `file` is served.
  private static func isServed(
    _ server: TestServer, trusting file: String, identity: ClientTLS.Identity? = nil
  ) async throws -> Bool {
    let client = try client(server, trusting: file, identity: identity)
    let reply = try? await client.unary(echo, ByteBuffer(string: "x"))
    await client.close()
    return reply == ByteBuffer(string: "x")
  }

  @Test("New connections get the new certificate, and one that stands lives on")
  func renewal() async throws {
    try await TestCertificates.with { files in
      let reads = Reads()
      try await TestServer.with(
        .testing {
          $0.tls = files.serverTLS
          $0.observers = [reads]
        }
      ) { server in
        let old = try Self.client(server, trusting: files.authority)
        try await old.bidirectional(Self.chat) { requests, replies in
          var replies = replies.makeAsyncIterator()
          try await requests.write(ByteBuffer(string: "before"))
          #expect(try await replies.next() == ByteBuffer(string: "before"))

          #expect(try await !server.server.reloadCertificates(), "nothing has changed")
          try files.replace(files.serverKey, with: files.renewedKey)
          try files.replace(files.server, with: files.renewed)
          #expect(try await server.server.reloadCertificates())
          #expect(try await Self.isServed(server, trusting: files.renewedAuthority))

          try await requests.write(ByteBuffer(string: "after"))
          #expect(try await replies.next() == ByteBuffer(string: "after"))
        }
        await old.close()
        #expect(reads.outcomes.withLock { $0 } == [true, true])
      }
    }
  }

  @Test("A certificate without its key, half a file or none change nothing, and are told once")
  func brokenPair() async throws {
    try await TestCertificates.with { files in
      let reads = Reads()
      try await TestServer.with(
        .testing {
          $0.tls = files.serverTLS
          $0.observers = [reads]
        }
      ) { server in
        try files.replace(files.server, with: files.renewed)
        await #expect(throws: (any Error).self, "the key is still the former one") {
          try await server.server.reloadCertificates()
        }
        #expect(try await !server.server.reloadCertificates(), "it has been told")
        #expect(try await Self.isServed(server, trusting: files.authority))

        let whole = try Data(contentsOf: URL(fileURLWithPath: files.renewed))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: files.server))
        await #expect(throws: (any Error).self) { try await server.server.reloadCertificates() }
        try FileManager.default.removeItem(atPath: files.server)
        await #expect(throws: (any Error).self) { try await server.server.reloadCertificates() }
        #expect(try await Self.isServed(server, trusting: files.authority))
        #expect(server.log.text.contains("error the new certificate cannot be used"))

        try files.replace(files.serverKey, with: files.renewedKey)
        try files.replace(files.server, with: files.renewed)
        #expect(try await server.server.reloadCertificates())
        #expect(try await Self.isServed(server, trusting: files.renewedAuthority))
        #expect(reads.outcomes.withLock { $0 } == [true, false, false, false, true])
      }
    }
  }

  @Test("A server that runs finds the new certificate by itself")
  func byItself() async throws {
    try await TestCertificates.with { files in
      let reads = Reads()
      let server = RPCServer(
        configuration: .testing {
          $0.tls = files.serverTLS
          $0.tls?.reloadInterval = .milliseconds(10)
          $0.observers = [reads]
        }, services: [], logger: Logger(label: "test") { _ in LogRecorder() })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await server.run() }
        await reads.events.wait("loaded")
        try files.replace(files.server, with: files.renewed)
        await reads.events.wait("failed")
        try files.replace(files.serverKey, with: files.renewedKey)
        await reads.events.wait("loaded", 2)
        group.cancelAll()
      }
    }
  }

  @Test("Authorities of clients change too")
  func clientAuthorities() async throws {
    try await TestCertificates.with { files in
      let authorities = files.folder + "/clients.pem"
      try files.replace(authorities, with: files.stranger)
      try await TestServer.with(
        .testing {
          $0.tls = files.serverTLS
          $0.tls?.clientCertificates = .required(authoritiesFile: authorities)
        }
      ) { server in
        let identity = ClientTLS.Identity(certificateChain: .file(files.client), privateKey: .file(files.clientKey))
        #expect(try await !Self.isServed(server, trusting: files.authority, identity: identity))
        try files.replace(authorities, with: files.authority)
        #expect(try await server.server.reloadCertificates())
        #expect(try await Self.isServed(server, trusting: files.authority, identity: identity))
        #expect(try await !Self.isServed(server, trusting: files.authority), "a certificate is asked for")
      }
    }
  }
}
