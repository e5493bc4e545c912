import DMSAPI
import DMSService
import Foundation
import Logging
import ProtobufC
import RPC
import Synchronization
import TestPostgreSQL
import Testing

@Suite("The log")
struct LogTests {
  /// What was written.
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private static func objects(_ lines: [String]) throws -> [[String: any Sendable]] {
    try lines.map { line in
      #expect(line.hasSuffix("}\n") && line.count { $0 == "\n" } == 1)
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(object as? [String: any Sendable])
    }
  }

  @Test("A line in JSON is one object, whatever it carries")
  func json() throws {
    let lines = Lines()
    var handler = JSONLogHandler(label: "dms", now: { 1_700_000_000_000_042 }, write: { lines.add($0) })
    handler[metadataKey: "host"] = "a"
    let logger = Logger(label: "dms") { _ in handler }
    logger.warning(
      "odd \"things\"\n\u{1}\u{7F} «é»",
      metadata: [
        "level": "mine", "list": ["a", ["b": "c\\"]], "number": .stringConvertible(7), "host": "b",
      ])
    let object = try #require(try Self.objects(lines.all).first)
    #expect(object["time"] as? String == "2023-11-14T22:13:20.000042Z")
    #expect(object["level"] as? String == "warning")
    #expect(object["level_"] as? String == "mine")
    #expect(object["logger"] as? String == "dms")
    #expect(object["message"] as? String == "odd \"things\"\n\u{1}\u{7F} «é»")
    #expect(object["host"] as? String == "b")
    #expect(object["number"] as? String == "7")
    let list = object["list"] as? [any Sendable]
    #expect(list?.first as? String == "a")
    #expect((list?.last as? [String: String]) == ["b": "c\\"])
  }

  @Test("A call has a line with its principal and its trace, and the key is in none")
  func access() async throws {
    let lines = Lines()
    var logger = Logger(label: "dms") { JSONLogHandler(label: $0, write: { lines.add($0) }) }
    logger.logLevel = .debug
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    let key = try await withServer(on: .sqlite, logger: logger) { server, clients in
      let options = CallOptions(metadata: ["traceparent": "00-\(trace)-00f067aa0ba902b7-01"])
      _ = try await clients.admin.listDealers(ListDealersRequest(), options: options)
      return server.adminKey
    }
    let calls = try Self.objects(lines.all).filter { $0["message"] as? String == "call" }
    let call = try #require(calls.first { $0["method"] as? String == "dms.admin.v1.AdminService/ListDealers" })
    #expect(call["code"] as? String == "OK")
    #expect(call["caller"] as? String == "admin")
    #expect(call["trace"] as? String == trace)
    #expect(call["level"] as? String == "debug")
    #expect((call["peer"] as? String)?.hasPrefix("127.0.0.1:") == true)
    #expect((call["request"] as? String)?.isEmpty == false)
    #expect(!lines.all.contains { $0.contains(key) || $0.contains(key.suffix(43)) })
  }

  @Test("Lines are counted by level")
  func counted() throws {
    let registry = MetricsRegistry()
    var logger = Logger(label: "dms") { label in
      CountedLog(JSONLogHandler(label: label, write: { _ in }), factory: registry)
    }
    logger.logLevel = .info
    logger.debug("not written")
    for _ in 0..<3 { logger.error("written") }
    let read = try PrometheusReader(registry.text())
    #expect(read.value("dms_log_lines_total", ["level": "error"]) == 3)
    #expect(read.value("dms_log_lines_total", ["level": "debug"]) == 0)
  }
}

@Suite("Rate limits of principals")
struct CallRateTests {
  @Test("A principal that makes too many calls is told when to come back; others are served")
  func perPrincipal() async throws {
    var observability = Observability()
    observability.callRate = CallRate(callsPerSecond: 0.01, burst: 20)
    try await withServer(on: .sqlite, observability: observability) { server, clients in
      let other = try await World.key(clients, principal: "other") { $0.grants = [.with { $0.role = .auditor }] }
      try await server.calling(with: other) { others in
        for _ in 0..<20 { _ = try await others.admin.listDealers(ListDealersRequest()) }
        let error = await #expect(throws: RPCError.self) { try await others.admin.listDealers(ListDealersRequest()) }
        #expect(error?.code == .resourceExhausted)
        let status = try RpcStatus(decoding: error?.detailsBin ?? [])
        let retry = try #require(status.details.first { $0.typeURL.hasSuffix("google.rpc.RetryInfo") })
        #expect((60...101).contains(try RetryInfo(decoding: retry.value).retryDelay?.seconds ?? 0))
      }
      _ = try await clients.admin.listDealers(ListDealersRequest())
      try await server.calling(with: nil) { clients async throws in
        #expect(try await HealthClient(clients.raw).check(HealthCheckRequest()).status == .serving)
      }
    }
  }
}
