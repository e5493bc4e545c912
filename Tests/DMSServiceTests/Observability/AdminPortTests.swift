import DMSAPI
import DMSService
import Foundation
import Logging
import NIOCore
import ProtobufC
import RPC
import Synchronization
import TestPostgreSQL
import Testing

@Suite("The admin port", .timeLimit(.minutes(2)))
struct AdminPortTests {
  private static func watched() -> Observability {
    var observability = Observability()
    observability.metrics = MetricsRegistry()
    observability.admin = AdminListener(port: 0)
    return observability
  }

  @Test("Metrics of calls, store, change log and process can be read", arguments: TestStoreKind.available)
  func metrics(store: TestStoreKind) async throws {
    try await withServer(on: store, observability: Self.watched()) { server, clients in
      let port = try #require(server.host.adminPort)
      _ = try await World.make(server, clients)
      _ = await refusal { try await clients.admin.getDealer(.with { $0.dealerID = "NOBODY" }) }
      let answer = try await HTTPProbe.get(port, "/metrics")
      #expect(answer.status == 200)
      #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      let read = try PrometheusReader(answer.body)
      let upsert = ["grpc_service": "dms.admin.v1.AdminService", "grpc_method": "UpsertDealers"]
      #expect(read.value("grpc_server_started_total", upsert) == 1)
      #expect(read.value("grpc_server_handled_total", upsert.merging(["grpc_code": "OK"]) { $1 }) == 1)
      #expect(read.value("grpc_server_handling_seconds_count", upsert) == 1)
      let missing = ["grpc_method": "GetDealer", "grpc_code": "NOT_FOUND"]
      #expect(read.value("grpc_server_handled_total", missing) == 1)
      #expect(read.value("grpc_server_connections_open") == 1)
      #expect(read.value("grpc_server_open_streams") == 0)
      #expect(try #require(read.value("dms_store_batch_writes_count")) > 5)
      #expect(read.value("dms_store_commit_seconds_count") == read.value("dms_store_batch_writes_count"))
      #expect(try #require(read.value("dms_store_reads_total")) > 0)
      #expect(read.value("dms_store_refused_total", ["work": "interactive"]) == 0)
      #expect(read.value("dms_store_waiting_writes") == 0)
      #expect(read.value("dms_store_answers") == 1)
      #expect(try #require(read.value("dms_changes_revision")) > 0)
      #expect(read.value("dms_build_info", ["version": ServerVersion.text]) == 1)
      #expect(try #require(read.value("process_resident_memory_bytes")) > 1_000_000)
      #expect(try #require(read.value("process_cpu_seconds_total")) > 0)
      #expect(try #require(read.value("process_open_fds")) > 3)
      #expect(abs(try #require(read.value("process_start_time_seconds")) - Date().timeIntervalSince1970) < 86_400)
      if store == .sqlite { #expect(try #require(read.value("dms_store_wal_bytes")) > 0) }
      for name in read.types.keys { #expect(read.helps[name] != nil, "\(name) has a sentence") }
    }
  }

  @Test("Prometheus' own Python library reads the same")
  func prometheus() async throws {
    try await withServer(on: .sqlite, observability: Self.watched()) { server, clients in
      _ = try await World.make(server, clients)
      let port = try #require(server.host.adminPort)
      let outcome = try await StockPython.run([StockPython.programs + "/metrics_reader.py", "\(port)"])
      #expect(outcome.code == 0, "\(outcome.output)")
    }
  }

  @Test("A watch is an open call until it ends")
  func openWatch() async throws {
    try await withServer(on: .sqlite, observability: Self.watched()) { server, clients in
      let port = try #require(server.host.adminPort)
      let method = ["grpc_method": "WatchInventory"]
      var watch = Optional(clients.inventory.watchInventory(WatchInventoryRequest()).makeAsyncIterator())
      _ = try await watch?.next()
      var read = try PrometheusReader(try await HTTPProbe.get(port, "/metrics").body)
      #expect(read.value("grpc_server_open_calls", method) == 1)
      #expect(read.value("grpc_server_open_streams") == 1)
      watch = nil
      // The end is on its way; an answer on the same connection comes after it.
      _ = try await clients.admin.listDealers(ListDealersRequest())
      read = try PrometheusReader(try await HTTPProbe.get(port, "/metrics").body)
      #expect(read.value("grpc_server_open_calls", method) == 0)
    }
  }

  @Test("It is live, ready while the store answers, and knows nothing else")
  func health() async throws {
    try await withServer(on: .sqlite, probeInterval: .milliseconds(20), observability: Self.watched()) { server, _ in
      let port = try #require(server.host.adminPort)
      #expect(try await HTTPProbe.get(port, "/livez").status == 200)
      #expect(try await HTTPProbe.get(port, "/readyz?verbose").status == 200)
      for path in ["/", "/metrics/", "/debug/pprof", "*", "/livezx"] {
        #expect(try await HTTPProbe.get(port, path).status == 404, "\(path)")
      }
      for method in ["POST", "PUT", "DELETE"] {
        let answer = try await HTTPProbe.get(port, "/metrics", method: method)
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET")
      }
      try await server.calling(with: nil) { clients in
        var changes = HealthClient(clients.raw).watch(HealthCheckRequest()).makeAsyncIterator()
        _ = try await changes.next()
        try await server.changeDatabase("ALTER TABLE principal RENAME TO principal_away")
        _ = try await changes.next()
        let answer = try await HTTPProbe.get(port, "/readyz")
        #expect(answer.status == 503)
        #expect(answer.body == "the store does not answer\n")
        #expect(try await HTTPProbe.get(port, "/livez").status == 200)
        try await server.changeDatabase("ALTER TABLE principal_away RENAME TO principal")
        _ = try await changes.next()
        #expect(try await HTTPProbe.get(port, "/readyz").status == 200)
      }
    }
  }

  @Test("What is no request, or too large, is turned away, and the next one is served")
  func hostile() async throws {
    try await withServer(on: .sqlite, observability: Self.watched()) { server, _ in
      let port = try #require(server.host.adminPort)
      let large = String(repeating: "x", count: 20_000)
      let many = (0..<100).map { "h\($0): x\r\n" }.joined()
      for request in [
        "nonsense\r\n\r\n", "GET /livez HTTP/1.1\r\nHost: test\r\nfiller: \(large)\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: test\r\n\(many)\r\n",
        "PUT /livez HTTP/1.1\r\nHost: test\r\nContent-Length: 20000\r\n\r\n\(large)",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      ] {
        let answer = try await HTTPProbe.exchange(port, request)
        #expect(!answer.contains(" 200 "), "\(answer.prefix(100))")
      }
      #expect(try await HTTPProbe.get(port, "/livez").status == 200)
    }
  }

  @Test("A connection that says nothing is closed in time; one more than the bound at once")
  func bounds() async throws {
    var observability = Self.watched()
    observability.admin?.patience = .milliseconds(300)
    try await withServer(on: .sqlite, observability: observability) { server, _ in
      let port = try #require(server.host.adminPort)
      var idle: [EventLoopFuture<String>] = []
      for _ in 0..<64 { idle.append(try await HTTPProbe.open(port).whole) }
      #expect(try await HTTPProbe.open(port).whole.get() == "")
      for whole in idle { #expect(try await whole.get() == "") }
      #expect(try await HTTPProbe.get(port, "/livez").status == 200)
    }
  }

  @Test("A connection is kept for the next request")
  func keptAlive() async throws {
    try await withServer(on: .sqlite, observability: Self.watched()) { server, _ in
      let port = try #require(server.host.adminPort)
      let text = try await HTTPProbe.exchange(
        port,
        "GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(text.components(separatedBy: " 200 OK").count == 3)
      #expect(text.hasSuffix("ready\n"))
    }
  }

  @Test("Without the setting there is no admin port, and it ends with the server")
  func lifecycle() async throws {
    try await withServer(on: .sqlite) { server, _ in #expect(server.host.adminPort == nil) }
    let port = try await withServer(on: .sqlite, observability: Self.watched()) { server, _ in
      try #require(server.host.adminPort)
    }
    // Whoever has the port by now, it is no admin port.
    let answer = try? await HTTPProbe.get(port, "/livez")
    #expect(answer?.status != 200)
  }
}
