import DMSAPI
import DMSService
import DMSStorage
import NIOCore
import NIOPosix
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Watches that share the log")
struct WatchingTests {
  @Test("What a watch tells is what a read returns, with its revision", arguments: TestStoreKind.available)
  func sameBytes(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, products: 2, stock: 100)
      let start = server.environment.store.changes.currentRevision
      let placed = try await world.place(World.draft("D1", [("P1", 3), ("P2", 2)]))
      let read = try #require(try await clients.orders.getOrder(.with { $0.orderID = placed.orderID }).order)
      for request in [
        WatchOrdersRequest.with { $0.afterRevision = start },
        .with {
          $0.afterRevision = start
          $0.dealerID = "D1"
        },
        .with {
          $0.afterRevision = start
          $0.orderID = placed.orderID
        },
      ] {
        for try await message in clients.orders.watchOrders(request) {
          guard case .order(let order) = message.event else { continue }
          #expect(order == read)
          #expect(message.revision == read.revision)
          break
        }
      }
      // Two balances of one revision: only the last may be resumed after.
      let levels = try await levels(clients, after: start, count: 2)
      #expect(Set(levels.map(\.level.sku)) == ["P1", "P2"])
      #expect(levels.map(\.level.revision) == [read.revision, read.revision])
      #expect(levels.map(\.resume) == [read.revision - 1, read.revision])
      let listed = try await clients.inventory.listNetworkStock(ListNetworkStockRequest()).levels
      for (_, level) in levels { #expect(listed.contains(level)) }
    }
  }

  @Test(
    "A watch of places and products gets those alone, also where names have slashes", arguments: TestStoreKind.available
  )
  func placesAndProducts(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients, products: 2, stock: 10)
      _ = try await clients.admin.upsertProducts(
        .with {
          $0.requestID = newID()
          $0.products = [
            .with {
              $0.sku = "A/P1"
              $0.names = ["en": "With a slash"]
            }
          ]
        })
      let start = server.environment.store.changes.currentRevision
      for (dealer, sku) in [("", "P2"), ("D1", "A/P1"), ("D2", "P1"), ("D1", "P1"), ("D1", "P2"), ("", "P1")] {
        let place = dealer.isEmpty ? World.warehouse : "SHOP"
        _ = try await clients.inventory.setStock(
          .with {
            $0.requestID = newID()
            $0.location = .with {
              $0.dealerID = dealer
              $0.locationID = place
            }
            $0.lines = [
              .with {
                $0.sku = sku
                $0.quantity = 77
              }
            ]
          })
      }
      func seen(_ count: Int, _ narrow: @Sendable (inout WatchInventoryRequest) -> Void) async throws -> [String] {
        try await levels(clients, after: start, count: count, narrow).map { _, level in
          "\(level.location?.dealerID ?? "") \(level.sku)"
        }
      }
      #expect(try await seen(6) { _ in } == [" P2", "D1 A/P1", "D2 P1", "D1 P1", "D1 P2", " P1"])
      #expect(try await seen(2) { $0.owner = .brand } == [" P2", " P1"])
      #expect(try await seen(4) { $0.owner = .dealer } == ["D1 A/P1", "D2 P1", "D1 P1", "D1 P2"])
      #expect(try await seen(3) { $0.dealerID = "D1" } == ["D1 A/P1", "D1 P1", "D1 P2"])
      #expect(try await seen(3) { $0.skus = ["P1"] } == ["D2 P1", "D1 P1", " P1"])
      #expect(try await seen(1) { $0.skus = ["A/P1"] } == ["D1 A/P1"])
      #expect(try await seen(2) { $0.locationID = World.warehouse } == [" P2", " P1"])
    }
  }

  @Test(
    "Of 200 watchers each is told everything that is its own, once and in order, beside one that never reads",
    arguments: TestStoreKind.available)
  func neverReading(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let dealers = 10
      let products = 12
      let world = try await World.make(server, clients, products: products, stock: 100_000, dealers: dealers)
      let changes = server.environment.store.changes
      let start = changes.currentRevision
      let deaf = try await DeafClient.open(server)
      let watchers = try (0..<4).map { _ in Clients(try server.client(key: server.adminKey)) }
      let told = Told(watchers: 200)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<200 {
          let client = watchers[number % watchers.count]
          group.addTask {
            // One of each ten looks at everything, the others at one dealer.
            let dealer = number % 10 == 0 ? "" : "D\(number % dealers + 1)"
            let request = WatchOrdersRequest.with {
              $0.afterRevision = start
              $0.dealerID = dealer
            }
            for try await message in client.orders.watchOrders(request) {
              if case .order(let order) = message.event { await told.add(number, dealer, order.revision) }
            }
          }
        }
        while changes.readerCount < 201 { try await Task.sleep(for: .milliseconds(5)) }
        var placed: [DMSAPI.Order] = []
        try await withThrowingTaskGroup(of: [DMSAPI.Order].self) { places in
          for caller in 0..<10 {
            places.addTask {
              var mine: [DMSAPI.Order] = []
              for number in 0..<30 {
                let lines = (1...products).map { ("P\($0)", Int64(1)) }
                mine.append(try await world.place(World.draft("D\((caller + number) % dealers + 1)", lines)))
              }
              return mine
            }
          }
          for try await mine in places { placed += mine }
        }
        let due = placed.map { ($0.dealerID, $0.revision) }.sorted { $0.1 < $1.1 }
        while await !told.has(due) { try await Task.sleep(for: .milliseconds(5)) }
        let wrong = await told.wrong(due)
        #expect(wrong == [])
        // All wait for more, but for the one whose windows are full; it is still served.
        while changes.readerCount - changes.waitingCount != 1 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(deaf.channel.isActive)
        group.cancelAll()
        while await group.nextResult() != nil {}
      }
      for client in watchers { await client.raw.close() }
      try await deaf.channel.close()
    }
  }

  private func levels(
    _ clients: Clients, after revision: Int64, count: Int,
    _ narrow: @Sendable (inout WatchInventoryRequest) -> Void = { _ in }
  ) async throws -> [(resume: Int64, level: StockLevel)] {
    var request = WatchInventoryRequest()
    request.afterRevision = revision
    narrow(&request)
    var seen: [(Int64, StockLevel)] = []
    for try await message in clients.inventory.watchInventory(request) {
      switch message.event {
      case .level(let level): seen.append((message.revision, level))
      // A sign of life: there is nothing more.
      default: if seen.count >= count { return seen }
      }
    }
    return seen
  }
}

/// What each watcher was told.
private actor Told {
  private var seen: [(dealer: String, revisions: [Int64])]

  init(watchers: Int) {
    seen = [(String, [Int64])](repeating: ("", []), count: watchers)
  }

  func add(_ watcher: Int, _ dealer: String, _ revision: Int64) {
    seen[watcher].dealer = dealer
    seen[watcher].revisions.append(revision)
  }

  /// Whether everybody was told as much as there is for them.
  func has(_ due: [(dealer: String, revision: Int64)]) -> Bool {
    seen.allSatisfy { one in
      !one.revisions.isEmpty && one.revisions.count >= Self.revisions(due, one.dealer).count
    }
  }

  /// The watchers that were told anything else than their own, once and in order.
  func wrong(_ due: [(dealer: String, revision: Int64)]) -> [Int] {
    seen.indices.filter { seen[$0].revisions != Self.revisions(due, seen[$0].dealer) }
  }

  private static func revisions(_ due: [(dealer: String, revision: Int64)], _ dealer: String) -> [Int64] {
    due.filter { dealer.isEmpty || $0.dealer == dealer }.map(\.revision)
  }
}

/// A client that watches every order and reads nothing from its socket.
private struct DeafClient {
  let channel: any Channel

  static func open(_ server: TestServer) async throws -> DeafClient {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.autoRead, value: false)
      .connect(host: "127.0.0.1", port: server.address.port).get()
    let headers = [
      (":method", "POST"), (":scheme", "http"), (":path", "/dms.order.v1.OrderService/WatchOrders"),
      (":authority", "test"), ("content-type", "application/grpc"), ("te", "trailers"),
      ("authorization", "Bearer \(server.adminKey)"),
    ]
    var block: [UInt8] = []
    for (name, value) in headers {
      // A literal of HPACK, lengths below 127.
      block += [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }
    var bytes = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    bytes.writeBytes(frame(4, flags: 0, stream: 0, []))
    bytes.writeBytes(frame(1, flags: 4, stream: 1, block))
    bytes.writeBytes(frame(0, flags: 1, stream: 1, [0, 0, 0, 0, 0]))
    try await channel.writeAndFlush(bytes)
    return DeafClient(channel: channel)
  }

  private static func frame(_ kind: UInt8, flags: UInt8, stream: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0, UInt8(content.count >> 8), UInt8(content.count & 0xff), kind, flags, 0, 0, 0, stream] + content
  }
}
