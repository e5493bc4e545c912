import DMSAPI
import DMSService
import Foundation
import NIOCore
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Health")
struct HealthTests {
  private static let served = [
    "", "dms.order.v1.OrderService", "dms.inventory.v1.InventoryService", "dms.admin.v1.AdminService",
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
  ]

  @Test("Without a key, the server and every service of it are known to serve", arguments: TestStoreKind.available)
  func everyServiceServes(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, _ in
      try await server.calling(with: nil) { clients in
        let health = HealthClient(clients.raw)
        for service in Self.served {
          #expect(try await health.check(.with { $0.service = service }).status == .serving, "\(service)")
        }
        let list = try await health.list(HealthListRequest()).statuses
        #expect(list.mapValues(\.status) == Dictionary(uniqueKeysWithValues: Self.served.map { ($0, .serving) }))
        let unknown = await refusal { try await health.check(.with { $0.service = "dms.Nothing" }) }
        #expect(unknown?.code == .notFound)
      }
    }
  }

  @Test("A watch tells when the store falls silent and when it answers again")
  func storeFailsAndComesBack() async throws {
    try await withServer(on: .sqlite, probeInterval: .milliseconds(20)) { server, _ in
      try await server.calling(with: nil) { clients in
        let health = HealthClient(clients.raw)
        var changes = health.watch(HealthCheckRequest()).makeAsyncIterator()
        let atFirst = try await changes.next()?.status
        #expect(atFirst == .serving)
        try await server.changeDatabase("ALTER TABLE principal RENAME TO principal_away")
        let without = try await changes.next()?.status
        #expect(without == .notServing)
        #expect(try await health.check(HealthCheckRequest()).status == .notServing)
        try await server.changeDatabase("ALTER TABLE principal_away RENAME TO principal")
        let again = try await changes.next()?.status
        #expect(again == .serving)
      }
    }
  }

  @Test(
    "A watch ends with the server, after it was told",
    arguments: [
      ("", [.serving, .notServing]),
      ("dms.order.v1.OrderService", [.serving, .notServing]),
      ("dms.Nothing", [.serviceUnknown]),
    ] as [(String, [HealthCheckResponse.ServingStatus])])
  func watchUntilTheEnd(service: String, expected: [HealthCheckResponse.ServingStatus]) async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let (client, watch) = try await withServer(on: .sqlite) { server, _ in
      let client = try server.client(key: nil)
      let watch = Task { () async -> (seen: [HealthCheckResponse.ServingStatus], end: StatusCode?) in
        var seen: [HealthCheckResponse.ServingStatus] = []
        do {
          for try await response in HealthClient(client).watch(.with { $0.service = service }) {
            seen.append(response.status)
            begin.yield()
          }
          return (seen, nil)
        } catch {
          return (seen, (error as? RPCError)?.code)
        }
      }
      for await _ in begun { break }
      return (client, watch)
    }
    let (seen, end) = await watch.value
    await client.close()
    #expect(seen == expected)
    #expect(end == .unavailable)
  }
}

extension TestServer {
  /// Changes the embedded database under the server's feet.
  func changeDatabase(_ statement: String) async throws {
    let program =
      "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10); c.execute(sys.argv[2]); c.commit()"
    let result = try await StockPython.run(["-c", program, folder + "/dms.db", statement])
    #expect(result.code == 0, "\(result.output)")
  }
}
