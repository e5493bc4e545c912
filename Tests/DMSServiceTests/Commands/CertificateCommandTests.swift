import DMSAPI
import Foundation
import RPC
import Testing

@Suite("The program's certificate", .timeLimit(.minutes(2)))
struct CertificateCommandTests {
  /// Certificates of one authority: `server` speaks for `localhost` and `dms.test`, `named` for `dms.test` alone.
  private static let certificates = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("RPCTests/Certificates").path

  private static func copy(_ name: String, to folder: String) throws {
    for ending in ["key", "pem"] {
      let contents = try Data(contentsOf: URL(fileURLWithPath: "\(certificates)/\(name).\(ending)"))
      try contents.write(to: URL(fileURLWithPath: "\(folder)/tls.\(ending)"), options: .atomic)
    }
  }

  /// Whether the server at `port` shows a certificate for `name`.
  private static func speaks(for name: String, _ port: Int) async throws -> Bool {
    let tls = ClientTLS(trustRoots: .only(.file(certificates + "/authority.pem")), serverName: name)
    var configuration = ClientConfiguration(tls: tls)
    configuration.retry.maxAttempts = 1
    let client = try RPCClient(target: .hostPort("127.0.0.1", port), configuration: configuration)
    let reply = try? await HealthClient(client).check(HealthCheckRequest())
    await client.close()
    return reply?.status == .serving
  }

  @Test("At SIGHUP the program serves with a new certificate, and goes on")
  func hangUp() async throws {
    try await withCommandFolder { folder in
      try Self.copy("server", to: folder)
      let server = ServerProcess(arguments: [
        "--data", folder + "/data", "--tls-certificate", folder + "/tls.pem", "--tls-key", folder + "/tls.key",
      ])
      try await server.start()
      let port = try #require(server.address.split(separator: ":").last.flatMap { Int($0) })
      #expect(try await Self.speaks(for: "localhost", port))
      try Self.copy("named", to: folder)
      server.hangUp()
      while try await Self.speaks(for: "localhost", port) {}
      #expect(try await Self.speaks(for: "dms.test", port))
      try await server.kill9()
    }
  }
}
