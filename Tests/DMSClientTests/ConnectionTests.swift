import DMSAPI
import DMSClient
import Foundation
import Logging
import RPC
import Synchronization
import Testing

@Suite("Connections to several servers, and by mutual TLS", .timeLimit(.minutes(3)))
struct ConnectionTests {
  /// Answers every order with its own name.
  private func named(_ name: String) -> ServiceDefinition {
    .stub(
      unary(OrderServiceMethods.getOrder) { (_: GetOrderRequest, _) -> GetOrderResponse in
        .with { $0.order = .with { $0.orderID = name } }
      })
  }

  /// Calls until each of these servers has answered.
  private func callUntil(_ names: Set<String>, _ client: DMSClient) async throws {
    var seen: Set<String> = []
    while !seen.isSuperset(of: names) { seen.insert(try await client.orders.get("O").orderID) }
  }

  @Test("Calls go to one of several servers, or to all by turns; when one stops, none fails")
  func several() async throws {
    for balancing in [DMSClient.Balancing.pickFirst, .roundRobin] {
      let one = try await StubServer.start([named("one")])
      let two = try await StubServer.start([named("two")])
      var configuration = DMSClient.Configuration(server: "\(one.url),\(two.url)", apiKey: "dms_key")
      configuration.balancing = balancing
      try await DMSClient.withClient(configuration: configuration) { client in
        switch balancing {
        case .pickFirst:
          var seen: Set<String> = []
          for _ in 0..<10 { seen.insert(try await client.orders.get("O").orderID) }
          #expect(seen.count == 1)
        case .roundRobin:
          try await callUntil(["one", "two"], client)
        }
        await one.stop()
        try await callUntil(["two"], client)
        for _ in 0..<10 { #expect(try await client.orders.get("O").orderID == "two") }
      }
      await two.stop()
    }
  }

  @Test("A server that asks for a certificate answers the client that has one")
  func mutualTLS() async throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("RPCTests/Certificates").path
    var served = ServerConfiguration(host: "127.0.0.1", port: 0)
    served.tls = ServerTLS(certificateChainFile: folder + "/server.pem", privateKeyFile: folder + "/server.key")
    served.tls?.clientCertificates = .required(authoritiesFile: folder + "/authority.pem")
    let names = Mutex<[String]>([])
    let service = ServiceDefinition.stub(
      unary(OrderServiceMethods.getOrder) { (_: GetOrderRequest, context) -> GetOrderResponse in
        names.withLock { $0 = context.peer.tls?.names ?? [] }
        return .with { $0.order = .with { $0.orderID = "O-1" } }
      })
    let server = RPCServer(
      configuration: served, services: [service],
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    let port = try await server.start().port
    var configuration = DMSClient.Configuration(server: "https://127.0.0.1:\(port)", apiKey: "dms_key")
    configuration.trustRoots = .pemFile(folder + "/authority.pem")
    configuration.retries = .none
    await #expect(throws: DMSError.self) {
      try await DMSClient.withClient(configuration: configuration) { _ = try await $0.orders.get("O") }
    }
    configuration.certificate = .init(chainFile: folder + "/client.pem", keyFile: folder + "/client.key")
    let order = try await DMSClient.withClient(configuration: configuration) { try await $0.orders.get("O") }
    #expect(order.orderID == "O-1")
    #expect(names.withLock { $0 } == ["client.dms.test"])
    await server.shutdown(grace: .zero)
  }
}
