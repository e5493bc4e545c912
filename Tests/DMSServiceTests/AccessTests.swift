import DMSAPI
import DMSDomain
import DMSService
import NIOCore
import ProtobufC
import RPC
import TestPostgreSQL
import Testing

@Suite("Who may call what")
struct AccessTests {
  private static let methods =
    OrderServiceMethods.all + InventoryServiceMethods.all + AdminServiceMethods.all

  @Test("Every method stands in the permission table")
  func everyMethodIsListed() {
    for method in Self.methods {
      #expect(Permissions.table[method.path] != nil, "\(method) is in no row, so nobody may call it")
    }
    #expect(Permissions.table.count == Self.methods.count)
  }

  @Test(
    "Every method is open to the roles of its row and to no other", arguments: DMSDomain.Role.allCases,
    TestStoreKind.available)
  func everyMethodWithEveryRole(role: DMSDomain.Role, store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      _ = try await World.make(server, clients, products: 1, dealers: 1)
      let key = try await World.key(clients, principal: "tester") {
        $0.grants = [.with { $0.role = DMSAPI.Role(rawValue: Int32(role.rawValue)) }]
        if role.isDealerRole { $0.dealerID = "D1" }
      }
      try await server.calling(with: key) { caller in
        for method in Self.methods {
          let outcome = try await caller.raw.statusOfEmptyCall(method)
          let permission = Permissions.table[method.path]
          let isBrandOnly = permission?.reach == .brand
          let mayCall =
            role == .admin || (permission?.roles.contains(role) == true && !(isBrandOnly && role.isDealerRole))
          let isRefused = outcome?.reason == "ROLE_MISSING"
          #expect(isRefused == !mayCall, "\(role.name) on \(method): \(String(describing: outcome))")
        }
      }
    }
  }

  @Test("Without a key, with a wrong one, with a revoked one nothing is open", arguments: TestStoreKind.available)
  func withoutKey(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let created = try await clients.admin.createApiKey(
        .with {
          $0.requestID = newID()
          $0.principalID = "admin"
        })
      _ = try await server.calling(with: created.secret) { try await $0.admin.whoAmI(WhoAmIRequest()) }
      _ = try await clients.admin.revokeApiKey(
        .with {
          $0.requestID = newID()
          $0.keyID = created.apiKey?.keyID ?? ""
        })
      for (key, reason) in [
        (nil, "CREDENTIAL_MISSING"), ("dms_AAAAAAAAAAAAAAAA_wrong", "CREDENTIAL_INVALID"),
        ("nonsense", "CREDENTIAL_INVALID"), (created.secret, "CREDENTIAL_INVALID"),
      ] as [(String?, String)] {
        try await server.calling(with: key) { caller in
          for method in Self.methods {
            let outcome = try await caller.raw.statusOfEmptyCall(method)
            #expect(outcome?.code == .unauthenticated || outcome?.code == .resourceExhausted)
            if outcome?.code == .unauthenticated { #expect(outcome?.reason == reason) }
          }
        }
      }
    }
  }

  @Test("A key's secret is shown once", arguments: TestStoreKind.available)
  func secretOnce(store: TestStoreKind) async throws {
    try await withServer(on: store) { _, clients in
      let request = CreateApiKeyRequest.with {
        $0.requestID = newID()
        $0.principalID = "admin"
      }
      let first = try await clients.admin.createApiKey(request)
      let second = try await clients.admin.createApiKey(request)
      #expect(!first.secret.isEmpty)
      #expect(second.secret.isEmpty)
      #expect(first.apiKey == second.apiKey)
    }
  }

  @Test(
    "A dealer sees itself and nothing of another: a foreign id and an unknown one look alike",
    arguments: TestStoreKind.available)
  func dealerScope(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients)
      let own = try await world.place(World.draft("D1"))
      let foreign = try await world.place(World.draft("D2"))
      let key = try await World.key(clients, principal: "clerk") {
        $0.grants = [.with { $0.role = .dealerClerk }]
        $0.dealerID = "D1"
      }
      try await server.calling(with: key) { caller in
        #expect(try await caller.orders.getOrder(.with { $0.orderID = own.orderID }).order == own)
        for id in [foreign.orderID, "NOBODY"] {
          let outcome = await refusal { try await caller.orders.getOrder(.with { $0.orderID = id }) }
          #expect(outcome?.code == .notFound)
          let cancel = await refusal {
            try await caller.orders.cancelOrder(
              .with {
                $0.requestID = newID()
                $0.orderID = id
              })
          }
          #expect(cancel?.code == .notFound)
        }
        for dealer in ["D2", "NOBODY"] {
          let place = await refusal {
            try await caller.orders.placeOrder(
              .with {
                $0.requestID = newID()
                $0.order = World.draft(dealer)
              })
          }
          #expect(place?.code == .notFound)
          let get = await refusal { try await caller.admin.getDealer(.with { $0.dealerID = dealer }) }
          #expect(get?.code == .notFound)
          let stock = await refusal { try await caller.inventory.listNetworkStock(.with { $0.dealerID = dealer }) }
          #expect(stock?.code == .notFound)
        }
        #expect(try await caller.orders.listOrders(ListOrdersRequest()).orders.map(\.orderID) == [own.orderID])
        #expect(try await caller.admin.listDealers(ListDealersRequest()).dealers.map(\.dealerID) == ["D1"])
        let product = try await caller.admin.getProduct(.with { $0.sku = "P1" }).product
        #expect(product?.unitCostMicros == 0)
      }
      let still = try await clients.orders.getOrder(.with { $0.orderID = foreign.orderID }).order
      #expect(still?.state == .approved)
    }
  }

  @Test("The submitter of an order may not review it; another may", arguments: TestStoreKind.available)
  func reviewer(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients, limit: 5_000_000)
      let key = try await World.key(clients, principal: "submitter") {
        $0.grants = [.with { $0.role = .channelManager }, .with { $0.role = .creditController }]
      }
      let order = try await server.calling(with: key) { caller in
        let order = try await caller.orders.placeOrder(
          .with {
            $0.requestID = newID()
            $0.order = World.draft("D1")
          }
        ).order
        #expect(order?.state == .inReview)
        let own = await refusal {
          try await caller.orders.reviewOrder(
            .with {
              $0.requestID = newID()
              $0.orderID = order?.orderID ?? ""
              $0.etag = order?.etag ?? ""
              $0.decision = .approve
            })
        }
        #expect(own?.reason == "REVIEWER_IS_SUBMITTER")
        return order
      }
      let stale = await refusal {
        try await clients.orders.reviewOrder(
          .with {
            $0.requestID = newID()
            $0.orderID = order?.orderID ?? ""
            $0.etag = "v9"
            $0.decision = .approve
          })
      }
      #expect(stale?.reason == "ETAG_MISMATCH")
      let approved = try await clients.orders.reviewOrder(
        .with {
          $0.requestID = newID()
          $0.orderID = order?.orderID ?? ""
          $0.etag = order?.etag ?? ""
          $0.decision = .approve
        }
      ).order
      #expect(approved?.state == .approved)
      #expect(approved?.approvedCeilingMicros == 10_000_000)
      _ = world
    }
  }

  @Test("Business dates and agreed prices need their permissions", arguments: TestStoreKind.available)
  func fieldPermissions(store: TestStoreKind) async throws {
    try await withServer(on: store) { server, clients in
      let world = try await World.make(server, clients)
      var dated = World.draft("D1")
      dated.businessDate = "2022-08-01"
      var agreed = World.draft("D1", [("P2", 1)])
      agreed.lines[0].agreedUnitPriceMicros = 9_000_000
      agreed.lines[0].agreedPriceReason = "contract"
      let (datedOrder, agreedOrder) = (dated, agreed)
      let key = try await World.key(clients, principal: "clerk") {
        $0.grants = [.with { $0.role = .dealerClerk }]
        $0.dealerID = "D1"
      }
      try await server.calling(with: key) { caller in
        let date = await refusal {
          try await caller.orders.placeOrder(
            .with {
              $0.requestID = newID()
              $0.order = datedOrder
            })
        }
        #expect(date?.reason == "FIELD_NOT_ALLOWED")
        #expect(date?.fields == ["order.business_date"])
        let price = await refusal {
          try await caller.orders.placeOrder(
            .with {
              $0.requestID = newID()
              $0.order = agreedOrder
            })
        }
        #expect(price?.violations == ["NOT_AUTHORISED"])
      }
      try await server.calling(with: world.integrationKey) { caller in
        let date = try await caller.orders.placeOrder(
          .with {
            $0.requestID = newID()
            $0.order = datedOrder
          }
        ).order
        #expect(date?.businessDate == "2022-08-01")
        let price = try await caller.orders.placeOrder(
          .with {
            $0.requestID = newID()
            $0.order = agreedOrder
          }
        ).order
        #expect(price?.totalMicros == 9_000_000)
        #expect(price?.lines.first?.priceSource == .agreed)
      }
    }
  }
}

extension RPCClient {
  /// How a call with one empty message ends; nil when it succeeds. A stream is ended after its first answer.
  func statusOfEmptyCall(_ method: MethodDescriptor) async throws -> Refusal? {
    let options = CallOptions(timeout: .seconds(20))
    do {
      switch method.kind {
      case .unary:
        _ = try await unary(method, ByteBuffer(), options: options)
      case .serverStreaming:
        var answers = serverStreaming(method, ByteBuffer(), options: options).makeAsyncIterator()
        _ = try await answers.next()
      case .clientStreaming:
        _ = try await clientStreaming(method, options: options) { writer in try await writer.write(ByteBuffer()) }
      case .bidirectional:
        try await bidirectional(method, options: options) { writer, answers in
          try await writer.write(ByteBuffer())
          writer.finish()
          for try await _ in answers {}
        }
      }
      return nil
    } catch {
      guard let refusal = Refusal(error) else { throw error }
      return refusal
    }
  }
}
